"""Claiming the next text: everything that may keep it back is looked at in the transaction that says `attempting`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, update
from sqlalchemy.orm import Session

from surveyapp.sending import Sending
from surveyapp.services.outbox import (
    ALL,
    ATTEMPTING,
    CANCELLED,
    EXPIRES,
    OPT_OUTS,
    OUTBOX,
    QUEUED,
    TEXTED,
    find_pauses,
    pause,
)
from surveyapp.services.quiet_hours import find_next_moment
from surveyapp.services.slots import SLACK, Slot, lock_sender, take_slot
from surveyapp.services.standings import INTERVIEWS, INVITATIONS, ROUNDS, is_open
from surveyapp.services.tallies import Tally, count_sending, find_tally, find_today

LEASE = timedelta(seconds=60)
"""How long an attempt may take; a gateway call ends long before."""
_LOOKED_AT = 10
_SET_ASIDE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One text that this owner alone may hand to the gateway, at its slot and until the lease ends.

    `cost_micros`: estimated.
    """

    id: int
    round_id: int
    fence: int
    lease_until: datetime
    slot: Slot
    gateway: str
    sender: str
    phone: str
    body: str
    segments: int
    cost_micros: int | None
    attempts: int
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may go before this moment; `None`: nothing is queued at all. `paced`: our number is busy till then."""

    until: datetime | None
    paced: bool = False


def claim_next(
    session: Session, sending: Sending, *, owner: str, now: datetime, lead: timedelta = timedelta()
) -> Claim | Wait:
    """Claim the text that has waited longest and may go now, in a short writing transaction of its own.

    `lead`: how long this takes until it is committed; then the text is `attempting`, and the call may begin at its
    slot. What may not go any more is cancelled on the
    way, and what may not go now is put off; then `Wait(now)` says that there may be more to look at.
    """
    paused = find_pauses(session)
    if ALL in paused:
        return Wait(None)
    left = sending.most_a_day - find_today(session, now).segments
    tomorrow = (now + timedelta(days=1)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if left <= 0:
        return Wait(tomorrow)
    free_at = lock_sender(session, sending.sender, now)
    if free_at > now + lead:
        return Wait(free_at - lead, paced=True)
    due = _find_due_round(session, paused, now)
    if due is None or due.not_before > now:
        return Wait(due.not_before if due else None)
    candidates = _lock_candidates(session, due.id, now)
    for candidate in candidates:
        verdict = _judge(session, candidate, due, sending, now)
        if verdict is None and candidate.segments > left:
            reason = "daily_cap" if candidate.segments <= sending.most_a_day else "over_cap"
            _set_aside(session, due.id, OUTBOX.c.segments >= candidate.segments, tomorrow, reason, now)
        elif verdict is None:
            slot = take_slot(session, sending.sender, free_at, now + lead, candidate.segments, sending.rate)
            return _take(session, candidate, sending, owner, slot, now)
        if verdict == "paused":
            break
    # Others hold what is due: they are at work on it.
    return Wait(now if candidates else now + SLACK)


def _find_due_round(session: Session, paused: Iterable[str], now: datetime) -> Row[Any] | None:
    """Give the open round whose text has waited longest: its id, zone, budget, and when that text may go."""
    earliest = (
        select(func.min(OUTBOX.c.not_before))
        .where(OUTBOX.c.round_id == ROUNDS.c.id, OUTBOX.c.state == QUEUED)
        .scalar_subquery()
    )
    still = [int(scope.partition(":")[2]) for scope in paused if scope != ALL]
    rounds = select(ROUNDS.c.id, ROUNDS.c.timezone, ROUNDS.c.budget_micros, earliest.label("not_before")).where(
        is_open(now), ROUNDS.c.id.not_in(still)
    )
    lined = rounds.subquery()
    return session.execute(
        select(lined).where(lined.c.not_before.is_not(None)).order_by(lined.c.not_before, lined.c.id).limit(1)
    ).first()


def _lock_candidates(session: Session, round_id: int, now: datetime) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            OUTBOX,
            INVITATIONS.c.state.label("invited"),
            INVITATIONS.c.mark,
            INTERVIEWS.c.state.label("standing"),
            INTERVIEWS.c.asked.label("open"),
        )
        .outerjoin(INVITATIONS, INVITATIONS.c.id == OUTBOX.c.invitation_id)
        .outerjoin(INTERVIEWS, INTERVIEWS.c.id == OUTBOX.c.interview_id)
        .where(OUTBOX.c.round_id == round_id, OUTBOX.c.state == QUEUED, OUTBOX.c.not_before <= now)
        .order_by(OUTBOX.c.not_before, OUTBOX.c.id)
        .limit(_LOOKED_AT)
        .with_for_update(of=OUTBOX, skip_locked=True)
    ).all()


def _judge(session: Session, row: Row[Any], round_: Row[Any], sending: Sending, now: datetime) -> str | None:
    """Give nothing where the text may go now; else what was done with it: `cancelled`, `put off` or `paused`."""
    if reason := _find_hindrance(session, row, sending, now):
        changed = {"state": CANCELLED, "reason": reason, "settled_at": now, "updated_at": now}
        session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**changed))
        return "cancelled"
    awake = find_next_moment(now, row.phone, row.timezone, round_.timezone, sending)
    if awake > now:
        return _put_off(session, row, awake, "quiet", now)
    if free_from := _find_cap(session, row.phone, sending, now):
        return _put_off(session, row, free_from, "cap", now)
    if _is_busy_elsewhere(session, row, now):
        return _put_off(session, row, now + timedelta(hours=1), "other_round", now)
    return None if round_.budget_micros is None else _keep_budget(session, row, round_, now)


def _keep_budget(session: Session, row: Row[Any], round_: Row[Any], now: datetime) -> str | None:
    """Put off a text that costs more than is left while cheaper ones wait; stop the round where none does."""
    left = round_.budget_micros - find_tally(session, row.round_id).cost_micros
    if row.cost_micros is not None and row.cost_micros <= left:
        return None
    reason = "price" if row.cost_micros is None else "budget"
    cheaper = select(OUTBOX.c.id).where(
        OUTBOX.c.round_id == row.round_id, OUTBOX.c.state == QUEUED, OUTBOX.c.cost_micros <= left
    )
    if session.execute(cheaper.limit(1)).first() is None:
        pause(session, row.round_id, reason=reason, actor="budget", now=now)
        return "paused"
    alike = OUTBOX.c.cost_micros.is_(None) if row.cost_micros is None else OUTBOX.c.cost_micros >= row.cost_micros
    return _set_aside(session, row.round_id, alike, now + timedelta(hours=1), reason, now)


def _find_hindrance(session: Session, row: Row[Any], sending: Sending, now: datetime) -> str | None:
    """Give why a text may never go any more, or nothing."""
    if row.valid_until <= now:
        return "expired"
    # Read after the row was locked: a STOP that is stored later waits for this transaction, and then finds no queue.
    if session.execute(select(OPT_OUTS.c.phone).where(OPT_OUTS.c.phone == row.phone)).first():
        return "opted_out"
    if row.mark is not None:
        return "marked"
    if row.interview_id is not None:
        # A follow-up asks on after the interview is finished.
        answered = row.standing not in ("started", "finished") or row.open != row.asked
    else:
        answered = row.invitation_id is not None and row.invited != "invited"
    if answered:
        return "answered"
    return None if sending.permits(row.phone) else "country"


def _put_off(session: Session, row: Row[Any], until: datetime, reason: str, now: datetime) -> str:
    changed = {"not_before": until, "reason": reason, "updated_at": now}
    session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**changed))
    return "put off"


def _set_aside(
    session: Session, round_id: int, alike: ColumnElement[bool], until: datetime, reason: str, now: datetime
) -> str:
    """Put off all due texts that are too much as one of them is: what fits behind them has its turn at once."""
    due = select(OUTBOX.c.id).where(OUTBOX.c.round_id == round_id, OUTBOX.c.state == QUEUED, OUTBOX.c.not_before <= now)
    some = due.where(alike).limit(_SET_ASIDE).with_for_update(skip_locked=True)
    changed = {"not_before": until, "reason": reason, "updated_at": now}
    session.execute(update(OUTBOX).where(OUTBOX.c.id.in_(some)).values(**changed))
    return "put off"


def _find_cap(session: Session, phone: str, sending: Sending, now: datetime) -> datetime | None:
    """Give when this phone may get its next text, where it had as many as it may within a day."""
    day = timedelta(days=1)
    sent = session.scalars(
        select(OUTBOX.c.attempted_at)
        .where(OUTBOX.c.phone == phone, OUTBOX.c.state != QUEUED, OUTBOX.c.attempted_at > now - day)
        .order_by(OUTBOX.c.attempted_at.desc())
        .limit(sending.most_per_number)
    ).all()
    if len(sent) < sending.most_per_number:
        return None
    return (sent[-1] if sent else now) + day


def _is_busy_elsewhere(session: Session, row: Row[Any], now: datetime) -> bool:
    """Whether another open round awaits a text of this phone, and silence has not ended that yet."""
    asked = exists().where(
        INTERVIEWS.c.phone == row.phone,
        INTERVIEWS.c.round_id != row.round_id,
        INTERVIEWS.c.state == "started",
        INTERVIEWS.c.asked.is_not(None),
        INTERVIEWS.c.updated_at > now - EXPIRES,
        ROUNDS.c.id == INTERVIEWS.c.round_id,
        is_open(now),
    )
    invited = exists().where(
        OUTBOX.c.phone == row.phone,
        OUTBOX.c.round_id != row.round_id,
        OUTBOX.c.state.in_(TEXTED),
        OUTBOX.c.attempted_at > now - EXPIRES,
        INVITATIONS.c.id == OUTBOX.c.invitation_id,
        INVITATIONS.c.state == "invited",
        ROUNDS.c.id == OUTBOX.c.round_id,
        is_open(now),
    )
    return bool(session.execute(select(or_(asked, invited))).scalar())


def _take(session: Session, row: Row[Any], sending: Sending, owner: str, slot: Slot, now: datetime) -> Claim:
    if row.interview_id is not None:
        asked_now = update(INTERVIEWS).where(INTERVIEWS.c.id == row.interview_id).values(asked_at=now)
        session.execute(asked_now)
    count_sending(session, row.round_id, Tally(1, row.segments, row.cost_micros or 0), now)
    claim = Claim(
        id=row.id,
        round_id=row.round_id,
        fence=row.fence + 1,
        lease_until=now + LEASE,
        slot=slot,
        # Of today: the service may have another gateway than when the text was written.
        gateway=sending.gateway,
        sender=sending.sender,
        phone=row.phone,
        body=row.body,
        segments=row.segments,
        cost_micros=row.cost_micros,
        attempts=row.attempts + 1,
        valid_until=row.valid_until,
    )
    session.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id == row.id)
        .values(
            state=ATTEMPTING,
            gateway=claim.gateway,
            sender=claim.sender,
            reason=None,
            error_code=None,
            lease_owner=owner,
            lease_until=claim.lease_until,
            fence=claim.fence,
            attempts=claim.attempts,
            attempted_at=now,
            updated_at=now,
        )
    )
    return claim
