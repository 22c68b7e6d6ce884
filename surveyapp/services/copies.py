"""A block of responses as a file: arrays in NumPy's own archive, which holds nothing that runs."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from exports.columns import Batch, Column, Names
from forms.values import Missing
from surveyapp.services.reading import Part

_FACTS = ("groups", "channels_first", "channels_last", "languages", "dispositions", "own_entries")
_MORE = ("entries", "refused")
_NOBODY = -1


def write_part(part: Part, stream: BinaryIO) -> None:
    """Write a part of at most 65,536 responses, so that `read_part` gives the same."""
    import numpy as np

    batch = part.batch
    columns: dict[str, Column[Any]] = {name: getattr(batch, name) for name in _FACTS}
    columns |= {name: getattr(part, name) for name in _MORE}
    columns |= {f"answers.{id_}": column for id_, column in batch.answers.items()}
    values = [[name, [_dump(value) for value in column.values]] for name, column in columns.items()]
    np.savez(
        stream,
        values=np.frombuffer(json.dumps(values).encode(), dtype=np.uint8),
        places=np.array([column.places for column in columns.values()], dtype=np.uint16),
        times=np.array([batch.started_at, batch.finished_at, part.last_at], dtype="datetime64[us]"),
        names=Names.of(batch.response_ids).kept,
        people=Names.of(batch.people).kept,
        invitations=np.array([_NOBODY if one is None else one for one in part.invitations], dtype=np.int64),
    )


def read_part(stream: BinaryIO) -> Part:
    """Read what `write_part` wrote; anything else raises whatever NumPy and the archive say of it."""
    import numpy as np

    with np.load(stream, allow_pickle=False) as kept:
        values, places = json.loads(kept["values"].tobytes()), kept["places"]
        started_at, finished_at, last_at = kept["times"]
        names, people, invitations = kept["names"], kept["people"], kept["invitations"]
    columns: dict[str, Column[Any]] = {
        name: Column([_load(value) for value in different], column)
        for (name, different), column in zip(values, places, strict=True)
    }
    return Part(
        batch=Batch(
            response_ids=Names(names),
            people=Names(people),
            started_at=started_at,
            finished_at=finished_at,
            answers={
                name.removeprefix("answers."): column for name, column in columns.items() if name.startswith("answers.")
            },
            **{name: columns[name] for name in _FACTS},
        ),
        invitations=[None if one == _NOBODY else one for one in invitations.tolist()],
        last_at=last_at,
        **{name: columns[name] for name in _MORE},
    )


def _dump(value: object) -> object:
    """Give a value as JSON has it: numbers, texts, truths and nothing as they are."""
    if isinstance(value, Missing):
        return {"missing": value.value}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _load(kept: Any) -> Any:
    if isinstance(kept, list):
        return tuple(kept)
    if not isinstance(kept, dict):
        return kept
    ((kind, value),) = kept.items()
    return Missing(value) if kind == "missing" else Decimal(value) if kind == "decimal" else date.fromisoformat(value)
