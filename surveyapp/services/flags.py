"""Texts that a person must see: raised by the conversation, read in the console."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import Table, select

from surveyapp.database import insert_once
from surveyapp.models import InboundMessage, UnreadReply
from surveyapp.services.incoming import Incoming
from surveyapp.services.standings import CONTACTS, INVITATIONS, Standing

UNREAD = cast(Table, UnreadReply.__table__)
INBOUND = cast(Table, InboundMessage.__table__)

UNREADABLE, PEACE, LOOP = "unreadable", "peace", "loop"
A_WHILE = timedelta(days=1)
"""One flag of a kind is enough for so long."""


def raise_flag(incoming: Incoming, kind: str, standing: Standing | None, question: str | None = None) -> None:
    """Put this text before the coordinators of the round; without an interview, of the latest round it is invited to.

    Nobody's round: administrators see it. The flag is stored with the text, by `store_flags`.
    """
    row = {
        "kind": kind,
        "round_id": _find_round(incoming) if standing is None else standing.round.id,
        "interview_id": None if standing is None else standing.id,
        "question": question,
        "at": incoming.now,
        "version": 0,
    }
    incoming.flags.append(row)


def store_flags(incoming: Incoming, message_id: int) -> None:
    """Store the flags of a text, which is this row by now; one of a kind is enough."""
    for flag in incoming.flags:
        insert_once(incoming.session, UNREAD, {**flag, "message_id": message_id})


def raise_flag_once(incoming: Incoming, kind: str, standing: Standing | None) -> None:
    """Raise a flag unless this phone has one of the kind that is new."""
    if not has_flag(incoming, standing, kind):
        raise_flag(incoming, kind, standing)


def has_flag(incoming: Incoming, standing: Standing | None, kind: str) -> bool:
    """Whether a text of this phone (in this interview) was put before a person within a day."""
    recent = (
        select(UNREAD.c.id)
        .join(INBOUND, INBOUND.c.id == UNREAD.c.message_id)
        .where(INBOUND.c.phone == incoming.phone, UNREAD.c.kind == kind, UNREAD.c.at > incoming.now - A_WHILE)
    )
    if standing is not None:
        recent = recent.where(UNREAD.c.interview_id == standing.id)
    return incoming.session.execute(recent.limit(1)).first() is not None


def _find_round(incoming: Incoming) -> int | None:
    invited = (
        select(INVITATIONS.c.round_id)
        .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .where(CONTACTS.c.phone == incoming.phone)
        .order_by(INVITATIONS.c.id.desc())
        .limit(1)
    )
    return incoming.session.execute(invited).scalar()
