"""Whether raters agree: Krippendorff's alpha for coordinators' ratings, missing ones allowed (scorecard C8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

NOMINAL, ORDINAL, INTERVAL = "nominal", "ordinal", "interval"

ENOUGH_RATERS = 2
ENOUGH_UNITS = 5
FIRM = 0.80
TENTATIVE = 0.667

Rated = Sequence[float | None]
"""One stakeholder's ratings, `None` where a rater gave none; who gave which does not matter."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha and what it allows; `alpha` is none with too few ratings or where all of them are the same."""

    alpha: float | None
    units: int
    word: str


def judge_agreement(units: Sequence[Rated], level: str = ORDINAL) -> Agreement:
    """Give alpha in words: firm from 0.80, tentative from 0.667, else discuss before using.

    Needs five stakeholders that two raters or more rated. Source: Krippendorff 2019, Content Analysis, ch. 12.
    """
    usable = [unit for unit in units if sum(rating is not None for rating in unit) >= ENOUGH_RATERS]
    if len(usable) < ENOUGH_UNITS:
        return Agreement(None, len(usable), "too few ratings")
    alpha = find_krippendorff(usable, level)
    if alpha is None:
        return Agreement(None, len(usable), "all ratings are the same")
    word = "firm" if alpha >= FIRM else "tentative" if alpha >= TENTATIVE else "discuss before using"
    return Agreement(alpha, len(usable), word)


def find_krippendorff(units: Sequence[Rated], level: str) -> float | None:
    """Give alpha = 1 - D_o/D_e of the ratings of each unit; nothing where the ratings do not vary.

    `level`: `nominal`, `ordinal` or `interval`. D_o is the disagreement inside units, each pair weighed by 1/(m-1)
    of its unit, D_e that between all pairs. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    pairable = [ratings for unit in units if len(ratings := [r for r in unit if r is not None]) > 1]
    totals = Counter(rating for ratings in pairable for rating in ratings)
    distance = _measure(level, totals)
    n = totals.total()
    counted = [(Counter(ratings), len(ratings) - 1) for ratings in pairable]
    observed = sum(
        count * other * distance(a, b) / others
        for counts, others in counted
        for a, count in counts.items()
        for b, other in counts.items()
    )
    expected = sum(count * other * distance(a, b) for a, count in totals.items() for b, other in totals.items())
    return None if expected == 0 else 1 - (n - 1) * observed / expected


def _measure(level: str, totals: Mapping[float, int]) -> Callable[[float, float], float]:
    """Give the squared difference of two values on this level."""
    if level == NOMINAL:
        return lambda a, b: float(a != b)
    if level == INTERVAL:
        return lambda a, b: (a - b) ** 2
    return lambda a, b: _count_between(totals, a, b) ** 2


def _count_between(totals: Mapping[float, int], a: float, b: float) -> float:
    """Count the ratings from one value to the other, the two ends half."""
    low, high = min(a, b), max(a, b)
    return sum(n for value, n in totals.items() if low <= value <= high) - (totals[a] + totals[b]) / 2
