"""The long table: one row for each answer, the form in which nothing is lost and every instrument looks the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from exports.options import Options
from exports.responses import Event, Response, Study
from exports.table import list_included
from exports.variables import list_questions
from forms.definition import Question
from forms.question_types import find_type
from forms.question_types.base import Cell, find_missing_code
from forms.rows import join
from forms.values import Answers, Value

LONG_COLUMNS = (
    "respondent_id",
    "round",
    "row",
    "item_id",
    "item_version",
    "choice_code",
    "value_num",
    "value_text",
    "status",
    "mode",
    "answered_at",
)
"""`row` is empty but in repeated sections; `status` is a missing code, empty where there is an answer."""
LONG_NUMERIC = frozenset({"value_num", "status"})

Marks = Mapping[str, Event]
"""Question id -> the event that its answer last came with."""


def build_long(study: Study, options: Options) -> Iterator[list[Cell]]:
    """Stream the rows of the long table, as wide as `LONG_COLUMNS`.

    A code stands in `choice_code` (and in `value_num` where it is a number), several codes and ranks in one row for
    each choice with 0/1 or the place in `value_num`, numbers in `value_num`, texts and ISO dates in `value_text`.
    """
    definition = study.definition
    plain = [q for _, q in list_questions(s for s in definition.sections if s.repeat is None)]
    repeated = {s.id: [q for _, q in list_questions([s])] for s in definition.sections if s.repeat is not None}
    wanted = list_included(study, options)
    for response, marks in _mark(study, wanted):
        yield from _write(study, response, plain, response.answers, marks)
        for section, questions in repeated.items():
            for row in response.rows.get(section, ()):
                own = {q.id: marks[id_] for q in questions if (id_ := join(section, row.id, q.id)) in marks}
                yield from _write(study, response, questions, row.answers, own, row.id)


def _mark(study: Study, responses: Iterator[Response]) -> Iterator[tuple[Response, Marks]]:
    """Give each response with when and where its answers came; both streams are in the same order."""
    events = groupby(study.events(), key=lambda event: event.response_id)
    waiting = next(events, None)
    for response in responses:
        # Responses that are not wanted have events too: pass over them.
        while waiting is not None and waiting[0] < response.response_id:
            waiting = next(events, None)
        marks: dict[str, Event] = {}
        if waiting is not None and waiting[0] == response.response_id:
            marks = {event.question_id: event for event in waiting[1]}
            waiting = next(events, None)
        yield response, marks


def _write(
    study: Study, response: Response, questions: list[Question], answers: Answers, marks: Marks, row: str = ""
) -> Iterator[list[Cell]]:
    version = study.definition.version
    for question in questions:
        value, mark = answers.get(question.id), marks.get(question.id)
        channel = mark.channel if mark else response.channel_last
        at = _write_time(mark.at, response.started_at) if mark else ""
        for code, number, text, status in _split(question, value):
            yield [
                response.response_id,
                study.round_name,
                row,
                question.id,
                version,
                code,
                number,
                text,
                status,
                channel if status is None or mark else "",
                at,
            ]


def _split(question: Question, value: Value) -> Iterator[tuple[Cell, Cell, Cell, Cell]]:
    """Give choice code, number, text and missing code of each row of an answer."""
    missing, kind = find_missing_code(value), find_type(question.type)
    columns = kind.columns(question)
    if missing is not None:
        yield None, None, None, missing
    elif columns[0].choice is not None:
        for column, cell in zip(columns, kind.cells(question, value), strict=True):
            assert column.choice is not None
            yield column.choice.value, cell, None, None
    elif columns[0].kind == "code":
        assert isinstance(value, int | str)
        yield value, value if isinstance(value, int) else None, None, None
    elif isinstance(value, int | Decimal):
        yield None, kind.cells(question, value)[0], None, None
    else:
        yield None, None, kind.cells(question, value)[0], None


def _write_time(at: datetime, like: date) -> str:
    """Write a time as exactly as the response tells its own: a day where only days are told."""
    return at.isoformat() if isinstance(like, datetime) else at.date().isoformat()
