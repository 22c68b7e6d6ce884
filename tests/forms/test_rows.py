"""Rows: added, changed and removed in any order; what is asked in each, what each may see, what is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import rows
from forms.definition import SMS, WEB, Definition, RosterEntry
from forms.interview import Interview
from forms.values import Missing, Row
from forms.web import SectionReading, read_section
from tests.forms.builders import load, question, section

TODAY = date(2026, 11, 30)
ROSTER = (RosterEntry(id="1", name="Health centre"), RosterEntry(id="2", name="River school"))
MONEY = load(
    question("intro"),
    section(
        "money",
        question("source", required=True),
        question("share", "decimal", min=0, max=100, required=True, constraint=". <= 100 and ${intro} != 'none'"),
        question("why", label="Why does ${source} give ${share}?", show_if="${share} > 50"),
        question("half", "calculate", calculation="${share} div 2"),
        repeat={"over": "entries", "min": 1, "max": 3, "label": "source"},
    ),
    question("whole", "calculate", calculation="sum(${share})"),
    question("most", "calculate", calculation="max(${half})"),
    question("after", label="All ${whole}?", show_if="count(${money}) > 1"),
)
TIES = load(
    section(
        "ties",
        question("tie", "scale", label="How close is ${ties}?", sms={"label": "${ties}?"}),
        question("trust", "scale", label="Trust ${ties}?", show_if="${tie} > 2"),
        question("more", channels=["web"]),
        repeat={"over": "roster"},
    ),
    question("after"),
)


def begin(definition: Definition, roster: tuple[RosterEntry, ...] = (), **answers: Any) -> Interview:
    named = {key.replace("__", "-"): value for key, value in answers.items()}
    return Interview(definition, named, TODAY, roster=roster)


def post(interview: Interview, section_id: str, **fields: str) -> tuple[Interview, SectionReading]:
    found = interview.find_section(section_id)
    assert found is not None
    reading = read_section(interview, found, {k.replace("__", "-"): [v] for k, v in fields.items()}, "en")
    return interview.with_answers(reading.values), reading


def named(interview: Interview, section_id: str = "money") -> list[str]:
    return [interview.name_row(row, "en") for row in interview.list_rows(section_id)]


def two_sources() -> Interview:
    interview, _ = post(begin(MONEY, intro="some"), "money", money__a__source="Water board", money__a__share="60")
    return post(interview, "money", money__b__source="School", money__b__share="40")[0]


def test_a_post_adds_the_rows_it_names():
    assert named(two_sources()) == ["Water board", "School"]
    assert named(post(begin(MONEY), "money", money__x__source="A", money__y__source="B")[0]) == ["A", "B"]


def test_the_same_post_again_adds_nothing():
    interview = two_sources()
    again, _ = post(interview, "money", money__b__source="School", money__b__share="40")
    assert again.answers == interview.answers


def test_a_new_row_with_nothing_in_it_is_not_added_and_is_told_what_it_lacks():
    interview, reading = post(begin(MONEY), "money", row="new")
    assert named(interview) == []
    assert list(reading.errors) == ["money-new-source", "money-new-share"]


def test_what_a_row_is_told_is_about_that_row_alone():
    _, reading = post(two_sources(), "money", money__b__source="School", money__b__share="150")
    assert list(reading.errors) == ["money-b-share"]
    assert reading.values["money-b-source"] == "School"


def test_a_row_beyond_the_most_is_refused_with_everything_typed_kept():
    interview, _ = post(two_sources(), "money", money__c__source="C", money__c__share="1")
    _, reading = post(interview, "money", money__d__source="D", money__d__share="2")
    assert reading.errors == {"money-d-source": "There can be 3 at most. Please remove one first."}
    assert reading.raw["money-d-source"].values == ("D",)
    assert reading.values == {}, "not even going back stores it"


def test_a_list_does_not_grow_for_ever_by_adding_and_removing():
    interview = two_sources()
    money = interview.find_section("money")
    assert interview.has_room(money)
    assert not interview.with_answers({"money-old": -rows.MOST_PLACES}).has_room(money)


def test_each_row_has_its_own_course():
    interview = two_sources()
    assert [[q.id for q in row.questions] for row in interview.list_rows("money")] == [
        ["money-a-source", "money-a-share", "money-a-why"],
        ["money-b-source", "money-b-share"],
    ]
    why = interview.list_rows("money")[0].questions[2]
    assert interview.say(why.label.in_("en"), "en", why.id) == "Why does Water board give 60?"


def test_inside_a_row_its_own_answers_are_counted_and_not_those_of_all_rows():
    pairs = load(
        section(
            "pairs",
            question("one", "integer"),
            question("two", "integer"),
            question("both", show_if="count(${one}, ${two}) = 2"),
            repeat={"over": "entries", "label": "one"},
        )
    )
    interview, _ = post(begin(pairs), "pairs", pairs__a__one="1", pairs__a__two="2")
    interview, _ = post(interview, "pairs", pairs__b__one="3", pairs__b__two="4")
    interview, reading = post(interview, "pairs", pairs__b__one="3", pairs__b__two="4", pairs__b__both="yes")
    assert reading.values["pairs-b-both"] == "yes"


def test_an_answer_outside_is_seen_inside_every_row():
    _, reading = post(begin(MONEY, intro="none"), "money", money__a__source="A", money__a__share="5")
    assert list(reading.errors) == ["money-a-share"]


def test_what_comes_after_sees_the_rows_together():
    interview = two_sources()
    assert interview.value("whole") == 100
    assert interview.value("most") == 30
    assert interview.say("All ${whole}?", "en") == "All 100?"
    assert "after" in [q.id for q in interview.path]
    assert "after" not in [q.id for q in begin(MONEY).path]


def test_a_removed_row_does_not_exist_and_comes_back_where_it_was():
    interview = two_sources().with_answers({"money-a": -1})
    assert named(interview) == ["School"]
    assert interview.value("whole") == 40
    assert named(interview.add_row("money", "a")) == ["Water board", "School"]


def test_a_section_is_due_until_there_are_enough_rows_all_are_whole_and_the_list_is_closed():
    money = lambda interview: interview.find_section("money")  # noqa: E731
    for interview, due in (
        (begin(MONEY, intro="x"), True),
        (begin(MONEY, intro="x", money=0), True),
        (two_sources(), True),
        (two_sources().with_answers({"money": 2}), True),  # why is still open
        (two_sources().with_answers({"money": 2, "money-a-why": None}), False),
    ):
        assert interview.is_due(money(interview)) is due


def test_a_roster_has_its_rows_from_the_start_and_is_due_until_all_are_answered():
    interview = begin(TIES, ROSTER)
    assert named(interview, "ties") == ["Health centre", "River school"]
    assert interview.next_section().id == "ties"
    answered = interview.with_answers({"ties-1-tie": 1, "ties-1-more": None, "ties-2-tie": 2, "ties-2-more": "x"})
    assert answered.next_section().id == "main_2"
    opened = answered.with_answers({"ties-1-tie": 4})
    assert opened.next_section().id == "ties"


def test_a_row_that_the_roster_has_not_cannot_be_added():
    interview, reading = post(begin(TIES, ROSTER), "ties", ties__9__tie="3", ties__1__tie="2")
    assert list(reading.values) == ["ties-1-tie", "ties-1-more"]
    assert len(interview.list_rows("ties")) == 2


def test_a_page_without_any_row_of_a_roster_means_all_of_them():
    _, reading = post(begin(TIES, ROSTER), "ties")
    assert list(reading.values) == ["ties-1-tie", "ties-1-more", "ties-2-tie", "ties-2-more"]


def test_a_roster_is_texted_row_by_row():
    interview = begin(TIES, ROSTER)
    asked = []
    while (one := interview.next_question(SMS)) is not None:
        asked.append(one.id)
        interview = interview.with_answers({one.id: 3 if one.id == "ties-1-tie" else 1})
    assert asked == ["ties-1-tie", "ties-1-trust", "ties-2-tie", "after"]


def test_without_an_entry_to_ask_about_there_is_no_section():
    assert [s.id for s in begin(TIES).sections] == ["main_2"]
    assert [s.id for s in begin(MONEY).sections] == ["main_1", "money"]


def test_rows_are_recorded_apart_and_coded():
    interview = two_sources()
    assert "source" not in interview.record(WEB, finished=True)
    assert interview.record_rows(WEB, finished=True) == {
        "money": (
            Row("a", {"source": "Water board", "share": Decimal(60), "why": Missing.SKIPPED, "half": Decimal(30)}),
            Row("b", {"source": "School", "share": Decimal(40), "why": Missing.OFF_PATH, "half": Decimal(20)}),
        )
    }


def test_a_roster_row_is_recorded_with_its_name_and_what_its_channel_did_not_ask():
    interview = begin(TIES, ROSTER, ties__1__tie=1)
    first, second = interview.record_rows(SMS, finished=False)["ties"]
    assert first == Row("1", {"tie": 1, "trust": Missing.OFF_PATH, "more": Missing.NOT_IN_CHANNEL}, "Health centre")
    assert second.answers["tie"] is Missing.NOT_REACHED


def test_off_the_path_there_are_no_rows():
    definition = load(
        question("any", "integer"),
        section("list", question("x"), repeat={"over": "entries", "label": "x"}, show_if="${any} > 0"),
    )
    interview = begin(definition, any=1, list__a=1, list__a__x="here")
    assert [row.id for row in interview.record_rows(WEB, finished=True)["list"]] == ["a"]
    assert interview.with_answers({"any": 0}).record_rows(WEB, finished=True)["list"] == ()


@pytest.mark.parametrize(
    ("id_", "name", "type_"),
    [
        ("intro", "intro", "text"),
        ("money-a-share", "share", "decimal"),
        ("money-a", "money-a", "row_mark"),
        ("money", "money", "row_mark"),
    ],
)
def test_every_answer_of_a_repeat_is_found_by_its_id(id_, name, type_):
    found = rows.find_question(MONEY, id_)
    assert (found.id, found.name, found.type) == (id_, name, type_)


@pytest.mark.parametrize("id_", ["nothing", "main_1", "money-a-intro", "main_1-a-intro", "money--share", "x-a"])
def test_what_no_definition_has_is_not_found(id_):
    with pytest.raises(KeyError):
        rows.find_question(MONEY, id_)


ACTS = st.lists(st.tuples(st.sampled_from(["add", "change", "remove"]), st.sampled_from("abcd"), st.integers(0, 100)))


@given(ACTS)
def test_in_whatever_order_rows_come_and_go_the_answers_alone_say_what_there_is(acts):
    interview = begin(MONEY, intro="some")
    expected: dict[str, int] = {}
    order: list[str] = []
    for act, row, share in acts:
        if act == "remove":
            if expected.pop(row, None) is not None:
                interview = interview.with_answers({f"money-{row}": -abs(interview.answers[f"money-{row}"])})
            continue
        if row not in expected and len(expected) == 3:
            continue
        if row not in order:
            order.append(row)
        interview, _ = post(interview, "money", **{f"money__{row}__source": row, f"money__{row}__share": str(share)})
        expected[row] = share
    rebuilt = Interview(MONEY, dict(interview.answers), TODAY)
    assert named(rebuilt) == [row for row in order if row in expected]
    assert rebuilt.value("whole") == (sum(expected.values()) if expected else None)
    assert [row.answers["share"] for row in rebuilt.record_rows(WEB, finished=True)["money"]] == [
        expected[row] for row in order if row in expected
    ]
