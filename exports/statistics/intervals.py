"""Means of scores (0 to 100) with 95 % intervals by Student's t (scorecard C3, C6, C12.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import fsum, sqrt

from exports.statistics.counted import Joint, Values, count_values, find_n, find_sum

LEVEL = 0.95

T = "t"
T_FPC = "t with finite population correction"
COMPLETE_COUNT = "complete count"
UNANIMOUS = "all gave the same answer"
ONE_ANSWER = "none: one answer"
SELF_SELECTED = "none: self-selected"
SATTERTHWAITE = "t with Satterthwaite degrees of freedom"
COARSE = "none: told as a range"
LINEARISED = "t, linearised"
LINEARISED_FPC = "t, linearised, with finite population correction"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean in points, how many people it stands on, and how sure it is.

    `se` is the standard error in points and `df` its degrees of freedom; both and the interval `lo`..`hi` are
    `None` where no interval can be given, and `method` says why. The interval is not clipped to 0..100.
    """

    mean: float
    n: int
    se: float | None
    df: float | None
    lo: float | None
    hi: float | None
    method: str

    def without_interval(self, method: str) -> Estimate:
        """Give the mean alone, with the reason why there is no interval."""
        return replace(self, se=None, df=None, lo=None, hi=None, method=method)


def estimate_mean(scores: Values, population: int | None = None) -> Estimate:
    """Estimate the mean of one group; `population` is its eligible size where a roster tells it.

    mean +/- t(0.975, n-1) sd/sqrt(n) sqrt(1 - n/N). Source: Student's t with the finite population correction for
    the sample variance (Cochran 1977, Sampling Techniques, 2.6).
    """
    n, mean = find_n(scores), find_mean(scores)
    if n == 1:
        return Estimate(mean, n, None, None, None, None, ONE_ANSWER)
    se = find_sd(scores) / sqrt(n) * find_correction(n, population)
    return _interval(mean, n, se, n - 1, _name(n, population, se, T, T_FPC))


def estimate_group_equal(groups: Sequence[Estimate]) -> Estimate:
    """Estimate the mean of group means, every group alike; each group has an interval of its own or none has.

    SE = sqrt(sum SE_g^2)/G, degrees of freedom by Satterthwaite 1946 (Biometrics Bulletin 2:110):
    (sum SE_g^2)^2 / sum(SE_g^4/df_g).
    """
    return estimate_weighted(groups, [1.0] * len(groups))


def estimate_weighted(groups: Sequence[Estimate], shares: Sequence[float]) -> Estimate:
    """Estimate the mean of group means by shares that need not add up to 1: the stratified mean.

    SE = sqrt(sum (W_g SE_g)^2) with W_g the shares made to add up to 1, degrees of freedom by Satterthwaite.
    Source: Cochran 1977, Sampling Techniques, 5.9.
    """
    total = fsum(shares)
    weights = [share / total for share in shares]
    means = [group.mean for group in groups]
    same = min(means) == max(means)
    mean = means[0] if same else fsum(w * m for w, m in zip(shares, means, strict=True)) / total
    n = sum(group.n for group in groups)
    parts = [(w * g.se, g.df) for w, g in zip(weights, groups, strict=True) if g.se is not None and g.df is not None]
    if len(parts) < len(groups):
        method = next(group.method for group in groups if group.se is None)
        return Estimate(mean, n, None, None, None, None, method)
    variance = fsum(se**2 for se, _ in parts)
    if variance == 0:
        return Estimate(mean, n, 0.0, float(n - len(parts)), mean, mean, groups[0].method)
    df = variance**2 / fsum(se**4 / df for se, df in parts)
    return _interval(mean, n, sqrt(variance), df, SATTERTHWAITE)


def estimate_mean_of_means(scores: Joint, population: int | None = None) -> Estimate:
    """Estimate the equal-weight mean of several domain means from people's domain scores.

    Every domain has at least one score. Taylor linearisation (Wolter 2007, Introduction to Variance Estimation,
    ch. 6): person i moves the result by z_i/n with z_i = sum over the domains it has of (1/D)(n/n_d)(S_id - mean_d);
    SE = sd(z)/sqrt(n), with the finite population correction; the z add up to 0, so that their squares give the sd.
    Where nobody lacks a domain this is exactly `estimate_mean` of each person's own mean.
    """
    means = [find_mean(column) for column in scores.columns]
    mean, n = find_mean(means), scores.n
    if n == 1:
        return Estimate(mean, n, None, None, None, None, ONE_ANSWER)
    squares = scores.find_squares(means, find_shares(n, [find_n(column) for column in scores.columns]))
    se = sqrt(squares / (n - 1)) / sqrt(n) * find_correction(n, population)
    return _interval(mean, n, se, n - 1, _name(n, population, se, LINEARISED, LINEARISED_FPC))


def find_shares(n: int, answered: Sequence[int]) -> list[float]:
    """Give by how much (times n) a point of one person moves the mean of domain means: n/(D n_d) for each domain.

    `answered`: n_d, how many of the n people have a score of the domain.
    """
    return [n / (len(answered) * own) for own in answered]


def find_mean(values: Values) -> float:
    """Give the mean; exact when all are the same, and the same in any order."""
    counts = count_values(values)
    low, high = min(counts), max(counts)
    return low if low == high else find_sum(counts.items()) / find_n(counts)


def find_sd(values: Values) -> float:
    """Give the sample standard deviation (n - 1), for two values or more."""
    counts = count_values(values)
    mean = find_mean(counts)
    squares = find_sum(((value - mean) ** 2, n) for value, n in counts.items())
    return sqrt(squares / (find_n(counts) - 1))


def find_correction(n: int, population: int | None) -> float:
    """Give the finite population correction sqrt(1 - n/N): 1 without a known N, 0 for a complete count."""
    return 1.0 if population is None else sqrt(max(0.0, 1 - n / population))


@lru_cache(maxsize=1024)
def find_t(df: float) -> float:
    """Give the two-sided 95 % quantile of Student's t."""
    from scipy.special import stdtrit  # what scipy.stats gives, without its long import

    return float(stdtrit(df, (1 + LEVEL) / 2))


def _interval(mean: float, n: int, se: float, df: float, method: str) -> Estimate:
    half = find_t(df) * se if se else 0.0
    return Estimate(mean, n, se, float(df), mean - half, mean + half, method)


def _name(n: int, population: int | None, se: float, plain: str, corrected: str) -> str:
    if population is not None and n >= population:
        return COMPLETE_COUNT
    if se == 0:
        return UNANIMOUS
    return plain if population is None else corrected
