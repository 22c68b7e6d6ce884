"""Counts by column are those of a plain reading, person by person, in whatever order and portions people come."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_reading import find_members, read_plainly
from study_builders import (
    DK,
    NA,
    NOT_IN_CHANNEL,
    invite,
    make_definition,
    make_question,
    make_response,
    make_scored,
    make_study,
)

from exports.disclosure import ALL, BASES
from exports.scorecards import counting
from exports.scorecards.people import gather
from exports.scorecards.results import build_results
from exports.statistics.counted import count_rows

DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A", weight=0.3, reverse=True),
    make_scored("a3", "A", map={1: 0, 2: 33.3, 4: 70, 5: 100}),
    make_scored("b1", "B"),
    make_scored("b2", "B", core=True),
    make_scored("c1", "C"),
    make_question("one", "select_one"),
    make_question("many", "select_multiple"),
    make_question("recommend", "nps"),
)
GROUPS = ("ngo", "community", "government", None)


@st.composite
def rounds(draw, closed=True):
    """People of several groups with gaps, some of whom do not count."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    gaps, groups = draw(st.sampled_from([0, 0.1, 0.4])), GROUPS[: draw(st.integers(1, 4))]

    def answer(question):
        if chance.random() < gaps:
            return chance.choice([DK, NA, NOT_IN_CHANNEL, None])
        if question.type == "select_multiple":
            return tuple(sorted(chance.sample(range(1, 6), chance.randint(1, 3))))
        return chance.randint(0, 10) if question.type == "nps" else chance.randint(1, 5)

    people = [
        make_response(
            number,
            chance.choice(groups),
            {question.id: answer(question) for question in DEFINITION.questions.values()},
            disposition=chance.choice(["I", "I", "P", "R"]),
            channel_first=chance.choice(["web", "sms"]),
        )
        for number in range(draw(st.sampled_from([0, 1, 7, 30, 80])))
    ]
    answered = Counter(one.group for one in people if one.disposition != "R")
    cases = draw(st.sampled_from([None, invite({group: (answered[group], 99) for group in groups})]))
    return make_study(DEFINITION, people, cases=cases, closed=closed)


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_counts_are_those_of_a_plain_reading(study):
    people, persons = gather(study), read_plainly(study)
    assert {group: n for group, n in people.counts.items() if n} == Counter(one.group for one in persons)
    assert people.n == len(persons)
    for column in (ALL, *people.breakdown.cells):
        own = [persons[place] for place in find_members(people, persons, column)]
        for basis in BASES:
            rows = [[scored.pick(basis) for scored in one.scores] for one in own]
            for place in range(3):
                scores = Counter(row[place] for row in rows if row[place] is not None)
                assert people.count_scores([column], basis, place) == scores
            for places in ([0, 1, 2], [0, 2]):
                joint = people.join_scores([column], basis, places)
                plain = count_rows([[row[place] for place in places] for row in rows])
                assert joint.n == plain.n
                assert not plain.n or (joint.pairs, joint.columns) == (plain.pairs, plain.columns)
        recommended = Counter(n for one in own if isinstance(n := one.answers["recommend"], int))
        assert people.count_recommendations(people.list_groups([column])) == recommended
        assert people.list_places([column]).tolist() == find_members(people, persons, column)
        answers = Counter(one.answers["many"] for one in own)
        assert people.count_answers("many", people.list_places([column])) == answers


@settings(max_examples=25, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_no_digit_depends_on_the_order_or_the_portions_in_which_people_come(study, chance):
    responses = list(study.responses())
    chance.shuffle(responses)
    other = study.with_responses(lambda: iter(responses))
    told = build_results(study, weighted=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("exports.columns.LENGTH", 3)
        patch.setattr(counting, "_MANY", 7)
        again = build_results(other, weighted=True)
    for table in ("items", "reliability", "groups", "rates"):
        assert getattr(again, table) == getattr(told, table)
    assert again.card.rows == told.card.rows
    assert again.card.hidden == told.card.hidden


def test_while_a_round_is_open_nobody_is_told_apart():
    study = make_study(DEFINITION, [make_response(1, "ngo", {})], closed=False)
    assert gather(study).n == 1
    with pytest.raises(ValueError, match="once the round is closed"):
        _ = gather(study).persons
    assert gather(replace(study, closed=True)).persons.ids.tolist() == [b"r00001"]
