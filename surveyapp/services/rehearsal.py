"""What a simulated phone shows: its conversation so far, and what it could text to begin another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forms.sms.segments import Segments, count_segments
from surveyapp.gateways.simulator import Simulator, is_fictional, make_fictional
from surveyapp.models import Contact, InboundMessage, Invitation, OptOut, OutboundMessage, Round
from surveyapp.services.outbox import DELIVERED, SENT
from surveyapp.services.standings import OPEN, find_status

LONGEST = 300
"""Messages of a conversation that are shown; older ones are left out."""
MOST_NUMBERS = 6


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the phone shows it. `text` is `None` where the service kept silent."""

    sent: bool
    text: str | None
    at: datetime
    segments: Segments | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into an open round: its keyword, and invited numbers that belong to nobody and have not finished."""

    round_name: str
    keyword: str | None
    invited: tuple[str, ...]


def read_conversation(session: Session, phone: str) -> tuple[Bubble, ...]:
    """Give what this simulated phone sent and got, oldest first."""
    rows = session.execute(
        select(InboundMessage.body, InboundMessage.reply, InboundMessage.received_at)
        .where(InboundMessage.phone == phone, InboundMessage.gateway == Simulator.name)
        .order_by(InboundMessage.id.desc())
        .limit(LONGEST)
    ).all()
    bubbles = list(read_arrivals(session, phone))
    for row in reversed(rows):
        bubbles.append(Bubble(True, row.body, row.received_at, count_segments(row.body)))
        segments = None if row.reply is None else count_segments(row.reply)
        bubbles.append(Bubble(False, row.reply, row.received_at, segments))
    return tuple(sorted(bubbles, key=lambda bubble: bubble.at))


def read_arrivals(session: Session, phone: str) -> tuple[Bubble, ...]:
    """Give the texts that this simulated phone got without having asked, oldest first: invitations and reminders."""
    rows = session.execute(
        select(OutboundMessage.body, OutboundMessage.sent_at, OutboundMessage.created_at)
        .where(
            OutboundMessage.phone == phone,
            OutboundMessage.gateway == Simulator.name,
            OutboundMessage.state.in_((SENT, DELIVERED)),
        )
        .order_by(OutboundMessage.id.desc())
        .limit(LONGEST)
    )
    return tuple(
        Bubble(False, row.body, row.sent_at or row.created_at, count_segments(row.body)) for row in reversed(rows.all())
    )


def list_entries(session: Session, now: datetime) -> tuple[Entry, ...]:
    """Give every open round that a simulated phone can answer, newest first."""
    rounds = session.execute(
        select(Round.id, Round.name, Round.keyword, Round.state, Round.opens_at, Round.closes_at)
        .where(Round.state == "published", Round.confidentiality != "anonymous")
        .order_by(Round.id.desc())
        .limit(20)
    ).all()
    entries = [
        Entry(row.name, row.keyword, _list_invited(session, row.id))
        for row in rounds
        if find_status(row.state, row.opens_at, row.closes_at, now) == OPEN
    ]
    return tuple(entry for entry in entries if entry.keyword or entry.invited)


def find_unused(session: Session) -> str:
    """Give a number that belongs to nobody and that has neither texted nor been invited (if one is found quickly)."""
    phone = make_fictional()
    for _ in range(20):
        texted = session.execute(select(InboundMessage.id).where(InboundMessage.phone == phone).limit(1)).first()
        if not texted and not session.execute(select(Contact.id).where(Contact.phone == phone).limit(1)).first():
            break
        phone = make_fictional()
    return phone


def _list_invited(session: Session, round_id: int) -> tuple[str, ...]:
    found = session.scalars(
        select(Contact.phone)
        .join(Invitation, Invitation.contact_id == Contact.id)
        .where(
            Invitation.round_id == round_id,
            Invitation.state.in_(("invited", "started")),
            or_(*(Contact.phone.like(pattern) for pattern in ("+1___55501__", "+447700900%", "+3363998%"))),
            Contact.phone.not_in(select(OptOut.phone)),
        )
        .order_by(Invitation.id)
        .limit(MOST_NUMBERS)
    )
    return tuple(phone for phone in found if phone is not None and is_fictional(phone))
