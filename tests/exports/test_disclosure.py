import itertools
import operator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors_file import VECTORS

from exports.disclosure import (
    ALL,
    COMPLEMENT,
    CORE,
    FEW,
    FULL,
    FURTHER,
    Base,
    allow_comment,
    allow_filter,
    coarsen,
    combine_groups,
    hide_cells,
    leave_out,
)


def same(n):
    return Base(n, n, 0)


def test_a_group_below_k_is_combined_with_the_next_smallest_as_worked():
    worked = VECTORS["V21"]
    counts = {name: n for name, (n, _) in worked["groups_n_mean"].items()}
    breakdown = combine_groups(counts, worked["k"])
    assert [g for g, reason in breakdown.combined.items() if reason == FEW] == worked["primary"]
    assert [g for g, reason in breakdown.combined.items() if reason == COMPLEMENT] == worked["complementary"]
    assert (breakdown.shown, breakdown.has_combined) == (("ngo",), True)


def test_the_cells_of_a_domain_follow_the_worked_complementary_rule():
    worked = VECTORS["V21"]
    cells = {name: same(n) for name, (n, _) in worked["groups_n_mean"].items()}
    hidden = hide_cells(cells, worked["k"])
    assert {cell: reason for (basis, cell), reason in hidden.items() if basis == FULL} == {
        "government": FEW,
        "community": COMPLEMENT,
    }


def test_small_groups_that_are_k_together_need_no_other():
    breakdown = combine_groups({"a": 3, "b": 9, "c": 2, "d": 7}, 5)
    assert breakdown.shown == ("b", "d")
    assert breakdown.combined == {"a": FEW, "c": FEW}


def test_of_equal_groups_the_first_in_order_is_hidden_beside():
    assert list(combine_groups({"a": 2, "b": 8, "c": 8}, 5).combined) == ["a", "b"]


def test_a_group_without_answers_hides_nobody_and_stays_out():
    breakdown = combine_groups({"a": 0, "b": 2, "c": 6, "d": 9}, 5)
    assert "a" not in breakdown.combined
    assert breakdown.combined == {"b": FEW, "c": COMPLEMENT}


def test_where_every_group_would_be_combined_there_is_no_breakdown():
    breakdown = combine_groups({"a": 2, "b": 6}, 5)
    assert (breakdown.shown, breakdown.has_combined, breakdown.cells) == ((), False, ())


def test_a_round_below_k_shows_nothing():
    assert combine_groups({"a": 2, "b": 2}, 5).cells == ()
    assert hide_cells({ALL: same(4)}, 5) == {(CORE, ALL): FEW, (FULL, ALL): FEW}


def test_a_cell_hidden_on_one_basis_is_hidden_on_the_other():
    hidden = hide_cells({"a": Base(4, 6, 6), "b": Base(9, 9, 9), "c": Base(12, 12, 12)}, 5)
    assert {key for key in hidden if key[1] != "c"} == {(basis, cell) for basis in (CORE, FULL) for cell in "ab"}
    assert all(cell != "c" for _, cell in hidden)


def test_full_is_hidden_where_less_core_it_would_speak_of_few():
    hidden = hide_cells({"a": Base(9, 9, 2), "b": Base(9, 9, 9), "c": Base(20, 20, 20)}, 5)
    assert hidden == {(FULL, "a"): FURTHER, (FULL, "b"): COMPLEMENT}


def test_full_is_hidden_altogether_where_few_answered_more_than_core():
    hidden = hide_cells({"a": Base(9, 9, 2), "b": Base(9, 9, 0)}, 5)
    assert hidden == {(FULL, "a"): FURTHER, (FULL, "b"): FURTHER, (FULL, ALL): FURTHER}


def test_without_core_questions_only_the_full_basis_is_judged():
    assert hide_cells({"a": Base(0, 9, 9), "b": Base(0, 7, 7)}, 5) == {}


@given(st.lists(st.integers(0, 12), max_size=6), st.integers(3, 8))
def test_what_is_combined_has_k_people_or_nothing_is_shown_beside_it(sizes, k):
    counts = {f"g{place}": n for place, n in enumerate(sizes)}
    breakdown = combine_groups(counts, k)
    joint = sum(counts[group] for group in breakdown.combined)
    assert joint == 0 or joint >= k or not breakdown.shown
    assert all(counts[group] >= k for group in breakdown.shown)


@pytest.mark.parametrize("k", [3, 5, 30])
def test_a_cell_of_exactly_k_is_shown(k):
    assert hide_cells({"a": same(k), "b": same(k)}, k) == {}


KINDS = ("same", "both", "core", "full")
"""Kinds of people: one score on both bases, two different scores, a score on one basis only."""
ON = {CORE: ("same", "both", "core"), FULL: ("same", "both", "full")}
counts_by_kind = st.fixed_dictionaries(dict.fromkeys(KINDS, st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7])))


