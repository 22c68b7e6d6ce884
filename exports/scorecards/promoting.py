"""The net promoter score of a round by column: a row of its own, beside the domains and never in them (C5)."""

from __future__ import annotations

from dataclasses import dataclass

from exports.disclosure import ALL, CORE, FULL, Base, Hidden, hide_cells
from exports.scorecards.people import People
from exports.statistics.counted import find_n
from exports.statistics.promoters import Promoters, count_promoters
from forms.definition import CHANNELS, Question

PROMOTERS = "NPS"
"""What stands in the place of a domain."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One column's counts: the counts, or the gate's reason; empty where nobody answered."""

    column: str
    counts: Promoters | None = None
    hidden: str = ""


def find_promoter_basis(question: Question) -> str:
    """Give the basis of the row: core where every channel asks."""
    return CORE if set(question.channels) == set(CHANNELS) else FULL


def count_recommendations(people: People) -> dict[str, Base]:
    """Count the people behind each cell."""
    return {column: Base(n, n, 0) for column in people.cells for n in (find_n(_list(people, column)),)}


def list_recommendations(people: People, kept: Hidden | None = None) -> tuple[list[Recommendation], Hidden]:
    """Give the whole and each column of the breakdown, as the gate allows, and what it hides."""
    hidden = {**hide_cells(count_recommendations(people), people.plan.k), **(kept or {})}
    found = [_count(people, column, hidden.get((CORE, column), "")) for column in (ALL, *people.breakdown.cells)]
    return found, hidden


def _count(people: People, column: str, reason: str) -> Recommendation:
    if reason:
        return Recommendation(column, hidden=reason)
    answers = _list(people, column)
    return Recommendation(column, count_promoters(answers) if answers else None)


def _list(people: People, column: str) -> dict[int, int]:
    return people.count_recommendations(people.list_groups([column]))
