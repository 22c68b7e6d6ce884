"""Reminders by text: at most two, to people who have not finished, and each repeats the question that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from forms.sms.segments import count_segments
from surveyapp.models import Round
from surveyapp.sending import Sending
from surveyapp.services import texts
from surveyapp.services.outbox import (
    DELIVERED,
    EXPIRES,
    INVITATION,
    OPT_OUTS,
    OUTBOX,
    REMINDER,
    SENT,
    NewMessage,
    queue_messages,
)
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CONTACTS, INTERVIEWS, INVITATIONS, OPEN, find_by_id
from surveyapp.services.turns import build_open

MOST = 2
AFTER = timedelta(hours=24)
"""Silence after which a reminder goes by itself; a second one after as much again."""
AT_LEAST = timedelta(hours=12)
"""Silence that even a reminder asked for by hand waits for."""
VALID = timedelta(hours=24)
_BATCH = 500


def queue_due_reminders(session: Session, sending: Sending, now: datetime) -> int:
    """Queue what the schedule owes: a reminder after a day of silence, and another, in every open round."""
    rounds = session.scalars(select(Round).where(Round.state == "published", Round.confidentiality != "anonymous"))
    return sum(
        queue_reminders(session, round_, sending, now, after=AFTER)
        for round_ in rounds.all()
        if find_status(round_, now) == OPEN
    )


def queue_reminders(
    session: Session, round_: Round, sending: Sending, now: datetime, *, after: timedelta = AT_LEAST
) -> int:
    """Queue the next reminder to everybody who was texted, is silent since `after`, and has had less than two.

    Whoever has not begun gets the first text again; whoever has, the open question. A conversation that has been
    silent for three days is a break-off and is left alone, and so is whoever wrote STOP. Gives how many are new.
    """
    if round_.confidentiality == "anonymous" or find_status(round_, now) != OPEN:
        return 0
    new = 0
    for batch in _batches(session, _list_silent(round_.id, now, after)):
        messages = [_remind_of_first(round_, row, now) for row in batch]
        new += queue_messages(session, messages, sending, now)
    for batch in _batches(session, _list_begun(round_.id, now, after)):
        reminders = (_remind_of_open(session, round_, row, now) for row in batch)
        new += queue_messages(session, [each for each in reminders if each is not None], sending, now)
    return new


def _list_silent(round_id: int, now: datetime, after: timedelta) -> Any:
    """Give the first texts that nobody has answered, and how many reminders each has had."""
    reminders, latest = _count_reminders(OUTBOX.c.invitation_id)
    return (
        select(
            OUTBOX.c.id,
            OUTBOX.c.invitation_id,
            OUTBOX.c.phone,
            OUTBOX.c.timezone,
            OUTBOX.c.body,
            INVITATIONS.c.contact_id,
            INVITATIONS.c.language,
            reminders.label("reminders"),
        )
        .join(INVITATIONS, INVITATIONS.c.id == OUTBOX.c.invitation_id)
        .where(
            OUTBOX.c.round_id == round_id,
            OUTBOX.c.kind == INVITATION,
            OUTBOX.c.state.in_((SENT, DELIVERED)),
            INVITATIONS.c.state == "invited",
            INVITATIONS.c.mark.is_(None),
            OUTBOX.c.sent_at <= now - after,
            *_may_be_reminded(reminders, latest, OUTBOX.c.phone, OUTBOX.c.sent_at, now, after),
        )
    ).subquery()


def _list_begun(round_id: int, now: datetime, after: timedelta) -> Any:
    """Give the conversations that stand still at a question, and how many reminders each has had."""
    reminders, latest = _count_reminders(INTERVIEWS.c.invitation_id, INTERVIEWS.c.id)
    return (
        select(
            INTERVIEWS.c.id,
            INTERVIEWS.c.invitation_id,
            INTERVIEWS.c.phone,
            INTERVIEWS.c.asked,
            CONTACTS.c.timezone,
            INVITATIONS.c.contact_id,
            reminders.label("reminders"),
        )
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .outerjoin(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .where(
            INTERVIEWS.c.round_id == round_id,
            INTERVIEWS.c.state == "started",
            INVITATIONS.c.mark.is_(None),
            INTERVIEWS.c.phone.is_not(None),
            INTERVIEWS.c.asked.is_not(None),
            INTERVIEWS.c.updated_at <= now - after,
            *_may_be_reminded(reminders, latest, INTERVIEWS.c.phone, INTERVIEWS.c.updated_at, now, after),
        )
    ).subquery()


def _count_reminders(invitation: ColumnElement[Any], interview: ColumnElement[Any] | None = None) -> tuple[Any, Any]:
    other = OUTBOX.alias("reminders")
    own = [other.c.invitation_id == invitation]
    if interview is not None:
        own.append(and_(invitation.is_(None), other.c.interview_id == interview))
    condition = (other.c.kind == REMINDER, or_(*own))
    return (
        select(func.count()).select_from(other).where(*condition).scalar_subquery(),
        select(func.max(other.c.created_at)).where(*condition).scalar_subquery(),
    )


def _may_be_reminded(
    reminders: Any, latest: Any, phone: Any, since: ColumnElement[datetime], now: datetime, after: timedelta
) -> Sequence[ColumnElement[bool]]:
    return (
        reminders < MOST,
        or_(latest.is_(None), latest <= now - after),
        since > now - EXPIRES,
        phone.not_in(select(OPT_OUTS.c.phone)),
    )


def _remind_of_first(round_: Round, row: Any, now: datetime) -> NewMessage:
    return NewMessage(
        round_id=round_.id,
        who=f"contact:{row.contact_id}",
        kind=REMINDER,
        step=row.reminders + 1,
        phone=row.phone,
        body=add_reminding(row.body, row.language or "en"),
        not_before=now,
        valid_until=_find_end(round_, now),
        timezone=row.timezone,
        invitation_id=row.invitation_id,
    )


def _remind_of_open(session: Session, round_: Round, row: Any, now: datetime) -> NewMessage | None:
    standing = find_by_id(session, row.id, now)
    question = build_open(standing)
    if question is None:
        return None
    return NewMessage(
        round_id=round_.id,
        who=f"contact:{row.contact_id}" if row.contact_id is not None else f"interview:{row.id}",
        kind=REMINDER,
        step=row.reminders + 1,
        phone=row.phone,
        body=add_reminding(question, standing.language),
        not_before=now,
        valid_until=_find_end(round_, now),
        timezone=row.timezone,
        invitation_id=row.invitation_id,
        interview_id=row.id,
        asked=row.asked,
    )


def add_reminding(question: str, language: str) -> str:
    """Say before a question that its answer is awaited, where that costs no further segment."""
    longer = f"{texts.say_awaiting(language)}\n{question}"
    return longer if count_segments(longer).segments == count_segments(question).segments else question


def _find_end(round_: Round, now: datetime) -> datetime:
    return min(now + VALID, round_.closes_at or now + VALID)


def _batches(session: Session, listed: Any) -> Iterator[Sequence[Any]]:
    last = 0
    while batch := session.execute(select(listed).where(listed.c.id > last).order_by(listed.c.id).limit(_BATCH)).all():
        last = batch[-1].id
        yield batch
