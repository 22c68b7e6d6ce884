"""Formulas again in plain Python, by other ways than ours: nothing of the house and no library behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, floor, lgamma, log, sqrt
from statistics import mean, stdev, variance

Z = 1.959964


def find_whole(number: float) -> int:
    """Whole points, halves up."""
    return floor(number + 0.5)


def find_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - find_beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    fraction, c, d = 1.0, 1.0, 0.0
    for step in range(400):
        m = step // 2
        if step == 0:
            numerator = 1.0
        elif step % 2 == 0:
            numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / ((1 + numerator * d) or 1e-300)
        c = (1 + numerator / c) or 1e-300
        fraction *= c * d
        if abs(1 - c * d) < 1e-15:
            break
    return front * (fraction - 1)


def find_p(t: float, df: float) -> float:
    """The two-sided p of Student's t."""
    return find_beta(df / 2, 0.5, df / (df + t * t))


def find_t(df: float) -> float:
    """The t beyond which 5 % lie, both sides together."""
    return _bisect(lambda t: find_p(t, df) < 0.05, 0.0, 1e4)


def find_f(share: float, one: float, other: float) -> float:
    """The F below which this share lies."""
    return _bisect(lambda f: find_beta(one / 2, other / 2, one * f / (one * f + other)) > share, 0.0, 1e4)


def _bisect(is_above: Callable[[float], bool], low: float, high: float) -> float:
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if is_above(middle) else (middle, high)
    return high


def find_error(values: Sequence[float], eligible: int | None) -> float:
    """The standard error of a mean, with the finite population correction where the list is known."""
    correction = sqrt(max(0.0, 1 - len(values) / eligible)) if eligible and eligible >= len(values) else 1.0
    return stdev(values) / sqrt(len(values)) * correction


def find_wilson(count: int, n: int, eligible: int | None) -> tuple[float, float]:
    """Wilson's interval of a share; a list that is known makes the sample worth more."""
    if eligible == n:
        return count / n, count / n
    size = n if eligible is None else n * (eligible - 1) / (eligible - n)
    p, square = count / n, Z * Z
    centre = p + square / (2 * size)
    half = Z * sqrt(p * (1 - p) / size + square / (4 * size * size))
    return (centre - half) / (1 + square / size), (centre + half) / (1 + square / size)


def find_welch_df(a: float, b: float, n: int, m: int) -> float:
    """Degrees of freedom of two squared standard errors."""
    return (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1))


def find_change(before: Sequence[float], after: Sequence[float], pairs: int, r: float) -> tuple[float, float]:
    """The standard error of the difference of two rounds and its degrees of freedom, by how many are linked."""
    n, m = len(before), len(after)
    a, b = variance(before) / n, variance(after) / m
    error = sqrt(a + b - 2 * r * stdev(before) * stdev(after) * pairs / (n * m))
    if pairs == n == m:
        return error, n - 1
    welch, alone = find_welch_df(a, b, n, m), n + m - 2 * pairs
    if not pairs:
        return error, welch
    return error, (pairs - 1) + (welch - pairs + 1) / (alone + 2 * pairs) * alone


def adjust_by_holm(ps: Sequence[float]) -> list[float]:
    """Raise p-values that belong together."""
    raised, highest = list(ps), 0.0
    for place, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        highest = max(highest, min(1.0, (len(ps) - place) * ps[index]))
        raised[index] = highest
    return raised


def find_alpha(rows: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Cronbach's alpha with Feldt's interval."""
    n, k = len(rows), len(rows[0])
    alpha = k / (k - 1) * (1 - sum(variance(column) for column in zip(*rows, strict=True)) / variance(map(sum, rows)))
    low, high = (1 - (1 - alpha) * find_f(q, n - 1, (n - 1) * (k - 1)) for q in (0.975, 0.025))
    return alpha, low, high


def find_spearman_brown(rows: Sequence[Sequence[float]]) -> float:
    """The reliability of two items."""
    one, other = zip(*rows, strict=True)
    r = sum((a - mean(one)) * (b - mean(other)) for a, b in rows) / (len(rows) - 1) / stdev(one) / stdev(other)
    return 2 * r / (1 + r)
