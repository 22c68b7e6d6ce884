"""Whether a group differs from the rest of a round: means by Welch, choices by chi-square or Fisher (scorecard C11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.statistics.change import Change, compare_unlinked
from exports.statistics.counted import Values

CHI_SQUARE = "chi-square"
FISHER = "Fisher exact"
FISHER_SAMPLED = "Fisher, 9999 drawn tables"
ENOUGH_EXPECTED = 5
"""Below this expected count in any cell chi-square is not to be trusted."""
_DRAWN = 9999
_SEED = 20251120


@dataclass(frozen=True, slots=True)
class Association:
    """Whether choices differ: the test's name, its statistic and degrees of freedom where it has them, and p."""

    method: str
    statistic: float | None
    df: int | None
    p: float


def compare_with_rest(group: Values, rest: Values) -> Change:
    """Compare a group with everyone else; never with a total that contains it. The difference is group - rest."""
    return compare_unlinked(rest, group)


def compare_choices(group: Sequence[int], rest: Sequence[int]) -> Association | None:
    """Compare how a group and the rest chose: counts of the same choices, in the same order.

    Choices that nobody took are left out; nothing where fewer than two are left or one side is empty. Pearson 1900;
    where an expected count is below 5, Fisher's exact test, for more than two choices by drawing tables with a
    fixed seed, so that the same answers give the same number.
    """
    table = [(a, b) for a, b in zip(group, rest, strict=True) if a or b]
    sides = [list(side) for side in zip(*table, strict=True)]
    if len(table) < 2 or not all(map(sum, sides)):
        return None
    from scipy.stats import chi2_contingency

    tested = chi2_contingency(sides, correction=False)
    if tested.expected_freq.min() >= ENOUGH_EXPECTED:
        return Association(CHI_SQUARE, float(tested.statistic), int(tested.dof), float(tested.pvalue))
    return _compare_exactly(sides)


def _compare_exactly(sides: Sequence[Sequence[int]]) -> Association:
    from numpy import array
    from numpy.random import default_rng
    from scipy.stats import MonteCarloMethod, fisher_exact

    table = array(sides)
    if table.shape[1] == 2:
        return Association(FISHER, None, None, float(fisher_exact(table).pvalue))
    drawing = MonteCarloMethod(n_resamples=_DRAWN, rng=default_rng(_SEED))
    return Association(FISHER_SAMPLED, None, None, float(fisher_exact(table, method=drawing).pvalue))
