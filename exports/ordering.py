"""Responses in export order, from batches in any: one range of names after the other, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from exports.columns import LENGTH, Batch, Column, Names, encode

if TYPE_CHECKING:
    from numpy import bytes_, intp
    from numpy.typing import NDArray

RANGE = 350_000
"""About so many responses are held at once, at some 150 bytes each and their texts; batches are read once for each."""
_Of = TypeVar("_Of")


def sort_batches(read: Callable[[], Iterator[Batch]], count: int) -> Iterator[Batch]:
    """Give the responses of all batches that `read` gives, about `count`, by `response_id`, in batches of `LENGTH`.

    `response_id` is random: the first batch tells how to part all of them into ranges of about the same size.
    """
    bounds = [b"", *_find_bounds(read, -(-count // RANGE))]
    for low, high in zip_longest(bounds, bounds[1:]):
        parts = []
        for batch in read():
            names = Names.of(batch.response_ids).kept
            within = (names >= low) if high is None else (names >= low) & (names < high)
            if within.any():
                parts.append(_take(batch, within))
        if parts:
            whole = _join(parts)
            parts.clear()
            order = _sort(Names.of(whole.response_ids).kept)
            for start in range(0, len(order), LENGTH):
                yield _take(whole, order[start : start + LENGTH])


def _find_bounds(read: Callable[[], Iterator[Batch]], ranges: int) -> Sequence[bytes]:
    first = next(read(), None) if ranges > 1 else None
    if first is None:
        return ()
    names = sorted(Names.of(first.response_ids).kept.tolist())
    return sorted({names[len(names) * place // ranges] for place in range(1, ranges)} - {b""})


def _sort(names: NDArray[bytes_]) -> NDArray[intp]:
    """Give the order of names by their bytes: compared as great numbers, eight bytes at a time."""
    import numpy as np

    width = -(-names.dtype.itemsize // 8)
    numbers = names.astype(f"S{8 * width}").view(">u8").reshape(len(names), width)
    return np.lexsort([numbers[:, place].astype(np.uint64) for place in range(width - 1, -1, -1)])


def _join(parts: Sequence[Batch]) -> Batch:
    """Give several batches as one."""
    import numpy as np

    def join(name: str) -> Any:
        some = [getattr(part, name) for part in parts]
        return _join_columns(some) if isinstance(some[0], Column) else np.concatenate(some)

    facts: Any = {name: join(name) for name in Batch.__slots__ if name not in ("response_ids", "people", "answers")}
    return replace(
        parts[0],
        response_ids=_join_names([part.response_ids for part in parts]),
        people=_join_names([part.people for part in parts]),
        answers={id_: _join_columns([part.answers[id_] for part in parts]) for id_ in parts[0].answers},
        **facts,
    )


def _join_names(some: Sequence[Sequence[str | None]]) -> Names:
    import numpy as np

    return Names(np.concatenate([Names.of(names).kept for names in some]))


def _join_columns(columns: Sequence[Column[_Of]]) -> Column[_Of]:
    import numpy as np

    every = encode(value for column in columns for value in column.values)
    places = every.places.astype(np.min_scalar_type(len(every.values)))
    joined, start = [], 0
    for column in columns:
        joined.append(places[start : start + len(column.values)][column.places])
        start += len(column.values)
    return Column(every.values, np.concatenate(joined))


def _take(batch: Batch, kept: NDArray[Any]) -> Batch:
    """Give some responses (`Batch.keep`), without values that none of them has where there are many."""
    taken = batch.keep(kept)
    return replace(taken, answers={id_: _forget_unused(column) for id_, column in taken.answers.items()})


def _forget_unused(column: Column[_Of]) -> Column[_Of]:
    import numpy as np

    if 2 * len(column.values) < len(column):
        return column
    used, places = np.unique(column.places, return_inverse=True)
    return Column([column.values[place] for place in used.tolist()], places)
