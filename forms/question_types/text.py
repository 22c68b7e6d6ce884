"""Free text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from forms.definition import Question
from forms.errors import AnswerError
from forms.question_types.base import Cell, Column, Kind, QuestionType, find_missing_code, take_one, within
from forms.text import normalise
from forms.values import Value
from forms.wording import words

DEFAULT_LENGTH = 2_000
GREATEST_LENGTH = 10_000


class FreeText(QuestionType):
    """Words of the respondent's own, normalised, at most `max_length` characters."""

    name = "text"
    kind = Kind.TEXT
    control = "text"
    settings: ClassVar[Mapping[str, Any]] = {
        "max_length": fields.Integer(strict=True, validate=within(1, GREATEST_LENGTH)),
    }

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read the text; one that is empty once it is normalised is an empty answer."""
        text = normalise(take_one(values, language))
        longest = question.settings.get("max_length", DEFAULT_LENGTH)
        assert isinstance(longest, int)
        say = words(language)
        if len(text) > longest:
            over = len(text) - longest
            message = say.ngettext(
                "The text may have %(longest)s characters. Please shorten it by %(over)s character.",
                "The text may have %(longest)s characters. Please shorten it by %(over)s characters.",
                over,
            )
            raise AnswerError(message % {"longest": longest, "over": over})
        if not text and question.required:
            raise AnswerError(say.gettext(self.empty_message))
        return text or None

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give the text as it was written."""
        return str(value)

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give one text column."""
        return (Column(question.id, question.id, "text"),)

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give the text, or the missing code as a number."""
        missing = find_missing_code(value)
        return (str(value) if missing is None else missing,)
