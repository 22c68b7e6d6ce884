import random

import pytest
from study_builders import (
    DK,
    NA,
    NOT_IN_CHANNEL,
    SKIPPED,
    answer_all,
    invite,
    make_definition,
    make_question,
    make_response,
    make_scored,
    make_study,
)

from exports.disclosure import ALL, COMBINED
from exports.scorecards.results import build_results
from exports.statistics.counted import count_rows
from exports.statistics.reliability import find_alpha

DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A"),
    make_scored("a3", "A", reverse=True),
    make_scored("b1", "B", core=True),
    make_question("mine", "select_one"),
    make_question("gains", "select_multiple"),
    make_question("which", "select_one"),
    group_by="which",
)


def answer(a1=4, a2=4, a3=2, b1=4, mine=1, gains=(1,), **more):
    return {"a1": a1, "a2": a2, "a3": a3, "b1": b1, "mine": mine, "gains": gains, "which": 1, **more}


def crowd(n, seed=1, **more):
    chance = random.Random(seed)
    return [answer(*(chance.randint(1, 5) for _ in range(4)), mine=chance.randint(1, 3), **more) for _ in range(n)]


def build(groups, invited=None, **more):
    cases = None if invited is None else invite({g: (len(groups.get(g, [])), n) for g, n in invited.items()})
    return build_results(make_study(DEFINITION, answer_all(groups), cases=cases, labels=groups, **more))


def find(rows, **facts):
    (found,) = [row for row in rows if all(getattr(row, name) == value for name, value in facts.items())]
    return found


def test_a_question_has_its_mean_its_top_two_share_and_its_distribution():
    people = [answer(a1=code) for code in (5, 4, 4, 2, 1) for _ in range(5)]
    row = find(build({"ngo": people}, {"ngo": 40}).items, item="a1", group=ALL)
    assert (row.n, row.left_out, row.asked, row.dk, row.na, row.missing) == (25, 0, 25, 0, 0, 0)
    assert row.mean == 55.0
    assert row.ci_lo < 55 < row.ci_hi
    assert row.top2 == 0.6
    assert row.distribution == {"1": 5, "2": 5, "3": 0, "4": 10, "5": 5}
    assert (row.domain, row.status) == ("A", "A")


def test_the_two_best_answers_of_a_reversed_question_are_its_lowest_codes():
    people = [answer(a3=1 if place < 15 else 5) for place in range(25)]
    assert find(build({"ngo": people}).items, item="a3", group=ALL).top2 == 0.6


def test_gaps_are_counted_by_their_reason_and_a_quarter_of_dont_know_is_said():
    gaps = [DK] * 10 + [NA] * 5 + [SKIPPED] * 5 + [NOT_IN_CHANNEL] * 5
    people = [answer(b1=4)] * 15 + [answer(b1=gap) for gap in gaps]
    row = find(build({"ngo": people}).items, item="b1", group=ALL)
    assert (row.n, row.asked, row.dk, row.na, row.missing) == (15, 30, 10, 5, 5)
    assert row.dk_share == pytest.approx(1 / 3)
    assert "Not known by this group" in row.note


def test_rare_patterns_of_answers_are_left_out_with_as_many_others_as_make_five():
    people = crowd(30)
    people[0]["a2"] = DK
    results = build({"ngo": people})
    row = find(results.items, item="a1", group=ALL)
    assert (row.n, row.left_out) == (25, 5)
    assert "5 more answered" in row.note
    assert find(results.items, item="a2", group=ALL).left_out == 4
    assert results.card.find("full", "A", ALL).n == 30


def test_where_too_few_would_stay_nothing_of_the_questions_is_told():
    people = crowd(8)
    people[0]["a2"] = DK
    row = find(build({"ngo": people}).items, item="a1", group=ALL)
    assert (row.status, row.n, row.asked, row.mean) == ("Q", None, None, None)


def test_a_domain_that_is_hidden_tells_nothing_of_its_questions():
    people = [answer(a1=DK, a2=DK, a3=DK) for _ in range(20)] + crowd(4)
    rows = [row for row in build({"ngo": people}).items if row.domain == "A"]
    assert {row.status for row in rows} == {"Q"}
    assert {(row.n, row.mean, row.dk, row.distribution) for row in rows} == {(None,) * 4}


def test_below_twenty_answers_there_is_no_distribution():
    row = find(build({"ngo": crowd(19)}).items, item="mine", group=ALL)
    assert (row.n, row.distribution, row.status) == (19, None, "U")


def test_choices_are_counted_and_the_question_of_the_group_is_not_told():
    people = crowd(25, gains=(1, 3))
    items = build({"ngo": people}).items
    assert find(items, item="gains", group=ALL).distribution == {"1": 25, "2": 0, "3": 25, "4": 0, "5": 0}
    assert sum(find(items, item="mine", group=ALL).distribution.values()) == 25
    assert not [row for row in items if row.item == "which"]


