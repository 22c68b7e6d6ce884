"""An attacker who also looks at every filter: with scores and questions it speaks of no four people."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from attacker import find_few
from hypothesis import given, settings
from hypothesis import strategies as st
from study_builders import DK, NOT_IN_CHANNEL, invite, make_definition, make_response, make_scored, make_study

from exports.disclosure import ALL, BASES, CORE
from exports.scorecards.filtering import CHANNEL, GROUP, LANGUAGE, build_filters
from exports.scorecards.results import build_results
from exports.scorecards.scores import list_domain_items, score_domain
from exports.scorecards.telling import choose_told

K = 5
DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A"),
    make_scored("a3", "A", weight=2),
    k=K,
)
ITEMS = ("a1", "a2", "a3")
GROUPS, CHANNELS, LANGUAGES = ("community", "government", "ngo"), ("web", "sms"), ("en", "fr", "sw")


@st.composite
def rounds(draw):
    """People of several groups, channels and languages, which may hang together, with and without gaps."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    silent = draw(st.sampled_from([0, 0.05, 0.2]))
    texting, joined = draw(st.sampled_from([0, 0.3, 0.6])), draw(st.sampled_from([0, 0.5, 0.95]))
    core_only = draw(st.booleans())
    people = []
    for group, size in zip(GROUPS, draw(st.lists(st.integers(0, 24), min_size=1, max_size=3)), strict=False):
        for _ in range(size):
            # with `joined`, who is of the first group texts and speaks the first language more often
            home = chance.random() < joined
            texts = home if home and group == "community" else chance.random() < texting
            language = LANGUAGES[GROUPS.index(group)] if home else chance.choice(LANGUAGES[:2])
            answers = {
                name: NOT_IN_CHANNEL
                if texts and core_only and name != "a1"
                else DK
                if chance.random() < silent
                else chance.randint(1, 5)
                for name in ITEMS
            }
            people.append((group, "sms" if texts else "web", language, answers))
    return people


def make_round(people):
    groups = {group: sum(one[0] == group for one in people) for group in GROUPS}
    responses = [
        make_response(number, group, answers, channel_first=channel, channel_last=channel, language=language)
        for number, (group, channel, language, answers) in enumerate(people)
    ]
    return make_study(DEFINITION, responses, cases=invite({g: (n, n + 3) for g, n in groups.items()}), labels=GROUPS)


def write_equations(people, study):
    """Write all that is published of the domain as equations over single answers, as anybody could who knows all."""
    results = build_results(study)
    filters = build_filters(study, results)
    card, (items,) = results.card, list_domain_items(DEFINITION)
    everybody = range(len(people))
    column = {n: results.people.find_column(people[n][0]) for n in everybody}
    views = [(card, ALL, list(everybody))]
    views += [(card, cell, [n for n in everybody if column[n] == cell]) for cell in card.breakdown.cells]
    for choice, tables in filters.tables.items():
        where = {CHANNEL: 1, LANGUAGE: 2}.get(choice.attribute)
        if where is not None:
            members = [n for n in everybody if people[n][where] == choice.value]
            assert len(members) == choice.n >= K
            assert len(people) - len(members) == 0 or len(people) - len(members) >= K
            views.append((tables.card, ALL, members))
    equations = []
    for shown, cell, members in views:
        for basis in BASES:
            row = shown.find(basis, "A", cell)
            if row is None or row.score is None:
                continue
            equation, asked = {}, items.core if basis == CORE else items.full
            for person in members:
                score = score_domain(asked, people[person][3], 0.5)
                if score.score is not None:
                    said = [item for item in asked if isinstance(people[person][3][item.id], int)]
                    whole = sum(item.weight for item in said)
                    equation |= {(person, item.id): item.weight / whole for item in said}
            assert row.n == len({person for person, _ in equation})
            equations.append(equation)
    told = choose_told(results.people, 0, card.hidden["A"])
    for row in results.items:
        if row.mean is not None:
            given = [p for p in told.places[row.group] if isinstance(people[p][3][row.item], int)]
            equations.append({(person, row.item): 1.0 for person in given})
    return equations


