"""A number that may have a fraction, kept exactly as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import fields

from forms.question_types.numbers import NumberType, UnitField
from forms.values import Missing, Stored, Value
from forms.wording import msgid


class LimitField(fields.Decimal):
    """A number, or the plain digits of one in quotes."""

    pattern = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?", re.ASCII)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, str) and not self.pattern.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class DecimalNumber(NumberType):
    """A decimal number of at most 18 digits; JSON keeps it as a string, so that no digit is lost."""

    name = "decimal"
    takes_fractions = True
    not_a_number = msgid("Please give a number in digits, for example 12.5.")
    settings: ClassVar[Mapping[str, Any]] = {
        "min": LimitField(),
        "max": LimitField(),
        "unit": UnitField(),
    }

    def build_value(self, number: str) -> Value:
        """Give the decimal with the digits that were written."""
        return Decimal(number)

    def dump(self, value: Value) -> Stored:
        """Keep the number as a string."""
        return value if value is None else super().dump(value) if isinstance(value, Missing) else str(value)

    def load(self, stored: Stored) -> Value:
        """Give back the number."""
        return Decimal(stored) if isinstance(stored, str) else super().load(stored)
