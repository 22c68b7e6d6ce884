"""The contract of a question type: everything the house asks of one. Each type is one file and one line in `__init__`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from forms.definition import Choice, Question
from forms.errors import Fault
from forms.values import Missing, Raw, Stored, Value


class Kind(Enum):
    """What an answer is to a condition: decides what may be compared with what."""

    NOTHING = "nothing"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the wide table.

    `kind` is what its substantive cells hold: `code`, `flag` (0/1), `number`, `text`, `date` or `status`.
    """

    name: str
    question_id: str
    kind: str
    choice: Choice | None = None


Cell = int | str | float | None
"""A cell as CSV gets it: a code or missing code, a number as its exact text, a text, an ISO date; `None` is empty."""


class QuestionType(ABC):
    """A behaviour that questions name in `type`. It has no state: the question is always an argument."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    control: ClassVar[str]
    """The control that draws it on the web: a macro of `templates/answering/controls.html`."""
    asks: ClassVar[bool] = True
    """Whether people answer it (a note is only read)."""
    settings: ClassVar[Mapping[str, Any]] = {}
    """Its own JSON keys -> marshmallow fields, apart from the common ones."""
    takes_choices: ClassVar[bool] = False

    def check(self, question: Question) -> Iterable[Fault]:
        """Give what is wrong with a question of this type; paths are relative to the question (`.max`)."""
        return ()

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Give the choices offered, in order; empty where the answer is free."""
        return question.choices

    @abstractmethod
    def parse(self, question: Question, raw: Raw, language: str) -> Value:
        """Read what a person sent, from web and SMS alike.

        Gives the typed value, a `Missing` the question allows, or `None` for an empty answer to an optional question.
        Raises `AnswerError` with a sentence in `language` that says how to mend it.
        """

    def dump(self, value: Value) -> Stored:
        """Give a value as JSON keeps it; a missing reason is `{"missing": -98}`, an empty answer is null."""
        if isinstance(value, Missing):
            return {"missing": value.value}
        return value

    def load(self, stored: Stored) -> Value:
        """Give back the value that `dump` kept."""
        if isinstance(stored, dict):
            return Missing(stored["missing"])
        return stored  # type: ignore[return-value]  # types whose JSON differs from their value override this

    @abstractmethod
    def describe(self, question: Question, value: Value, language: str) -> str:
        """Give the answer as people read it: a label, a number with its unit, a date in the reader's language."""

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give the columns of the wide table; they come from the definition, never from the data."""
        return (Column(question.id, question.id, "code"),)

    @abstractmethod
    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give the cells of a value, one for each column; `None` as value counts as -96."""

    def form_values(self, value: Value) -> tuple[str, ...]:
        """Give the form field's values that show this value again (`parse` accepts them)."""
        if value is None or isinstance(value, Missing):
            return ()
        return (str(value),)
