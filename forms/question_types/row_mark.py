"""The marks that a repeated section is kept by; they belong to the section and stand in no definition by themselves."""

from __future__ import annotations

from forms.definition import Question
from forms.question_types.base import Cell, Column, Kind, QuestionType
from forms.values import Value


class RowMark(QuestionType):
    """A number that nobody is asked for: which place a row was added at, or how many there were when all were named."""

    name = "row_mark"
    kind = Kind.NUMBER
    control = "note"
    asks = False

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Nobody answers a mark, whatever was sent."""
        return None

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Nobody reads a mark."""
        return ""

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give none: a mark is no answer."""
        return ()

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give none: a mark is no answer."""
        return ()
