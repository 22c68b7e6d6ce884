"""Interviews by column as the database keeps them: each different answer once, before anything is known of routing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import CursorResult, Select, String, Text, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from exports.columns import LENGTH, Column, dump_times
from exports.encoding import AnswerEncoder, Encoder
from forms.definition import Definition
from forms.values import Stored
from surveyapp.services.standings import INTERVIEWS, INVITATIONS

if TYPE_CHECKING:
    from numpy import datetime64
    from numpy.typing import NDArray

COMMON = ("group_id", "language", "state", "channel_first", "channel_last", "entry", "own_entry", "given", "mark")
"""What many interviews have alike. It is read as one text, of which there are few different ones; `given` as JSON.
`mark` is what staff said of the case."""
_LAST_AT = func.coalesce(INTERVIEWS.c.finished_at, INTERVIEWS.c.updated_at)
_CHUNK = 512
"""Rows that are held one by one: more at once take longer, since the collector of garbage looks at them all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredRows:
    """Some begun interviews of one round. `common`: by `COMMON`; times: microseconds in UTC.

    `last_at`: when each was finished, else when it changed last; `ended`: which of the two.
    `answers`: question id -> what is kept of each (`QuestionType.dump`), `ABSENT` where nothing is.
    """

    response_ids: Sequence[str]
    common: Column[tuple[Any, ...]]
    invitations: Sequence[int | None]
    contacts: Sequence[int | None]
    started_at: NDArray[datetime64]
    last_at: NDArray[datetime64]
    ended: Column[bool]
    answers: Mapping[str, Column[Stored]]


def stream_rows(
    session: Session, round_id: int, definition: Definition, within: tuple[int, int] | None = None
) -> Iterator[StoredRows]:
    """Stream the interviews of a round by response id, without the answers of repeated sections.

    `within`: only those with ids from the first to before the second, by id.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    query = _select(round_id, is_sqlite=is_sqlite)
    if within is None:
        query = query.order_by(INTERVIEWS.c.response_id)
    else:
        ids = INTERVIEWS.c.id
        query = query.where(ids >= within[0], ids < within[1]).order_by(ids)
    rows = session.execute(query if is_sqlite else query.execution_options(yield_per=_CHUNK))
    assert isinstance(rows, CursorResult)
    # On SQLite from the driver itself: SQLAlchemy's own rows take as long as all that is made of them.
    chunks = iter(partial(rows.cursor.fetchmany, _CHUNK), []) if is_sqlite else rows.partitions()
    try:
        while some := _gather(islice(chunks, LENGTH // _CHUNK), definition):
            yield some
    finally:
        # Whoever stops reading half way leaves no cursor open on the server.
        rows.close()


def _select(round_id: int, *, is_sqlite: bool) -> Select[Any]:
    as_array = func.json_array if is_sqlite else func.json_build_array
    given = cast(INTERVIEWS.c.given, Text)
    common = [*(INTERVIEWS.c[name] for name in COMMON[:-2]), given, INVITATIONS.c.mark]
    ended = case((INTERVIEWS.c.finished_at.is_(None), 0), else_=1)
    times = [type_coerce(time, String) for time in (INTERVIEWS.c.started_at, _LAST_AT)]
    return (
        select(
            INTERVIEWS.c.response_id,
            INTERVIEWS.c.invitation_id,
            INVITATIONS.c.contact_id,
            *times,
            cast(as_array(*common, ended), Text),
            cast(INTERVIEWS.c.answers, Text),
        )
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .where(INTERVIEWS.c.round_id == round_id)
    )


def _gather(chunks: Iterable[Sequence[Sequence[Any]]], definition: Definition) -> StoredRows | None:
    import numpy as np

    columns: list[Sequence[Sequence[Any]]] = []
    common, answers = Encoder(), AnswerEncoder(definition)
    for rows in chunks:
        *single, told, texts = zip(*rows, strict=True)
        columns.append(single)
        common.add(told)
        answers.add(texts)
    if not columns:
        return None
    ids, invitations, contacts, *times = zip(*columns, strict=True)
    started_at, last_at = (np.concatenate([_read_times(part) for part in parts]) for parts in times)
    facts = common.finish().map(lambda text: tuple(orjson.loads(text)))
    return StoredRows(
        response_ids=list(chain.from_iterable(ids)),
        common=facts.map(lambda one: one[:-1]),
        invitations=list(chain.from_iterable(invitations)),
        contacts=list(chain.from_iterable(contacts)),
        started_at=started_at,
        last_at=last_at,
        ended=facts.map(lambda one: bool(one[-1])),
        answers=answers.finish(),
    )


def _read_times(times: Sequence[Any]) -> NDArray[datetime64]:
    """Read times that were asked for as they are: SQLite has their text in UTC, PostgreSQL's driver has read them."""
    import numpy as np

    if isinstance(next(filter(None, times), ""), datetime):
        return dump_times(times)
    return np.array(times, dtype="datetime64[us]")
