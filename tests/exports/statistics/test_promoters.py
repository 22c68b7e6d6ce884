from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors_file import PLACES, VECTORS

from exports.statistics.promoters import Promoters, count_promoters, estimate_net_score


def test_the_score_and_its_interval_are_the_worked_ones():
    worked = VECTORS["V05"]
    counts = Promoters(worked["promoters"], worked["passives"], worked["detractors"])
    assert counts.n == worked["n"]
    found = estimate_net_score(counts)
    assert found.score == pytest.approx(worked["nps"], abs=PLACES)
    assert (found.adjusted, found.se, found.lo, found.hi) == pytest.approx(
        tuple(worked["adj_est_se_lo_hi"]), abs=PLACES
    )


def test_answers_are_sorted_at_six_and_nine():
    assert count_promoters(Counter([0, 6, 7, 8, 9, 10, 10])) == Promoters(3, 2, 2)


def test_without_answers_there_is_no_score():
    assert estimate_net_score(Promoters(0, 0, 0)) is None


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_the_score_stays_on_its_scale_and_the_interval_has_a_width(answers):
    found = estimate_net_score(count_promoters(Counter(answers)))
    assert -100 <= found.score <= 100
    assert found.lo < found.adjusted < found.hi


def test_all_of_one_mind_still_leaves_a_doubt():
    found = estimate_net_score(Promoters(20, 0, 0))
    assert (found.score, found.hi > found.lo) == (100, True)
