import pytest
from vectors_file import PLACES, VECTORS

from exports.panels.goals import FLAG, SPLIT, list_contributions
from exports.panels.indicators import Achievement, Indicator

WORKED = VECTORS["V17"]


def achieve(name, capped, **more):
    indicator = Indicator(name=name, baseline=0, target=100, actual=capped, **more)
    return Achievement(indicator=indicator, raw=None if capped is None else capped / 100, status="ok")


INDICATORS = [
    achieve(name, WORKED["capped"][name], weight=WORKED["w"][name], goals=tuple(goals))
    for name, goals in WORKED["tags"].items()
]


def test_split_weights_add_up_and_give_the_worked_achievement():
    found = {str(one.goal): one for one in list_contributions(INDICATORS)}
    assert list(found) == ["4", "6", "11", "12", "17"]
    for goal, worked in WORKED["split"].items():
        one = found[goal]
        assert (len(one.indicators), one.weight, one.achievement) == pytest.approx(
            (worked["n"], worked["weight"], worked["ach"]), abs=PLACES
        )
    assert sum(one.weight for one in found.values()) == pytest.approx(sum(WORKED["w"].values()))


def test_flags_give_every_goal_the_whole_weight():
    found = {str(one.goal): one.achievement for one in list_contributions(INDICATORS, FLAG)}
    assert found == pytest.approx(WORKED["flag"], abs=PLACES)


def test_one_indicator_is_shown_without_a_score_for_the_goal():
    shown = {one.goal: one.has_score for one in list_contributions(INDICATORS, SPLIT)}
    assert shown == {4: True, 6: True, 11: False, 12: False, 17: False}


def test_people_are_added_up_only_where_each_was_counted_once():
    once = [achieve("a", 50, goals=(3,), beneficiaries=40, counted_once=True) for _ in range(2)]
    twice = [*once, achieve("b", 50, goals=(3,), beneficiaries=10)]
    assert list_contributions(once)[0].beneficiaries == 80
    assert list_contributions(twice)[0].beneficiaries == 40
    assert list_contributions([achieve("c", 50, goals=(3,))])[0].beneficiaries is None


def test_what_was_not_measured_contributes_nothing_and_the_lowest_evidence_counts():
    found = list_contributions(
        [achieve("a", None, goals=(3,)), achieve("b", 50, goals=(3,), evidence=4), achieve("c", 70, goals=(3,))]
    )
    assert (found[0].indicators, found[0].evidence) == (("b", "c"), 1)
