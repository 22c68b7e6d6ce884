import pytest
from scipy import stats
from scipy.stats import chi2_contingency
from vectors_file import VECTORS

from exports.statistics.comparisons import CHI_SQUARE, FISHER, FISHER_SAMPLED, compare_choices, compare_with_rest


def test_a_group_is_compared_with_everybody_else():
    groups = VECTORS["V06"]["groups"]
    rest = groups["government"] + groups["ngo"]
    found, theirs = (
        compare_with_rest(groups["community"], rest),
        stats.ttest_ind(groups["community"], rest, equal_var=False),
    )
    assert found.difference < 0
    assert (found.statistic, found.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_choices_are_compared_by_chi_square_where_enough_are_expected():
    found = compare_choices([20, 30, 25], [40, 20, 30])
    theirs = chi2_contingency([[20, 30, 25], [40, 20, 30]])
    assert (found.method, found.df) == (CHI_SQUARE, 2)
    assert (found.statistic, found.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_few_answers_are_compared_exactly():
    found = compare_choices([1, 6], [7, 3])
    assert found.method == FISHER
    assert found.p == pytest.approx(stats.fisher_exact([[1, 6], [7, 3]]).pvalue)


def test_few_answers_to_many_choices_are_compared_with_the_same_number_every_time():
    one, again = (compare_choices([1, 9, 2, 0], [11, 3, 1, 0]) for _ in range(2))
    assert one.method == FISHER_SAMPLED
    assert one == again
    assert one.p < 0.05


def test_where_there_is_nothing_to_compare_there_is_no_test():
    assert compare_choices([4, 0], [7, 0]) is None
    assert compare_choices([0, 0], [7, 2]) is None
