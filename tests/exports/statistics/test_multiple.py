import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from vectors_file import PLACES, VECTORS

from exports.statistics.multiple import adjust_benjamini_hochberg, adjust_holm


def test_the_worked_p_values_are_raised_as_worked():
    worked = VECTORS["V13"]
    assert adjust_holm(worked["p"]) == pytest.approx(worked["holm"], abs=PLACES)
    assert adjust_benjamini_hochberg(worked["p"]) == pytest.approx(worked["bh"], abs=PLACES)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_it_is_what_statsmodels_says(p_values):
    assert adjust_holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])
    assert adjust_benjamini_hochberg(p_values) == pytest.approx(multipletests(p_values, method="fdr_bh")[1])


def test_no_tests_need_no_adjusting():
    assert (adjust_holm([]), adjust_benjamini_hochberg([])) == ([], [])
