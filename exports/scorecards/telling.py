"""Whose answers to single questions are told beside the scores: of rare patterns of answers nobody's (C10).

A domain's score less the sums of its questions would speak of the few who left one out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from exports.columns import combine
from exports.columnwise import find_places
from exports.disclosure import ALL, BASES, FEW, FULL, Base, Hidden, Pattern, leave_out
from exports.scorecards.people import People
from exports.scorecards.scores import Item, Scored
from forms.values import Value

if TYPE_CHECKING:
    from numpy import intp
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Told:
    """Whose answers to a domain's questions are told: which items, and by column the people, as places among `persons`.

    `hidden`: column -> the gate's reason; of these columns nothing is told by themselves.
    """

    items: tuple[Item, ...]
    places: Mapping[str, NDArray[intp]]
    hidden: Mapping[str, str] = field(default_factory=dict)


def choose_told(people: People, place: int, hidden: Hidden) -> Told:
    """Decide whose answers to the questions of a domain may be told beside its scores.

    In each cell, and in those hidden together as in one, people whose pattern of answers is rare are left out
    (`leave_out`). Where a cell is hidden on one basis only, its people are left out altogether, and of the others
    only core questions are told.
    """
    items, shown = people.domains[place], [basis for basis in BASES if (basis, ALL) not in hidden]
    if people.domain_ids[place] not in people.core_domains:
        shown = [basis for basis in shown if basis == FULL]
    if not shown:
        return Told((), {}, dict.fromkeys((ALL, *people.breakdown.cells), hidden.get((FULL, ALL), FEW)))
    reasons = {cell: reason for cell in people.cells for basis in shown if (reason := hidden.get((basis, cell)))}
    wider = any((basis, cell) not in hidden for cell in reasons for basis in shown)
    told = items.full if FULL in shown and not wider else items.core
    units = [[cell] for cell in people.cells if cell not in reasons]
    if not wider:
        units.append(list(reasons))
    chosen = {tuple(unit): _leave_out(people, place, told, people.list_places(unit), shown) for unit in units}
    alone = {unit[0]: places for unit, places in chosen.items() if len(unit) == 1 and unit[0] not in reasons}
    return Told(told, {**alone, ALL: _merge(chosen.values())}, reasons)


def list_left_out(people: People, hidden: Mapping[str, Hidden]) -> Iterator[tuple[str, list[str]]]:
    """Give each domain with the responses that answer its told questions and are left out of their numbers."""
    import numpy as np

    persons = people.persons
    for place, domain in enumerate(people.domain_ids):
        told = choose_told(people, place, hidden[domain])
        answered = _merge(
            find_places(persons.answers[item.id].map(partial(_has_score, item)), {True}) for item in told.items
        )
        left = np.setdiff1d(answered, told.places.get(ALL, ()))
        yield domain, [id_.decode() for id_ in persons.ids[left].tolist()]


def _leave_out(
    people: People, place: int, items: Sequence[Item], unit: NDArray[intp], bases: Sequence[str]
) -> NDArray[intp]:
    """Give those who are told of; the order of people, which is random, decides who of a pattern is left out."""
    import numpy as np

    scored = people.persons.scores[place].keep(unit)
    given = [people.persons.answers[item.id].keep(unit).map(partial(_has_score, item)) for item in items]
    # Who left out a question is told apart from whom it was not asked: one may have a score, the other none.
    patterns = combine([*given, *map(scored.map, _FLAGS)])
    sizes = np.bincount(patterns.places, minlength=len(patterns.values)).tolist()
    classes: dict[Pattern, Base] = {}
    for pattern, n in zip(patterns.values, sizes, strict=True):
        if any(pattern[: len(items)]):
            core, full, differing = pattern[len(items) :]
            classes[pattern] = Base(n * core, n * full, n * differing, n)
    out = leave_out(dict(sorted(classes.items(), reverse=True)), people.plan.k, bases)
    return _merge(
        unit[patterns.places == number][out.get(pattern, 0) :]
        for number, pattern in enumerate(patterns.values)
        if pattern in classes
    )


_FLAGS: tuple[Callable[[Scored], bool], ...] = (
    lambda scored: scored.core is not None,
    lambda scored: scored.full is not None,
    lambda scored: scored.differing,
)
"""What of a person's scores is part of the pattern."""


def _has_score(item: Item, value: Value) -> bool:
    return item.score(value) is not None


def _merge(places: Iterable[NDArray[intp]]) -> NDArray[intp]:
    import numpy as np

    return np.sort(np.concatenate([np.arange(0), *places]))
