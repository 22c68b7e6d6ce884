"""The people behind one number of a round, and the test that fits two rounds' people (scorecard C11)."""

from __future__ import annotations

from collections.abc import Sequence

from exports.disclosure import ALL, CORE
from exports.scorecards.estimates import OVERALL
from exports.scorecards.items import choose_told
from exports.scorecards.people import People
from exports.scorecards.promoting import PROMOTERS, find_promoter_question
from exports.scorecards.results import Results
from exports.scorecards.rows import Row
from exports.scorecards.scorecard import Scorecard
from exports.scorecards.scores import pick
from exports.statistics.change import Change, compare_pairs, compare_partly_linked, compare_unlinked
from exports.statistics.intervals import find_influence
from exports.statistics.promoters import find_points

ENOUGH = 10
"""Answers that each round needs, and pairs that a comparison of the same people needs."""

Scores = Sequence[tuple[str | None, float]]
"""Who somebody is in both rounds, where that is known, and the score."""


def choose_test(before: Scores, after: Scores, k: int) -> Change:
    """Compare with the test that fits: the same people, some of them, or nobody linked; two scores on each side.

    The paired test is for rounds in which everybody can be linked. Where some cannot, they stay in: the difference is
    always that of the two published means. A difference of the pairs alone, less those, would speak of the others,
    and that of a round less that of a group, of the few who are left in another group.
    """
    earlier = {link: score for link, score in before if link is not None}
    pairs = [(earlier[link], score) for link, score in after if link in earlier]
    both = {link for link, _ in after if link in earlier}
    alone = [score for link, score in before if link not in both], [s for link, s in after if link not in both]
    if len(pairs) >= ENOUGH and not any(alone):
        return compare_pairs([a for a, _ in pairs], [b for _, b in pairs])
    if len(pairs) >= k:
        return compare_partly_linked(pairs, *alone)
    return compare_unlinked([score for _, score in before], [score for _, score in after])


def find_shown(card: Scorecard, basis: str, domain: str, column: str) -> Row | None:
    """Give the number, if the scorecard shows it."""
    row = card.find(basis, domain, column)
    return row if row is not None and row.score is not None else None


def list_shown(side: Results, basis: str, column: str) -> set[str]:
    """Give the domains that an overall is made of."""
    return {name for name in side.people.domain_ids if find_shown(side.card, basis, name, column)}


def list_domain(people: People, domain: str, basis: str) -> list[str]:
    """Give the questions that a domain is made of on a basis."""
    own = people.domains[people.domain_ids.index(domain)]
    return [item.id for item in (own.core if basis == CORE else own.full)]


def list_people(side: Results, basis: str, domain: str, column: str) -> Scores:
    """Give everybody's score behind a number; of an overall, what everybody adds to it."""
    people, places = side.people, side.people.places.get(column, ())
    if domain == PROMOTERS:
        return _list_points(people, places)
    if domain == OVERALL:
        return _list_overall(side, basis, column, places)
    place = people.domain_ids.index(domain)
    found = [(people.links[p], pick(people.scores[p], basis)[place]) for p in places]
    return [(link, score) for link, score in found if score is not None]


def list_item(side: Results, domain: str, item: str) -> Scores:
    """Give the scores of a question of all those that the table of questions tells of."""
    people, place = side.people, side.people.domain_ids.index(domain)
    told = choose_told(people, place, side.card.hidden[domain])
    question = next(one for one in told.items if one.id == item)
    found = [(people.links[p], question.score(people.answers[item][p])) for p in told.places[ALL]]
    return [(link, score) for link, score in found if score is not None]


def _list_points(people: People, places: Sequence[int]) -> Scores:
    question = find_promoter_question(people)
    answers = people.answers[question.id] if question else ()
    return [(people.links[p], find_points(answer)) for p in places if isinstance(answer := answers[p], int)]


def _list_overall(side: Results, basis: str, column: str, places: Sequence[int]) -> Scores:
    people, names = side.people, list_shown(side, basis, column)
    shown = [place for place, name in enumerate(people.domain_ids) if name in names]
    rows = {p: [pick(people.scores[p], basis)[place] for place in shown] for p in places}
    present = {p: row for p, row in rows.items() if any(score is not None for score in row)}
    mean, influence = find_influence(list(present.values()))
    return [(people.links[p], mean + moved) for p, moved in zip(present, influence, strict=True)]
