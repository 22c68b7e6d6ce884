"""A calculation: never asked; its value follows from the answers at every moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import fields

from forms.definition import Question
from forms.question_types.base import STATUS_SUFFIX, Cell, Column, Kind, QuestionType, find_missing_code
from forms.question_types.date import describe_date
from forms.values import Raw, Stored, Value

GIVES = "gives"
"""The setting that loading adds: what the calculation gives, a `Kind`."""
SHOWN_PLACES = Decimal("0.000001")
GREATEST_SHOWN = 10**20


class CalculationField(fields.Raw):
    """An expression; what it may refer to depends on where the question stands."""


class Calculate(QuestionType):
    """A value worked out from earlier answers by `calculation`; nobody sees or texts it.

    The course of the interview asks `Question.settings["calculation"]`, an `Expression`; a condition gives 1 or 0.
    """

    name = "calculate"
    kind = Kind.NUMBER
    control = "note"
    measure = "scale"
    asks = False
    computes = True
    settings: ClassVar[Mapping[str, Any]] = {"calculation": CalculationField(required=True)}

    def find_kind(self, question: Question) -> Kind:
        """Give what this calculation gives."""
        kind = question.settings.get(GIVES, self.kind)
        assert isinstance(kind, Kind)
        return kind

    def parse(self, question: Question, raw: Raw, language: str) -> Value:
        """Nobody answers a calculation, whatever was sent."""
        return None

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Nobody answers a calculation, whatever was sent."""
        return None

    def dump(self, value: Value) -> Stored:
        """Keep nothing: the value follows from the answers."""
        return None

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give a number with at most six decimals, a date in the reader's language, a text as it is."""
        if isinstance(value, date):
            return describe_date(value, language)
        if isinstance(value, Decimal):
            return _write(value.quantize(SHOWN_PLACES) if abs(value) < GREATEST_SHOWN else value)
        return str(value)

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give one column; a number gets another for missing codes, since it may come out as one of them."""
        kind = self.find_kind(question)
        if kind is not Kind.NUMBER:
            return (Column(question.id, question.id, "date" if kind is Kind.DATE else "text"),)
        status = Column(question.id + STATUS_SUFFIX, question.id, "status")
        return Column(question.id, question.id, "number"), status

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give the value; -96 where something it needs was not answered."""
        missing = find_missing_code(value)
        cell = missing if missing is not None else _write(value) if isinstance(value, Decimal) else str(value)
        if len(self.columns(question)) == 1:
            return (cell,)
        return (cell, None) if missing is None else (None, missing)


def _write(number: Decimal) -> str:
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
