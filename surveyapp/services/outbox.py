"""The outbox: every text that we begin to send is a row first. Its states, and what may happen to it in which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from forms.sms.segments import count_segments
from surveyapp.models import OptOut, OutboundMessage, Round, SendingPause
from surveyapp.sending import Sending

OUTBOX = cast(Table, OutboundMessage.__table__)
OPT_OUTS = cast(Table, OptOut.__table__)
ROUNDS = cast(Table, Round.__table__)
PAUSES = cast(Table, SendingPause.__table__)

QUEUED, ATTEMPTING, UNKNOWN, SENT = "queued", "attempting", "unknown", "sent"
DELIVERED, FAILED, CANCELLED = "delivered", "failed", "cancelled"
STATES = (QUEUED, ATTEMPTING, UNKNOWN, SENT, DELIVERED, FAILED, CANCELLED)
RANK = {QUEUED: 0, ATTEMPTING: 0, UNKNOWN: 0, CANCELLED: 0, SENT: 1, FAILED: 2, DELIVERED: 3}
"""What a gateway says moves a text up this order, never down: whatever the order of its callbacks, the end is one."""
TEXTED = (ATTEMPTING, UNKNOWN, SENT, DELIVERED)
"""States in which the person may have the text before them."""

REASONS = {
    "opted_out": "The person wrote STOP",
    "answered": "The person answered before it went",
    "round_closed": "The round was closed",
    "marked": "The person was marked by staff",
    "expired": "Its time ran out before it could go",
    "country": "Texts to this country are not allowed",
    "cap": "This number had its texts for today",
    "daily_cap": "The service had its texts for today",
    "over_cap": "It is longer than all that the service may send in a day",
    "budget": "It costs more than is left of the budget",
    "refused": "The gateway refused it; it is tried again",
    "rejected": "The gateway refused it for good",
    "carrier": "The phone company could not deliver it",
    "doubtful": "Nobody knows whether the gateway took it",
    "no_list": "The gateway's list cannot be read, so nobody knows whether it went",
    "not_listed": "Sent twice at most: again nobody knows whether it went",
    "dropped": "Dropped by staff",
    "resent": "Sent again by staff",
    "other_round": "Another survey of this person is open; it waits",
    "quiet": "It is night where the person lives",
    "price": "A budget is set and no price is known for this number",
}
"""Why a text stands where it stands, in words for staff."""

INVITATION, REMINDER, FOLLOW_UP = "invitation", "reminder", "follow_up"
EXPIRES = timedelta(hours=72)
"""Silence after which a conversation is a break-off: it no longer keeps other rounds waiting (sms rule 8)."""
ALL = "all"
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A text to be queued; `who` names the person within the round, as `contact:7` or `interview:9`."""

    round_id: int
    who: str
    kind: str
    phone: str
    body: str
    not_before: datetime
    valid_until: datetime
    step: int = 0
    timezone: str | None = None
    invitation_id: int | None = None
    interview_id: int | None = None
    asked: str | None = None

    @property
    def key(self) -> str:
        """The idempotency key: one person, one round, one kind and one step is one text."""
        return f"{self.round_id}:{self.who}:{self.kind}:{self.step}"


def queue_messages(session: Session, messages: Iterable[NewMessage], sending: Sending, now: datetime) -> int:
    """Write texts into the outbox in the caller's transaction and give how many are new; the rest was there before."""
    counts: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    new = 0
    for message in messages:
        if message.body not in counts:
            counts[message.body] = count_segments(message.body).segments
        rows.append(_build_row(message, counts[message.body], sending, now))
        if len(rows) == _BATCH:
            new += _insert(session, rows)
            rows = []
    return new + _insert(session, rows)


def cancel_messages(session: Session, condition: ColumnElement[bool], reason: str, now: datetime) -> int:
    """Take texts that are still queued out of the queue and give how many; one in flight is no longer ours to stop."""
    cancel = update(OUTBOX).where(OUTBOX.c.state == QUEUED, condition)
    done = session.execute(cancel.values(state=CANCELLED, reason=reason, settled_at=now, updated_at=now))
    return cast("CursorResult[Any]", done).rowcount


def release(session: Session, round_id: int, reasons: Iterable[str], now: datetime) -> None:
    """Let texts of a round that were put off for one of these reasons go as soon as they may."""
    held_back = (OUTBOX.c.round_id == round_id, OUTBOX.c.state == QUEUED, OUTBOX.c.reason.in_(tuple(reasons)))
    session.execute(update(OUTBOX).where(*held_back).values(not_before=now, reason=None, updated_at=now))


