"""Why people of a round are not reminded: counted for whoever asks for reminders and gets few or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from surveyapp.models import Round
from surveyapp.services.outbox import (
    ATTEMPTING,
    DELIVERED,
    EXPIRES,
    INVITATION,
    OPT_OUTS,
    OUTBOX,
    QUEUED,
    REMINDER,
    SENT,
)
from surveyapp.services.reminding import AT_LEAST, MOST
from surveyapp.services.standings import CONTACTS, INTERVIEWS, INVITATIONS

NOT_REMINDED = {
    "recent": "texted, or heard of, less than 12 hours ago",
    "most": "reminded twice already, which is all",
    "waiting": "with a text that still waits to go",
    "not_reached": "whose first text did not arrive, or is held",
    "never_texted": "without a first text: invite them",
    "over": "silent for three days: nobody asks again, but late answers count",
    "marked": "marked by staff: nobody can answer, or not a stakeholder",
    "on_web": "answering on the web",
    "done": "finished or declined",
    "opted_out": "wrote STOP",
    "web_only": "asked nothing by text: the round is anonymous",
}
"""Why somebody is not reminded, in words after a number of people."""
_DUE = "due"


def count_not_reminded(
    session: Session, round_: Round, now: datetime, after: timedelta = AT_LEAST
) -> Mapping[str, int]:
    """Count who is not to be reminded now, by reason (`NOT_REMINDED`); `after`: the silence that a reminder waits for.

    To be asked before those are queued that are due.
    """
    if round_.confidentiality == "anonymous":
        invited = session.scalar(select(func.count()).where(INVITATIONS.c.round_id == round_.id)) or 0
        return {"web_only": invited} if invited else {}
    counts: Counter[str] = Counter()
    for sort in (_sort_invited, _sort_uninvited):
        for reason, count in session.execute(sort(round_, now, after)):
            counts[reason] += count
    return {reason: counts[reason] for reason in NOT_REMINDED if counts[reason]}


def _sort_invited(round_: Round, now: datetime, after: timedelta) -> Any:
    first = OUTBOX.alias("first_texts")
    reminders = _find_reminders("invitation_id", INVITATIONS.c.id)
    started = INVITATIONS.c.state == "started"
    reason = case(
        (INVITATIONS.c.state.in_(("finished", "declined")), "done"),
        (or_(OPT_OUTS.c.phone.is_not(None), INTERVIEWS.c.state == "stopped"), "opted_out"),
        (INVITATIONS.c.mark.is_not(None), "marked"),
        (and_(started, or_(INTERVIEWS.c.phone.is_(None), INTERVIEWS.c.asked.is_(None))), "on_web"),
        (and_(~started, first.c.id.is_(None)), "never_texted"),
        (and_(~started, first.c.state.in_((QUEUED, ATTEMPTING))), "waiting"),
        (and_(~started, first.c.state.not_in((SENT, DELIVERED))), "not_reached"),
        *_sort_silent(reminders, func.coalesce(INTERVIEWS.c.updated_at, first.c.sent_at), now, after),
        else_=_DUE,
    )
    return (
        select(reason, func.count())
        .select_from(INVITATIONS)
        .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .outerjoin(OPT_OUTS, OPT_OUTS.c.phone == CONTACTS.c.phone)
        .outerjoin(INTERVIEWS, INTERVIEWS.c.invitation_id == INVITATIONS.c.id)
        .outerjoin(first, and_(first.c.invitation_id == INVITATIONS.c.id, first.c.kind == INVITATION))
        .where(INVITATIONS.c.round_id == round_.id)
        .group_by(reason)
    )


def _sort_uninvited(round_: Round, now: datetime, after: timedelta) -> Any:
    """Sort those who came by the keyword."""
    reminders = _find_reminders("interview_id", INTERVIEWS.c.id)
    reason = case(
        (INTERVIEWS.c.state.in_(("finished", "declined")), "done"),
        (or_(OPT_OUTS.c.phone.is_not(None), INTERVIEWS.c.state == "stopped"), "opted_out"),
        (INTERVIEWS.c.asked.is_(None), "on_web"),
        *_sort_silent(reminders, INTERVIEWS.c.updated_at, now, after),
        else_=_DUE,
    )
    return (
        select(reason, func.count())
        .select_from(INTERVIEWS)
        .outerjoin(OPT_OUTS, OPT_OUTS.c.phone == INTERVIEWS.c.phone)
        .where(
            INTERVIEWS.c.round_id == round_.id, INTERVIEWS.c.invitation_id.is_(None), INTERVIEWS.c.phone.is_not(None)
        )
        .group_by(reason)
    )


def _sort_silent(
    reminders: tuple[Any, Any, Any], since: ColumnElement[datetime], now: datetime, after: timedelta
) -> tuple[tuple[ColumnElement[bool], str], ...]:
    """Sort those who could be reminded; `since`: when they were heard of last."""
    count, latest, waiting = reminders
    return (
        (waiting > 0, "waiting"),
        (count >= MOST, "most"),
        (since <= now - EXPIRES, "over"),
        (or_(since > now - after, latest > now - after), "recent"),
    )


def _find_reminders(name: str, id_: ColumnElement[Any]) -> tuple[Any, Any, Any]:
    """Give how many reminders somebody had, when the latest was written, and how many still wait.

    `name`: the column that refers to the person, `id_`: what it holds.
    """
    other = OUTBOX.alias("reminders")
    conditions = (other.c.kind == REMINDER, other.c[name] == id_)
    waits = and_(*conditions, other.c.state.in_((QUEUED, ATTEMPTING)))
    return (
        select(func.count()).select_from(other).where(*conditions).scalar_subquery(),
        select(func.max(other.c.created_at)).where(*conditions).scalar_subquery(),
        select(func.count()).select_from(other).where(waits).scalar_subquery(),
    )
