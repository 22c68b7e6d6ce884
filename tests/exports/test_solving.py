"""The gate's own linear algebra agrees with an attacker who tries everything."""

from __future__ import annotations

from attacker import find_few
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.solving import is_solvable


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=6),
    st.lists(st.lists(st.sampled_from([0, 0, 1, 1, 2]), min_size=6, max_size=6), min_size=1, max_size=5),
    st.integers(2, 6),
)
def test_it_finds_exactly_what_the_attacker_finds(sizes, rows, k):
    classes = dict(enumerate(sizes))
    equations = [{(one, "x"): float(row[one]) for one in classes if row[one]} for row in rows]
    equations = [equation for equation in equations if equation]
    if not equations:
        return
    people = {one: [sum(sizes[:one]) + n for n in range(size)] for one, size in classes.items()}
    single = [{(person, "x"): factor for (one, _), factor in e.items() for person in people[one]} for e in equations]
    assert is_solvable(equations, classes, k) == (find_few(single, k) is not None)


def test_classes_of_k_people_give_nobody_away_however_many_equations_there_are():
    equations = [{(one, "x"): 1.0} for one in range(9)]
    assert not is_solvable(equations, dict.fromkeys(range(9), 5), 5)
    assert is_solvable(equations, dict.fromkeys(range(9), 4), 5)


def test_a_difference_of_two_totals_gives_the_rest_away():
    whole = {("big", "x"): 1.0, ("rest", "x"): 1.0}
    assert is_solvable([whole, {("big", "x"): 1.0}], {"big": 20, "rest": 2}, 5)
    assert not is_solvable([whole], {"big": 20, "rest": 2}, 5)


def test_where_more_is_to_be_tried_than_can_be_nothing_is_claimed_to_be_safe(monkeypatch):
    monkeypatch.setattr("exports.solving.MOST_TRIED", 3)
    equations = [{(one, "x"): 1.0, (one + 1, "x"): 1.0} for one in range(0, 20, 2)]
    assert is_solvable(equations, dict.fromkeys(range(20), 1), 5)
