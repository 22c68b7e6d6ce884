"""The people who count, one by one and yet by column: scores, answers and who they are in other rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from exports.columns import Batch, Column, Names, combine, repeat
from exports.columnwise import find_places, shrink, stack
from exports.dispositions import COUNTED
from exports.scorecards.reach import name_group
from exports.scorecards.scores import DomainItems, DomainScore, Item, Scored, score_domain
from forms.values import Value

if TYPE_CHECKING:
    from numpy import bytes_
    from numpy.typing import NDArray

_Of = TypeVar("_Of")
_Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Persons:
    """Some people who count (I or P); every column is as long as there are people.

    `scores`: by domain. `answers`: question id -> what each answered, of the questions that are counted. `ids`: of the
    responses, `links`: who each is in other rounds, empty where nobody knows, both in UTF-8; where people are only
    counted there are neither.
    """

    groups: Column[str]
    channels: Column[str]
    scores: tuple[Column[Scored], ...]
    answers: Mapping[str, Column[Value]]
    ids: NDArray[bytes_]
    links: NDArray[bytes_]

    def __len__(self) -> int:
        return len(self.groups)

    def keep(self, chosen: NDArray[Any]) -> Persons:
        """Give those at these places, in the order of the places."""
        return Persons(
            groups=self.groups.keep(chosen),
            channels=self.channels.keep(chosen),
            scores=tuple(column.keep(chosen) for column in self.scores),
            answers={id_: column.keep(chosen) for id_, column in self.answers.items()},
            ids=self.ids[chosen],
            links=self.links[chosen],
        )


class Reader:
    """Reads people from batches; each different way to answer the questions of a domain is scored once."""

    def __init__(
        self, domains: Sequence[DomainItems], min_share: float, asked: Sequence[str], *, one_by_one: bool
    ) -> None:
        """Begin with nothing known.

        `asked`: the questions whose answers are counted. `one_by_one`: whether somebody asks for single people later.
        """
        self._scorers = [_Scorer(domain, min_share) for domain in domains]
        self._asked = asked
        self._one_by_one = one_by_one

    def read(self, batches: Sequence[Batch]) -> Persons:
        """Give the people of some batches who count."""
        counted = [find_places(batch.dispositions, COUNTED) for batch in batches]

        def gather(columns: Iterable[Column[_Of]]) -> Column[_Of]:
            return stack([column.keep(places) for column, places in zip(columns, counted, strict=True)])

        def name(names: Iterable[Sequence[str | None]]) -> NDArray[bytes_]:
            named = zip(names, counted, strict=True) if self._one_by_one else ()
            return _chain(Names.of(own).keep(places) for own, places in named)

        groups = gather(batch.groups for batch in batches).map(name_group)
        asked = {*self._asked, *(id_ for scorer in self._scorers for id_ in scorer.questions)}
        answers = {id_: gather(batch.answers[id_] for batch in batches) for id_ in asked}
        return Persons(
            groups=groups,
            channels=gather(batch.channels_first for batch in batches),
            scores=tuple(scorer.score(answers, len(groups)) for scorer in self._scorers),
            answers={id_: answers[id_] for id_ in self._asked},
            ids=name(batch.response_ids for batch in batches),
            links=name(batch.people for batch in batches),
        )

    def join(self, parts: Sequence[Persons]) -> Persons:
        """Give people who were read apart as one, in the order of the responses' ids, which is random."""
        import numpy as np

        together = Persons(
            groups=stack([part.groups for part in parts]),
            channels=stack([part.channels for part in parts]),
            scores=tuple(stack([part.scores[place] for part in parts]) for place in range(len(self._scorers))),
            answers={id_: stack([part.answers[id_] for part in parts]) for id_ in self._asked},
            ids=_chain(Names(part.ids) for part in parts),
            links=_chain(Names(part.links) for part in parts),
        )
        ids = together.ids
        return together if (ids[:-1] <= ids[1:]).all() else together.keep(np.argsort(ids, kind="stable"))


class _Scorer:
    """Scores one domain, each different row of answers to its questions once."""

    def __init__(self, domain: DomainItems, min_share: float) -> None:
        self.questions = [item.id for item in domain.full]
        core_places = [place for place, item in enumerate(domain.full) if item.core]

        @cache
        def score_core(given: _Row) -> DomainScore:
            return _score_row(domain.core, given, min_share)

        @cache
        def score(given: _Row) -> Scored:
            core = tuple([given[place] for place in core_places])
            return Scored.make(score_core(core), _score_row(domain.full, given, min_share))

        self._score = score

    def score(self, answers: Mapping[str, Column[Value]], people: int) -> Column[Scored]:
        """Give everybody's scores."""
        if not self.questions:
            return repeat(self._score(()), people)
        return shrink(combine([answers[id_] for id_ in self.questions]).map(self._score))


def _score_row(items: Sequence[Item], given: _Row, min_share: float) -> DomainScore:
    answers = dict(zip([item.id for item in items], given, strict=True))
    return score_domain(items, answers, min_share)


def _chain(names: Iterable[Names]) -> NDArray[bytes_]:
    import numpy as np

    return np.concatenate([Names.of(()).kept, *(some.kept for some in names)])
