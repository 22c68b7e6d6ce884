"""A note: words to read, nothing to answer."""

from __future__ import annotations

from forms.definition import Question
from forms.question_types.base import Cell, Column, Kind, QuestionType
from forms.values import Raw, Value


class Note(QuestionType):
    """Words between questions."""

    name = "note"
    kind = Kind.NOTHING
    control = "note"
    asks = False

    def parse(self, question: Question, raw: Raw, language: str) -> Value:
        """A note has no answer, whatever was sent."""
        return None

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """A note has no answer, whatever was sent."""
        return None

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """There is nothing to say about a note."""
        return ""

    def columns(self, question: Question) -> tuple[Column, ...]:
        """A note has no columns."""
        return ()

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """A note has no cells."""
        return ()
