"""How many people of each group there are of each kind: what the numbers of a scorecard are worked out from.

Tallies of parts add up to the tally of the whole, in any order; so a part that did not change need not be counted
again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, TypeAlias

import orjson

from exports.columns import Column, count
from exports.disclosure import BASES
from exports.scorecards.persons import Persons
from exports.scorecards.scores import Scored
from forms.values import Value

Row: TypeAlias = tuple[Any, ...]

Subject: TypeAlias = tuple[Any, ...]
"""What is counted: one of the names below, and of which domains, by their places."""

CHANNEL = "channel"
"""(CHANNEL,): the channel of first contact."""
SCORED = "scored"
"""(SCORED, domain): the `Scored` of a domain."""
PAIR = "pair"
"""(PAIR, basis, domain, later domain): the scores of both, none where there is none."""
HAVING = "having"
"""(HAVING, basis): whether there is a score, for each domain."""
RECOMMENDED = "recommended"
"""(RECOMMENDED,): the answer to the question of the net promoter score, none where there is none."""

Table: TypeAlias = Mapping[str, Mapping[Row, int]]
"""Group -> kind -> how many people; a kind is a tuple of what the subject says."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Subject -> group -> kind -> how many people."""

    tables: Mapping[Subject, Table]

    @property
    def groups(self) -> dict[str, int]:
        """How many people of each group."""
        return {group: sum(kinds.values()) for group, kinds in self.tables.get((CHANNEL,), {}).items()}

    def find(self, subject: Subject, groups: Collection[str]) -> Counter[Row]:
        """Give kind -> how many people of these groups."""
        table = self.tables.get(subject, {})
        found: Counter[Row] = Counter()
        for group in groups:
            found.update(table.get(group, {}))
        return found


def count_persons(persons: Persons, promoters: str | None) -> Tally:
    """Count people; `promoters`: the question of the net promoter score, if there is one."""
    if not len(persons):
        return Tally({})
    tables: dict[Subject, Table] = {(CHANNEL,): _tabulate([persons.groups, persons.channels])}
    if promoters is not None:
        tables[RECOMMENDED,] = _tabulate([persons.groups, persons.answers[promoters].map(_find_code)])
    for place, column in enumerate(persons.scores):
        tables[SCORED, place] = _tabulate([persons.groups, column])
    for basis in BASES if persons.scores else ():
        scores = [column.map(partial(Scored.pick, basis=basis)) for column in persons.scores]
        having = [column.map(lambda score: score is not None) for column in scores]
        tables[HAVING, basis] = _tabulate([persons.groups, *having])
        for one, other in combinations(range(len(scores)), 2):
            tables[PAIR, basis, one, other] = _tabulate([persons.groups, scores[one], scores[other]])
    return Tally(tables)


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """Give the tally of all people of several."""
    tables: dict[Subject, dict[str, Counter[Row]]] = {}
    for tally in tallies:
        for subject, table in tally.tables.items():
            whole = tables.setdefault(subject, {})
            for group, kinds in table.items():
                whole.setdefault(group, Counter()).update(kinds)
    return Tally(tables)


def dump_tally(tally: Tally) -> bytes:
    """Give a tally as JSON: of each table the groups, the parts of the kinds and the counts, each as one list."""
    tables = []
    for subject, table in tally.tables.items():
        rows = [(group, *kind, n) for group, kinds in table.items() for kind, n in kinds.items()]
        tables.append([subject, list(zip(*rows, strict=True))])
    return orjson.dumps(tables, default=list)  # a named tuple


def load_tally(content: bytes) -> Tally | None:
    """Read a tally back; nothing where it is none."""
    try:
        return Tally({tuple(subject): _load(subject[0], columns) for subject, columns in orjson.loads(content)})
    except (ValueError, TypeError):
        return None


def _load(name: str, columns: list[list[Any]]) -> Table:
    groups, *parts, counts = columns
    if name == SCORED:
        parts = [[Scored(*scores) for scores in parts[0]]]
    table: dict[str, dict[Row, int]] = {group: {} for group in groups}
    for group, kind, n in zip(groups, zip(*parts, strict=True), counts, strict=True):
        table[group][kind] = n
    return table


def _find_code(answer: Value) -> int | None:
    return answer if isinstance(answer, int) else None


def _tabulate(columns: Sequence[Column[Any]]) -> dict[str, Counter[Row]]:
    table: dict[str, Counter[Row]] = {}
    for (group, *kind), n in count(columns).items():
        table.setdefault(group, Counter())[tuple(kind)] += n
    return table
