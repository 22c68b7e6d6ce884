"""Work that is done in the background, one row a piece: who has it, until when, and how often it was begun.

Rows have `id`, `state` (`queued`, `running`, ...), `attempts`, `lease_until`, `progress`, `finished_at` and `error`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Table, and_, or_, select, update
from sqlalchemy.orm import Session

LEASE = timedelta(minutes=5)
"""How long whoever has a piece of work is believed to be alive without a word."""
MOST_ATTEMPTS = 3
QUEUED, RUNNING = "queued", "running"
UNDER_WAY = (QUEUED, RUNNING)

_Work = TypeVar("_Work")


def claim_work(session: Session, kind: type[_Work], given_up: str, now: datetime) -> _Work | None:
    """Take the next piece of this kind for the time of a lease, or nothing; what was begun too often has failed.

    `given_up`: the sentence that whoever waits for it reads then.
    """
    table: Any = kind
    lost = and_(table.state == RUNNING, table.lease_until < now)
    due = select(table).where(or_(table.state == QUEUED, lost)).order_by(table.id)
    while (found := session.scalars(due.limit(1).with_for_update(skip_locked=True)).first()) is not None:
        if found.attempts < MOST_ATTEMPTS:
            found.state, found.progress, found.lease_until = RUNNING, 0, now + LEASE
            found.attempts += 1
            return cast(_Work, found)
        found.state, found.finished_at, found.lease_until = "failed", now, None
        found.error = given_up
        session.flush()
    return None


def change_work(
    session: Session, table: Table, work_id: int, states: Sequence[str], attempt: int | None = None, **values: Any
) -> bool:
    """Change a piece of work that is in one of these states, and in this attempt at it; tells whether it was."""
    statement = update(table).where(table.c.id == work_id, table.c.state.in_(states))
    if attempt is not None:
        statement = statement.where(table.c.attempts == attempt)
    return cast("CursorResult[Any]", session.execute(statement.values(**values))).rowcount == 1
