"""Responses by column: each different value once, and for each response which of them it has.

A round has few different answers and many people. Whatever is worked out of an answer (a cell, a score, whether it
counts) is worked out once for each different value and then only looked up, by NumPy, for everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from math import prod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from forms.definition import Definition
from forms.values import Value

if TYPE_CHECKING:
    from numpy import bytes_, datetime64, integer, intp
    from numpy.typing import NDArray

    from exports.responses import Response

LENGTH = 16_384
"""The most responses of a batch that is made of single ones."""
_FEW = 1 << 16
"""So many possible combinations, or a few for each response, are counted in a table; more are sorted."""

_Of = TypeVar("_Of")
_To = TypeVar("_To")


@dataclass(frozen=True, slots=True, eq=False)
class Column(Generic[_Of]):
    """One fact of many responses. `values`: the different ones, of any order; `places`: shape (responses,), into it.

    A value that no response has may be among them. The places may be of any integer type, the small ones too.
    """

    values: Sequence[_Of]
    places: NDArray[integer[Any]]

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[_Of]:
        return map(self.values.__getitem__, self.places.tolist())

    def map(self, work: Callable[[_Of], _To]) -> Column[_To]:
        """Give what `work` makes of each different value; the places stay of their type."""
        made = encode(map(work, self.values))
        if len(made.values) == len(made):
            return Column(made.values, self.places)
        return Column(made.values, made.places.astype(self.places.dtype)[self.places])

    def look_up(self) -> NDArray[Any]:
        """Give the value of each response as an array: for truths and numbers."""
        import numpy as np

        found: NDArray[Any] = np.array(self.values)[self.places]
        return found

    def count(self) -> Iterator[tuple[_Of, int]]:
        """Give each value with how many have it."""
        import numpy as np

        return zip(self.values, np.bincount(self.places, minlength=len(self.values)).tolist(), strict=True)

    def keep(self, kept: NDArray[Any]) -> Column[_Of]:
        """Give the responses for which `kept`, of shape (responses,), is true, or those at the places that it has."""
        return Column(self.values, self.places[kept])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Some responses of one round, without their rows of repeated sections; every column is as long as `len(batch)`.

    What the columns mean says `exports.responses.Response`. `started_at`, `finished_at`: microseconds in UTC, or days
    where no more may be told; not-a-time where there is none. `answers`: question id -> what each has on record, for
    every question that asks or computes something.
    """

    response_ids: Sequence[str]
    groups: Column[str | None]
    channels_first: Column[str]
    channels_last: Column[str]
    languages: Column[str]
    dispositions: Column[str]
    started_at: NDArray[datetime64]
    finished_at: NDArray[datetime64]
    people: Sequence[str | None]
    own_entries: Column[str | None]
    answers: Mapping[str, Column[Value]]

    def __len__(self) -> int:
        return len(self.response_ids)

    def keep(self, kept: NDArray[Any]) -> Batch:
        """Give the responses for which `kept`, of shape (responses,), is true, or those at the places that it has."""
        if kept.dtype == bool and kept.all():
            return self
        some: Any = {
            name: column.keep(kept) if isinstance(column := getattr(self, name), Column) else column[kept]
            for name in self.__slots__
            if name not in ("response_ids", "people", "answers")
        }
        return replace(
            self,
            response_ids=Names.of(self.response_ids).keep(kept),
            people=Names.of(self.people).keep(kept),
            answers={id_: column.keep(kept) for id_, column in self.answers.items()},
            **some,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Names(Sequence[Any]):
    """Names, or nothing, that become texts when they are asked for: most who read columns ask for none.

    `kept`: in UTF-8, empty for nothing.
    """

    kept: NDArray[bytes_]

    @classmethod
    def of(cls, names: Sequence[str | None]) -> Names:
        """Give names as such."""
        import numpy as np

        return (
            names if isinstance(names, Names) else cls(np.array([(name or "").encode() for name in names], dtype="S"))
        )

    def __len__(self) -> int:
        return len(self.kept)

    def __getitem__(self, place: Any) -> Any:
        found = self.kept[place]
        return Names(found) if isinstance(place, slice) else bytes(found).decode() or None

    def __iter__(self) -> Iterator[Any]:
        return (name.decode() or None for name in self.kept.tolist())

    def keep(self, kept: NDArray[Any]) -> Names:
        """Give some of them: see `Column.keep`."""
        return Names(self.kept[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some responses of one round, at most `count`, that are read when they are asked for.

    `name` says all that they are made of: what is worked out of them alone may be kept under it. Without a name
    nothing of them is to be kept.
    """

    count: int
    read: Callable[[], Iterator[Batch]]
    name: str | None = None


def encode(values: Iterable[_Of]) -> Column[_Of]:
    """Give a column of single values; numbers that are equal and read differently (1.0, 1.00) stay apart."""
    import numpy as np

    known: dict[Any, int] = {}
    different: list[_Of] = []
    places = []
    for value in values:
        key = (Decimal, str(value)) if value.__class__ is Decimal else value
        place = known.get(key)
        if place is None:
            place = known[key] = len(different)
            different.append(value)
        places.append(place)
    return Column(different, np.asarray(places, dtype=np.intp))


def repeat(value: _Of, count: int) -> Column[_Of]:
    """Give a column in which everybody has the same."""
    import numpy as np

    return Column([value], np.zeros(count, dtype=np.intp))


def combine(columns: Sequence[Column[Any]]) -> Column[tuple[Any, ...]]:
    """Give several facts, at least one, as one fact; only combinations that somebody has are among its values."""
    first, code = _find_first(*_fold(columns))
    return Column(_read(columns, first), code)


def count(columns: Sequence[Column[Any]]) -> Counter[tuple[Any, ...]]:
    """Count who has which combination of several facts, at least one; equal numbers count together."""
    import numpy as np

    code, size = _fold(columns)
    if size > max(_FEW, 4 * len(code)):
        first, code = _find_first(code, size)
        counts = np.bincount(code)
    else:
        counts = np.bincount(code, minlength=size)
        first = np.empty(size, dtype=np.intp)
        first[code] = np.arange(len(code))
        first, counts = first[counts > 0], counts[counts > 0]
    found: Counter[tuple[Any, ...]] = Counter()
    for row, n in zip(_read(columns, first), counts.tolist(), strict=True):
        found[row] += n
    return found


def _fold(columns: Sequence[Column[Any]]) -> tuple[NDArray[integer[Any]], int]:
    """Give a number for each combination, and below what it is; small numbers, which is faster, if they are enough."""
    import numpy as np

    every = prod(len(column.values) for column in columns)
    kind = np.min_scalar_type(every) if every <= _FEW else np.dtype(np.intp)
    code, size = columns[0].places.astype(kind), len(columns[0].values)
    for column in columns[1:]:
        if size > _FEW:
            first, code = _find_first(code, size)
            size = len(first)
        code, size = code * len(column.values) + column.places, size * len(column.values)
    return code, size


def _read(columns: Sequence[Column[Any]], places: NDArray[intp]) -> list[tuple[Any, ...]]:
    """Give what those at some places have."""
    parts = [[column.values[place] for place in column.places[places].tolist()] for column in columns]
    return list(zip(*parts, strict=True))


def _find_first(code: NDArray[integer[Any]], size: int) -> tuple[NDArray[intp], NDArray[integer[Any]]]:
    """Give where each different number below `size` stands first, and for each number which of these it is."""
    import numpy as np

    if size > max(_FEW, 4 * len(code)):
        _, first, code = np.unique(code, return_index=True, return_inverse=True)
        return first, code
    first = np.full(size, -1, dtype=np.intp)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    there = first >= 0
    return first[there], (np.cumsum(there) - 1)[code]


def dump_times(times: Sequence[date | None]) -> NDArray[datetime64]:
    """Give times (aware UTC), or days, as an array; not-a-time where there is none."""
    import numpy as np

    if isinstance(next(filter(None, times), None), datetime):
        plain = [at.astimezone(UTC).replace(tzinfo=None) if isinstance(at, datetime) else at for at in times]
        return np.array(plain, dtype="datetime64[us]")
    return np.array(times, dtype="datetime64[D]")


def load_times(times: NDArray[datetime64]) -> list[Any]:
    """Give back what `dump_times` was given."""
    return [at.replace(tzinfo=UTC) if isinstance(at, datetime) else at for at in times.tolist()]


def say_times(times: NDArray[datetime64]) -> list[str]:
    """Give times in ISO 8601, with the offset of UTC; days as days, and nothing where there is no time."""
    import numpy as np

    if times.dtype != "datetime64[us]":
        return [str(day) if day else "" for day in times.tolist()]
    there = ~np.isnat(times)
    known = times if there.all() else np.where(there, times, np.datetime64(0, "us"))
    days, place_of_day = np.unique(known.astype("datetime64[D]"), return_inverse=True)
    seconds, rest = np.divmod((known - days[place_of_day]).astype(np.int64), 1_000_000)
    words = np.array([f"{day}T" for day in days.tolist()], dtype=object)[place_of_day] + _list_seconds()[seconds]
    parts = rest != 0
    words[parts] = [at.replace(tzinfo=UTC).isoformat() for at in known[parts].tolist()]
    words[~there] = ""
    said: list[str] = words.tolist()
    return said


@cache
def _list_seconds() -> NDArray[Any]:
    """Give every second of a day as it is said in UTC: written once, since a million times are taken from them."""
    import numpy as np

    sixty = [f"{number:02}" for number in range(60)]
    said = [f"{hour}:{minute}:{second}+00:00" for hour in sixty[:24] for minute in sixty for second in sixty]
    return np.array(said, dtype=object)


def make_batches(definition: Definition, responses: Callable[[], Iterator[Response]]) -> Iterator[Batch]:
    """Give single responses as batches of at most `LENGTH`, in their order."""
    stream = responses()
    while some := list(islice(stream, LENGTH)):
        yield make_batch(definition, some)


def make_batch(definition: Definition, some: Sequence[Response]) -> Batch:
    """Give single responses by column, in their order."""
    return Batch(
        response_ids=[one.response_id for one in some],
        groups=encode(one.group for one in some),
        channels_first=encode(one.channel_first for one in some),
        channels_last=encode(one.channel_last for one in some),
        languages=encode(one.language for one in some),
        dispositions=encode(one.disposition for one in some),
        started_at=dump_times([one.started_at for one in some]),
        finished_at=dump_times([one.finished_at for one in some]),
        people=[one.person for one in some],
        own_entries=encode(one.own_entry for one in some),
        answers={id_: encode(one.answers.get(id_) for one in some) for id_ in definition.questions},
    )
