import random
from math import isclose, sqrt
from statistics import stdev

import pytest
from vectors_file import PLACES, VECTORS

from exports.statistics.counted import count_rows
from exports.statistics.intervals import (
    COMPLETE_COUNT,
    ONE_ANSWER,
    SELF_SELECTED,
    T_FPC,
    UNANIMOUS,
    T,
    estimate_group_equal,
    estimate_mean,
    estimate_mean_of_means,
    find_correction,
    find_mean,
    find_sd,
    find_t,
)


def test_the_mean_of_one_group_has_the_worked_interval_with_and_without_a_roster():
    worked = VECTORS["V03"]
    with_roster = estimate_mean(worked["x"], worked["N"])
    without = estimate_mean(worked["x"])
    assert with_roster.n == worked["n"]
    assert with_roster.mean == pytest.approx(worked["mean"], abs=PLACES)
    assert find_sd(worked["x"]) == pytest.approx(worked["sd"], abs=PLACES)
    assert find_correction(worked["n"], worked["N"]) == pytest.approx(worked["fpc"], abs=PLACES)
    assert find_t(9) == pytest.approx(worked["t"], abs=PLACES)
    assert with_roster.se == pytest.approx(worked["se"], abs=PLACES)
    assert without.se == pytest.approx(worked["se_nofpc"], abs=PLACES)
    assert (with_roster.lo, with_roster.hi) == pytest.approx(tuple(worked["ci"]), abs=PLACES)
    assert (without.lo, without.hi) == pytest.approx(tuple(worked["ci_nofpc"]), abs=PLACES)
    assert (with_roster.method, without.method) == (T_FPC, T)


def test_one_answer_has_no_interval():
    estimate = estimate_mean([50.0])
    assert (estimate.mean, estimate.lo, estimate.hi, estimate.method) == (50.0, None, None, ONE_ANSWER)


def test_when_all_gave_the_same_answer_the_interval_is_that_answer_exactly():
    estimate = estimate_mean([100 * 0.7] * 7, 30)
    assert (estimate.lo, estimate.mean, estimate.hi) == (100 * 0.7, 100 * 0.7, 100 * 0.7)
    assert estimate.method == UNANIMOUS


def test_a_complete_count_has_no_sampling_error():
    estimate = estimate_mean([20.0, 60.0, 70.0], 3)
    assert (estimate.lo, estimate.hi, estimate.method) == (50.0, 50.0, COMPLETE_COUNT)


def test_counting_every_group_alike_has_the_worked_interval():
    worked = VECTORS["V06"]
    groups = {name: estimate_mean(scores) for name, scores in worked["groups"].items()}
    assert {name: round(group.mean, 4) for name, group in groups.items()} == worked["means"]
    assert estimate_mean([s for scores in worked["groups"].values() for s in scores]).mean == worked["pooled"]
    alike = estimate_group_equal(list(groups.values()))
    assert alike.mean == pytest.approx(worked["group_equal"], abs=PLACES)
    assert alike.se == pytest.approx(worked["se_group_equal"], abs=PLACES)
    assert alike.df == pytest.approx(worked["df"], abs=PLACES)
    assert (alike.lo, alike.hi) == pytest.approx(tuple(worked["ci_group_equal"]), abs=PLACES)
    assert alike.n == 19


def test_groups_alike_have_no_interval_where_one_group_has_none():
    apart = [estimate_mean([40.0, 60.0, 70.0]).without_interval(SELF_SELECTED) for _ in range(2)]
    assert estimate_group_equal(apart).lo is None
    assert estimate_group_equal(apart).method == SELF_SELECTED


def test_groups_that_are_each_of_one_mind_have_an_interval_without_width():
    alike = estimate_group_equal([estimate_mean([40.0] * 5), estimate_mean([60.0] * 5)])
    assert (alike.lo, alike.mean, alike.hi) == (50.0, 50.0, 50.0)


def test_the_overall_interval_is_that_of_peoples_own_means_when_nobody_lacks_a_domain():
    chance = random.Random(3)
    rows = [[chance.choice([0.0, 25.0, 50.0, 75.0, 100.0]) for _ in range(4)] for _ in range(17)]
    own = estimate_mean([sum(row) / 4 for row in rows], 40)
    overall = estimate_mean_of_means(count_rows(rows), 40)
    assert (overall.mean, overall.se, overall.lo, overall.hi, overall.df) == pytest.approx(
        (own.mean, own.se, own.lo, own.hi, own.df)
    )


def test_the_overall_is_the_mean_of_domain_means_and_not_of_people():
    overall = estimate_mean_of_means(count_rows([[100.0, None], [100.0, None], [100.0, 40.0], [100.0, 60.0]]))
    assert overall.mean == 75.0
    assert overall.n == 4


def test_the_overall_interval_agrees_with_the_jackknife_when_domains_are_missing():
    chance = random.Random(8)
    rows = [[chance.gauss(60, 15) if chance.random() < 0.8 else None for _ in range(5)] for _ in range(400)]
    n = len(rows)
    overall = estimate_mean_of_means(count_rows(rows))
    without_one = [estimate_mean_of_means(count_rows(rows[:i] + rows[i + 1 :])).mean for i in range(n)]
    centre = sum(without_one) / n
    jackknife = sqrt((n - 1) / n * sum((mean - centre) ** 2 for mean in without_one))
    assert overall.se is not None
    assert isclose(overall.se, jackknife, rel_tol=0.01)


def test_the_overall_of_people_of_one_mind_in_each_domain_has_no_width():
    overall = estimate_mean_of_means(count_rows([[30.1, 70.7], [30.1, None], [None, 70.7]]), 9)
    assert overall.lo == overall.hi == overall.mean


def test_the_order_of_answers_changes_no_digit():
    scores = [random.Random(1).random() * 100 for _ in range(99)]
    assert estimate_mean(scores) == estimate_mean(sorted(scores))


def test_many_scores_give_the_same_numbers_as_few():
    chance = random.Random(4)
    many = [chance.choice([0.0, 25.0, 50.0, 100 / 3, 75.0]) for _ in range(5000)]
    assert find_mean(many) == pytest.approx(sum(many) / 5000, rel=1e-14)
    assert find_sd(many) == pytest.approx(stdev(many), rel=1e-12)
    assert estimate_mean(many) == estimate_mean(sorted(many))
