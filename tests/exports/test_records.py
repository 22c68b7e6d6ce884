"""Records by column: each is the one that `Interview` gives, whoever stands beside it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from instruments import DEFINITIONS

from exports.columns import Column, encode
from exports.encoding import AnswerEncoder
from exports.records import record
from forms.definition import SMS, WEB, Definition, Question
from forms.interview import Interview
from forms.question_types import find_type
from forms.recording import ABSENT, Recorder, Setting
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


def encode_all(drawn: Definition, texts: list[str]) -> dict[str, Column[Any]]:
    encoder = AnswerEncoder(drawn)
    for text in texts:
        encoder.add([text])
    return encoder.finish()


def record_all(recorder: Recorder, interviews: list[tuple[Any, ...]]) -> list[dict[str, Value]]:
    """Give the records of interviews, recorded together as the database has them."""
    drawn = recorder.definition
    texts = [json.dumps(dump(drawn, answers)) for answers, *_ in interviews]
    settings_ = encode([Setting(dump(drawn, known), *more) for _, known, *more in interviews])
    columns = record(recorder, settings_, encode_all(drawn, texts))
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


@given(courses())
@settings(max_examples=300, deadline=None)
def test_every_record_is_what_the_interview_gives(course: tuple[Definition, list[tuple[Any, ...]]]) -> None:
    drawn, interviews = course
    recorder = Recorder(drawn, PARAMETERS)
    for some in (interviews[:1], interviews):
        for (answers, known, today, channel, finished), told in zip(some, record_all(recorder, some), strict=True):
            whole = Interview(drawn, answers, today, known, PARAMETERS).record(channel, finished)
            assert list(told.items()) == list(whole.items())
            assert [type(value) for value in told.values()] == [type(value) for value in whole.values()]
            assert list(map(str, told.values())) == list(map(str, whole.values()))


def test_a_text_that_looks_like_a_reason_is_a_text() -> None:
    drawn = definition(question("text", "a"), question("text", "b", show_if="${a} = \"{'missing': -98}\""))
    told = [Missing.DONT_KNOW, "{'missing': -98}", '{"missing": -98}', None, "None", "-98.5", "\ud83d"]
    interviews: list[tuple[Any, ...]] = [({"a": answer, "b": "told"}, {}, DAYS[0], WEB, True) for answer in told]
    whole = [Interview(drawn, answers, DAYS[0]).record(WEB, True) for answers, *_ in interviews]
    assert record_all(Recorder(drawn, {}), interviews) == whole


def test_answers_that_somebody_else_wrote_into_the_database_read_the_same() -> None:
    drawn = definition(question("scale", "a"), question("select_multiple", "many", choices=choices(GAINS)))
    written = ['{"a":{"missing":-98},"many":[2,1]}', '{"a": {"missing": -98}}', '{"a": 2.5}']
    columns = encode_all(drawn, written)
    assert list(columns["a"]) == [{"missing": -98}, {"missing": -98}, 2.5]
    assert list(columns["many"]) == [[2, 1], ABSENT, ABSENT]
