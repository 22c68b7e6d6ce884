"""What became of a text: what the gateway answered, what it said later, and what nobody knows. It never goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Row, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from surveyapp.database import insert_once
from surveyapp.gateways.base import DoubtfulError, Fate, NotAcceptedError
from surveyapp.models import WaitingRound
from surveyapp.services.claiming import LEASE, Claim
from surveyapp.services.outbox import (
    ATTEMPTING,
    DELIVERED,
    FAILED,
    OPT_OUTS,
    OUTBOX,
    QUEUED,
    RANK,
    UNKNOWN,
    cancel_to,
)
from surveyapp.services.slots import free_sender
from surveyapp.services.standings import INTERVIEWS
from surveyapp.services.tallies import Tally, count_cost, count_sending

WAITING = cast(Table, WaitingRound.__table__)

SETTLES = timedelta(minutes=2)
"""How long a doubtful text is left alone: a callback may come, and the gateway's list needs a moment to be complete."""
FIRST_RETRY = timedelta(seconds=5)
LAST_RETRY = timedelta(minutes=15)


def note_accepted(session: Session, claim: Claim, fate: Fate, now: datetime) -> bool:
    """Record that the gateway took the text; gives whether this attempt was still the one that counts.

    An attempt whose lease ran out may report late; one that another has replaced changes nothing.
    """
    row = _lock(session, claim.id)
    if row is None or row.fence != claim.fence:
        return False
    _move(session, row, fate, now)
    return True


def note_not_accepted(
    session: Session, claim: Claim, error: NotAcceptedError, now: datetime, dice: Callable[[], float]
) -> bool:
    """Record that the gateway has surely not taken the text: it waits for another try, or failed for good.

    `dice` gives a number from 0 to 1: those who were refused together do not come back together.
    """
    row = _lock(session, claim.id)
    if row is None or row.fence != claim.fence or row.state not in (ATTEMPTING, UNKNOWN):
        return False
    count_sending(session, row.round_id, Tally(-1, -row.segments, -(row.cost_micros or 0)), now)
    facts: dict[str, Any] = {"error_code": error.code[:20], "lease_owner": None, "lease_until": None, "updated_at": now}
    if error.opted_out:
        record_stop(session, row.phone, now)
        facts |= {"state": FAILED, "reason": "opted_out", "settled_at": now, "cost_micros": 0}
    elif error.permanent:
        facts |= {"state": FAILED, "reason": "rejected", "settled_at": now, "cost_micros": 0}
    else:
        wait = find_back_off(row.attempts, dice())
        if error.retry_after is not None:
            asked = timedelta(seconds=min(max(error.retry_after, 0.0), LAST_RETRY.total_seconds()))
            free_sender(session, row.sender, now + asked)
            wait = max(asked, wait)
        facts |= {"state": QUEUED, "reason": "refused", "not_before": now + wait}
    _change(session, row.id, facts)
    return True


def note_doubtful(session: Session, claim: Claim, error: DoubtfulError, now: datetime) -> bool:
    """Record that nobody knows whether the gateway took the text; it is looked for later, never sent blindly."""
    return _doubt(session, OUTBOX.c.id == claim.id, OUTBOX.c.fence == claim.fence, code=error.code, now=now) == 1


def give_up_lost_attempts(session: Session, now: datetime) -> int:
    """Call every attempt whose lease ran out doubtful and give how many: its worker was killed, or hangs.

    A lease that lies further ahead than any can tells that the clock was set back.
    """
    lost = or_(OUTBOX.c.lease_until < now, OUTBOX.c.lease_until > now + 2 * LEASE)
    return _doubt(session, lost, code="worker lost", now=now)


def record_status(session: Session, gateway: str, fate: Fate, now: datetime) -> bool:
    """Record a status callback, in the caller's writing transaction; gives whether the text is one of ours.

    It is found by our own id, which the callback's address carries, else by the gateway's.
    """
    by_name = OUTBOX.c.id == fate.message if fate.message is not None else OUTBOX.c.provider_id == fate.provider_id
    row = session.execute(select(OUTBOX).where(by_name, OUTBOX.c.gateway == gateway).with_for_update()).first()
    if row is None:
        return False
    _move(session, row, fate, now)
    return True


def record_fate(session: Session, message_id: int, fate: Fate, now: datetime) -> None:
    """Record what the gateway's list says of a text that is locked already."""
    row = _lock(session, message_id)
    if row is not None:
        _move(session, row, fate, now)


def record_stop(session: Session, phone: str, now: datetime) -> bool:
    """End all texts to a number: nothing more is sent, and its conversations stop; gives whether that is new."""
    new = insert_once(session, OPT_OUTS, {"phone": phone, "at": now})
    cancel_to(session, phone, now)
    stop_interviews(session, phone)
    return new


def stop_interviews(session: Session, phone: str) -> None:
    """Stop every conversation with this phone. What was begun on the web alone is no conversation and goes on there."""
    session.execute(delete(WAITING).where(WAITING.c.phone == phone))
    session.execute(
        update(INTERVIEWS)
        .where(INTERVIEWS.c.phone == phone, INTERVIEWS.c.state == "started", INTERVIEWS.c.asked.is_not(None))
        .values(state="stopped")
    )


def find_back_off(attempts: int, chance: float) -> timedelta:
    """Give how long to wait after so many attempts: twice as long each time, within half and one and a half of it."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 20)
    return min(doubled, LAST_RETRY) * (0.5 + chance)


def _lock(session: Session, message_id: int) -> Row[Any] | None:
    return session.execute(select(OUTBOX).where(OUTBOX.c.id == message_id).with_for_update()).first()


def _move(session: Session, row: Row[Any], fate: Fate, now: datetime) -> None:
    """Take over what the gateway says, unless more is known already."""
    facts: dict[str, Any] = {}
    if row.provider_id is None:
        facts["provider_id"] = fate.provider_id
    if RANK[fate.state] > RANK[row.state]:
        facts |= {"state": fate.state, "reason": None, "error_code": None, "lease_owner": None, "lease_until": None}
        facts["sent_at"] = row.sent_at or now
        if fate.state in (DELIVERED, FAILED):
            facts["settled_at"] = now
        if fate.state == FAILED:
            facts |= {"reason": "carrier", "error_code": fate.error_code}
    if fate.cost_micros is not None and fate.cost_micros != row.cost_micros:
        count_cost(session, row.round_id, fate.cost_micros - (row.cost_micros or 0))
        facts["cost_micros"] = fate.cost_micros
    if facts:
        _change(session, row.id, facts | {"updated_at": now})
    if fate.opted_out:
        record_stop(session, row.phone, now)
        if fate.state == FAILED:
            _change(session, row.id, {"reason": "opted_out"}, OUTBOX.c.state == FAILED)


def _doubt(session: Session, *conditions: Any, code: str, now: datetime) -> int:
    doubted = update(OUTBOX).where(OUTBOX.c.state == ATTEMPTING, *conditions)
    done = session.execute(
        doubted.values(
            state=UNKNOWN,
            reason="doubtful",
            error_code=code[:20],
            lease_owner=None,
            lease_until=None,
            not_before=now + SETTLES,
            updated_at=now,
        )
    )
    return cast("CursorResult[Any]", done).rowcount


def _change(session: Session, message_id: int, facts: dict[str, Any], *conditions: Any) -> None:
    session.execute(update(OUTBOX).where(OUTBOX.c.id == message_id, *conditions).values(**facts))
