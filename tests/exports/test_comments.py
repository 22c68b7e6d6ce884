"""Comments: only what a person has read, with a group only where k stand behind it, in an order that tells nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from instruments import DEFINITIONS
from study_builders import make_definition, make_question, make_response, make_scored, make_study

from exports.comments import list_comment_questions, list_comments, tell_comments, write_comments
from exports.scorecards.results import build_results
from forms.values import Missing

DEFINITION = make_definition(make_scored("a1", "A"), make_question("why", "text"))


def make_round(**counts: int):
    people = [(group, n) for group, count in counts.items() for n in range(count)]
    responses = [
        make_response(number, group, {"a1": 1 + number % 5, "why": f"{group} {n}"})
        for number, (group, n) in enumerate(people)
    ]
    return make_study(DEFINITION, responses)


def tell(study, *, leave_out: tuple[str, ...] = ()):
    comments = list(list_comments(study))
    read = {(one.response_id, one.question_id): one.text.upper() for one in comments if one.text not in leave_out}
    return tell_comments(comments, read, build_results(study).card)


def test_a_comment_is_told_in_the_words_that_were_let_pass_and_otherwise_not_at_all():
    told = tell(make_round(farmers=6, teachers=6), leave_out=("farmers 3",))
    assert len(told) == 11
    assert {one.comment for one in told} >= {"FARMERS 1", "TEACHERS 5"}
    assert "FARMERS 3" not in {one.comment for one in told}


def test_a_group_below_k_is_told_as_part_of_others_or_without_a_group():
    combined = tell(make_round(farmers=6, teachers=3, drivers=4))
    assert {one.group for one in combined if one.comment.startswith(("TEACHERS", "DRIVERS"))} == {
        "Other groups combined"
    }
    none = tell(make_round(farmers=4, teachers=3))
    assert {one.group for one in none} == {""}


def test_of_fewer_than_k_people_nothing_is_told():
    assert tell(make_round(farmers=4)) == []


def test_who_does_not_count_is_not_quoted():
    study = make_round(farmers=6)
    broken_off = make_response(99, "farmers", {"a1": 1, "why": "half way"}, disposition="R")
    gone = make_response(98, "farmers", {"a1": 1, "why": Missing.REFUSED})
    study = replace(study, responses=lambda: iter([*make_round(farmers=6).responses(), broken_off, gone]))
    assert len(tell(study)) == 6


def test_the_order_is_neither_that_of_the_responses_nor_of_the_groups():
    told = [one.comment for one in tell(make_round(farmers=6, teachers=6))]
    assert told != sorted(told)
    assert [one.comment for one in tell(make_round(farmers=6, teachers=6))] == told


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        ("partnership_feedback", ["pf08"]),
        ("community_voice", []),  # its only words are told in confidence
        ("joint_action_plan", []),
        ("legal_financial_checklist", []),
    ],
)
def test_lists_evidence_and_what_was_told_in_confidence_are_no_comments(name, questions):
    assert [one.id for one in list_comment_questions(DEFINITIONS[name])] == questions


def test_a_file_of_them_holds_no_formula():
    study = make_round(farmers=5)
    stream = io.BytesIO()
    comments = list(list_comments(study))
    read = {(one.response_id, one.question_id): "=1+1" for one in comments}
    write_comments(tell_comments(comments, read, build_results(study).card), stream)
    lines = stream.getvalue().decode().splitlines()
    assert lines[0] == "question,group,comment"
    assert set(lines[1:]) == {"Question why,farmers,'=1+1"} or set(lines[1:]) == {"Question why,Farmers,'=1+1"}