@settings(max_examples=1500, deadline=None)
@given(st.lists(counts_by_kind, min_size=1, max_size=4))
def test_no_combination_of_shown_cells_speaks_of_fewer_than_k_people(cells):
    """Kinds of people are the unknowns; the two scores of one who has two of them are two unknowns of one person."""
    k = 5
    people = [(place, kind, n) for place, cell in enumerate(cells) for kind, n in cell.items() if n]
    unknowns = [
        (index, basis)
        for index, (_, kind, _) in enumerate(people)
        for basis in ((CORE, FULL) if kind == "both" else (kind,))
    ]
    hidden = hide_cells(
        {
            str(place): Base(
                sum(cell[kind] for kind in ON[CORE]),
                sum(cell[kind] for kind in ON[FULL]),
                cell["both"] + cell["core"] + cell["full"],
            )
            for place, cell in enumerate(cells)
        },
        k,
    )
    rows = [
        [
            float(own in (basis, "same") and people[index][1] in ON[basis] and column in (ALL, str(people[index][0])))
            for index, own in unknowns
        ]
        for basis in (CORE, FULL)
        for column in (ALL, *map(str, range(len(cells))))
        if (basis, column) not in hidden
    ]
    if not rows or not unknowns:
        return
    matrix = np.array(rows)
    rank = np.linalg.matrix_rank(matrix)
    few = [index for index, (_, _, n) in enumerate(people) if n < k]
    for size in (1, 2, 3, 4):
        for union in combinations(few, size):
            if sum(people[index][2] for index in union) < k:
                rest = [place for place, (index, _) in enumerate(unknowns) if index not in union]
                assert np.linalg.matrix_rank(matrix[:, rest]) == rank, [people[index] for index in union]


@pytest.mark.parametrize(
    "score, n, told", [(100, 19, (95, 100)), (96, 6, (95, 100)), (0, 5, (0, 5)), (95, 6, None), (100, 20, None)]
)
def test_the_ends_of_the_scale_are_told_as_a_range_where_few_answered(score, n, told):
    assert coarsen(score, n) == told


@pytest.mark.parametrize(
    "attributes, n, total, allowed",
    [
        (["group"], 8, 20, True),
        (["group"], 20, 20, True),
        (["group"], 4, 20, False),
        (["group"], 17, 20, False),
        (["group", "language"], 8, 20, False),
        (["group"], 0, 20, False),
    ],
)
def test_one_attribute_may_filter_where_both_sides_are_k_people(attributes, n, total, allowed):
    assert allow_filter(attributes, n, total, 5) is allowed


def test_comments_are_shown_of_k_people_and_after_a_person_read_them():
    assert allow_comment(5, 5, read=True)
    assert not allow_comment(4, 5, read=True)
    assert not allow_comment(50, 5, read=False)


def test_what_was_combined_once_stays_so():
    known = combine_groups({"a": 3, "b": 6, "c": 9}, 5)
    assert set(combine_groups({"a": 30, "b": 40, "c": 50}, 5, known).combined) == {"a", "b"}


def list_ways_to_leave_out(classes, k, bases):
    """Every way that keeps what `leave_out` promises: classes below k whole, of the others a part or all."""
    shown = [operator.attrgetter(name) for name in (*bases, *(["differing"] if len(bases) > 1 else []))]
    choices = [[n] if n < k else [*range(min(n - k, 3 * k) + 1), n] for n in (base.people for base in classes.values())]
    for way in itertools.product(*choices):
        joint = [sum(n for n, base in zip(way, classes.values(), strict=True) if flags(base)) for flags in shown]
        if all(n == 0 or n >= k for n in joint):
            yield dict(zip(classes, way, strict=True))


kinds = st.tuples(st.booleans(), st.booleans(), st.booleans(), st.integers(1, 12))


@given(st.lists(kinds, max_size=4), st.sampled_from([("core", "full"), ("core",), ("full",)]))
def test_as_few_are_left_out_as_any_safe_way_leaves(found, bases):
    classes = {
        (place,): Base(n * core, n * full, n * differing, n) for place, (core, full, differing, n) in enumerate(found)
    }
    ways = list(list_ways_to_leave_out(classes, 3, bases))
    out = leave_out(classes, 3, bases)
    if ways:
        assert {pattern: out.get(pattern, 0) for pattern in classes} in ways
        assert sum(out.values()) == min(sum(way.values()) for way in ways)
    else:
        assert out == {pattern: base.people for pattern, base in classes.items()}


def test_who_is_left_out_of_millions_is_decided_at_once():
    classes = {(True,): Base(10**9, 10**9, 0, 10**9), (False,): Base(2, 2, 2, 2), (None,): Base(90, 90, 90, 90)}
    assert leave_out(classes, 5) == {(False,): 2, (None,): 3}
