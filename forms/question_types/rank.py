"""Choices put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from marshmallow import fields

from forms.definition import Question
from forms.errors import AnswerError, Fault
from forms.question_types.base import Cell, Column, Kind, find_missing_code, within
from forms.question_types.choosing import ChoosingType, check_code_columns
from forms.values import Code, Missing, Stored, Value
from forms.wording import msgid, words

_PLACED = re.compile(r"([0-9]{1,3}):(.+)", re.ASCII)


class Rank(ChoosingType):
    """All choices, or the first `max` of them, in order.

    The value is a tuple of codes, the first one first. A form sends `place:code` for each, a text the codes in order.
    """

    name = "rank"
    kind = Kind.CHOICES
    control = "ranks"
    measure = "ordinal"
    empty_message: ClassVar[str] = msgid("Please put the answers in order.")
    settings: ClassVar[Mapping[str, Any]] = {"max": fields.Integer(strict=True, validate=within(1))}

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse more places than choices and codes that make no column name."""
        yield from super().check(question)
        most = question.settings.get("max", 0)
        assert isinstance(most, int)
        if most > len(question.choices):
            yield Fault(".max", f"There are only {len(question.choices)} choices to order.", "Lower max.")
        yield from check_code_columns(question, self.columns(question))

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read the codes in order: every place is given once, and none is left open."""
        placed = [match for value in values if (match := _PLACED.fullmatch(value.strip()))]
        given = [match[2] for match in sorted(placed, key=lambda match: int(match[1]))] if placed else list(values)
        codes = tuple(self.find_choice(question, code, language).value for code in given)
        count = self.count_places(question)
        places = {int(match[1]) for match in placed}
        whole = not placed or (len(placed) == len(values) and places == set(range(1, count + 1)))
        if not whole or len(codes) != count or len(set(codes)) != count:
            text = words(language).gettext("Please put %(n)s different answers in order, the first one first.")
            raise AnswerError(text % {"n": count})
        return codes

    def count_places(self, question: Question) -> int:
        """Give how many of the choices that are open are to be put in order."""
        most = question.settings.get("max")
        open_ = len(self.choices(question))
        return min(most, open_) if isinstance(most, int) else open_

    def dump(self, value: Value) -> Stored:
        """Keep the codes as a list."""
        return list(value) if isinstance(value, tuple) else super().dump(value)

    def load(self, stored: Stored) -> Value:
        """Give back the codes."""
        return tuple(stored) if isinstance(stored, list) else super().load(stored)

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give the labels with their places."""
        labels = (self.find_label(question, code, language) for code in _codes(value))
        return ", ".join(f"{place}. {label}" for place, label in enumerate(labels, start=1))

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give one column for each choice, named `<id>__<code>`."""
        return tuple(Column(f"{question.id}__{c.value}", question.id, "number", c) for c in question.choices)

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give each choice's place, 0 where it has none; a missing code stands in every column of the set."""
        missing = find_missing_code(value)
        if missing is not None:
            return (missing,) * len(question.choices)
        places = {code: place for place, code in enumerate(_codes(value), start=1)}
        return tuple(places.get(choice.value, 0) for choice in question.choices)

    def form_values(self, value: Value) -> tuple[str, ...]:
        """Give place and code of each."""
        if value is None or isinstance(value, Missing):
            return super().form_values(value)
        return tuple(f"{place}:{code}" for place, code in enumerate(_codes(value), start=1))


def _codes(value: Value) -> tuple[Code, ...]:
    assert isinstance(value, tuple)
    return value
