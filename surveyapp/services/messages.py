"""The texts that a round begins, as staff see them: states and reasons, page by page; those that are held; who wrote
STOP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from surveyapp.models import Round
from surveyapp.services.outbox import OPT_OUTS, OUTBOX, STATES, UNKNOWN
from surveyapp.services.standings import CONTACTS, INVITATIONS

PAGE = 50
MOST_COUNTED = 10_000
"""States are counted so far and no further: a page costs the same whatever the round holds."""
MOST_HELD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One text. `name` is the contact's, where it has one; `phone` is for those alone who may see it."""

    id: int
    invitation_id: int | None
    kind: str
    step: int
    state: str
    reason: str | None
    error_code: str | None
    gateway: str
    phone: str
    name: str
    segments: int
    cost_micros: int | None
    attempts: int
    not_before: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page, newest first; `older` and `newer` are the ids from which the neighbours begin, where there are any."""

    lines: tuple[MessageLine, ...]
    older: int | None
    newer: int | None


@dataclass(frozen=True, slots=True)
class StopLine:
    """Somebody of a round who wrote STOP."""

    name: str
    phone: str
    at: datetime


_COLUMNS = (
    OUTBOX.c.id,
    OUTBOX.c.invitation_id,
    OUTBOX.c.kind,
    OUTBOX.c.step,
    OUTBOX.c.state,
    OUTBOX.c.reason,
    OUTBOX.c.error_code,
    OUTBOX.c.gateway,
    OUTBOX.c.phone,
    func.coalesce(CONTACTS.c.name, "").label("name"),
    OUTBOX.c.segments,
    OUTBOX.c.cost_micros,
    OUTBOX.c.attempts,
    OUTBOX.c.not_before,
    OUTBOX.c.updated_at,
)
_MESSAGES = (
    select(*_COLUMNS)
    .outerjoin(INVITATIONS, INVITATIONS.c.id == OUTBOX.c.invitation_id)
    .outerjoin(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
)


def count_states(session: Session, round_: Round) -> Mapping[str, int]:
    """Count the texts of a round by state, each as far as `MOST_COUNTED`; states that nothing is in are left out."""
    counts = {}
    for state in STATES:
        some = select(OUTBOX.c.id).where(OUTBOX.c.round_id == round_.id, OUTBOX.c.state == state).limit(MOST_COUNTED)
        counts[state] = session.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return {state: count for state, count in counts.items() if count}


def list_messages(
    session: Session, round_: Round, *, state: str = "", before: int | None = None, after: int | None = None
) -> MessagePage:
    """Give one page of the texts of a round, those `before` this id or `after` it; of one state, where it is named."""
    wanted: list[ColumnElement[bool]] = [OUTBOX.c.round_id == round_.id]
    order: tuple[ColumnElement[Any], ...] = (OUTBOX.c.id,)
    if state in STATES:
        # In the order of the index that finds a state at once, however few are in it.
        wanted.append(OUTBOX.c.state == state)
        order = (OUTBOX.c.not_before, OUTBOX.c.id)
    bound = _find_bound(session, round_, after if after is not None else before, order)
    forward = after is not None and bound is not None
    if bound is not None:
        wanted.append(tuple_(*order) > bound if forward else tuple_(*order) < bound)
    sort = [column.asc() if forward else column.desc() for column in order]
    rows = session.execute(_MESSAGES.where(*wanted).order_by(*sort).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    lines = tuple(MessageLine(**row._mapping) for row in rows[:PAGE])
    if forward:
        lines = lines[::-1]
        return MessagePage(lines, lines[-1].id if lines else None, lines[0].id if more and lines else None)
    newer = lines[0].id if lines and bound is not None else None
    return MessagePage(lines, lines[-1].id if more else None, newer)


def list_held(session: Session, round_: Round) -> tuple[MessageLine, ...]:
    """Give the texts of which nobody knows whether they went, the longest waiting first."""
    held = _MESSAGES.where(OUTBOX.c.round_id == round_.id, OUTBOX.c.state == UNKNOWN)
    rows = session.execute(held.order_by(OUTBOX.c.not_before, OUTBOX.c.id).limit(MOST_HELD))
    return tuple(MessageLine(**row._mapping) for row in rows)


def list_stopped(session: Session, round_: Round, most: int = PAGE) -> tuple[StopLine, ...]:
    """Give the invited people of a round who wrote STOP, the latest first."""
    rows = session.execute(
        select(CONTACTS.c.name, CONTACTS.c.phone, OPT_OUTS.c.at)
        .join(INVITATIONS, INVITATIONS.c.contact_id == CONTACTS.c.id)
        .join(OPT_OUTS, OPT_OUTS.c.phone == CONTACTS.c.phone)
        .where(INVITATIONS.c.round_id == round_.id)
        .order_by(OPT_OUTS.c.at.desc())
        .limit(most)
    )
    return tuple(StopLine(*row) for row in rows)


def _find_bound(
    session: Session, round_: Round, message_id: int | None, order: tuple[ColumnElement[Any], ...]
) -> tuple[Any, ...] | None:
    """Give where the message of this id stands in the order; nothing for one of another round."""
    if message_id is None:
        return None
    query = select(*order).where(OUTBOX.c.id == message_id, OUTBOX.c.round_id == round_.id)
    row = session.execute(query).first()
    return None if row is None else tuple(row)
