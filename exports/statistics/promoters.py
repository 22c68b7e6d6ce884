"""The net promoter score with its interval (scorecard C5). It is a row of its own and never enters a domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from exports.statistics.proportions import Z

ENOUGH = 20
"""Below this many answers there are counts and no score: our convention."""

METHOD = "adjusted Wald"


@dataclass(frozen=True, slots=True)
class Promoters:
    """How many gave 9 or 10, 7 or 8, and 0 to 6."""

    promoters: float
    passives: float
    detractors: float

    @property
    def n(self) -> float:
        """How many answered; don't know is not among them."""
        return self.promoters + self.passives + self.detractors


@dataclass(frozen=True, slots=True)
class NetScore:
    """The score from -100 to 100 with its interval, and the adjusted estimate and its standard error behind it."""

    score: float
    lo: float
    hi: float
    adjusted: float
    se: float


def count_promoters(answers: Mapping[int, int]) -> Promoters:
    """Sort answers from 0 to 10; `answers`: answer -> how many gave it."""
    promoters = sum(n for answer, n in answers.items() if answer >= 9)
    detractors = sum(n for answer, n in answers.items() if answer <= 6)
    return Promoters(promoters, sum(answers.values()) - promoters - detractors, detractors)


def find_points(answer: int) -> float:
    """Give what one answer adds: 100 a promoter, -100 a detractor; the mean of these is the net promoter score."""
    return 100.0 * ((answer >= 9) - (answer <= 6))


def estimate_net_score(counts: Promoters) -> NetScore | None:
    """Estimate 100 (promoters - detractors)/n; nothing without answers.

    Adjusted Wald: three answers more, 3/4 of them promoters and 3/4 detractors; SE = sqrt((p + d - (p - d)^2)/n').
    Weighted counts are given as shares of the effective number. Source: Rocks 2016, American Statistician 70:365.
    """
    if counts.n == 0:
        return None
    size = counts.n + 3
    promoters, detractors = (counts.promoters + 0.75) / size, (counts.detractors + 0.75) / size
    adjusted = promoters - detractors
    se = sqrt((promoters + detractors - adjusted**2) / size)
    score = 100 * (counts.promoters - counts.detractors) / counts.n
    return NetScore(score, 100 * (adjusted - Z * se), 100 * (adjusted + Z * se), 100 * adjusted, 100 * se)
