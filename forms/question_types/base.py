"""The contract of a question type: everything the house asks of one. Each type is a file and a line in `__init__`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from marshmallow import validate

from forms.definition import Choice, Question
from forms.errors import AnswerError, Fault
from forms.values import Code, Missing, Raw, Stored, Value
from forms.wording import msgid, words

STATUS_SUFFIX = "__st"
"""Ends the name of the form field (and of the column) that holds a missing code apart from the answer."""

_REASONS = {
    Missing.REFUSED: msgid("Skipped"),
    Missing.DONT_KNOW: msgid("Don't know"),
    Missing.NOT_APPLICABLE: msgid("Not applicable"),
    Missing.UNREADABLE: msgid("Could not be read"),
}


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
    computes: ClassVar[bool] = False
    """Whether its value is worked out from earlier answers instead of asked."""
    accompanies: ClassVar[bool] = False
    """Whether it comes along with another question's answer instead of being asked."""
    settings: ClassVar[Mapping[str, Any]] = {}
    """Its own JSON keys -> marshmallow fields, apart from the common ones."""
    takes_choices: ClassVar[bool] = False
    empty_message: ClassVar[str] = msgid("Please answer this question.")
    measure: ClassVar[str] = "nominal"
    """What statistics may do with its codes and numbers: `nominal`, `ordinal` or `scale`."""

    def check(self, question: Question) -> Iterable[Fault]:
        """Give what is wrong with a question of this type; paths are relative to the question (`.max`)."""
        return ()

    def find_kind(self, question: Question) -> Kind:
        """Give what an answer to this question is to a condition."""
        return self.kind

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Give the choices offered, in order; empty where the answer is free."""
        return question.choices

    def text_choices(self, question: Question, language: str) -> tuple[tuple[Code, str], ...]:
        """Give the choices as a text message lists them: code and short label."""
        return ()

    def parse(self, question: Question, raw: Raw, language: str) -> Value:
        """Read what a person sent, from web and SMS alike.

        Gives the typed value, a `Missing` the question allows, or `None` for an empty answer to an optional question.
        Raises `AnswerError` with a sentence in `language` that says how to mend it.
        """
        values = tuple(value for value in raw.values if value and not value.isspace())
        if raw.missing is not None:
            return check_missing(question, raw.missing, bool(values), language)
        if values:
            return self.read_value(question, values, language)
        if question.required:
            raise AnswerError(words(language).gettext(self.empty_message))
        return None

    @abstractmethod
    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read what was sent where it is not empty; raises `AnswerError`. `None` says that it was empty after all."""

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

    def describe(self, question: Question, value: Value, language: str) -> str:
        """Give the answer as people read it: a label, a number with its unit, a date in the reader's language.

        A missing reason is told in words where the respondent gave it; every other absence is an empty string.
        """
        if isinstance(value, Missing):
            return words(language).gettext(_REASONS[value]) if value in _REASONS else ""
        return "" if value is None else self.describe_value(question, value, language)

    @abstractmethod
    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give a substantive answer as people read it."""

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

    def show(self, value: Value) -> Raw:
        """Give the stored value as the raw answer that `parse` reads as the same value: what a form shows again.

        Reasons that only the service gives (not reached, unreadable) show as an empty field.
        """
        told = value in (Missing.REFUSED, Missing.DONT_KNOW, Missing.NOT_APPLICABLE)
        return Raw(self.form_values(value), value if told and isinstance(value, Missing) else None)


def check_missing(question: Question, missing: Missing, with_value: bool, language: str) -> Missing:
    """Give the missing reason if the question allows it; a refusal is everybody's right and always allowed.

    Raises `AnswerError` where it is not offered, or where a value came with it.
    """
    say = words(language).gettext
    allowed = {
        Missing.REFUSED: True,
        Missing.DONT_KNOW: question.dont_know,
        Missing.NOT_APPLICABLE: question.not_applicable,
    }
    if not allowed.get(missing, False):
        raise AnswerError(say("This answer is not offered here. Please give another one."))
    if with_value:
        text = say('Please give either an answer or "%(reason)s", not both.')
        raise AnswerError(text % {"reason": say(_REASONS[missing])})
    return missing


def find_missing_code(value: Value) -> int | None:
    """Give the missing code that stands in exports for this value, or nothing for a substantive one."""
    if isinstance(value, Missing):
        return int(value.value)
    return int(Missing.SKIPPED.value) if value is None else None


def within(least: int, most: int | None = None) -> validate.Range:
    """Give the validator of a setting that is a number between two bounds, both included."""
    message = "This must be at least {min}." if most is None else "This must be at least {min} and at most {max}."
    return validate.Range(min=least, max=most, error=message)


def take_one(values: tuple[str, ...], language: str) -> str:
    """Give the only value sent; raises `AnswerError` where there are several."""
    if len(set(values)) > 1:
        raise AnswerError(words(language).gettext("Please give one answer only."))
    return values[0]
