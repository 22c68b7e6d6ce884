"""An attacker with all published rows and linear algebra: nothing that stands on fewer than k people can be solved.

What is unknown is each person's score on each basis of one domain; where both are made of the same answers they are one
unknown. Every published row is a known sum over unknowns. A row combination that touches only people of a set smaller
than k would be a disclosure: it exists exactly when leaving out these people's columns lowers the rank.
"""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_builders import DK, NOT_IN_CHANNEL, answer_all, invite, make_definition, make_scored, make_study
from vectors_file import VECTORS

from exports.disclosure import ALL, COMBINED, CORE, FULL
from exports.scorecards import build_scorecard
from exports.scorecards.estimates import OVERALL
from exports.scorecards.reach import GROUP_EQUAL
from exports.scorecards.scores import list_domain_items
from exports.statistics.intervals import COARSE

K = 5
DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A"),
    make_scored("b1", "B", core=True),
    make_scored("b2", "B"),
    make_scored("b3", "B"),
    make_scored("c1", "C"),
    k=K,
)
GROUPS = ("community", "government", "ngo", "donor")


@st.composite
def rounds(draw):
    """People of several groups, some texting (core only), some without an answer here and there."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    sizes = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))
    texting, silent = draw(st.sampled_from([0, 0.2, 0.5, 0.8, 1])), draw(st.sampled_from([0, 0.1, 0.4]))
    return {
        group: [_answer(chance, texting, silent) for _ in range(size)]
        for group, size in zip(GROUPS, sizes, strict=False)
    }


def _answer(chance, texting, silent):
    texts = chance.random() < texting
    answers = {}
    for name, question in DEFINITION.questions.items():
        if texts and not question.score.core:
            answers[name] = NOT_IN_CHANNEL
        else:
            answers[name] = DK if chance.random() < silent else chance.randint(1, 5)
    return answers


def build_card(groups):
    cases = invite({group: (len(people), len(people) + 6) for group, people in groups.items()})
    return build_scorecard(make_study(DEFINITION, answer_all(groups), cases=cases, labels=groups))


def list_unknowns(groups, place):
    """Give, for each person, the group and the unknowns of one domain by basis."""
    items = list_domain_items(DEFINITION)
    for number, (group, answers) in enumerate((g, a) for g, people in groups.items() for a in people):
        person = items[place].score(answers, 0.5)
        core, full = person.core is not None, person.full is not None
        shared = core and full and not person.differing
        yield (
            number,
            group,
            {CORE: (number, "same" if shared else CORE) if core else None}
            | {FULL: (number, "same" if shared else FULL) if full else None},
        )


def find_disclosed(card, groups, domain, k):
    """Give the smallest set of people that published rows of a domain can be solved for, if it is below k."""
    place = [known.id for known in card.plan.domains].index(domain)
    people = list(list_unknowns(groups, place))
    columns = sorted({unknown for _, _, own in people for unknown in own.values() if unknown})
    rows = []
    for row in card.rows:
        if row.domain == domain and row.score is not None and row.group != GROUP_EQUAL:
            members = {
                ALL: set(groups),
                COMBINED: set(card.breakdown.combined),
            }.get(row.group, {row.group})
            sums = {own[row.basis] for _, group, own in people if group in members and own[row.basis]}
            assert row.n == len(sums)
            rows.append([1.0 if column in sums else 0.0 for column in columns])
    if not rows:
        return None
    matrix = np.array(rows)
    rank = np.linalg.matrix_rank(matrix)
    # People whose columns look the same cannot be told apart: try unions of such kinds only.
    kinds = {}
    for number, _, own in people:
        places = [columns.index(unknown) for unknown in {u for u in own.values() if u}]
        look = tuple(sorted(tuple(matrix[:, place]) for place in places))
        kinds.setdefault(look, []).append((number, places))
    small = [members for look, members in kinds.items() if look and len(members) < k]
    for size in range(1, len(small) + 1):
        for union in combinations(small, size):
            if sum(map(len, union)) < k:
                gone = {place for members in union for _, places in members for place in places}
                rest = [place for place in range(len(columns)) if place not in gone]
                if np.linalg.matrix_rank(matrix[:, rest]) < rank:
                    return [number for members in union for number, _ in members]
    return None


@settings(max_examples=300, deadline=None)
@given(rounds())
def test_nothing_that_stands_on_fewer_than_k_people_can_be_solved(groups):
    card = build_card(groups)
    for domain in ("A", "B", "C"):
        assert find_disclosed(card, groups, domain, K) is None


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_overalls_and_groups_alike_say_nothing_that_the_domains_do_not(groups):
    card = build_card(groups)
    coarse = {(row.basis, row.domain) for row in card.rows if row.ci_method == COARSE}
    for row in card.rows:
        if row.score is None or (row.domain != OVERALL and row.group != GROUP_EQUAL):
            continue
        if coarse and (row.domain == OVERALL or (row.basis, row.domain) in coarse):
            continue
        assert row.score == pytest.approx(_work_out(card, row.basis, row.domain, row.group))


def _work_out(card, basis, domain, group):
    """Work an overall or a group-equal mean out from the published rows of domains and columns alone."""
    if domain == OVERALL and group != GROUP_EQUAL:
        rows = [row for row in card.rows if (row.basis, row.group) == (basis, group) and row.domain != OVERALL]
        return np.mean([row.score for row in rows if row.score is not None])
    columns = [card.find(basis, domain, column) for column in card.breakdown.cells]
    means = [row.score for row in columns if row.score is not None]
    if any(row.status == "Q" for row in columns) and "count together" in card.find(basis, domain, group).note:
        means.append(_work_out_joint(card, basis, domain))
    return np.mean(means)


def _work_out_joint(card, basis, domain):
    """Work out the mean of all hidden columns together: the whole less what is shown."""
    names = [domain] if domain != OVERALL else [known.id for known in card.plan.domains]
    joint = {c for c in card.breakdown.cells if card.find(basis, domain, c).status == "Q"}
    means = []
    for name in names:
        whole = card.find(basis, name, ALL)
        if whole is None or whole.score is None:
            continue
        others = [card.find(basis, name, column) for column in card.breakdown.cells if column not in joint]
        known = [row for row in others if row.score is not None]
        n = whole.n - sum(row.n for row in known)
        means.append((whole.n * whole.score - sum(row.n * row.score for row in known)) / n)
    return np.mean(means)


@settings(max_examples=150, deadline=None)
@given(rounds())
def test_a_hidden_row_tells_no_number_at_all(groups):
    for row in build_card(groups).rows:
        if row.status == "Q":
            numbers = (row.n, row.n_eligible, row.rr2, row.score, row.ci_lo, row.ci_hi, row.ci_method, row.band)
            assert numbers == (None,) * 8
        elif row.n is not None:
            assert row.n == 0 or row.n >= K


def test_the_worked_attack_gets_the_combination_and_nothing_else():
    worked = VECTORS["V21"]
    codes = {
        "community": [3, 4, 3, 2, 4, 3],
        "government": [4, 4, 4, 4],
        "ngo": [5, 5, 4, 5, 4, 5, 4, 5],
    }
    definition = make_definition(make_scored("q", "TRST"))
    groups = {group: [{"q": code} for code in own] for group, own in codes.items()}
    card = build_scorecard(make_study(definition, answer_all(groups)))
    score = {row.group: row.score for row in card.rows if row.domain == "TRST" and row.basis == FULL}
    n = {row.group: row.n for row in card.rows if row.domain == "TRST" and row.basis == FULL}
    assert score[ALL] == worked["pooled"]
    assert (score["community"], score["government"]) == (None, None)
    assert n[COMBINED] == worked["merged_community_government"]["n"]
    assert score[COMBINED] == worked["merged_community_government"]["mean"]
    assert score[GROUP_EQUAL] == worked["group_equal_after_merge"]
    by_total = n[ALL] * score[ALL] - n["ngo"] * score["ngo"]
    by_groups_alike = 2 * score[GROUP_EQUAL] - score["ngo"]
    assert by_total / (n[ALL] - n["ngo"]) == by_groups_alike == score[COMBINED]


def test_the_attack_does_find_a_person_where_the_gate_is_left_out(monkeypatch):
    groups = {"community": [{"a1": 3, "a2": 3, "b1": 3, "b2": 3, "b3": 3, "c1": 3}] * 9}
    groups["ngo"] = [dict.fromkeys(DEFINITION.questions, 4)] * 4
    card = build_card(groups)
    leaky = [row for row in card.rows if row.group == ALL]
    from dataclasses import replace

    shown = replace(leaky[0], domain="C", basis=FULL, group="community", n=9, score=50.0)
    assert find_disclosed(replace(card, rows=(*leaky, shown)), groups, "C", K) is not None