@settings(max_examples=120, deadline=None)
@given(rounds())
def test_filters_together_with_all_else_speak_of_no_fewer_than_k_people(people):
    assert find_few(write_equations(people, make_round(people)), K) is None


def make_plain(*parts):
    """People without gaps: (group, channel, language, how many)."""
    chance = random.Random(3)
    return [
        (group, channel, language, {name: chance.randint(1, 5) for name in ITEMS})
        for group, channel, language, count in parts
        for _ in range(count)
    ]


def tell(people, **more):
    study = make_round(people)
    return build_filters(study, build_results(study), **more)


def test_a_large_enough_round_is_filtered_by_group_channel_and_language():
    filters = tell(
        make_plain(
            *((group, channel, language, 6) for group in GROUPS for channel in CHANNELS for language in LANGUAGES)
        )
    )
    assert filters.refused == {}
    assert {(one.attribute, one.value, one.n) for one in filters.tables} == {
        *((GROUP, group, 36) for group in GROUPS),
        *((CHANNEL, channel, 54) for channel in CHANNELS),
        *((LANGUAGE, language, 36) for language in LANGUAGES),
    }
    tables = filters.tables[filters.find("channel:sms")]
    row = tables.card.find("full", "A", ALL)
    assert (row.n, row.round) == (54, "Autumn (channel: Text message)")
    assert row.note.startswith("Only people of this choice.")


def test_two_people_of_a_group_who_came_another_way_keep_that_way_from_being_told():
    """Community less those who text would be two people."""
    filters = tell(make_plain(("community", "sms", "en", 18), ("community", "web", "en", 2), ("ngo", "web", "en", 20)))
    assert set(filters.refused) == {CHANNEL, LANGUAGE}
    assert "fewer than 5 people" in filters.refused[CHANNEL]
    assert {one.attribute for one in filters.tables} == {GROUP}


def test_a_filter_leaves_nobody_or_k_others():
    few = tell(make_plain(("ngo", "web", "en", 30), ("ngo", "web", "fr", 3)))
    assert few.find("language:en") is None
    assert few.find("language:fr") is None
    assert LANGUAGE in few.refused


def test_a_group_is_filtered_by_what_its_column_tells_anyway():
    people = make_plain(("community", "web", "en", 20), ("ngo", "web", "en", 20))
    study = make_round(people)
    results = build_results(study)
    filters = build_filters(study, results)
    tables = filters.tables[filters.find("group:ngo")]
    assert tables.card.find("full", "A", ALL).score == results.card.find("full", "A", "ngo").score
    assert {row.group for row in tables.items} == {ALL}


def test_an_open_round_is_not_filtered():
    study = make_round(make_plain(("community", "web", "en", 20), ("ngo", "sms", "en", 20)))
    study = replace(study, closed=False)
    filters = build_filters(study, build_results(study))
    assert (filters.tables, set(filters.refused)) == ({}, {GROUP, CHANNEL, LANGUAGE})


@pytest.mark.parametrize("attribute", [CHANNEL, LANGUAGE])
def test_one_value_is_no_choice(attribute):
    assert "same" in tell(make_plain(("community", "web", "en", 20), ("ngo", "web", "en", 20))).refused[attribute]


def test_the_attacker_does_find_the_two_where_nothing_is_proved(monkeypatch):
    people = make_plain(("community", "sms", "en", 18), ("community", "web", "en", 2), ("ngo", "web", "en", 20))
    assert find_few(write_equations(people, make_round(people)), K) is None
    monkeypatch.setattr("exports.scorecards.filtering.is_solvable", lambda equations, sizes, k: False)
    assert find_few(write_equations(people, make_round(people)), K) == [18, 19]
