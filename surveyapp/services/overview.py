"""What staff see at a glance: all rounds with their counts, and the people of one round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from surveyapp.models import Contact, Interview, Invitation, Partnership, Round
from surveyapp.services.cases import is_missing, is_undelivered
from surveyapp.services.rounds import find_status, list_rounds

PAGE = 50
STATES = ("invited", "started", "finished", "declined")
MISSING, MARKED, UNDELIVERED = "missing", "marked", "undelivered"
"""As a filter: who may still answer; whom staff marked; whom no text reached."""


SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": func.lower(Contact.name),
    "state": func.lower(Invitation.state),
    "group": func.coalesce(Invitation.group, ""),
    "organisation": func.lower(func.coalesce(Contact.organisation, "")),
    "language": func.coalesce(Invitation.language, ""),
}
"""What the people of a round can be sorted by."""
_CONDITIONS: Mapping[str, Callable[[], ColumnElement[bool]]] = {
    MISSING: is_missing,
    MARKED: lambda: Invitation.mark.is_not(None),
    UNDELIVERED: lambda: and_(Invitation.state == "invited", is_undelivered()),
}


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round in a list: whose it is, its status now, and how many were invited, are answering and are done."""

    round: Round
    partnership: str
    status: str
    invited: int
    in_progress: int
    finished: int


@dataclass(frozen=True, slots=True)
class InvitedContact:
    """One person of a round. Only coordinators and administrators ever see it."""

    contact: Contact
    group: str | None
    language: str | None
    state: str
    invitation_id: int
    mark: str | None


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """One page of the people of a round; `total` counts those that fit the search, on all pages."""

    people: tuple[InvitedContact, ...]
    total: int
    number: int
    pages: int


def list_overview(
    session: Session, *, partnership_id: int | None, search: str = "", now: datetime
) -> tuple[RoundLine, ...]:
    """Give the rounds of a partnership (of all, without one) whose name or partnership has the words, newest first."""
    names = {partnership.id: partnership.name for partnership in list_partnerships(session, partnership_id)}
    words = search.casefold().split()
    rounds = [
        round_
        for round_ in list_rounds(session, partnership_id=partnership_id)
        if all(word in f"{round_.name} {names[round_.partnership_id]}".casefold() for word in words)
    ]
    scope = Round.partnership_id.in_(names)
    invited = _count(session, Invitation.round_id, scope)
    started = _count(session, Interview.round_id, scope, Interview.state == "started")
    finished = _count(session, Interview.round_id, scope, Interview.state == "finished")
    return tuple(
        RoundLine(
            round_,
            names[round_.partnership_id],
            find_status(round_, now),
            invited.get(round_.id, 0),
            started.get(round_.id, 0),
            finished.get(round_.id, 0),
        )
        for round_ in rounds
    )


def list_partnerships(session: Session, partnership_id: int | None) -> Sequence[Partnership]:
    """Give this partnership, or all without one, by name."""
    wanted = [] if partnership_id is None else [Partnership.id == partnership_id]
    return session.scalars(select(Partnership).where(*wanted).order_by(Partnership.name)).all()


def count_channels(session: Session, round_: Round) -> dict[str, dict[str, int]]:
    """Count interviews by the channel last used, then by state."""
    rows = session.execute(
        select(Interview.channel_last, Interview.state, func.count())
        .where(Interview.round_id == round_.id)
        .group_by(Interview.channel_last, Interview.state)
    )
    counts: dict[str, dict[str, int]] = {}
    for channel, state, count in rows:
        counts.setdefault(channel, {})[state] = count
    return counts


def count_days(session: Session, round_: Round) -> dict[date, int]:
    """Count the finished interviews by day in the round's time zone; of an anonymous round only UTC days are known."""
    at = Interview.finished_at
    minute = (
        func.strftime("%Y-%m-%d %H:%M", at)
        if session.get_bind().dialect.name == "sqlite"
        else func.to_char(func.timezone("UTC", at), "YYYY-MM-DD HH24:MI")
    )
    rows = session.execute(
        select(minute.label("minute"), func.count())
        .where(Interview.round_id == round_.id, Interview.state == "finished", at.is_not(None))
        .group_by("minute")
    )
    zone = ZoneInfo("UTC" if round_.confidentiality == "anonymous" else round_.timezone)
    days: dict[date, int] = {}
    for text, count in rows:
        day = datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(zone).date()
        days[day] = days.get(day, 0) + count
    return days


def list_invitations(
    session: Session,
    round_: Round,
    *,
    search: str = "",
    state: str = "",
    group: str | None = None,
    sort: str = "name",
    page: int = 1,
) -> InvitationPage:
    """Give one page of the people invited to a round; `group` is a group's id, empty for those without.

    `sort`: one of `SORTS`, by name within what is alike; with `-` before it from the last to the first.
    """
    wanted = [Invitation.round_id == round_.id, *_match(search)]
    if state in STATES:
        wanted.append(Invitation.state == state)
    elif state in _CONDITIONS:
        wanted.append(_CONDITIONS[state]())
    if group is not None:
        wanted.append(Invitation.group == group if group else Invitation.group.is_(None))
    people = select(Contact, Invitation).join(Invitation, Invitation.contact_id == Contact.id).where(*wanted)
    total = session.execute(
        select(func.count()).select_from(Invitation).join(Contact, Contact.id == Invitation.contact_id).where(*wanted)
    ).scalar_one()
    pages = max(1, ceil(total / PAGE))
    number = min(max(page, 1), pages)
    by = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    order = (by.desc() if sort.startswith("-") else by.asc(), SORTS["name"], Contact.id)
    rows = session.execute(people.order_by(*order).limit(PAGE).offset((number - 1) * PAGE)).all()
    return InvitationPage(
        tuple(
            InvitedContact(contact, seat.group, seat.language, seat.state, seat.id, seat.mark) for contact, seat in rows
        ),
        total,
        number,
        pages,
    )


def _count(session: Session, column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> dict[int, int]:
    rows = session.execute(
        select(column, func.count()).join(Round, Round.id == column).where(*conditions).group_by(column)
    )
    return {row[0]: row[1] for row in rows}


def _match(search: str) -> list[ColumnElement[bool]]:
    columns = (Contact.name, Contact.organisation, Contact.email, Contact.phone)
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in search.split()[:8]]
