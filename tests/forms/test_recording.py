"""Recording many: every record is the one that `Interview` gives, whatever was recorded before it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instruments import DEFINITIONS

from forms.definition import SMS, WEB, Definition, Question
from forms.interview import Interview
from forms.question_types import find_type
from forms.recording import Recorder
from forms.values import Missing, Value
from tests.sketches import EXTENT, GAINS, choices, definition, question, section, specified

PARAMETERS = {"where": "here", "partnership": "River Valley"}
DAYS = (date(2026, 3, 2), date(2026, 11, 30))
EVERYTHING = definition(
    section(question("consent", "agree"), question("scale", "a"), question("scale", "b", show_if="${a} > 2")),
    section(
        specified(id_="job"),
        specified("select_multiple", "jobs", show_if="${job__oth} = 'x' or ${where} = 'here'"),
        question("select_one", "some", choices=choices(EXTENT, show_if={1: "${a} = 1", 2: "${b} = 2"})),
        question("select_multiple", "many", choices=choices(GAINS, show_if={1: "selected(${many}, 2) or ${a} = 1"})),
        question("calculate", "sum", calculation="${a} + ${b}"),
        question("integer", "count", show_if="${sum} >= 4"),
        question("decimal", "share", channels=(WEB,)),
        id_="t",
        show_if="${a} != 5",
    ),
    section(
        question("date", "day"),
        question("calculate", "late", calculation="today() > ${day}"),
        question("text", "why", show_if="${late} = 1", private=True),
        question("note", "n"),
        question("text", "last", show_if="today() > '2026-06-01'"),
        question("rank", "order"),
        id_="u",
    ),
)
FLAT = [EVERYTHING, *(one for one in DEFINITIONS.values() if not one.repeats)]


def values_of(question_: Question) -> st.SearchStrategy[Value]:
    codes = [choice.value for choice in find_type(question_.type).choices(question_)]
    reasons: list[Value] = [None, Missing.DONT_KNOW, Missing.REFUSED, Missing.UNREADABLE]
    if question_.type in ("select_multiple", "rank"):
        some: Any = st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True).map(tuple)
    elif codes:
        some = st.sampled_from(codes)
    else:
        free = {"date": st.sampled_from(DAYS), "decimal": st.sampled_from((Decimal("0.10"), Decimal(7)))}
        some = free.get(question_.type, st.integers(0, 4) if question_.type == "integer" else st.sampled_from("xy"))
    return some | st.sampled_from(reasons)


@st.composite
def courses(draw: st.DrawFn) -> tuple[Definition, list[tuple[Any, ...]]]:
    """Give a definition and interviews of it that are alike enough to share a routing now and then."""
    drawn = draw(st.sampled_from(FLAT))
    asked = {
        id_: values_of(one)
        for id_, one in drawn.questions.items()
        if (kind := find_type(one.type)).asks or kind.accompanies
    }
    first = draw(st.fixed_dictionaries({}, optional=asked))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        changed = draw(st.lists(st.sampled_from(sorted(asked)), max_size=3))
        first = first | {id_: draw(asked[id_]) for id_ in changed}
        known = draw(st.lists(st.sampled_from(sorted(asked)), max_size=1))
        given_ = {id_: draw(asked[id_] | st.just(Missing.OFF_PATH)) for id_ in known}
        found.append(
            (first, given_, draw(st.sampled_from(DAYS)), draw(st.sampled_from((WEB, SMS))), draw(st.booleans()))
        )
    return drawn, found


def dump(drawn: Definition, answers: dict[str, Value]) -> dict[str, Any]:
    return {id_: find_type(drawn.questions[id_].type).dump(value) for id_, value in answers.items()}


@given(courses())
@settings(max_examples=300, deadline=None)
def test_a_recorder_gives_what_the_interview_gives(course: tuple[Definition, list[tuple[Any, ...]]]) -> None:
    drawn, interviews = course
    recorder = Recorder(drawn, PARAMETERS)
    for answers, known, today, channel, finished in interviews:
        whole = Interview(drawn, answers, today, known, PARAMETERS).record(channel, finished)
        record = recorder.record(dump(drawn, answers), dump(drawn, known), today, channel, finished)
        assert list(record.items()) == list(whole.items())
        assert [type(value) for value in record.values()] == [type(value) for value in whole.values()]


def test_a_text_that_looks_like_a_reason_is_a_text() -> None:
    drawn = definition(question("text", "a"), question("text", "b", show_if="${a} = \"{'missing': -98}\""))
    recorder = Recorder(drawn, {})
    for answer in (Missing.DONT_KNOW, "{'missing': -98}", None, "None"):
        answers: dict[str, Value] = {"a": answer, "b": "told"}
        whole = Interview(drawn, answers, DAYS[0]).record(WEB, True)
        assert recorder.record(dump(drawn, answers), {}, DAYS[0], WEB, True) == whole


def test_rows_are_not_its_business() -> None:
    with_rows = next(one for one in DEFINITIONS.values() if one.repeats)
    with pytest.raises(ValueError, match="record_rows"):
        Recorder(with_rows, {})


def test_the_date_makes_a_difference_only_where_it_is_asked_for() -> None:
    assert Recorder(EVERYTHING, {}).needs_today
    assert not Recorder(definition(question("text", "a")), {}).needs_today
