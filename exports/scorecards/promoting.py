"""The net promoter score of a round by column: a row of its own, beside the domains and never in them (C5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.disclosure import ALL, CORE, FULL, Base, Hidden, hide_cells
from exports.scorecards.people import NPS, People
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


def find_promoter_question(people: People) -> Question | None:
    """Give the first question of the type that no domain scores."""
    found = (people.study.definition.questions[id_] for id_ in people.answers)
    return next((question for question in found if question.type == NPS and question.score is None), None)


def find_promoter_basis(question: Question) -> str:
    """Give the basis of the row: core where every channel asks."""
    return CORE if set(question.channels) == set(CHANNELS) else FULL


def count_recommendations(people: People) -> dict[str, Base]:
    """Count the people behind each cell."""
    return {column: Base(n, n, 0) for column in people.cells for n in (len(_list(people, column)),)}


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


def _list(people: People, column: str) -> Sequence[int]:
    question = find_promoter_question(people)
    answers = people.answers[question.id] if question else ()
    places = people.places.get(column, ())
    return [answer for place in places if isinstance(answer := answers[place], int)] if answers else []