def test_questions_are_told_by_the_columns_of_the_scorecard():
    items = build({"ngo": crowd(12), "donor": crowd(8, 2), "school": crowd(2, 3), "media": crowd(4, 4)}).items
    assert {row.group for row in items} == {ALL, "ngo", "donor", COMBINED}


def test_the_reliability_of_domains_and_of_the_core_index_is_that_of_complete_answers():
    people = crowd(40)
    scores = [[25.0 * (p["a1"] - 1), 25.0 * (p["a2"] - 1), 100 - 25.0 * (p["a3"] - 1)] for p in people]
    rows = build({"ngo": [*people, answer(a1=DK)]}).reliability
    row = find(rows, scale="A")
    assert row.coefficient == pytest.approx(find_alpha(count_rows(scores)))
    assert (row.n, row.items) == (40, "a1 a2 a3")
    assert find(rows, scale="core_index").items == "a1 b1"
    assert not [row for row in rows if row.scale == "B"]


def test_below_twenty_complete_answers_there_is_no_reliability():
    row = find(build({"ngo": crowd(19)}).reliability, scale="A")
    assert (row.coefficient, row.n, row.status) == (None, None, "L")
    assert "Fewer than 20" in row.note


def test_each_group_is_compared_with_the_rest_and_not_with_a_total_that_contains_it():
    high, low = [answer(b1=5 - place % 2) for place in range(15)], [answer(b1=1 + place % 2) for place in range(15)]
    results = build({"ngo": high, "donor": low}, {"ngo": 30, "donor": 30})
    row = find(results.groups, subject="B", group="ngo")
    ours, theirs = (results.card.find("core", "B", group).score for group in ("ngo", "donor"))
    assert row.difference == pytest.approx(ours - theirs)
    assert (row.word, row.adjustment, row.n, row.n_rest) == ("higher", "Holm", 15, 15)
    assert find(results.groups, subject="B", group="donor").word == "lower"
    assert row.p <= row.p_adj


def test_groups_below_ten_are_not_compared_and_hidden_ones_say_nothing():
    groups = build({"ngo": crowd(15), "donor": crowd(6, 2), "school": crowd(12, 3)}).groups
    assert find(groups, subject="B", group="donor").word == "too few answers"
    hidden = build({"ngo": crowd(15), "donor": [answer(b1=DK)] * 3 + crowd(4), "school": crowd(12, 3)}).groups
    row = find(hidden, subject="B", group="donor")
    assert (row.status, row.difference, row.n, row.p) == ("Q", None, None, None)


def test_choices_of_a_group_are_compared_with_those_of_the_rest():
    one, other = [answer(mine=1) for _ in range(15)], [answer(mine=2) for _ in range(15)]
    row = find(build({"ngo": one, "donor": other}).groups, subject="mine", group="ngo")
    assert (row.word, row.method, row.difference) == ("different", "chi-square", None)


def test_a_round_with_one_group_compares_nobody():
    assert build({"ngo": crowd(30)}).groups == ()


def test_rates_are_told_for_everybody_and_by_group_but_not_for_hidden_groups():
    groups = {"ngo": crowd(15), "donor": crowd(3), "school": crowd(4)}
    rates = build(groups, {"ngo": 20, "donor": 9, "school": 8, "media": 4}).rates
    whole = find(rates, by="all")
    assert (whole.cases["I"], whole.cases["NC"], whole.rr2) == (22, 19, pytest.approx(22 / 41))
    assert whole.rr6 == whole.rr2
    assert find(rates, part="ngo").rr1 == 0.75
    assert find(rates, part="media").rr2 == 0
    hidden = find(rates, part="donor")
    assert (hidden.status, hidden.cases, hidden.rr2) == ("Q", None, None)


def test_rates_that_drop_the_unknown_are_told_only_where_there_are_none():
    responses = answer_all({"ngo": crowd(8)})
    study = make_study(DEFINITION, responses, cases={"ngo": {"I": 8, "UO": 2, "NE": 3}}, closed=False)
    whole = find(build_results(study).rates, by="all")
    assert (whole.rr1, whole.rr5, whole.rr6) == (0.8, None, None)
    assert whole.note == "The round is open: the rates so far."


def test_an_open_link_has_no_rate():
    (row,) = build({"ngo": crowd(15)}).rates
    assert (row.status, row.rr2, row.cases) == ("L", None, None)


def test_rates_by_channel_of_first_contact_pass_the_gate_too():
    responses = [make_response(n, "ngo", answers) for n, answers in enumerate(crowd(12))]
    study = make_study(DEFINITION, responses, cases={"ngo": {"I": 12, "NC": 4}})
    by_channel = {"web": {"I": 10, "NC": 2}, "sms": {"I": 2, "NC": 2}}
    from dataclasses import replace

    frame = replace(study.frame, by_channel=by_channel)
    study = replace(study, find_frame=lambda: frame)
    rates = build_results(study).rates
    assert {row.status for row in rates if row.by == "channel"} == {"Q"}
