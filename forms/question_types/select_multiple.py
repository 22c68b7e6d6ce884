"""Several choices from a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from marshmallow import fields

from forms.definition import Question
from forms.errors import AnswerError, Fault
from forms.question_types.base import Cell, Column, Kind, find_missing_code, within
from forms.question_types.choosing import ChoosingType, check_code_columns
from forms.values import Code, Missing, Stored, Value
from forms.wording import words


class SelectMultiple(ChoosingType):
    """Any number of choices within `min` and `max`; an exclusive choice ("None of these") stands alone.

    The value is a tuple of codes in the order of the definition, each once.
    """

    name = "select_multiple"
    kind = Kind.CHOICES
    control = "checkboxes"
    can_specify = True
    settings: ClassVar[Mapping[str, Any]] = {
        "min": fields.Integer(strict=True, validate=within(0)),
        "max": fields.Integer(strict=True, validate=within(1)),
    }

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse limits that nobody can meet and codes that make no column name."""
        yield from super().check(question)
        least, most = _find_limits(question)
        if least > most:
            yield Fault(".max", f"At most {most} can be chosen, but at least {least} must be.", "Mend min or max.")
        elif least > len(question.choices):
            yield Fault(".min", f"There are only {len(question.choices)} choices.", "Lower min or add choices.")
        yield from check_code_columns(question, self.columns(question))

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read the codes and check how many and which may stand together."""
        chosen = {self.find_choice(question, code, language).value for code in values}
        picked = tuple(choice for choice in self.choices(question) if choice.value in chosen)
        alone = next((choice for choice in picked if choice.exclusive), None)
        say = words(language)
        if alone is not None and len(picked) > 1:
            text = say.gettext('"%(choice)s" cannot be chosen together with another answer.')
            raise AnswerError(text % {"choice": alone.label.in_(language)})
        least, most = _find_limits(question)
        if len(picked) > most:
            text = say.ngettext("Please choose at most %(n)s answer.", "Please choose at most %(n)s answers.", most)
            raise AnswerError(text % {"n": most})
        if len(picked) < least and alone is None:
            text = say.ngettext("Please choose at least %(n)s answer.", "Please choose at least %(n)s answers.", least)
            raise AnswerError(text % {"n": least})
        return tuple(choice.value for choice in picked)

    def dump(self, value: Value) -> Stored:
        """Keep the codes as a list."""
        return list(value) if isinstance(value, tuple) else super().dump(value)

    def load(self, stored: Stored) -> Value:
        """Give back the codes."""
        return tuple(stored) if isinstance(stored, list) else super().load(stored)

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give the labels of the chosen, in the order of the definition."""
        return ", ".join(self.find_label(question, code, language) for code in _codes(value))

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give one 0/1 column for each choice, named `<id>__<code>`."""
        return tuple(
            Column(f"{question.id}__{choice.value}", question.id, "flag", choice) for choice in question.choices
        )

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give 1 for each choice that was chosen, else 0; a missing code stands in every column of the set."""
        missing = find_missing_code(value)
        if missing is not None:
            return (missing,) * len(question.choices)
        chosen = _codes(value)
        return tuple(int(choice.value in chosen) for choice in question.choices)

    def form_values(self, value: Value) -> tuple[str, ...]:
        """Give every code."""
        if value is None or isinstance(value, Missing):
            return super().form_values(value)
        return tuple(str(code) for code in _codes(value))


def _codes(value: Value) -> tuple[Code, ...]:
    assert isinstance(value, tuple)
    return value


def _find_limits(question: Question) -> tuple[int, int]:
    """Give how few and how many may be chosen."""
    least, most = question.settings.get("min", 0), question.settings.get("max", len(question.choices))
    assert isinstance(least, int)
    assert isinstance(most, int)
    return least, most
