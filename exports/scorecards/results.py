"""All that one round's answers give, made from one reading: what is shown of it agrees, and is safe together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exports.disclosure import Suppression
from exports.responses import Study
from exports.scorecards.groups import GroupRow, build_groups
from exports.scorecards.items import ItemRow, build_items
from exports.scorecards.people import People, gather
from exports.scorecards.reliabilities import ReliabilityRow, build_reliability
from exports.scorecards.responding import RateRow, build_rates
from exports.scorecards.scorecard import Scorecard, build_scorecard
from exports.scorecards.spreads import protect_spreads

if TYPE_CHECKING:
    from exports.comments import ToldComment
    from exports.scorecards.panels.base import Told


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The scorecard and the tables beside it, all of them past the gate.

    Questions, reliability and groups are told once the round is closed; until then these tables are empty. `panels`:
    what is beside the opinions (`exports.scorecards.panels`), and `comments`: what people wrote (`exports.comments`),
    where somebody has told it.
    """

    card: Scorecard
    items: tuple[ItemRow, ...]
    reliability: tuple[ReliabilityRow, ...]
    groups: tuple[GroupRow, ...]
    rates: tuple[RateRow, ...]
    panels: tuple[Told, ...] = ()
    comments: tuple[ToldComment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Results(Tables):
    """The tables, with the people they were made from."""

    people: People


def build_results(
    study: Study, people: People | None = None, *, weighted: bool = False, earlier: Suppression | None = None
) -> Results:
    """Give every table of a round; for `people`, `weighted` and `earlier` see `build_scorecard`."""
    people = people or gather(study, earlier.breakdown if earlier else None)
    card = build_scorecard(study, people, weighted=weighted, earlier=earlier)
    told = study.closed
    return Results(
        people=people,
        card=card,
        items=tuple(protect_spreads(build_items(people, card.hidden)) if told else ()),
        reliability=tuple(build_reliability(people, card.hidden) if told else ()),
        groups=tuple(build_groups(people, card.hidden) if told else ()),
        rates=tuple(build_rates(people)),
    )
