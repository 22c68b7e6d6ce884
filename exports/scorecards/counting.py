"""A round counted once: what did not change since is remembered, and only the rest is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from exports.columns import Stretch
from exports.responses import Study
from exports.scorecards.persons import Persons, Reader
from exports.scorecards.tallies import Tally, add_tallies, count_persons, dump_tally, load_tally

_MANY = 1 << 17
"""About so many responses are counted at once: what is done for each different value is then done seldom."""


def count_study(study: Study, reader: Reader, promoters: str | None) -> tuple[Tally, Persons | None]:
    """Count everybody who counts, and give them one by one too once the round is closed.

    `promoters`: the question of the net promoter score, if there is one.
    """
    tallies: list[Tally] = []
    persons: list[Persons] = []
    for portion in _group(study.list_stretches()):
        known = None if study.closed else _recall(study, portion)
        if known is None:
            some = reader.read([batch for stretch in portion for batch in stretch.read()])
            known = count_persons(some, promoters)
            if study.closed:
                persons.append(some)
            else:
                _remember(study, portion, known)
        tallies.append(known)
    return add_tallies(tallies), reader.join(persons) if study.closed else None


def _group(stretches: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    """Give stretches in portions that are worth counting at once; what comes later changes none but the last."""
    portion: list[Stretch] = []
    for stretch in stretches:
        portion.append(stretch)
        if _is_whole(portion):
            yield portion
            portion = []
    if portion:
        yield portion


def _recall(study: Study, portion: Sequence[Stretch]) -> Tally | None:
    names = _list_names(portion)
    found = study.memory.recall(names) if study.memory and names else None
    return load_tally(found) if found is not None else None


def _remember(study: Study, portion: Sequence[Stretch], tally: Tally) -> None:
    names = _list_names(portion)
    if study.memory and names:
        study.memory.remember(names, dump_tally(tally))


def _list_names(portion: Sequence[Stretch]) -> list[str]:
    """Give the names of a portion, if all have one and it is whole: another would soon be a larger one."""
    names = [stretch.name for stretch in portion if stretch.name is not None]
    return names if len(names) == len(portion) and _is_whole(portion) else []


def _is_whole(portion: Sequence[Stretch]) -> bool:
    return sum(stretch.count for stretch in portion) >= _MANY
