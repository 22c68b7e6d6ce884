import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW
from vectors_file import PLACES, VECTORS

from exports.statistics.weights import find_design_effect, find_effective_number, find_weighted_mean, find_weights


def test_weights_effective_number_and_mean_are_the_worked_ones():
    worked, groups = VECTORS["V07"], VECTORS["V06"]["groups"]
    weights = find_weights(worked["N_g"], worked["n_g"])
    assert weights == pytest.approx(worked["w_g"], abs=PLACES)
    each = [weights[group] for group, scores in groups.items() for _ in scores]
    scores = [score for own in groups.values() for score in own]
    assert find_weighted_mean(scores, each) == pytest.approx(worked["weighted_mean"], abs=PLACES)
    assert find_effective_number(each) == pytest.approx(worked["kish_neff"], abs=PLACES)
    assert find_design_effect(each) == pytest.approx(worked["deff"], abs=PLACES)


def test_the_weighted_mean_is_what_statsmodels_says():
    chance = np.random.default_rng(4)
    values, weights = chance.normal(60, 20, 50), chance.uniform(0.2, 5, 50)
    assert find_weighted_mean(list(values), list(weights)) == pytest.approx(DescrStatsW(values, weights).mean)


def test_a_weight_is_never_above_five():
    assert find_weights({"a": 980, "b": 20}, {"a": 2, "b": 18})["a"] == 5


def test_a_group_nobody_answered_for_is_left_out():
    assert find_weights({"a": 10, "b": 10, "c": 80}, {"a": 4, "b": 4, "c": 0}) == {"a": 1, "b": 1}


def test_more_answers_than_people_are_refused():
    with pytest.raises(ValueError, match="more people"):
        find_weights({"a": 3}, {"a": 4})


def test_equal_weights_change_nothing():
    assert (find_effective_number([2.0] * 7), find_design_effect([2.0] * 7)) == (7, 1)
