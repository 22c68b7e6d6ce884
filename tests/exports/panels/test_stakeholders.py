import pytest
from vectors_file import VECTORS

from exports.panels.stakeholders import NEUTRAL, SALIENCE, Rated, find_quadrant, find_salience, place_stakeholder


@pytest.mark.parametrize("worked", VECTORS["V19"], ids=lambda worked: worked["name"])
def test_stakeholders_stand_where_the_worked_map_has_them(worked):
    found = place_stakeholder(
        Rated(
            name=worked["name"],
            influence=[worked["influence"]],
            interest=[worked["interest"]],
            legitimacy=[worked["legit"]],
            urgency=[worked["urgency"]],
        )
    )
    assert (found.quadrant, found.salience) == (worked["quadrant"], worked["salience"])


def test_a_mean_of_exactly_the_cut_is_high():
    assert find_quadrant(3.5, 3.49) == "keep_satisfied"


def test_what_nobody_rated_has_no_place():
    found = place_stakeholder(Rated(name="X", influence=[None, None], interest=[4]))
    assert (found.influence, found.quadrant, found.salience, found.raters, found.borderline) == (
        None,
        None,
        None,
        0,
        True,
    )
    assert find_salience(4, None, 4) is None


def test_close_to_the_cut_or_far_apart_is_borderline():
    assert place_stakeholder(Rated(name="X", influence=[3, 4, 5], interest=[5, 5, 5])).borderline
    assert place_stakeholder(Rated(name="X", influence=[5, 5, 2, 5], interest=[5, 5, 5])).borderline
    assert not place_stakeholder(Rated(name="X", influence=[5, 5, 4], interest=[1, 2, 1])).borderline


def test_much_influence_and_a_weak_link_is_a_gap():
    assert place_stakeholder(Rated(name="X", influence=[5], interest=[1], relationship=[2, 2])).gap
    assert not place_stakeholder(Rated(name="X", influence=[5], interest=[1], relationship=[3, 2])).gap
    assert not place_stakeholder(Rated(name="X", influence=[2], interest=[1], relationship=[1])).gap


def test_every_class_has_neutral_words_that_do_not_name_it():
    assert set(NEUTRAL) == set(SALIENCE.values())
    assert all(name not in words for name, words in NEUTRAL.items())
    dangerous = place_stakeholder(Rated(name="X", influence=[5], interest=[1], legitimacy=[1], urgency=[5]))
    assert (dangerous.salience, dangerous.words) == ("dangerous", "could disrupt")
