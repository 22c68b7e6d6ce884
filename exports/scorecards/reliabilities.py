"""Whether the questions of a scale speak of one thing: domains of two items or more, PHI-6 (stats/reliability.csv)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from exports.columns import combine, count
from exports.columnwise import find_places
from exports.disclosure import ALL, CORE, FULL, Hidden
from exports.scorecards import notes
from exports.scorecards.facts import find_facts
from exports.scorecards.people import People
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED, UNRELIABLE
from exports.scorecards.scores import Item
from exports.statistics.counted import Joint
from exports.statistics.reliability import ENOUGH, Reliability, estimate_reliability

CORE_INDEX = "core_index"
"""All core questions as one scale: with the six of the partnership feedback survey, PHI-6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityRow:
    """One scale: the coefficient (Cronbach's alpha or Spearman-Brown) with its interval, of how many people and items.

    Where `status` is L or Q there is no coefficient and `note` says why.
    """

    partnership: str
    round: str
    panel: str
    scale: str
    items: str
    n: int | None = None
    coefficient: float | None = None
    ci_lo: float | None = None
    ci_hi: float | None = None
    method: str
    status: str
    note: str = ""
    definition_version: str
    computed_at: str


RELIABILITY_FIELDS = tuple(field.name for field in fields(ReliabilityRow))


def build_reliability(people: People, hidden: Mapping[str, Hidden]) -> list[ReliabilityRow]:
    """Give the reliability of the core index and of every domain with two scored questions or more, of everybody.

    Complete answers only, from 20 on. `hidden` is what the gate hid of each domain (`Scorecard.hidden`).
    """
    rows = []
    core = [item for domain in people.domains for item in domain.core]
    if len(core) > 1:
        withheld = any((CORE, ALL) in hidden[domain] for domain in people.core_domains)
        rows.append(_write(people, CORE_INDEX, core, withheld))
    for domain, items in zip(people.domain_ids, people.domains, strict=True):
        if len(items.full) > 1:
            rows.append(_write(people, domain, items.full, (FULL, ALL) in hidden[domain]))
    return rows


def _write(people: People, scale: str, items: Sequence[Item], withheld: bool) -> ReliabilityRow:
    found = estimate_reliability(_join(people, items))
    if withheld or found.n < ENOUGH:
        found = Reliability(None, None, None, 0, len(items), found.method, found.note)
    facts, k = find_facts(people.study), people.plan.k
    return ReliabilityRow(
        partnership=facts.partnership,
        round=facts.round,
        panel=facts.panel,
        scale=scale,
        items=" ".join(item.id for item in items),
        n=found.n or None,
        coefficient=found.value,
        ci_lo=found.lo,
        ci_hi=found.hi,
        method=found.method,
        status=SUPPRESSED if withheld else _judge(found),
        note=notes.explain_hidden("few", k) if withheld else found.note,
        definition_version=facts.definition_version,
        computed_at=facts.computed_at,
    )


def _join(people: People, items: Sequence[Item]) -> Joint:
    """Count the scores of those who have all of them."""
    scores = [people.persons.answers[item.id].map(item.score) for item in items]
    chosen = find_places(combine([column.map(lambda score: score is not None) for column in scores]).map(all), {True})
    complete = [column.keep(chosen) for column in scores]
    return Joint(
        n=len(chosen),
        columns=[{score: n for (score,), n in count([column]).items()} for column in complete],
        pairs={(i, j): count([complete[i], complete[j]]) for i, j in combinations(range(len(items)), 2)},
    )


def _judge(found: Reliability) -> str:
    if found.value is None:
        return NOT_COLLECTED
    return UNRELIABLE if found.value < 0 else NORMAL
