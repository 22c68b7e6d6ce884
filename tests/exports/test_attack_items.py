"""An attacker with the scorecard and the table of questions: together they speak of nobody, and of no four people."""

import random

from attacker import find_few
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_reading import find_members, read_plainly
from study_builders import DK, NOT_IN_CHANNEL, answer_all, invite, make_definition, make_scored, make_study

from exports.disclosure import ALL, CORE
from exports.scorecards.people import gather
from exports.scorecards.results import build_results
from exports.scorecards.telling import choose_told

K = 5
DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A"),
    make_scored("a3", "A", weight=2),
    k=K,
)
ITEMS = ("a1", "a2", "a3")
WEIGHTS = {"a1": 1, "a2": 1, "a3": 2}
GROUPS = ("community", "government", "ngo")


@st.composite
def rounds(draw):
    """People of several groups, some texting, some with gaps, so that their patterns of answers differ."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    sizes = draw(st.lists(st.integers(0, 16), min_size=1, max_size=3))
    texting, silent = draw(st.sampled_from([0, 0.3, 0.6])), draw(st.sampled_from([0, 0.05, 0.15, 0.3]))

    def answer():
        texts = chance.random() < texting
        return {
            name: NOT_IN_CHANNEL if texts and name != "a1" else DK if chance.random() < silent else chance.randint(1, 5)
            for name in ITEMS
        }

    return {group: [answer() for _ in range(size)] for group, size in zip(GROUPS, sizes, strict=False)}


def make_round(groups):
    cases = invite({group: (len(people), len(people) + 6) for group, people in groups.items()})
    return make_study(DEFINITION, answer_all(groups), cases=cases, labels=groups)


def write_equations(study):
    """Write every published number of the domain and its questions as an equation over single answers."""
    people, results = gather(study), build_results(study)
    persons = read_plainly(study)
    answers = [person.answers for person in persons]
    equations = []
    for row in results.card.rows:
        members = find_members(people, persons, row.group)
        if row.domain == "A" and row.score is not None and members:
            names = [name for name in ITEMS if row.basis != CORE or name == "a1"]
            equations.append({})
            for person in members:
                given = [name for name in names if isinstance(answers[person][name], int)]
                if persons[person].scores[0].pick(row.basis) is not None:
                    whole = sum(WEIGHTS[name] for name in given)
                    equations[-1] |= {(person, name): WEIGHTS[name] / whole for name in given}
    told = choose_told(people, 0, results.card.hidden["A"])
    for row in results.items:
        if row.mean is not None:
            given = [p for p in told.places[row.group] if isinstance(answers[p][row.item], int)]
            assert row.n == len(given) >= K
            equations.append({(person, row.item): 1.0 for person in given})
    return equations


@settings(max_examples=150, deadline=None)
@given(rounds())
def test_scores_and_questions_together_speak_of_no_fewer_than_k_people(groups):
    assert find_few(write_equations(make_round(groups)), K) is None


def test_most_of_an_ordinary_round_is_told():
    chance = random.Random(2)
    people = [{name: DK if chance.random() < 0.03 else chance.randint(1, 5) for name in ITEMS} for _ in range(60)]
    rows = [row for row in build_results(make_round({"ngo": people})).items if row.group == ALL]
    assert all(row.mean is not None and row.n >= 50 for row in rows)


def test_the_attacker_does_find_the_one_who_did_not_know_where_nobody_is_left_out(monkeypatch):
    groups = {"ngo": [{"a1": 3, "a2": 4, "a3": 5}] * 20 + [{"a1": 3, "a2": DK, "a3": 5}]}
    assert find_few(write_equations(make_round(groups)), K) is None
    monkeypatch.setattr("exports.scorecards.telling.leave_out", lambda classes, k, bases: {})
    assert find_few(write_equations(make_round(groups)), K) == [20]
