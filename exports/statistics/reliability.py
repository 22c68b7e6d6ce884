"""Whether the questions of a scale speak of one thing: Cronbach's alpha, Spearman-Brown for two (scorecard C8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import fsum

from exports.statistics.counted import Joint
from exports.statistics.intervals import LEVEL, find_mean, find_sd

ENOUGH = 20
"""Below this many complete cases nothing is reported."""

ALPHA = "Cronbach's alpha, Feldt interval"
TWO_ITEMS = "Spearman-Brown"

TOO_FEW = "Fewer than {enough} complete answers: reliability is not reported."
NO_VARIANCE = "Nobody differs from anybody: reliability cannot be said."
NEGATIVE = "Negative: check reversed items."


@dataclass(frozen=True, slots=True)
class Reliability:
    """The coefficient with its interval, of how many people and items; none where `note` says why."""

    value: float | None
    lo: float | None
    hi: float | None
    n: int
    items: int
    method: str
    note: str = ""


def estimate_reliability(scores: Joint, *, enough: int = ENOUGH) -> Reliability:
    """Estimate the reliability of a scale of two items or more from the item scores of people who have all of them.

    Reversed items are scored the right way round before. Two items: Spearman-Brown, three or more: alpha.
    """
    n, items = scores.n, len(scores.columns)
    method = TWO_ITEMS if items == 2 else ALPHA
    if n < max(enough, 2):
        return Reliability(None, None, None, n, items, method, TOO_FEW.format(enough=enough))
    value = find_spearman_brown(scores) if items == 2 else find_alpha(scores)
    if value is None:
        return Reliability(None, None, None, n, items, method, NO_VARIANCE)
    lo, hi = (None, None) if items == 2 else find_feldt(value, items, n)
    return Reliability(value, lo, hi, n, items, method, NEGATIVE if value < 0 else "")


def find_alpha(scores: Joint) -> float | None:
    """Give alpha = k/(k-1) (1 - sum of item variances/variance of sums); nothing where the sums do not vary.

    Source: Cronbach 1951, Psychometrika 16:297.
    """
    items, means = len(scores.columns), [find_mean(column) for column in scores.columns]
    total = scores.find_squares(means, [1.0] * items)
    if total == 0:
        return None
    parts = replace(scores, pairs={}).find_squares(means, [1.0] * items)
    return items / (items - 1) * (1 - parts / total)


def find_feldt(alpha: float, items: int, n: int) -> tuple[float, float]:
    """Give the 95 % interval of alpha: 1 - (1 - alpha) F at both ends, with n-1 and (n-1)(k-1) degrees of freedom.

    Source: Feldt, Woodruff and Salih 1987, Applied Psychological Measurement 11:93.
    """
    from scipy.stats import f

    tail, df = (1 - LEVEL) / 2, (n - 1, (n - 1) * (items - 1))
    return 1 - (1 - alpha) * float(f.ppf(1 - tail, *df)), 1 - (1 - alpha) * float(f.ppf(tail, *df))


def find_spearman_brown(scores: Joint) -> float | None:
    """Give 2r/(1 + r) of two items; nothing where one does not vary.

    Source: Eisinga, te Grotenhuis and Pelzer 2013, International Journal of Public Health 58:637.
    """
    r = find_correlation(scores.pairs[0, 1])
    return None if r is None or r <= -1 else 2 * r / (1 + r)


def find_correlation(pairs: Mapping[tuple[float, float], int]) -> float | None:
    """Give Pearson's r of counted pairs, two or more; nothing where one side does not vary."""
    one: Counter[float] = Counter()
    other: Counter[float] = Counter()
    for (a, b), n in pairs.items():
        one[a] += n
        other[b] += n
    if one.total() < 2:
        return None
    spread = find_sd(one) * find_sd(other)
    if spread == 0:
        return None
    centre, other_centre = find_mean(one), find_mean(other)
    joint = fsum(n * (a - centre) * (b - other_centre) for (a, b), n in pairs.items()) / (one.total() - 1)
    return max(-1.0, min(1.0, joint / spread))
