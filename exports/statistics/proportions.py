"""Shares with 95 % intervals by Wilson: top-2 box, yes-share, milestones done (scorecard C4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""The two-sided 95 % quantile of the normal distribution, as the worked examples use it."""

WILSON = "Wilson"
WILSON_FPC = "Wilson with finite population correction"
WILSON_WEIGHTED = "Wilson on the effective number"
COMPLETE_COUNT = "complete count"


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of 1 of `n` people, with its interval; `method` names how it was made."""

    share: float
    n: int
    lo: float
    hi: float
    method: str


def estimate_proportion(
    count: float, n: int, population: int | None = None, *, effective: float | None = None
) -> Proportion | None:
    """Estimate the share `count`/`n`; nothing without answers (n = 0).

    `population` is N where a roster tells it: n is then replaced by n* = n(N-1)/(N-n), and n = N has no sampling
    error. `effective` is Kish's effective number where `count` is a sum of weights that add up to n. Nobody and
    everybody (0 and n) need no special case. Source: Wilson 1927, JASA 22:209.
    Raises `ValueError` where count, n and N cannot be true together.
    """
    if not 0 <= count <= n or (population is not None and population < n):
        raise ValueError(f"{count} of {n} of {population} cannot be")
    if n == 0:
        return None
    share = count / n
    if population == n:
        return Proportion(share, n, share, share, COMPLETE_COUNT)
    size, method = (n, WILSON) if effective is None else (effective, WILSON_WEIGHTED)
    if population is not None and effective is None:
        size, method = n * (population - 1) / (population - n), WILSON_FPC
    lo, hi = find_wilson(share, size)
    return Proportion(share, n, lo, hi, method)


def find_wilson(share: float, size: float) -> tuple[float, float]:
    """Give the Wilson interval of a share of `size` answers, which need not be a whole number."""
    square = Z * Z
    centre = (share + square / (2 * size)) / (1 + square / size)
    half = Z * sqrt(share * (1 - share) / size + square / (4 * size * size)) / (1 + square / size)
    return (0.0 if share == 0 else centre - half), (1.0 if share == 1 else centre + half)
