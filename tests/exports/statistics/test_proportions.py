import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from vectors_file import PLACES, VECTORS

from exports.statistics.proportions import COMPLETE_COUNT, WILSON, WILSON_FPC, WILSON_WEIGHTED, estimate_proportion


def test_a_share_has_the_worked_interval():
    worked = VECTORS["V04a"]
    found = estimate_proportion(worked["k"], worked["n"])
    assert found.share == pytest.approx(worked["p"], abs=PLACES)
    assert (found.lo, found.hi) == pytest.approx(tuple(worked["wilson"]), abs=PLACES)
    assert found.method == WILSON


def test_a_known_roster_narrows_it_as_worked():
    worked = VECTORS["V04b"]
    found = estimate_proportion(worked["k"], worked["n"], worked["N"])
    assert (found.lo, found.hi) == pytest.approx(tuple(worked["wilson_fpc"]), abs=PLACES)
    assert found.method == WILSON_FPC
    by_hand = estimate_proportion(6, 10, effective=worked["n_eff"])
    assert (by_hand.lo, by_hand.hi) == pytest.approx((found.lo, found.hi), abs=PLACES)
    assert by_hand.method == WILSON_WEIGHTED


def test_nobody_and_everybody_need_no_special_case():
    worked = VECTORS["V04c"]
    none = estimate_proportion(worked["k"], worked["n"])
    assert (none.lo, none.hi) == pytest.approx(tuple(worked["wilson"]), abs=PLACES)
    everybody = estimate_proportion(8, 8)
    assert (everybody.lo, everybody.hi) == pytest.approx((1 - none.hi, 1.0))


def test_the_published_example_of_another_package_is_that_of_the_library_we_are_held_to():
    worked = next(value for name, value in VECTORS.items() if name.startswith("V04d"))
    found = binomtest(12, 100).proportion_ci(method="wilsoncc")
    assert (found.low, found.high) == pytest.approx(tuple(worked["wilson_cc"]), abs=PLACES)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_is_what_scipy_says(pair):
    count, n = pair
    found, theirs = estimate_proportion(count, n), binomtest(count, n).proportion_ci(method="wilson")
    assert (found.lo, found.hi) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_without_answers_there_is_no_share():
    assert estimate_proportion(0, 0) is None


def test_a_complete_count_has_no_sampling_error():
    found = estimate_proportion(3, 8, 8)
    assert (found.lo, found.share, found.hi, found.method) == (0.375, 0.375, 0.375, COMPLETE_COUNT)


@pytest.mark.parametrize("numbers", [(3, 10, 9), (11, 10, None), (-1, 10, None)])
def test_numbers_that_cannot_be_are_refused(numbers):
    with pytest.raises(ValueError, match="cannot be"):
        estimate_proportion(*numbers)
