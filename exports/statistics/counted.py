"""Values of many people as counts: each different value, and how many have it.

A round has few different scores and many people. The same values give the same numbers, to the last digit, whether
they come one by one or counted, and in whatever order or parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from typing import Any, TypeAlias

Counts: TypeAlias = Mapping[float, int]
"""Value -> how many people have it, at least one."""

Values: TypeAlias = Sequence[float] | Counts
"""Values one by one, or counted."""

_NOTHING = 1e-12
"""A sum of squares that is so small beside its parts is nothing but rounding."""


def count_values(values: Values) -> Counts:
    """Give values as counts."""
    return values if isinstance(values, Mapping) else Counter(values)


def find_n(values: Sequence[float] | Mapping[Any, int]) -> int:
    """Give how many values there are."""
    return sum(values.values()) if isinstance(values, Mapping) else len(values)


def find_sum(counted: Iterable[tuple[float, int]]) -> float:
    """Give the sum of values and how often each is there, rounded once."""
    return fsum(term for value, n in counted for term in _multiply(value, n))


@dataclass(frozen=True, slots=True)
class Joint:
    """Several scores of the same people, counted: each score by itself, and each two of them together.

    `n`: people who have any of them. `columns[i]`: score i -> people. `pairs[i, j]`, i < j: (score i, score j) ->
    people who have both.
    """

    n: int
    columns: Sequence[Counts]
    pairs: Mapping[tuple[int, int], Mapping[tuple[float, float], int]]

    def find_squares(self, centres: Sequence[float], weights: Sequence[float]) -> float:
        """Give the sum over people of (sum of w_i (x_i - c_i) over the scores they have)^2, multiplied out."""
        terms = [
            n * weight * weight * (value - centre) ** 2
            for counts, centre, weight in zip(self.columns, centres, weights, strict=True)
            for value, n in counts.items()
        ]
        for (one, other), counts in self.pairs.items():
            both = 2 * weights[one] * weights[other]
            terms += [n * both * (a - centres[one]) * (b - centres[other]) for (a, b), n in counts.items()]
        squares = fsum(terms)
        return squares if squares > _NOTHING * fsum(map(abs, terms)) else 0.0


def count_rows(rows: Sequence[Sequence[float | None]]) -> Joint:
    """Count people's scores; a row is one person's, `None` where absent, and all rows are as long."""
    present = [row for row in rows if any(score is not None for score in row)]
    columns = list(zip(*present, strict=True))
    return Joint(
        n=len(present),
        columns=[Counter(score for score in column if score is not None) for column in columns],
        pairs={
            (one, other): Counter(
                (a, b) for a, b in zip(columns[one], columns[other], strict=True) if a is not None and b is not None
            )
            for one, other in combinations(range(len(columns)), 2)
        },
    )


def _multiply(value: float, n: int) -> Iterator[float]:
    """Give n times a value as terms that are exact: its doublings."""
    while n:
        if n & 1:
            yield value
        value, n = value + value, n >> 1
