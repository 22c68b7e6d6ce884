"""Whether a mean moved between two rounds: paired, partly linked, or not linked at all (scorecard C11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from exports.statistics.counted import Values, find_n
from exports.statistics.intervals import find_mean, find_sd, find_t
from exports.statistics.reliability import find_correlation

PAIRED = "paired t"
WELCH = "Welch t"
PARTLY_LINKED = "partially overlapping t"
D_AV = "d_av"
HEDGES_G = "Hedges g"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference after - before with its test and 95 % interval, in the unit of the values.

    `statistic`, `df` and `p` are none where nothing varies: a difference without spread has no test. `effect` is in
    standard deviations. `pairs`: people in both rounds; `n_before` and `n_after` count them too. `correlation`: that
    of the pairs, none without any or where they do not vary; with it and both rounds' own numbers the test can be
    worked out again without knowing who is whose pair.
    """

    method: str
    difference: float
    se: float
    statistic: float | None
    df: float | None
    p: float | None
    lo: float
    hi: float
    effect: float | None
    effect_name: str
    n_before: int
    n_after: int
    pairs: int = 0
    correlation: float | None = None


def compare_pairs(before: Sequence[float], after: Sequence[float]) -> Change:
    """Compare the same people in both rounds, two or more: t of their differences.

    Effect d_av = mean difference/((sd1 + sd2)/2). Source: Lakens 2013, Frontiers in Psychology 4:863.
    """
    differences = [b - a for a, b in zip(before, after, strict=True)]
    n, spread = len(differences), (find_sd(before) + find_sd(after)) / 2
    mean = find_mean(differences)
    effect = mean / spread if spread else None
    tested = _test(PAIRED, mean, find_sd(differences) / sqrt(n), n - 1, effect, D_AV, (n, n, n))
    return replace(tested, correlation=find_correlation(Counter(zip(before, after, strict=True))))


def compare_unlinked(before: Values, after: Values) -> Change:
    """Compare two rounds, two answers or more in each, whose people cannot be linked: Welch's t.

    Conservative where the same people answered both. Source: Welch 1947, Biometrika 34:28; effect: `find_hedges_g`.
    """
    n, m = find_n(before), find_n(after)
    parts = find_sd(before) ** 2 / n, find_sd(after) ** 2 / m
    difference = find_mean(after) - find_mean(before)
    effect = find_hedges_g(before, after)
    return _test(WELCH, difference, sqrt(sum(parts)), _find_welch_df(*parts, n, m), effect, HEDGES_G, (n, m, 0))


def compare_partly_linked(
    pairs: Sequence[tuple[float, float]],
    before_only: Sequence[float],
    after_only: Sequence[float],
    *,
    equal_variances: bool = False,
) -> Change:
    """Compare two rounds of which some people answered both: nobody is dropped, nobody taken for two people.

    T = (m2 - m1)/sqrt(s1^2/n1 + s2^2/n2 - 2 r s1 s2 nc/(n1 n2)) with r the correlation of the pairs (0 where they
    do not vary); with equal variances both s are the pooled one.
    Source: Derrick, Russ, Toher and White 2017, Journal of Modern Applied Statistical Methods 16:137.
    """
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    before, after = [*one, *before_only], [*other, *after_only]
    n, m, both, alone = len(before), len(after), len(pairs), len(before_only) + len(after_only)
    s, z, found = find_sd(before), find_sd(after), find_correlation(Counter(pairs))
    r = found or 0.0
    if equal_variances:
        s = z = _pool(before, after)
    parts = s * s / n, z * z / m
    variance = max(0.0, sum(parts) - 2 * r * s * z * both / (n * m))
    free = alone + both - 1 if equal_variances else _find_welch_df(*parts, n, m) - both + 1
    df = both - 1 + free / (alone + 2 * both) * alone
    difference = find_mean(after) - find_mean(before)
    effect = find_hedges_g(before, after)
    tested = _test(PARTLY_LINKED, difference, sqrt(variance), df, effect, HEDGES_G, (n, m, both))
    return replace(tested, correlation=found)


def find_hedges_g(before: Values, after: Values) -> float | None:
    """Give g = d (1 - 3/(4 (n1 + n2 - 2) - 1)), d by the pooled standard deviation; nothing where nothing varies.

    Source: Hedges 1981, Journal of Educational Statistics 6:107.
    """
    spread = _pool(before, after)
    if spread == 0:
        return None
    free = find_n(before) + find_n(after) - 2
    return (find_mean(after) - find_mean(before)) / spread * (1 - 3 / (4 * free - 1))


def find_cliff_delta(before: Sequence[float], after: Sequence[float]) -> float:
    """Give the chance that one of `after` lies above one of `before`, less the chance that it lies below.

    Source: Cliff 1993, Psychological Bulletin 114:494. Cost: n log n.
    """
    from bisect import bisect_left, bisect_right

    ordered = sorted(before)
    above = sum(bisect_left(ordered, value) for value in after)
    below = sum(len(ordered) - bisect_right(ordered, value) for value in after)
    return (above - below) / (len(before) * len(after))


def find_mann_whitney_p(before: Sequence[float], after: Sequence[float]) -> float:
    """Give the two-sided p of the Mann-Whitney test, the check by ranks for people who are not linked."""
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(after, before, alternative="two-sided").pvalue)


def find_wilcoxon_p(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Give the two-sided p of Wilcoxon's signed ranks, the check for pairs; nothing where no pair differs."""
    from scipy.stats import wilcoxon

    if all(a == b for a, b in zip(before, after, strict=True)):
        return None
    return float(wilcoxon(after, before).pvalue)


def combine_changes(changes: Sequence[Change]) -> Change:
    """Give the mean of several independent changes, each alike, such as those of the groups (Satterthwaite 1946)."""
    difference = find_mean([change.difference for change in changes])
    variance = sum(change.se**2 for change in changes)
    weights = [change.se**4 / change.df for change in changes if change.df]
    df = variance**2 / sum(weights) if variance and weights else 1.0
    n, m, both = (sum(counts) for counts in zip(*((c.n_before, c.n_after, c.pairs) for c in changes), strict=True))
    methods = dict.fromkeys(change.method for change in changes)
    method = f"{' and '.join(methods)}, groups alike"
    return _test(method, difference, sqrt(variance) / len(changes), df, None, "", (n, m, both))


def _test(
    method: str,
    difference: float,
    se: float,
    df: float,
    effect: float | None,
    effect_name: str,
    people: tuple[int, int, int],
) -> Change:
    if se == 0:
        flat = (method, difference, 0.0, None, None, None, difference, difference)
        return Change(*flat, effect, effect_name, *people)
    from scipy.stats import t

    statistic, half = difference / se, find_t(df) * se
    p = 2 * float(t.sf(abs(statistic), df))
    tested = (method, difference, se, statistic, float(df), p, difference - half, difference + half)
    return Change(*tested, effect, effect_name, *people)


def _pool(before: Values, after: Values) -> float:
    n, m = find_n(before) - 1, find_n(after) - 1
    return sqrt((n * find_sd(before) ** 2 + m * find_sd(after) ** 2) / (n + m))


def _find_welch_df(part: float, other: float, n: int, m: int) -> float:
    """Give the degrees of freedom of two squared standard errors (Welch-Satterthwaite)."""
    if part + other == 0:
        return float(n + m - 2)
    return (part + other) ** 2 / (part**2 / (n - 1) + other**2 / (m - 1))
