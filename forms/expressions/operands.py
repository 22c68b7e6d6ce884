"""What expressions compute with: answers made comparable, exact decimals, and nothing where something is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import TypeAlias

from forms.values import Missing, Value

Operand: TypeAlias = "Decimal | str | date | bool | tuple[Decimal | str, ...] | None"
"""A value inside an expression; `None` is a missing one (not asked, left empty, don't know, division by zero)."""

# 34 digits and bounded exponents, as IEEE decimal128; no traps: what has no number is missing, never an exception
CONTEXT = Context(prec=34, Emax=6144, Emin=-6143, traps=[])
MAX_DAYS = 4_000_000
MAX_PLACES = 18
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may see: answers on the path so far, parameters, today's date, and `.` (the answer itself).

    `rows`: the answers to a question of a repeated section, one for each row, for the functions that gather them.
    """

    values: Mapping[str, Value]
    today: date
    answer: Value = None
    rows: Mapping[str, Sequence[Value]] = field(default_factory=dict)


def read(value: Value) -> Operand:
    """Make an answer comparable: codes become decimals or texts; every way of having no answer becomes `None`."""
    if value is None or isinstance(value, Missing) or value == "" or value == ():
        return None
    if isinstance(value, tuple):
        return tuple(Decimal(code) if isinstance(code, int) else code for code in value)
    if isinstance(value, int | Decimal):
        return _kept(CONTEXT.create_decimal(value))
    return value


def number(value: Operand) -> Decimal | None:
    """Give the number a value is or spells, else nothing."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def day(value: Operand) -> date | None:
    """Give the date a value is or spells (`2026-11-30`), else nothing."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == len("2026-11-30"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def same(left: Operand, right: Operand) -> bool:
    """Say whether two present values are equal; `3` and `'3'` are, as in XPath."""
    if type(left) is type(right):
        return left == right
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        first, second = number(left), number(right)
        return first is not None and first == second
    if isinstance(left, date) or isinstance(right, date):
        return day(left) is not None and day(left) == day(right)
    return False


def before(left: Operand, right: Operand) -> bool | None:
    """Say whether the left is smaller; nothing where the two have no order."""
    if isinstance(left, date) or isinstance(right, date):
        first, second = day(left), day(right)
        return None if first is None or second is None else first < second
    one, two = number(left), number(right)
    return None if one is None or two is None else one < two


def combine(operator: str, left: Operand, right: Operand) -> Operand:
    """Compute `left operator right` for `+ - * div mod`; days may be added to dates; no result is `None`."""
    if isinstance(left, date):
        return _move(operator, left, right)
    if isinstance(right, date):
        return _move(operator, right, left) if operator == "+" else None
    first, second = number(left), number(right)
    if first is None or second is None:
        return None
    if operator in ("div", "mod") and not second:
        return None
    results = {
        "+": CONTEXT.add,
        "-": CONTEXT.subtract,
        "*": CONTEXT.multiply,
        "div": CONTEXT.divide,
        "mod": CONTEXT.remainder,
    }
    return _kept(results[operator](first, second))


def rounded(value: Decimal, places: int) -> Decimal | None:
    """Round half towards plus infinity, as XPath does; nothing where the places are out of reach."""
    if abs(places) > MAX_PLACES:
        return None
    context = CONTEXT.copy()
    context.rounding = ROUND_HALF_UP if value >= 0 else ROUND_HALF_DOWN
    result = _kept(value.quantize(Decimal(1).scaleb(-places), context=context))
    return None if result is None else _kept(CONTEXT.create_decimal(f"{result:f}"))


def _move(operator: str, start: date, other: Operand) -> Operand:
    if isinstance(other, date):
        return Decimal((start - other).days) if operator == "-" else None
    days = number(other)
    if days is None or abs(days) > MAX_DAYS or operator not in ("+", "-"):
        return None
    try:
        return start + timedelta(days=int(days) if operator == "+" else -int(days))
    except OverflowError:
        return None


def _kept(result: Decimal) -> Decimal | None:
    """Leave out what is no number, and minus zero, which nobody means."""
    if not result.is_finite():
        return None
    return result if result else Decimal(0)
