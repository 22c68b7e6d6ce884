"""Responses by column: each different value once, and for each response which of them it has.

A round has few different answers and many people. Whatever is worked out of an answer (a cell, a score, whether it
counts) is worked out once for each different value and then only looked up, by NumPy, for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from forms.definition import Definition
from forms.values import Value

if TYPE_CHECKING:
    from numpy import intp
    from numpy.typing import NDArray

    from exports.responses import Response

LENGTH = 16_384
"""The most responses of a batch that is made of single ones."""

_Of = TypeVar("_Of")


@dataclass(frozen=True, slots=True, eq=False)
class Column(Generic[_Of]):
    """One fact of many responses. `values`: the different ones, of any order; `places`: shape (responses,), into it.

    A value that no response has may be among them.
    """

    values: Sequence[_Of]
    places: NDArray[intp]

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[_Of]:
        return map(self.values.__getitem__, self.places.tolist())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Some responses of one round, without their rows of repeated sections; every column is as long as `len(batch)`.

    What the columns mean says `exports.responses.Response`. `answers`: question id -> what each has on record, for
    every question that asks or computes something.
    """

    response_ids: Sequence[str]
    groups: Column[str | None]
    channels_first: Column[str]
    channels_last: Column[str]
    languages: Column[str]
    dispositions: Column[str]
    people: Sequence[str | None]
    answers: Mapping[str, Column[Value]]

    def __len__(self) -> int:
        return len(self.response_ids)


def encode(values: Iterable[_Of]) -> Column[_Of]:
    """Give a column of single values; numbers that are equal and read differently (1.0, 1.00) stay apart."""
    import numpy as np

    known: dict[Any, int] = {}
    different: list[_Of] = []
    places = []
    for value in values:
        key = (Decimal, str(value)) if isinstance(value, Decimal) else value
        place = known.get(key)
        if place is None:
            place = known[key] = len(different)
            different.append(value)
        places.append(place)
    return Column(different, np.asarray(places, dtype=np.intp))


def make_batches(definition: Definition, responses: Callable[[], Iterator[Response]]) -> Iterator[Batch]:
    """Give single responses as batches of at most `LENGTH`, in their order."""
    stream = responses()
    while some := list(islice(stream, LENGTH)):
        yield Batch(
            response_ids=[one.response_id for one in some],
            groups=encode(one.group for one in some),
            channels_first=encode(one.channel_first for one in some),
            channels_last=encode(one.channel_last for one in some),
            languages=encode(one.language for one in some),
            dispositions=encode(one.disposition for one in some),
            people=[one.person for one in some],
            answers={id_: encode(one.answers.get(id_) for one in some) for id_ in definition.questions},
        )
