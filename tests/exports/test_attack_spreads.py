"""An attacker with the distributions that were told: the whole less some groups speaks of no fewer than 20."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from study_builders import answer_all, invite, make_definition, make_question, make_scored, make_study

from exports.disclosure import ALL, SMALL
from exports.scorecards.items import build_items
from exports.scorecards.people import gather
from exports.scorecards.results import build_results

DEFINITION = make_definition(
    make_scored("fair", "ROLE"), make_question("kind_of", "select_one"), make_question("gains", "select_multiple")
)
ITEMS = ("fair", "kind_of", "gains")


def make_round(sizes, seed=1):
    chance = random.Random(seed)
    groups = {
        f"g{place}": [
            {"fair": chance.randint(1, 5), "kind_of": chance.randint(1, 5), "gains": (chance.randint(1, 5),)}
            for _ in range(size)
        ]
        for place, size in enumerate(sizes)
    }
    cases = invite({group: (len(people), len(people) + 3) for group, people in groups.items()})
    return make_study(DEFINITION, answer_all(groups), cases=cases, labels=groups)


def find_remainders(rows, item):
    """How many people each difference of the whole and any of the groups that are told speaks of."""
    told = [row for row in rows if row.item == item and row.distribution is not None]
    whole = [row for row in told if row.group == ALL]
    groups = [row.n for row in told if row.group != ALL]
    chosen = (some for size in range(1, len(groups) + 1) for some in combinations(groups, size))
    return [whole[0].n - sum(some) for some in chosen] if whole else []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 45), min_size=1, max_size=4), st.integers(0, 99))
def test_the_whole_less_groups_speaks_of_nobody_or_of_twenty(sizes, seed):
    rows = build_results(make_round(sizes, seed)).items
    for item in ITEMS:
        assert all(n == 0 or n >= SMALL for n in find_remainders(rows, item))


def test_the_attack_works_where_nothing_is_taken_back():
    """30 and 10 people: what all 40 said less what the 30 said is what each answer got from the 10."""
    study = make_round([30, 10])
    people, results = gather(study), build_results(study)
    bare = build_items(people, results.card.hidden)
    assert find_remainders(bare, "kind_of") == [10]
    assert find_remainders(results.items, "kind_of") == []
    (taken,) = [row for row in results.items if (row.item, row.group) == ("kind_of", "g0")]
    assert "so that the one of a smaller group cannot be worked out" in taken.note


def test_large_groups_keep_their_distributions():
    rows = build_results(make_round([30, 25])).items
    assert {row.group for row in rows if row.item == "fair" and row.distribution} == {ALL, "g0", "g1"}
