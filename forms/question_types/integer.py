"""A whole number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from forms.question_types.numbers import NumberType, UnitField
from forms.values import Value
from forms.wording import msgid


class WholeNumber(NumberType):
    """A whole number of at most 18 digits."""

    name = "integer"
    takes_fractions = False
    not_a_number = msgid("Please give a whole number in digits, for example 12.")
    settings: ClassVar[Mapping[str, Any]] = {
        "min": fields.Integer(strict=True),
        "max": fields.Integer(strict=True),
        "unit": UnitField(),
    }

    def build_value(self, number: str) -> Value:
        """Give the integer."""
        return int(number)
