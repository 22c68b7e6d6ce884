"""How often each value stands in a column, its mean and spread; what stands on fewer than k people is withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import sqrt

from exports.disclosure import combine_groups
from exports.table import Table
from exports.variables import NOMINAL, Variable
from forms.question_types.base import Cell
from forms.values import MISSING_CODES, Code

_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Summary:
    """What may be said of one column; `None` is withheld.

    `missing`: how many rows have each missing code. `codes`: how many have each value of a list, none where one of
    them would be withheld. `mean` and `sd` (n - 1) are of codes that have an order, of 0/1 and of numbers.
    """

    n_valid: int | None
    missing: Mapping[int, int | None]
    codes: Mapping[Code, int] | None = None
    mean: float | None = None
    sd: float | None = None


def summarise(table: Table, k: int) -> dict[str, Summary]:
    """Give the summary of every column of a question, in one pass; columns of status codes belong to their numbers."""
    tallies = [_Tally(variable) for variable in table.variables]
    status = {v.of: place for place, v in enumerate(table.variables) if v.kind == "status" and v.of is not None}
    for row in table.rows():
        for variable, tally, cell in zip(table.variables, tallies, row, strict=True):
            beside = status.get(variable.name)
            tally.add(cell if beside is None or row[beside] is None else row[beside])
    return {
        variable.name: tally.close(k)
        for variable, tally in zip(table.variables, tallies, strict=True)
        if variable.question is not None and variable.kind != "status"
    }


class _Tally:
    """The counts and sums of one column; decimal, so that they are the same in any order and on any machine."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        self.counts: Counter[Cell] = Counter()
        self.missing: Counter[int] = Counter()
        self.n, self.total, self.squares = 0, Decimal(0), Decimal(0)
        self.measured = variable.kind == "flag" or (
            variable.measure != NOMINAL
            and (variable.kind == "number" or (variable.kind == "code" and variable.integral))
        )

    def add(self, cell: Cell) -> None:
        if isinstance(cell, int) and cell in MISSING_CODES:
            self.missing[cell] += 1
            return
        self.n += 1
        if self.variable.kind in ("code", "flag"):
            self.counts[cell] += 1
        if self.measured and cell is not None:
            number = Decimal(cell)
            with localcontext() as context:
                context.prec = _DIGITS
                self.total += number
                self.squares += number * number

    def close(self, k: int) -> Summary:
        shown = combine_groups({str(code): n for code, n in self.missing.items()}, k).shown
        told = {code: n if n == 0 or str(code) in shown else None for code, n in self._list_missing().items()}
        if 0 < self.n < k:
            return Summary(None, told)
        codes = self._tell_codes(k)
        if not self.n or not self.measured or (codes is None and self.variable.kind == "flag"):
            return Summary(self.n, told, codes)
        return Summary(self.n, told, codes, *self._measure())

    def _list_missing(self) -> dict[int, int]:
        return {code: self.missing[code] for code in sorted(MISSING_CODES)}

    def _tell_codes(self, k: int) -> dict[Code, int] | None:
        if self.variable.kind == "flag":
            known: list[Code] = [0, 1]
        elif self.variable.kind == "code":
            known = list(self.variable.values or {})
        else:
            return None
        counts = {code: self.counts[code] for code in known}
        return counts if all(n == 0 or n >= k for n in counts.values()) else None

    def _measure(self) -> tuple[float, float | None]:
        with localcontext() as context:
            context.prec = _DIGITS
            mean = self.total / self.n
            if self.n < 2:
                return float(mean), None
            return float(mean), sqrt(float(max(Decimal(0), self.squares - self.total * mean) / (self.n - 1)))
