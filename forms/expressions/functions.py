"""The functions that expressions may call: one line each in the table at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import reduce
from typing import TypeAlias

from forms.expressions.operands import Operand, Scope, combine, number, rounded, same
from forms.expressions.sorts import NUMERIC, Sort, Types, unite

MANY = 500
Check: TypeAlias = "Callable[[Types, str, Sequence[object], Sequence[Sort]], Sort]"


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments it takes, what it computes, and what it must be given (`check` says what it gives).

    `gathers`: a question of a repeated section gives it the answers of all rows, in any other place a fault.
    """

    least: int
    most: int
    compute: Callable[[Scope, Sequence[Operand]], Operand]
    check: Check
    gathers: bool = False


def _takes(result: Sort, *wanted: frozenset[Sort]) -> Check:
    """Make the check of a function: the wanted sorts by place, the last one for all further places."""

    def check(types: Types, name: str, parts: Sequence[object], sorts: Sequence[Sort]) -> Sort:
        for place, (part, sort) in enumerate(zip(parts, sorts, strict=True)):
            types.expect(part, sort, wanted[min(place, len(wanted) - 1)], f"`{name}()`")
        return result

    return check


def _check_alike(types: Types, name: str, parts: Sequence[object], sorts: Sequence[Sort]) -> Sort:
    """Check that whatever of its arguments comes out, it is one sort of thing."""
    if name == "if":
        types.expect(parts[0], sorts[0], frozenset({Sort.CONDITION}), "the first part of `if()`")
        sorts = sorts[1:]
    result = sorts[0]
    for sort in sorts[1:]:
        united = unite(result, sort)
        if united is None:
            return types.fault(f"`{name}()` gives either {result.value} or {sort.value}; both must be alike.")
        result = united
    return result


def _selected(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    picked, code = arguments
    if picked is None or code is None:
        return False
    return any(same(one, code) for one in (picked if isinstance(picked, tuple) else (picked,)))


def _count_selected(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    return Decimal(len(arguments[0])) if isinstance(arguments[0], tuple) else None


def _if(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    return arguments[1] if arguments[0] is True else arguments[2]


def _coalesce(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    return next((value for value in arguments if value is not None and value != ""), None)


def _round(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    value = number(arguments[0])
    places = number(arguments[1]) if len(arguments) > 1 else Decimal(0)
    if value is None or places is None or places != places.to_integral_value():
        return None
    return rounded(value, int(places)) if abs(places) < MANY else None


def _int(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    value = number(arguments[0])
    return None if value is None else combine("+", value.to_integral_value(rounding=ROUND_DOWN), Decimal(0))


def _numbers(arguments: Sequence[Operand]) -> list[Decimal]:
    return [value for value in map(number, arguments) if value is not None]


def _sum(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    numbers: list[Operand] = [*_numbers(arguments)]
    return reduce(lambda left, right: combine("+", left, right), numbers) if numbers else None


def _string_length(scope: Scope, arguments: Sequence[Operand]) -> Operand:
    return Decimal(len(arguments[0])) if isinstance(arguments[0], str) else None


_CONDITION = frozenset({Sort.CONDITION})
_ANSWER = frozenset({Sort.NUMBER, Sort.TEXT, Sort.DATE, Sort.CHOICE, Sort.CHOICES, Sort.EMPTY})
_PICKED = frozenset({Sort.CHOICES, Sort.CHOICE})
_CODE = frozenset({Sort.TEXT, Sort.NUMBER, Sort.CHOICE})

# sum, min, max and count look at the answers there are and pass over the missing; with none, only count gives a number
FUNCTIONS = {
    "not": Function(1, 1, lambda _, a: a[0] is not True, _takes(Sort.CONDITION, _CONDITION)),
    "selected": Function(2, 2, _selected, _takes(Sort.CONDITION, _PICKED, _CODE)),
    "count-selected": Function(1, 1, _count_selected, _takes(Sort.NUMBER, frozenset({Sort.CHOICES}))),
    "if": Function(3, 3, _if, _check_alike),
    "coalesce": Function(2, MANY, _coalesce, _check_alike),
    "round": Function(1, 2, _round, _takes(Sort.NUMBER, NUMERIC)),
    "int": Function(1, 1, _int, _takes(Sort.NUMBER, NUMERIC | {Sort.TEXT})),
    "min": Function(1, MANY, lambda _, a: min(_numbers(a), default=None), _takes(Sort.NUMBER, NUMERIC), True),
    "max": Function(1, MANY, lambda _, a: max(_numbers(a), default=None), _takes(Sort.NUMBER, NUMERIC), True),
    "sum": Function(1, MANY, _sum, _takes(Sort.NUMBER, NUMERIC), True),
    "count": Function(
        1, MANY, lambda _, a: Decimal(sum(value is not None for value in a)), _takes(Sort.NUMBER, _ANSWER), True
    ),
    "string-length": Function(1, 1, _string_length, _takes(Sort.NUMBER, frozenset({Sort.TEXT, Sort.EMPTY}))),
    "today": Function(0, 0, lambda scope, _: scope.today, _takes(Sort.DATE, frozenset())),
}

GATHERING = tuple(name for name, function in FUNCTIONS.items() if function.gathers)
