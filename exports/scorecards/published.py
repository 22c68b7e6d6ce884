"""What was last published of a round while it is open, and whether newer numbers may take its place (rule 7).

Two publications told one after the other are told together: their difference speaks of those who answered between
them. So whoever came since must pass the same gate, by themselves, with the same result; and what was hidden once
stays hidden until the round is closed. The numbers are kept as they were told, not the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from exports.disclosure import Base, Breakdown, Suppression, hide_cells
from exports.responses import Frame, Study
from exports.scorecards.groups import GroupRow
from exports.scorecards.items import ItemRow
from exports.scorecards.people import People
from exports.scorecards.promoting import PROMOTERS
from exports.scorecards.reach import WEIGHTED, Reach
from exports.scorecards.reliabilities import ReliabilityRow
from exports.scorecards.responding import RateRow
from exports.scorecards.results import Tables
from exports.scorecards.rows import Row
from exports.scorecards.scorecard import Scorecard
from exports.statistics.counted import find_n
from exports.statistics.rates import Rates
from forms.definition import Definition
from forms.definition import Scorecard as Plan

Counts = Mapping[str, Mapping[str, Base]]
"""Domain -> group -> how many people stand behind it."""

_ANSWERED = "answered"
"""In the place of a domain: everybody who counts."""

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Publication:
    """Tables as they were told, how many people stood behind each number, and what was hidden."""

    tables: Tables
    counts: Counts

    @property
    def suppression(self) -> Suppression:
        """What was hidden and stays so while the round is open."""
        return Suppression(self.tables.card.breakdown, self.tables.card.hidden)


def count_groups(people: People) -> dict[str, dict[str, Base]]:
    """Count the people of every group behind each domain, the net promoter score, and the round."""
    groups = people.tally.groups
    counts = {
        domain: {group: people.count_base([group], place) for group in groups}
        for place, domain in enumerate(people.domain_ids)
    }
    recommended = {group: find_n(people.count_recommendations([group])) for group in groups}
    counts[PROMOTERS] = {group: Base(n, n) for group, n in recommended.items()}
    counts[_ANSWERED] = {group: Base(n, n) for group, n in groups.items()}
    return counts


def may_replace(before: Publication, after: Publication, k: int) -> bool:
    """Whether newer numbers of an open round may be told: k have answered since, and the gate lets them stand alone.

    What was combined or hidden still is, and in every domain those who came since hide nothing by themselves that is
    not hidden anyway.
    """
    old, new = before.tables.card, after.tables.card
    if not old.breakdown.combined.keys() <= new.breakdown.combined.keys():
        return False
    came = {domain: _count_cells(_subtract(before, after, domain), new.breakdown) for domain in after.counts}
    if came.get(_ANSWERED) is None or any(_is_negative(base) for cells in came.values() for base in cells.values()):
        return False
    if sum(base.full for base in came[_ANSWERED].values()) < k or hide_cells(came[_ANSWERED], k):
        return False
    kept = before.suppression.fit(new.breakdown)
    return all(
        kept[domain].keys() <= new.hidden[domain].keys()
        and hide_cells(came.get(domain, {}), k).keys() <= new.hidden[domain].keys()
        for domain in new.hidden
    )


def _subtract(before: Publication, after: Publication, domain: str) -> dict[str, Base]:
    """Count by group who came between two publications; negative where fewer are counted than before."""
    old, new = before.counts.get(domain, {}), after.counts[domain]
    return {
        group: Base(base.core - was.core, base.full - was.full, base.differing - was.differing)
        for group in {**old, **new}
        for base, was in ((new.get(group, Base()), old.get(group, Base())),)
    }


def _count_cells(groups: Mapping[str, Base], breakdown: Breakdown) -> dict[str, Base]:
    """Add groups up to the cells in which they are told."""
    cells: dict[str, Base] = {}
    for group, base in groups.items():
        cell = breakdown.find_cell(group)
        cells[cell] = cells.get(cell, Base()) + base
    return cells


def _is_negative(base: Base) -> bool:
    return min(base.core, base.full, base.differing) < 0


def without_weights(tables: Tables) -> Tables:
    """Give the tables without the column in which groups count by the size of their rosters."""
    card = tables.card
    rows = tuple(row for row in card.rows if row.group != WEIGHTED)
    columns = {column: label for column, label in card.columns.items() if column != WEIGHTED}
    return replace(tables, card=replace(card, rows=rows, columns=columns))


def dump_publication(publication: Publication) -> dict[str, Any]:
    """Give a publication as JSON keeps it; `load_publication` reads it back the same."""
    tables, card = publication.tables, publication.tables.card
    study = card.study
    return {
        "study": {
            "round_name": study.round_name,
            "round_code": study.round_code,
            "partnership": study.partnership,
            "closed": study.closed,
            "sample_data": study.sample_data,
            "sms_in_use": study.sms_in_use,
            "group_labels": dict(study.group_labels),
            "frame": study.frame.kind,
            "computed_at": study.computed_at.isoformat(),
            "as_of": study.as_of.isoformat() if study.as_of else None,
            "parameters": dict(study.parameters),
        },
        "columns": list(card.columns.items()),
        "core_domains": list(card.core_domains),
        "uneven": sorted(card.uneven),
        "breakdown": asdict(card.breakdown),
        "reach": {column: asdict(reach) for column, reach in card.reach.items()},
        "dispositions": dict(card.dispositions),
        "hidden": {domain: [[*key, why] for key, why in hidden.items()] for domain, hidden in card.hidden.items()},
        "counts": {
            domain: {group: [base.core, base.full, base.differing] for group, base in groups.items()}
            for domain, groups in publication.counts.items()
        },
        "rows": [asdict(row) for row in card.rows],
        "items": [asdict(row) for row in tables.items],
        "reliability": [asdict(row) for row in tables.reliability],
        "groups": [asdict(row) for row in tables.groups],
        "rates": [asdict(row) for row in tables.rates],
    }


def load_publication(content: Mapping[str, Any], definition: Definition) -> Publication:
    """Read a publication back; the answers are not in it, so its study has none."""
    breakdown = content["breakdown"]
    card = Scorecard(
        study=_load_study(content["study"], definition),
        plan=definition.scorecard or Plan(),
        rows=_load(Row, content["rows"]),
        columns=dict(content["columns"]),
        core_domains=tuple(content["core_domains"]),
        uneven=frozenset((basis, domain) for basis, domain in content["uneven"]),
        breakdown=Breakdown(tuple(breakdown["shown"]), breakdown["combined"], breakdown["has_combined"]),
        reach={column: _load_reach(reach) for column, reach in content["reach"].items()},
        dispositions=content["dispositions"],
        hidden={
            domain: {(basis, cell): why for basis, cell, why in hidden} for domain, hidden in content["hidden"].items()
        },
    )
    tables = Tables(
        card=card,
        items=_load(ItemRow, content["items"]),
        reliability=_load(ReliabilityRow, content["reliability"]),
        groups=_load(GroupRow, content["groups"]),
        rates=_load(RateRow, content["rates"]),
    )
    counts = {d: {group: Base(*base) for group, base in own.items()} for d, own in content["counts"].items()}
    return Publication(tables, counts)


def _load(kind: type[_Told], rows: list[dict[str, Any]]) -> tuple[_Told, ...]:
    return tuple(kind(**row) for row in rows)


def _load_reach(reach: Mapping[str, Any]) -> Reach:
    rates = reach["rates"]
    return Reach(reach["answered"], reach["eligible"], Rates(**rates) if rates else None)


def _load_study(facts: Mapping[str, Any], definition: Definition) -> Study:
    as_of = facts["as_of"]
    return Study(
        definition=definition,
        round_name=facts["round_name"],
        round_code=facts["round_code"],
        partnership=facts["partnership"],
        closed=facts["closed"],
        sample_data=facts["sample_data"],
        sms_in_use=facts["sms_in_use"],
        group_labels=facts["group_labels"],
        find_frame=lambda: Frame(kind=facts["frame"]),
        responses=lambda: iter(()),
        computed_at=datetime.fromisoformat(facts["computed_at"]),
        as_of=datetime.fromisoformat(as_of) if as_of else None,
        parameters=facts["parameters"],
    )
