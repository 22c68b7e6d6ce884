"""Many tests at once: p-values raised so that chance alone seldom finds something (scorecard C11)."""

from __future__ import annotations

from collections.abc import Sequence

HOLM = "Holm"
BENJAMINI_HOCHBERG = "Benjamini-Hochberg"


def adjust_holm(p_values: Sequence[float]) -> list[float]:
    """Raise p-values so that among all of them a false finding is rare. Source: Holm 1979, Scand. J. Stat. 6:65."""
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def adjust_benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Raise p-values so that few of the findings are false. Source: Benjamini and Hochberg 1995, JRSS B 57:289."""
    adjusted, lowest, count = [0.0] * len(p_values), 1.0, len(p_values)
    order = sorted(range(count), key=p_values.__getitem__)
    for rank in range(count, 0, -1):
        place = order[rank - 1]
        lowest = min(lowest, p_values[place] * count / rank)
        adjusted[place] = lowest
    return adjusted
