from decimal import Decimal

import pytest
from study_builders import DK, NA, NOT_IN_CHANNEL, OFF_PATH, SKIPPED, make_definition, make_question

from exports.dispositions import CLASSES, FAILED, find_case_class, find_code, find_disposition
from forms.values import Missing, Row

NAMES = tuple(f"q{number}" for number in range(10))
DEFINITION = make_definition(
    make_question("agree", "consent"), *(make_question(name) for name in NAMES), essential=("q0",), domains=("D",)
)


def judge(answered, rest=SKIPPED, *, finished=True, stopped=False, closed=False, **more):
    record = {"agree": 1} | {name: 3 if place < answered else rest for place, name in enumerate(NAMES)} | more
    return find_disposition(DEFINITION, record, finished=finished, stopped_or_declined=stopped, closed=closed)


@pytest.mark.parametrize("answered, expected", [(10, "I"), (8, "I"), (7, "P"), (5, "P"), (4, "R"), (0, "R")])
def test_eighty_percent_is_complete_and_fifty_partial(answered, expected):
    assert judge(answered) == expected


def test_without_an_essential_answer_an_interview_is_only_partial():
    assert judge(10, q0=SKIPPED) == "P"


def test_dont_know_is_an_answer():
    assert judge(0, DK) == "I"


@pytest.mark.parametrize("reason", [NA, OFF_PATH, NOT_IN_CHANNEL])
def test_what_did_not_apply_counts_neither_way(reason):
    assert judge(4, reason) == "I"


@pytest.mark.parametrize("reason", [Missing.REFUSED, Missing.UNREADABLE, Missing.NOT_REACHED, None])
def test_a_refused_or_unread_question_is_not_answered(reason):
    assert judge(4, reason) == "R"


def test_an_essential_question_that_was_never_due_does_not_matter():
    assert judge(10, q0=OFF_PATH) == "I"


def test_the_consent_is_no_answer_to_anything():
    assert judge(4, q0=3) == "R"


def test_an_unfinished_interview_is_pending_until_the_round_is_closed():
    assert judge(9, finished=False) == "pending"
    assert judge(9, finished=False, closed=True) == "I"
    assert judge(5, Missing.NOT_REACHED, finished=False, closed=True) == "P"


def test_stop_keeps_what_was_answered_and_ends_the_waiting():
    assert judge(9, finished=False, stopped=True) == "I"
    assert judge(4, finished=False, stopped=True) == "R"


def test_who_declines_has_refused():
    record = {"agree": 2} | dict.fromkeys(NAMES, OFF_PATH)
    assert find_disposition(DEFINITION, record, finished=True, stopped_or_declined=True, closed=False) == "R"


def test_an_instrument_that_asked_nothing_more_is_complete():
    record = {"agree": 1} | dict.fromkeys(NAMES, OFF_PATH)
    assert find_disposition(DEFINITION, record, finished=True, stopped_or_declined=False, closed=False) == "I"


def test_a_calculation_is_nobodys_answer():
    questions = (make_question("q0"), make_question("q1"), make_question("c", "calculate"))
    record = {"q0": 3, "q1": SKIPPED, "c": Decimal(3)}
    facts = {"finished": True, "stopped_or_declined": False, "closed": False}
    assert find_disposition(make_definition(*questions), record, **facts) == "P"


def test_a_case_nobody_began_is_no_contact_only_after_the_close():
    assert (find_case_class(closed=False), find_case_class(closed=True)) == ("pending", "NC")


def test_where_nothing_we_sent_arrived_eligibility_is_unknown_and_an_answer_outweighs_it():
    assert find_case_class(delivery=FAILED, closed=False) == "UO"
    assert find_case_class(delivery=FAILED, closed=True) == "UO"
    assert find_case_class(interview="P", delivery=FAILED, closed=True) == "P"


@pytest.mark.parametrize("mark", ["language", "illness", "death", "other"])
def test_who_could_not_take_part_is_other_unless_they_answered(mark):
    assert find_case_class(mark=mark, closed=True) == "O"
    assert find_case_class(interview="pending", mark=mark, closed=False) == "O"
    assert find_case_class(interview="I", mark=mark, closed=True) == "I"


@pytest.mark.parametrize("mark", ["duplicate", "not_a_stakeholder", "wrong_person"])
def test_who_is_not_meant_is_out_whatever_was_answered(mark):
    assert find_case_class(mark=mark, closed=False) == "NE"
    assert find_case_class(interview="I", mark=mark, delivery=FAILED, closed=True) == "NE"


def test_every_class_has_its_number_and_a_refusal_is_told_from_a_break_off():
    assert [find_code(name) for name in CLASSES] == ["1.1", "1.2", "2.12", "2.2", "2.3", "3.0", "4.0", None]
    assert find_code("R", refused=True) == "2.11"
    assert find_code("P", refused=True) == "1.2"


def test_the_rows_of_a_repeated_section_count_one_by_one():
    definition = make_definition(make_question("a"))
    full, empty = (Row(row, {"a": value}) for row, value in (("x", 3), ("y", Missing.NOT_REACHED)))
    facts = {"finished": False, "stopped_or_declined": False, "closed": True}
    for rows, expected in (((full,), "I"), ((full, empty), "P"), ((full, empty, empty), "R"), ((), "R")):
        assert find_disposition(definition, {}, {"s": rows}, **facts) == expected
    assert find_disposition(definition, {}, {"s": ()}, **{**facts, "finished": True}) == "I"
