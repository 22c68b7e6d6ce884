"""The people behind one number of a round, and the test that fits two rounds' people (scorecard C11)."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from exports.columns import Column
from exports.disclosure import ALL, CORE
from exports.scorecards.estimates import OVERALL
from exports.scorecards.people import People
from exports.scorecards.promoting import PROMOTERS
from exports.scorecards.results import Results
from exports.scorecards.rows import Row
from exports.scorecards.scorecard import Scorecard
from exports.scorecards.telling import choose_told
from exports.statistics.change import Change, compare_pairs, compare_partly_linked, compare_unlinked
from exports.statistics.counted import find_n
from exports.statistics.intervals import find_mean, find_shares
from exports.statistics.promoters import find_points
from forms.values import Value

if TYPE_CHECKING:
    from numpy import bytes_, float64, intp
    from numpy.typing import NDArray

ENOUGH = 10
"""Answers that each round needs, and pairs that a comparison of the same people needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The people behind a number: who each is in both rounds (UTF-8, empty where nobody knows), and the scores."""

    links: NDArray[bytes_]
    values: NDArray[float64]


@dataclass(frozen=True, slots=True)
class Linked:
    """The scores of two rounds: of those who are in both, earlier and later, and of the others of each."""

    pairs: list[tuple[float, float]]
    before: list[float]
    after: list[float]


def link(before: Scores, after: Scores) -> Linked:
    """Find those who have a score in both rounds."""
    import numpy as np

    known = np.flatnonzero(before.links != b"")
    # the last of those of one name, should there be two
    names, last = np.unique(before.links[known][::-1], return_index=True)
    places = np.searchsorted(names, after.links)
    found = np.isin(after.links, names)
    earlier = before.values[known[::-1][last[places[found]]]]
    return Linked(
        pairs=list(zip(earlier.tolist(), after.values[found].tolist(), strict=True)),
        before=before.values[~np.isin(before.links, after.links[found])].tolist(),
        after=after.values[~found].tolist(),
    )


def choose_test(before: Scores, after: Scores, k: int) -> Change:
    """Compare with the test that fits: the same people, some of them, or nobody linked; two scores on each side.

    The paired test is for rounds in which everybody can be linked. Where some cannot, they stay in: the difference is
    always that of the two published means. A difference of the pairs alone, less those, would speak of the others,
    and that of a round less that of a group, of the few who are left in another group.
    """
    linked = link(before, after)
    if len(linked.pairs) >= ENOUGH and not linked.before and not linked.after:
        return compare_pairs([a for a, _ in linked.pairs], [b for _, b in linked.pairs])
    if len(linked.pairs) >= k:
        return compare_partly_linked(linked.pairs, linked.before, linked.after)
    return compare_unlinked(before.values.tolist(), after.values.tolist())


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
    people, places = side.people, side.people.list_places([column])
    if domain == OVERALL:
        return _list_overall(side, basis, column, places)
    if domain == PROMOTERS:
        asked = people.promoter_question
        assert asked is not None
        return _list(people, people.persons.answers[asked.id].map(_find_points), places)
    return _list(people, _pick(people, basis, people.domain_ids.index(domain)), places)


def list_item(side: Results, domain: str, item: str) -> Scores:
    """Give the scores of a question of all those that the table of questions tells of."""
    people, place = side.people, side.people.domain_ids.index(domain)
    told = choose_told(people, place, side.card.hidden[domain])
    question = next(one for one in told.items if one.id == item)
    return _list(people, people.persons.answers[item].map(question.score), told.places[ALL])


def _list(people: People, scores: Column[float | None], places: NDArray[intp]) -> Scores:
    import numpy as np

    values = _look_up(scores, places)
    has = ~np.isnan(values)
    return Scores(people.persons.links[places][has], values[has])


def _list_overall(side: Results, basis: str, column: str, places: NDArray[intp]) -> Scores:
    import numpy as np

    people, names = side.people, list_shown(side, basis, column)
    shown = [place for place, name in enumerate(people.domain_ids) if name in names]
    rows = np.array([_look_up(_pick(people, basis, place), places) for place in shown])
    present = ~np.isnan(rows).all(axis=0)
    joint = people.join_scores([column], basis, shown)
    means = [find_mean(counts) for counts in joint.columns]
    shares = find_shares(joint.n, [find_n(counts) for counts in joint.columns])
    parts = [np.nan_to_num(share * (row - mean)) for row, mean, share in zip(rows, means, shares, strict=True)]
    # rounded once, since ranks tell apart what differs in the last digit
    moved = np.fromiter(map(fsum, np.transpose(parts)), dtype=np.float64, count=len(places))
    return Scores(people.persons.links[places][present], find_mean(means) + moved[present])


def _pick(people: People, basis: str, place: int) -> Column[float | None]:
    return people.persons.scores[place].map(lambda scored: scored.pick(basis))


def _find_points(answer: Value) -> float | None:
    return find_points(answer) if isinstance(answer, int) else None


def _look_up(scores: Column[float | None], places: NDArray[intp]) -> NDArray[float64]:
    import numpy as np

    values = np.array([np.nan if score is None else score for score in scores.values], dtype=np.float64)
    found: NDArray[float64] = values[scores.places[places]]
    return found
