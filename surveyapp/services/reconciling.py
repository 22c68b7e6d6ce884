"""Doubtful texts: nobody knows whether the gateway took them. Looked for in its list, and sent once more only if it
says no; where the list cannot be read they are held and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.gateways.base import Fate
from surveyapp.services.fates import record_fate
from surveyapp.services.outbox import CANCELLED, OUTBOX, QUEUED, UNKNOWN
from surveyapp.services.tallies import Tally, count_sending

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far the gateway's clock may be from ours."""
FIRST_LOOK_AGAIN = timedelta(minutes=1)
LAST_LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One doubtful text, with the time within which the gateway may have taken it."""

    id: int
    fence: int
    gateway: str
    sender: str
    phone: str
    body: str
    since: datetime
    until: datetime


def list_doubts(session: Session, now: datetime, most: int = 50) -> tuple[Doubt, ...]:
    """Give the doubtful texts that are due to be looked for, the longest waiting first."""
    rows = session.execute(
        select(OUTBOX)
        .where(OUTBOX.c.state == UNKNOWN, OUTBOX.c.not_before <= now)
        .order_by(OUTBOX.c.not_before, OUTBOX.c.id)
        .limit(most)
    )
    return tuple(
        Doubt(
            id=row.id,
            fence=row.fence,
            gateway=row.gateway,
            sender=row.sender,
            phone=row.phone,
            body=row.body,
            since=(row.attempted_at or row.created_at) - CLOCKS_DIFFER,
            until=now + CLOCKS_DIFFER,
        )
        for row in rows
    )


def settle_doubt(session: Session, doubt: Doubt, found: Sequence[Fate] | None, now: datetime) -> str:
    """Settle one doubtful text by what the gateway's list holds; `None`: the list could not be read.

    Gives what came of it: `known` (a callback or another worker was faster), `found`, `queued` (sent once more),
    or `held`.
    """
    query = select(OUTBOX).where(OUTBOX.c.id == doubt.id, OUTBOX.c.state == UNKNOWN, OUTBOX.c.fence == doubt.fence)
    row = session.execute(query.with_for_update()).first()
    if row is None:
        return "known"
    if found is None:
        return _hold(session, row, "no_list", now)
    own = _pick_own(session, doubt, found)
    if own is not None:
        record_fate(session, row.id, own, now)
        return "found"
    if row.resent:
        return _hold(session, row, "not_listed", now)
    _queue_again(session, row, "doubtful", now)
    return "queued"


def resend(session: Session, message_id: int, round_id: int, now: datetime) -> None:
    """Send a held text once more because a member of staff says so; raises `ConflictError` where it is held no more."""
    row = _lock_held(session, message_id, round_id)
    _queue_again(session, row, "resent", now)


def drop(session: Session, message_id: int, round_id: int, now: datetime) -> None:
    """Take a held text for gone because a member of staff says so; raises `ConflictError` where it is held no more."""
    row = _lock_held(session, message_id, round_id)
    changed = {"state": CANCELLED, "reason": "dropped", "settled_at": now, "updated_at": now}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**changed))


def _pick_own(session: Session, doubt: Doubt, found: Sequence[Fate]) -> Fate | None:
    """Give the first entry of the list that is no other text of ours: the same words may have gone before."""
    names = [fate.provider_id for fate in found]
    taken = set(
        session.scalars(select(OUTBOX.c.provider_id).where(OUTBOX.c.provider_id.in_(names), OUTBOX.c.id != doubt.id))
    )
    return next((fate for fate in found if fate.provider_id not in taken), None)


def _hold(session: Session, row: Row[Any], reason: str, now: datetime) -> str:
    wait = min(FIRST_LOOK_AGAIN * 2 ** min(row.looks, 10), LAST_LOOK_AGAIN)
    changed = {"reason": reason, "looks": row.looks + 1, "not_before": now + wait, "updated_at": now}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**changed))
    return "held"


def _queue_again(session: Session, row: Row[Any], reason: str, now: datetime) -> None:
    count_sending(session, row.round_id, Tally(-1, -row.segments, -(row.cost_micros or 0)), now)
    changed = {"state": QUEUED, "reason": reason, "resent": True, "looks": 0, "not_before": now, "updated_at": now}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**changed))


def _lock_held(session: Session, message_id: int, round_id: int) -> Row[Any]:
    query = select(OUTBOX).where(OUTBOX.c.id == message_id, OUTBOX.c.round_id == round_id)
    row = session.execute(query.with_for_update()).first()
    if row is None:
        raise NotFoundError("There is no such message in this round.")
    if row.state != UNKNOWN:
        raise ConflictError("This message is no longer held: it is known by now what became of it.")
    return row
