"""The life of a round: find it, count it, close it, reopen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.models import Interview, Invitation, Round
from surveyapp.services import interviews, standings
from surveyapp.services.audit import record_act
from surveyapp.services.cases import is_ineligible, is_missing
from surveyapp.services.outbox import cancel_in

IS_WHOLE = Round.state != standings.PREPARING
"""Of all others nobody hears."""


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many of one group were invited, less those marked as not eligible, and how many of them are done.

    `group` is `None` where it is not known. `missing`: who has not finished, less those marked in any way.
    """

    group: str | None
    invited: int
    finished: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCounts:
    """Where the fielding of a round stands now.

    `by_channel`: channel last used -> interviews finished. `by_group` counts invited contacts. `marked`: what staff
    said of people -> how many; `invited` has them all.
    """

    invited: int
    finished: int
    in_progress: int
    declined: int
    stopped: int
    by_channel: dict[str, int]
    by_group: tuple[GroupCount, ...]
    marked: dict[str, int]
    last_answer_at: datetime | None


def find_round(session: Session, reference: str, *, partnership_id: int | None = None) -> Round:
    """Give the round of this code, id or name (in this order); `partnership_id` limits where it is looked for.

    Raises `NotFoundError`, which says nothing about rounds of others.
    """
    scope = _scope(partnership_id)
    reference = reference.replace("\0", "\ufffd")  # PostgreSQL cannot even be asked for a text with NUL
    tries = [Round.code == reference, Round.name == reference]
    if reference.isascii() and reference.isdigit() and len(reference) < 18:
        tries.insert(1, Round.id == int(reference))
    for condition in tries:
        found = session.scalars(select(Round).where(scope, IS_WHOLE, condition).limit(2)).all()
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            raise ConflictError(f"Several rounds are called {reference!r}; use the code or the id instead.")
    raise NotFoundError(f"There is no round {reference!r}.")


def find_status(round_: Round, now: datetime) -> str:
    """Give `scheduled`, `open` or `closed`: what people decided, and what the clock says."""
    return standings.find_status(round_.state, round_.opens_at, round_.closes_at, now)


def list_rounds(session: Session, *, partnership_id: int | None = None) -> Sequence[Round]:
    """Give the rounds of a partnership (of all, without one), newest first."""
    return session.scalars(select(Round).where(_scope(partnership_id), IS_WHOLE).order_by(Round.id.desc())).all()


def count_round(session: Session, round_: Round) -> RoundCounts:
    """Count invitations and interviews of a round as they are now."""
    states = session.execute(
        select(Interview.state, Interview.channel_last, func.count(), func.max(Interview.updated_at))
        .where(Interview.round_id == round_.id)
        .group_by(Interview.state, Interview.channel_last)
    ).all()
    by_state: dict[str, int] = {}
    by_channel: dict[str, int] = {}
    for state, channel, count, _ in states:
        by_state[state] = by_state.get(state, 0) + count
        if state == "finished":
            by_channel[channel] = by_channel.get(channel, 0) + count
    return RoundCounts(
        invited=session.scalar(select(func.count()).where(Invitation.round_id == round_.id)) or 0,
        finished=by_state.get("finished", 0),
        in_progress=by_state.get("started", 0),
        declined=by_state.get("declined", 0),
        stopped=by_state.get("stopped", 0),
        by_channel=by_channel,
        by_group=_count_groups(session, round_),
        marked=_count_marks(session, round_),
        last_answer_at=max((at for *_, at in states if at is not None), default=None),
    )


def close_round(session: Session, round_: Round, *, actor: str, now: datetime) -> None:
    """Close a round: nothing can be answered after this commit. Closing a closed round changes nothing.

    In an anonymous round the unfinished interviews lose their link to invitations here.
    """
    if round_.state == standings.CLOSED:
        return
    round_.state, round_.closed_at = standings.CLOSED, now
    session.flush()
    cancel_in(session, round_.id, now)
    if round_.confidentiality == "anonymous":
        _cut_unfinished(session, round_, now)
    _record(session, round_, "round.close", actor, now)


def reopen_round(session: Session, round_: Round, *, actor: str, now: datetime) -> None:
    """Open a closed round again; a closing time that has passed is taken away.

    Raises `ConflictError` where another open round has its keyword now.
    """
    if find_status(round_, now) != standings.CLOSED:
        return
    keyword = round_.keyword
    round_.state, round_.closed_at = "published", None
    if round_.closes_at is not None and round_.closes_at <= now:
        round_.closes_at = None
    try:
        session.flush()
    except IntegrityError:
        raise ConflictError(f"Another open round answers to the keyword {keyword} now; close it first.") from None
    _record(session, round_, "round.reopen", actor, now)


def _scope(partnership_id: int | None) -> ColumnElement[bool]:
    return true() if partnership_id is None else Round.partnership_id == partnership_id


def _count_groups(session: Session, round_: Round) -> tuple[GroupCount, ...]:
    counts = (
        func.sum(case((~is_ineligible(), 1), else_=0)),
        func.sum(case((and_(~is_ineligible(), Invitation.state == "finished"), 1), else_=0)),
        func.sum(case((is_missing(), 1), else_=0)),
    )
    rows = session.execute(
        select(Invitation.group, *counts)
        .where(Invitation.round_id == round_.id)
        .group_by(Invitation.group)
        .order_by(Invitation.group)
    ).all()
    return tuple(GroupCount(group, *map(int, numbers)) for group, *numbers in rows)


def _count_marks(session: Session, round_: Round) -> dict[str, int]:
    rows = session.execute(
        select(Invitation.mark, func.count())
        .where(Invitation.round_id == round_.id, Invitation.mark.is_not(None))
        .group_by(Invitation.mark)
    )
    return {mark: count for mark, count in rows if mark is not None}


def _cut_unfinished(session: Session, round_: Round, now: datetime) -> None:
    open_ones = session.execute(
        select(Interview.id, Interview.invitation_id, Interview.started_at).where(
            Interview.round_id == round_.id, Interview.state == "started"
        )
    ).all()
    for interview_id, invitation_id, started_at in open_ones:
        facts = interviews.cut_link(session, interview_id, invitation_id, started_at, now) | {"finished_at": None}
        session.execute(update(standings.INTERVIEWS).where(standings.INTERVIEWS.c.id == interview_id).values(**facts))
        # Without the link nobody can go on, and a second start would count one person twice.
        ended: dict[str, Any] = {"state": "finished", "receipt": {}, "mark": None}
        session.execute(update(Invitation).where(Invitation.id == invitation_id).values(**ended))


def _record(session: Session, round_: Round, action: str, actor: str, now: datetime) -> None:
    record_act(session, actor=actor, action=action, now=now, round_=round_)
