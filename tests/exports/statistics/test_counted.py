"""Counted values give what single ones give."""

import random
from collections import Counter
from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.statistics.counted import count_rows, count_values, find_n, find_sum
from exports.statistics.intervals import estimate_mean, find_mean, find_sd

points = st.floats(0, 100)


@given(st.dictionaries(points, st.integers(1, 2_000_000), min_size=1, max_size=20))
def test_a_sum_of_many_is_rounded_once(counts):
    assert find_sum(counts.items()) == float(sum(n * Fraction(value) for value, n in counts.items()))


@given(st.lists(st.sampled_from([0.0, 25.0, 100 / 3, 66.6, 100.0]), min_size=2, max_size=60))
def test_it_makes_no_difference_whether_values_come_counted(values):
    counts = count_values(values)
    assert (find_n(values), find_n(counts)) == (len(values), len(values))
    assert find_mean(counts) == find_mean(values) == find_mean(values[::-1])
    assert find_sd(counts) == find_sd(values)
    assert estimate_mean(counts, 70) == estimate_mean(values, 70)
    if min(values) < max(values):
        assert find_mean(counts) == fsum(values) / len(values)


def test_squares_of_weighted_sums_are_those_of_each_person():
    chance = random.Random(3)
    rows = [[chance.choice([None, 0.0, 25.0, 70.1]) for _ in range(4)] for _ in range(50)]
    centres, weights = [30.0, 20.1, 40.0, 0.0], [0.25, 1.0, 2.0, 0.1]
    by_hand = sum(
        sum(w * (x - c) for w, x, c in zip(weights, row, centres, strict=True) if x is not None) ** 2 for row in rows
    )
    assert count_rows(rows).find_squares(centres, weights) == pytest.approx(by_hand)


def test_what_cancels_out_for_everybody_is_nothing():
    rows = [[third, 100 - third] for third in (100 / 3, 200 / 3, 14.3, 71.9)]
    assert count_rows(rows).find_squares([40.0, 60.0], [0.7, 0.7]) == 0.0


def test_rows_are_counted_by_score_and_by_pair():
    joint = count_rows([[1.0, 2.0], [1.0, None], [None, None], [1.0, 2.0]])
    assert (joint.n, joint.columns) == (3, [Counter({1.0: 3}), Counter({2.0: 2})])
    assert joint.pairs == {(0, 1): {(1.0, 2.0): 2}}
