"""The wide table: one row for each response, columns from the definition and never from the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from exports.cells import guard
from exports.dispositions import COUNTED, is_answered
from exports.responses import Response, Study
from forms.definition import RESPONSE_COLUMNS, Definition, Question
from forms.question_types import find_type
from forms.question_types.base import Cell, Column
from forms.values import Missing, Value

FACTS = RESPONSE_COLUMNS
"""The columns before the questions: how the response came about. Times are ISO 8601 with offset."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question's part of a row: how its value becomes cells."""

    id: str
    cells: Callable[[Value], tuple[Cell, ...]]


def list_columns(definition: Definition) -> tuple[Column, ...]:
    """Give the questions' columns in definition order; multiple choice has one 0/1 column for each choice."""
    return tuple(
        column for question in _list_asked(definition) for column in find_type(question.type).columns(question)
    )


def build_header(definition: Definition) -> list[str]:
    """Give the names of all columns, formula-safe."""
    return [*FACTS, *(guard(column.name) for column in list_columns(definition))]


def build_rows(
    study: Study, *, labels: bool = False, language: str | None = None, include_partial: bool = False
) -> Iterator[list[Cell]]:
    """Stream the rows in export order, formula-safe, as wide as the header.

    In it are the finished interviews, and after the close those of the others that scores are made of (I and P);
    `include_partial` adds every other one with at least one answer. `labels` gives choices by their words in
    `language` (default: the definition's) in place of their codes; numbers and 0/1 columns stay as they are.
    """
    definition = study.definition
    spoken = definition.choose_language(language)
    asked = tuple(
        _Asked(question.id, _make_labels(question, spoken) if labels else _make_codes(question))
        for question in _list_asked(definition)
    )
    round_name = guard(study.round_name)
    for response in study.responses():
        if _belongs(definition, response, include_partial):
            row: list[Cell] = [
                response.response_id,
                round_name,
                definition.version,
                guard(response.group or ""),
                response.channel_first,
                response.channel_last,
                response.language,
                response.disposition,
                response.started_at.isoformat(),
                response.finished_at.isoformat() if response.finished_at else "",
            ]
            answers = response.answers
            for question in asked:
                row.extend(question.cells(answers.get(question.id)))
            yield row


def _list_asked(definition: Definition) -> Iterator[Question]:
    return (question for question in definition.questions.values() if find_type(question.type).columns(question))


def _belongs(definition: Definition, response: Response, include_partial: bool) -> bool:
    if response.finished_at is not None or response.disposition in COUNTED:
        return True
    if not include_partial:
        return False
    return any(
        is_answered(value) and find_type(definition.questions[name].type).asks
        for name, value in response.answers.items()
    )


def _make_codes(question: Question) -> Callable[[Value], tuple[Cell, ...]]:
    """Make the cells of a question as codes; numbers are never guarded, so that -98 stays a number."""
    kind = find_type(question.type)
    if not any(column.kind == "text" for column in kind.columns(question)):
        return lambda value: kind.cells(question, value)

    def cells(value: Value) -> tuple[Cell, ...]:
        return tuple(guard(cell) if isinstance(cell, str) else cell for cell in kind.cells(question, value))

    return cells


def _make_labels(question: Question, language: str) -> Callable[[Value], tuple[Cell, ...]]:
    """Make the cells of a question in words where it has one column of codes; other columns have no words."""
    kind, codes = find_type(question.type), _make_codes(question)
    if [column.kind for column in kind.columns(question)] != ["code"]:
        return codes

    def cells(value: Value) -> tuple[Cell, ...]:
        words = kind.describe(question, value, language)
        absent = value is None or isinstance(value, Missing)
        return codes(value) if absent and not words else (guard(words),)

    return cells
