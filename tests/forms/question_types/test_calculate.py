"""A calculation is never asked, always up to date, and seen by whatever stands after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sketches import interview, question

from forms.definition import SMS
from forms.errors import DefinitionError
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.sms.prompts import build_prompt
from forms.values import Missing, Raw
from forms.web import read_section
from tests.forms import builders
from tests.forms.builders import load

CALCULATE = find_type("calculate")
MEN, WOMEN = question("integer", "men", min=0), question("integer", "women", min=0)
ALL = question("calculate", "all", calculation="${men} + ${women}")
WHY = question("text", "why", "Why ${all}?", show_if="${all} > 10")


def test_its_value_follows_from_the_answers_and_steers_what_comes_after():
    few = interview(MEN, WOMEN, ALL, WHY, answers={"men": 2, "women": 3})
    many = few.with_answers({"women": 30})
    assert (few.value("all"), many.value("all")) == (Decimal(5), Decimal(32))
    assert [q.id for q in few.path] == ["men", "women", "all"]
    assert many.next_question(SMS).id == "why"
    assert many.say(WHY.label.in_("en"), "en") == "Why 32?"


def test_one_calculation_may_build_on_another():
    twice = question("calculate", "twice", calculation="${all} * 2")
    assert interview(MEN, WOMEN, ALL, twice, answers={"men": 2, "women": 3}).value("twice") == 10


def test_without_what_it_needs_it_has_no_value():
    course = interview(MEN, WOMEN, ALL, WHY, answers={"men": 2, "women": Missing.DONT_KNOW})
    assert course.value("all") is None
    assert course.record("web", finished=True)["all"] is Missing.SKIPPED


def test_it_is_recorded_whatever_the_channel_and_only_on_the_path():
    texted = question("calculate", "one", calculation="1", channels=("web",))
    off = question("calculate", "two", calculation="2", show_if="1 = 2")
    record = interview(texted, off).record("sms", finished=False)
    assert record == {"one": Decimal(1), "two": Missing.OFF_PATH}


def test_nobody_sees_it_and_no_counter_counts_it():
    course = interview(ALL, MEN, WOMEN, WHY)
    assert [q.id for section in course.sections for q in section.questions] == ["men", "women"]
    assert build_prompt(course, MEN, "en").startswith("1/2 ")


def test_a_page_follows_the_calculation_from_the_answers_just_sent():
    course = interview(MEN, WOMEN, ALL, WHY, answers={"men": 1, "women": 1})
    fields = {"men": ["9"], "women": ["9"], "all": ["1"], "why": ["So many"]}
    reading = read_section(course, course.sections[0], fields, "en")
    assert reading.values == {"men": 9, "women": 9, "why": "So many"}


@pytest.mark.parametrize(
    ("calculation", "cells"),
    [("1 div 8", ("0.125", None)), ("0 - 98", ("-98", None)), ("${men} > 1", ("1", None)), ("${none}", (None, -96))],
)
def test_a_number_has_a_column_beside_it_for_missing_codes(calculation, cells):
    asked = question("calculate", "c", calculation=calculation)
    value = interview(MEN, asked, answers={"men": 2}).value("c")
    assert [column.name for column in CALCULATE.columns(asked)] == ["c", "c__st"]
    assert CALCULATE.cells(asked, value) == cells


@pytest.mark.parametrize(
    ("calculation", "kind", "value", "said"),
    [
        ("if(${men} > 1, 'many', 'few')", Kind.TEXT, "many", "many"),
        ("today() - 1", Kind.DATE, date(2026, 3, 1), "1 March 2026"),
        ("1 div 3", Kind.NUMBER, None, "0.333333"),
        ("${men} > 5 or ${men} = 2", Kind.NUMBER, Decimal(1), "1"),
    ],
)
def test_what_it_gives_is_known_before_anybody_answers(calculation, kind, value, said):
    loaded = load(builders.question("men", "integer"), builders.question("c", "calculate", calculation=calculation))
    asked = loaded.questions["c"]
    got = interview(MEN, asked, answers={"men": 2}).value("c")
    assert CALCULATE.find_kind(asked) is kind
    assert CALCULATE.describe(asked, got, "en") == said
    assert value is None or got == value
    assert len(CALCULATE.cells(asked, got)) == len(CALCULATE.columns(asked)) == (2 if kind is Kind.NUMBER else 1)


@pytest.mark.parametrize(
    ("calculation", "said"),
    [
        ("${later} + 1", "asked later"),
        ("${c} + 1", "this question itself"),
        ("${many}", "several choices"),
        ("${word} * 2", "needs a choice or a number"),
        ("1 +", ""),
        (5, "must be a text"),
    ],
)
def test_a_calculation_that_cannot_work_is_a_fault_at_its_place(calculation, said):
    with pytest.raises(DefinitionError) as refusal:
        load(
            builders.question("word"),
            builders.question("many", "select_multiple"),
            builders.question("c", "calculate", calculation=calculation),
            builders.question("later", "integer"),
        )
    (fault,) = refusal.value.faults
    assert fault.path == "$.sections[0].questions[2].calculation"
    assert said in fault.message


def test_a_condition_compares_what_a_calculation_gives():
    with pytest.raises(DefinitionError, match="compares"):
        load(
            builders.question("c", "calculate", calculation="'word'"),
            builders.question("why", show_if="${c} > 3"),
        )


@pytest.mark.parametrize("key", ["required", "dont_know", "score", "constraint", "choices"])
def test_keys_of_questions_that_are_asked_mean_nothing_with_it(key):
    with pytest.raises(DefinitionError) as refusal:
        load(builders.question("c", "calculate", calculation="1", **{key: True}))
    assert f"$.sections[0].questions[0].{key}" in {fault.path for fault in refusal.value.faults}


def test_nothing_of_it_is_stored_and_nothing_that_is_sent_changes_it():
    assert CALCULATE.dump(Decimal(5)) is None
    assert CALCULATE.parse(ALL, Raw(("7",)), "en") is None
    assert interview(MEN, WOMEN, ALL, answers={"men": 1, "women": 1, "all": 7}).value("all") == 2
