import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors_file import PLACES, VECTORS

from exports.statistics.counted import count_rows
from exports.statistics.reliability import (
    NEGATIVE,
    NO_VARIANCE,
    TWO_ITEMS,
    estimate_reliability,
    find_alpha,
    find_feldt,
    find_spearman_brown,
)


def test_alpha_and_its_interval_are_the_worked_ones():
    worked = VECTORS["V08"]
    found = estimate_reliability(count_rows(worked["matrix"]), enough=6)
    assert found.value == pytest.approx(worked["alpha"], abs=PLACES)
    assert (found.lo, found.hi) == pytest.approx(tuple(worked["feldt95"]), abs=PLACES)
    published = next(value for name, value in worked.items() if name.startswith("ref_statpsych"))
    assert find_feldt(0.85, 7, 89) == pytest.approx(tuple(published), abs=PLACES)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=5, max_size=30))
def test_it_is_what_pingouin_says(rows):
    alpha = find_alpha(count_rows(rows))
    if alpha is None:
        return
    theirs, interval = pingouin.cronbach_alpha(pd.DataFrame(rows))
    assert alpha == pytest.approx(theirs)
    assert find_feldt(alpha, 4, len(rows)) == pytest.approx(tuple(interval), abs=2e-3)


def test_below_twenty_complete_answers_nothing_is_reported():
    found = estimate_reliability(count_rows([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]] * 9))
    assert (found.value, found.n) == (None, 18)
    assert "Fewer than 20" in found.note


def test_where_nobody_differs_there_is_no_reliability():
    assert estimate_reliability(count_rows([[3.0, 3.0, 3.0]] * 25)).note == NO_VARIANCE
    assert estimate_reliability(count_rows([[1.0, 3.0]] * 25)).note == NO_VARIANCE


def test_a_negative_alpha_says_what_to_check():
    found = estimate_reliability(count_rows([[1.0, 5.0, 3.0], [5.0, 1.0, 2.0], [2.0, 4.0, 3.0], [4.0, 1.0, 3.0]] * 6))
    assert found.value < 0
    assert found.note == NEGATIVE


def test_two_items_are_judged_by_spearman_brown():
    rows = [[1.0, 2.0], [2.0, 2.0], [3.0, 4.0], [5.0, 4.0]] * 6
    r = pd.DataFrame(rows).corr().iloc[0, 1]
    found = estimate_reliability(count_rows(rows))
    assert (found.method, found.lo) == (TWO_ITEMS, None)
    assert found.value == pytest.approx(2 * r / (1 + r)) == find_spearman_brown(count_rows(rows))
