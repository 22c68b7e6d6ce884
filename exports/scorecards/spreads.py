"""How answers fall is told of 20 people or more, and nothing is left over that tells of fewer (C10.2, C10.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from exports.disclosure import ALL, SMALL
from exports.scorecards import notes
from exports.scorecards.items import ItemRow


def protect_spreads(rows: Iterable[ItemRow]) -> Iterator[ItemRow]:
    """Take back the distributions beside which that of the others could be worked out.

    Rows of a question stand together. What is told of everybody less what is told of groups is the distribution of
    the other groups together: they must be nobody or at least 20. Until they are, the smallest group that is told
    (tie: the order of the rows) is not.
    """
    for _, own in groupby(rows, key=lambda row: row.item):
        yield from _protect(list(own))


def _protect(rows: list[ItemRow]) -> list[ItemRow]:
    whole = next((row.n or 0 for row in rows if row.group == ALL and row.distribution is not None), None)
    told = sorted((row for row in rows if row.group != ALL and row.distribution is not None), key=lambda r: r.n or 0)
    if whole is None:
        return rows
    hidden: set[str] = set()
    rest = whole - sum(row.n or 0 for row in told)
    for row in told:
        if not 0 < rest < SMALL:
            break
        hidden.add(row.group)
        rest += row.n or 0
    return [_take_back(row) if row.group in hidden else row for row in rows]


def _take_back(row: ItemRow) -> ItemRow:
    return replace(row, distribution=None, note=" ".join(filter(None, (row.note, notes.SPREAD_OF_OTHERS))))
