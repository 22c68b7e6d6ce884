"""An attacker who wrote down every publication of an open round: all of them together speak of no four people."""

import random

from attacker import find_few
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_reading import find_members, read_plainly
from study_builders import (
    DK,
    NOT_IN_CHANNEL,
    invite,
    make_definition,
    make_question,
    make_response,
    make_scored,
    make_study,
)

from exports.disclosure import FULL
from exports.scorecards.people import gather
from exports.scorecards.published import Publication, count_groups, dump_publication, load_publication, may_replace
from exports.scorecards.reach import GROUP_EQUAL
from exports.scorecards.results import build_results

K = 5
DEFINITION = make_definition(
    make_scored("a1", "A", core=True),
    make_scored("a2", "A"),
    make_scored("b1", "B"),
    make_question("nps", "nps"),
    k=K,
)
GROUPS = ("community", "government", "ngo")


def invent(chance, texting, silent):
    texts = chance.random() < texting
    return {
        name: NOT_IN_CHANNEL
        if texts and name in ("a2", "b1")
        else DK
        if chance.random() < silent
        else chance.randint(1, 5)
        for name in DEFINITION.questions
    }


@st.composite
def fieldworks(draw):
    """People in the order in which they answer, and how many of them there are at each look at the results."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    texting, silent = draw(st.sampled_from([0, 0.4])), draw(st.sampled_from([0, 0.1, 0.3]))
    groups = GROUPS[: draw(st.integers(1, 3))]
    people = [(chance.choice(groups), invent(chance, texting, silent)) for _ in range(draw(st.integers(10, 60)))]
    looks = sorted(draw(st.lists(st.integers(1, len(people)), min_size=2, max_size=6)))
    return people, looks


def make_round(people):
    answered = {group: sum(one == group for one, _ in people) for group in GROUPS}
    responses = [make_response(number, group, answers) for number, (group, answers) in enumerate(people)]
    cases = invite({group: (n, n + 7) for group, n in answered.items()})
    return make_study(DEFINITION, responses, cases=cases, labels=GROUPS, closed=False)


def publish_all(people, looks):
    """Look at the results again and again, as the service does, and give what was told each time with its people."""
    told, last = [], None
    for look in looks:
        study = make_round(people[:look])
        earlier = last.suppression if last else None
        counted = gather(study, earlier.breakdown if earlier else None)
        candidate = Publication(build_results(study, counted, earlier=earlier), count_groups(counted))
        if "all" in counted.reach and (last is None or may_replace(last, candidate, K)):
            last = load_publication(dump_publication(candidate), DEFINITION)
            told.append((last, counted))
    return told


def write_equations(told, domain):
    for publication, people in told:
        place = people.domain_ids.index(domain) if domain != "NPS" else None
        persons = read_plainly(people.study)
        for row in publication.tables.card.rows:
            members = find_members(people, persons, row.group)
            if row.domain != domain or row.n is None or row.status == "Q" or row.group == GROUP_EQUAL:
                continue
            equation = {}
            for person in members:
                if place is None:
                    if isinstance(persons[person].answers["nps"], int):
                        equation[person, "nps"] = 1.0
                    continue
                scores = persons[person].scores[place]
                if scores.pick(row.basis) is not None:
                    both = scores.core is not None and scores.full is not None
                    equation[person, "same" if both and not scores.differing else row.basis] = 1.0
            assert row.n == len(equation)
            yield equation


@settings(max_examples=150, deadline=None)
@given(fieldworks())
def test_all_publications_of_an_open_round_together_speak_of_no_fewer_than_k_people(fieldwork):
    people, looks = fieldwork
    told = publish_all(people, looks)
    for domain in ("A", "B", "NPS"):
        assert find_few(list(write_equations(told, domain)), K) is None


def make_people(*groups):
    chance = random.Random(5)
    return [(group, invent(chance, 0, 0)) for group in groups]


def find_shown_n(publication, group="all"):
    return publication.tables.card.find(FULL, "B", group).n


def test_newer_numbers_are_told_when_five_more_have_answered():
    people = make_people(*["ngo"] * 20)
    assert [find_shown_n(p) for p, _ in publish_all(people, [8, 12, 13, 17, 18, 20])] == [8, 13, 18]


def test_a_group_with_one_new_answer_waits_for_four_more():
    people = make_people(*["ngo"] * 8, *["community"] * 8, *["ngo"] * 6, "community", *["community"] * 4)
    assert [find_shown_n(p) for p, _ in publish_all(people, [16, 22, 23, 27])] == [16, 22, 27]


def test_a_group_that_was_hidden_once_stays_combined_until_the_close():
    """Its later number, less the others that did not change, would tell what its first four said."""
    people = make_people(*["ngo"] * 4, *["community"] * 8, *["government"] * 9, *["ngo"] * 6)
    told = publish_all(people, [21, 27])
    assert [find_shown_n(p) for p, _ in told] == [21, 27]
    assert {"ngo", "community"} == set(told[-1][0].tables.card.breakdown.combined)


def test_a_group_that_comes_later_is_told_when_it_is_large_enough():
    people = make_people(*["ngo"] * 9, *["community"] * 6, *["ngo"] * 2, *["community"] * 4)
    told = publish_all(people, [9, 15, 21])
    assert [(find_shown_n(p), p.tables.card.breakdown.cells) for p, _ in told] == [
        (9, ("ngo",)),
        (15, ("community", "ngo")),
    ]


def test_below_k_nothing_is_told_and_the_first_five_begin():
    assert [find_shown_n(p) for p, _ in publish_all(make_people(*["ngo"] * 9), [3, 4, 5, 9])] == [5]


def test_questions_reliability_and_groups_are_told_after_the_close():
    study = make_round(make_people(*["ngo"] * 30, *["community"] * 30))
    open_round = build_results(study)
    assert (open_round.items, open_round.reliability, open_round.groups) == ((), (), ())
    assert open_round.rates


def test_a_publication_is_read_back_as_it_was_told():
    people = gather(make_round(make_people(*["ngo"] * 30, *["community"] * 12, *["government"] * 2)))
    told = Publication(build_results(people.study, people, weighted=True), count_groups(people))
    again = load_publication(dump_publication(told), DEFINITION)
    assert again.tables.card.rows == told.tables.card.rows
    assert again.tables.rates == told.tables.rates
    assert again.counts == told.counts
    assert again.suppression == told.suppression
    assert again.tables.card.reach == told.tables.card.reach
