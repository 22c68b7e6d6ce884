"""What the work contributes to, by Sustainable Development Goal (scorecard C17); "contributes to", never more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exports.panels.indicators import Achievement, find_weighted

SPLIT, FLAG = "split", "flag"
ENOUGH = 2
"""With fewer indicators the indicator is shown and no score."""
SEVERAL = "Indicators may appear under several goals."


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What indicators contribute to one goal: the weighted capped achievement, people reached, the lowest evidence.

    `weight` is the share of importance that falls to the goal.
    """

    goal: int
    indicators: tuple[str, ...]
    weight: float
    achievement: float | None
    beneficiaries: int | None
    evidence: int

    @property
    def has_score(self) -> bool:
        """Whether the achievement may be shown as a score of the goal."""
        return len(self.indicators) >= ENOUGH and self.achievement is not None


def list_contributions(achievements: Iterable[Achievement], mode: str = SPLIT) -> list[Contribution]:
    """Give each goal with its measured indicators, by number.

    `split`: an indicator of t goals gives 1/t of its weight to each, so that totals add up (Sida's pilot); `flag`:
    all of it to each, as in the OECD's CRS field. People are the most of one indicator, and added up only where
    every indicator counted each person once.
    """
    by_goal: dict[int, list[Achievement]] = {}
    for one in achievements:
        if one.capped is not None:
            for goal in dict.fromkeys(one.indicator.goals):
                by_goal.setdefault(goal, []).append(one)
    return [_describe(goal, by_goal[goal], mode) for goal in sorted(by_goal)]


def _describe(goal: int, found: list[Achievement], mode: str) -> Contribution:
    shares = [1 / len(set(one.indicator.goals)) if mode == SPLIT else 1.0 for one in found]
    people = [one.indicator.beneficiaries for one in found if one.indicator.beneficiaries is not None]
    once = all(one.indicator.counted_once for one in found if one.indicator.beneficiaries is not None)
    return Contribution(
        goal=goal,
        indicators=tuple(one.indicator.name for one in found),
        weight=sum(one.indicator.weight * share for one, share in zip(found, shares, strict=True)),
        achievement=find_weighted(found, shares),
        beneficiaries=(sum(people) if once else max(people)) if people else None,
        evidence=min(one.indicator.evidence for one in found),
    )