def cancel_to(session: Session, phone: str, now: datetime) -> int:
    """Take everything queued to a phone out of the queue, in the transaction that stores its STOP."""
    return cancel_messages(session, OUTBOX.c.phone == phone, "opted_out", now)


def cancel_in(session: Session, round_id: int, now: datetime) -> int:
    """Take everything queued in a round out of the queue: it is closed."""
    return cancel_messages(session, OUTBOX.c.round_id == round_id, "round_closed", now)


def restore_marked(session: Session, invitation_id: int, now: datetime) -> int:
    """Queue again what a mark took out of the queue, as far as its time has not run out; gives how many."""
    taken = (OUTBOX.c.invitation_id == invitation_id, OUTBOX.c.state == CANCELLED, OUTBOX.c.reason == "marked")
    again = update(OUTBOX).where(*taken, OUTBOX.c.valid_until > now)
    done = session.execute(again.values(state=QUEUED, reason=None, settled_at=None, updated_at=now))
    return cast("CursorResult[Any]", done).rowcount


def cancel_of_the_closed(session: Session, now: datetime) -> int:
    """Take what is queued in closed rounds out of the queue: their time ran out, or a doubt was settled afterwards."""
    over = or_(ROUNDS.c.state == "closed", ROUNDS.c.closes_at <= now)
    waiting = select(OUTBOX.c.id).where(OUTBOX.c.round_id == ROUNDS.c.id, OUTBOX.c.state == QUEUED)
    closed = session.scalars(select(ROUNDS.c.id).where(over, waiting.exists())).all()
    return sum(cancel_in(session, round_id, now) for round_id in closed)


def find_texted(session: Session, phone: str) -> Sequence[int]:
    """Give the invitations whose first text this phone may have before it, the last one sent first."""
    texted = select(OUTBOX.c.invitation_id).where(
        OUTBOX.c.phone == phone, OUTBOX.c.state.in_(TEXTED), OUTBOX.c.invitation_id.is_not(None)
    )
    latest = texted.group_by(OUTBOX.c.invitation_id).order_by(func.max(OUTBOX.c.attempted_at).desc())
    return [invitation for (invitation,) in session.execute(latest)]


def is_in_flight(session: Session, phone: str) -> bool:
    """Say whether a worker may be handing a text to this phone to the gateway at this moment."""
    flying = select(OUTBOX.c.id).where(OUTBOX.c.phone == phone, OUTBOX.c.state == ATTEMPTING).limit(1)
    return session.execute(flying).first() is not None


def name_scope(round_id: int | None) -> str:
    """Give the name under which a round is paused and counted, or the whole service without one."""
    return ALL if round_id is None else f"round:{round_id}"


def pause(session: Session, round_id: int | None, *, reason: str, actor: str, now: datetime) -> bool:
    """Let nothing go out any more, of one round or of all; gives whether anything went before."""
    facts = {"scope": name_scope(round_id), "reason": reason, "actor": actor, "at": now}
    return _insert_ignoring(session, PAUSES, [facts]) == 1


def resume(session: Session, round_id: int | None) -> bool:
    """Let texts go out again; gives whether they stood still."""
    done = session.execute(delete(PAUSES).where(PAUSES.c.scope == name_scope(round_id)))
    return cast("CursorResult[Any]", done).rowcount == 1


def find_pauses(session: Session) -> Mapping[str, SendingPause]:
    """Give what stands still, by scope."""
    return {pause.scope: pause for pause in session.scalars(select(SendingPause))}


def _build_row(message: NewMessage, segments: int, sending: Sending, now: datetime) -> dict[str, Any]:
    return {
        "key": message.key,
        "round_id": message.round_id,
        "invitation_id": message.invitation_id,
        "interview_id": message.interview_id,
        "kind": message.kind,
        "step": message.step,
        "asked": message.asked,
        "gateway": sending.gateway,
        "sender": sending.sender,
        "phone": message.phone,
        "timezone": message.timezone,
        "body": message.body,
        "segments": segments,
        "state": QUEUED,
        "fence": 0,
        "attempts": 0,
        "looks": 0,
        "resent": False,
        "not_before": message.not_before,
        "valid_until": message.valid_until,
        "cost_micros": sending.estimate(message.phone, segments),
        "created_at": now,
        "updated_at": now,
    }


def _insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    return _insert_ignoring(session, OUTBOX, rows) if rows else 0


def _insert_ignoring(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return cast("CursorResult[Any]", session.execute(statement, list(rows))).rowcount
