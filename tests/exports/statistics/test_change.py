import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from vectors_file import PLACES, VECTORS

from exports.statistics.change import (
    combine_changes,
    compare_pairs,
    compare_partly_linked,
    compare_unlinked,
    find_cliff_delta,
    find_hedges_g,
    find_mann_whitney_p,
    find_wilcoxon_p,
)

A_ALONE, A_PAIRED = [20, 21, 16, 18, 14, 12, 14, 17], [14, 15, 18, 20, 11, 19, 14, 15]
B_ALONE, B_PAIRED = [10, 16, 18, 16, 15, 14, 13, 10], [15, 10, 15, 17, 13, 19, 12, 13]
"""The example of the R package that the authors of the partially overlapping test wrote."""

scores = st.lists(st.integers(0, 8).map(lambda step: 12.5 * step), min_size=3, max_size=30)


def test_the_same_people_in_both_rounds_are_compared_as_worked():
    worked = VECTORS["V10_paired"]
    found = compare_pairs(worked["r1"], worked["r2"])
    assert (found.difference, found.statistic, found.df, found.p) == pytest.approx(
        (worked["diff"], worked["t"], worked["df"], worked["p"]), abs=PLACES
    )
    assert (found.lo, found.hi) == pytest.approx(tuple(worked["ci"]), abs=PLACES)
    assert found.effect == pytest.approx(worked["d_av"], abs=PLACES)
    assert found.statistic / found.pairs**0.5 == pytest.approx(worked["d_z"], abs=PLACES)
    assert find_wilcoxon_p(worked["r1"], worked["r2"]) == pytest.approx(worked["wilcoxon_p"], abs=5e-3)


def test_people_who_cannot_be_linked_are_compared_as_worked():
    worked = VECTORS["V11_unpaired"]
    found = compare_unlinked(worked["r1"], worked["r2"])
    assert (found.difference, found.statistic, found.df, found.p) == pytest.approx(
        (worked["diff"], worked["welch_t"], worked["df"], worked["p"]), abs=PLACES
    )
    assert (found.lo, found.hi) == pytest.approx(tuple(worked["ci"]), abs=PLACES)
    assert found.effect == pytest.approx(worked["hedges_g"], abs=PLACES)
    assert find_cliff_delta(worked["r1"], worked["r2"]) == pytest.approx(worked["cliff_delta"], abs=PLACES)
    assert find_mann_whitney_p(worked["r1"], worked["r2"]) == pytest.approx(worked["mw_p"], abs=0.01)


@pytest.mark.parametrize("name", ["equal_var", "welch"])
def test_partly_linked_rounds_are_compared_as_the_authors_package_does(name):
    found = compare_partly_linked(
        list(zip(B_PAIRED, A_PAIRED, strict=True)), B_ALONE, A_ALONE, equal_variances=name == "equal_var"
    )
    assert [found.statistic, found.df, found.p] == pytest.approx(VECTORS["V12_partover"][name], abs=PLACES)
    assert (found.n_before, found.n_after, found.pairs) == (16, 16, 8)


@settings(max_examples=50, deadline=None)
@given(scores, scores)
def test_welch_is_what_scipy_says(before, after):
    found = compare_unlinked(before, after)
    if len(set(before)) == 1 or len(set(after)) == 1:
        return
    theirs = stats.ttest_ind(after, before, equal_var=False)
    assert (found.statistic, found.p, found.df) == pytest.approx((theirs.statistic, theirs.pvalue, theirs.df))
    interval = theirs.confidence_interval()
    assert (found.lo, found.hi) == pytest.approx((interval.low, interval.high))


def test_pairs_are_what_scipy_says():
    chance = random.Random(5)
    before = [chance.gauss(60, 15) for _ in range(40)]
    after = [score + chance.gauss(3, 8) for score in before]
    found, theirs = compare_pairs(before, after), stats.ttest_rel(after, before)
    assert (found.statistic, found.p, found.df) == pytest.approx((theirs.statistic, theirs.pvalue, theirs.df))


def test_with_nobody_linked_the_partly_linked_standard_error_is_welchs():
    found = compare_partly_linked([(50.0, 60.0), (70.0, 60.0)], [40.0, 55.0, 65.0], [80.0, 75.0, 60.0])
    plain = compare_unlinked([50.0, 70.0, 40.0, 55.0, 65.0], [60.0, 60.0, 80.0, 75.0, 60.0])
    assert (found.difference, found.se) == pytest.approx((plain.difference, plain.se))


@settings(max_examples=50, deadline=None)
@given(scores, scores)
def test_cliffs_delta_counts_every_pair(before, after):
    by_hand = sum((b > a) - (b < a) for a in before for b in after) / (len(before) * len(after))
    assert find_cliff_delta(before, after) == pytest.approx(by_hand)


def test_where_nothing_varies_there_is_a_difference_and_no_test():
    flat = [50.0, 50.0, 50.0]
    for found in (compare_pairs(flat, [60.0] * 3), compare_unlinked(flat, [60.0] * 3)):
        assert (found.difference, found.lo, found.hi) == (10.0, 10.0, 10.0)
        assert (found.statistic, found.p, found.effect) == (None, None, None)
    assert find_hedges_g(flat, flat) is None
    assert find_wilcoxon_p(flat, flat) is None


def test_groups_alike_is_the_mean_of_the_groups_own_changes():
    one, other = compare_unlinked([50.0, 60.0, 55.0], [60.0, 70.0, 68.0]), compare_unlinked([20.0, 45.0], [30.0, 35.0])
    both = combine_changes([one, other])
    assert both.difference == pytest.approx((one.difference + other.difference) / 2)
    assert both.se == pytest.approx((one.se**2 + other.se**2) ** 0.5 / 2)
    assert combine_changes([one]).p == pytest.approx(one.p)
