"""Post-stratification: groups that answered less count for more, up to a limit (scorecard C7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

TRIM = 5.0
"""The largest weight."""

ENOUGH_EFFECTIVE = 0.5
"""Below this share of n the effective number of answers is worth a warning."""


def find_weights(eligible: Mapping[str, int], answered: Mapping[str, int]) -> dict[str, float]:
    """Give w_g = (N_g/N)/(n_g/n) for every group with answers, trimmed at 5.

    `eligible` and `answered` are N_g and n_g by group; a group nobody answered for has no weight, and its share of
    the list is nobody's. Raises `ValueError` where more answered than could (n_g > N_g).
    Source: Kish 1965, Survey Sampling.
    """
    counted = {group: n for group, n in answered.items() if n}
    if any(n > eligible.get(group, 0) for group, n in counted.items()):
        raise ValueError("more people answered for a group than are in it")
    population, n = sum(eligible[group] for group in counted), sum(counted.values())
    return {group: min(TRIM, (eligible[group] / population) / (own / n)) for group, own in counted.items()}


def find_effective_number(weights: Sequence[float]) -> float:
    """Give Kish's effective number (sum w)^2/sum w^2 of one weight for each person; at least one person."""
    return fsum(weights) ** 2 / fsum(weight * weight for weight in weights)


def find_design_effect(weights: Sequence[float]) -> float:
    """Give deff = n/n_eff: by how much weighting widens a variance."""
    return len(weights) / find_effective_number(weights)


def find_weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Give sum(w x)/sum(w)."""
    return fsum(w * x for w, x in zip(weights, values, strict=True)) / fsum(weights)
