"""Slots: the moments at which a number of ours may hand over its next text. All workers together keep one rate.

Slots stand apart by what a text's segments take, a little further than the rate asks; a call begins within `TOLERANCE`
of its slot, or gets another one. So no second holds more calls than the rate, whatever delays one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from surveyapp.database import insert_once
from surveyapp.models import Sender

SENDERS = cast(Table, Sender.__table__)

SHARE = 0.97
"""How much of the rate is used: within 5 % of it, and 30 ms of every second are left for what is late."""
TOLERANCE = timedelta(milliseconds=25)
"""How long after its slot a call may begin."""
SLACK = timedelta(milliseconds=10)
"""How late a claim may be without moving the slots that follow."""
_JUMPED = timedelta(hours=1)
"""A number that is busy for longer than that says that the clock was set back."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a call may begin, and from when on the number is free for the next."""

    at: datetime
    free_at: datetime


def lock_sender(session: Session, number: str, now: datetime) -> datetime:
    """Give when our number is free, held until the transaction ends."""
    insert_once(session, SENDERS, {"number": number, "free_at": now - SLACK})
    query = select(SENDERS.c.free_at).where(SENDERS.c.number == number).with_for_update()
    free_at: datetime = session.execute(query).scalar_one()
    # A clock that was set back must not silence the number for the time it was ahead.
    return now if free_at - now > _JUMPED else free_at


def take_slot(session: Session, number: str, free_at: datetime, earliest: datetime, segments: int, rate: float) -> Slot:
    """Take the first slot of a locked number from `earliest` on; `rate`: segments a second."""
    at = free_at if free_at >= earliest - SLACK else earliest
    slot = Slot(at, at + timedelta(seconds=segments / (rate * SHARE)))
    session.execute(update(SENDERS).where(SENDERS.c.number == number).values(free_at=slot.free_at))
    return slot


def move_slot(session: Session, number: str, missed: Slot, earliest: datetime, segments: int, rate: float) -> Slot:
    """Take another slot in place of one that was missed; where nobody came after it, it is only moved."""
    free_at = lock_sender(session, number, earliest)
    if free_at == missed.free_at:
        free_at = missed.at
    return take_slot(session, number, free_at, earliest, segments, rate)


def free_sender(session: Session, number: str, at: datetime) -> None:
    """Keep a number of ours silent until then: the gateway asked for it."""
    session.execute(update(SENDERS).where(SENDERS.c.number == number, SENDERS.c.free_at < at).values(free_at=at))
