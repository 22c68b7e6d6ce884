"""The cases of a round that nobody has answered for: what staff marked, what arrived, how each was asked first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from exports.dispositions import (
    BREAK_OFF,
    DELIVERED,
    FAILED,
    MARKS,
    NOT_ELIGIBLE,
    find_case_class,
    find_code,
)
from forms.definition import SMS, WEB
from surveyapp.models import Round
from surveyapp.services.outbox import CANCELLED, INVITATION, OPT_OUTS, OUTBOX, TEXTED
from surveyapp.services.outbox import FAILED as NOT_DELIVERED
from surveyapp.services.standings import CONTACTS, INTERVIEWS, INVITATIONS

INELIGIBLE_MARKS = tuple(mark for mark, class_ in MARKS.items() if class_ == NOT_ELIGIBLE)
"""Marks by which a case is out of all rates."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases of one kind that nobody has answered for: their AAPOR class and code, the channel of first contact."""

    group: str | None
    class_: str
    code: str | None
    channel: str
    count: int


def count_waiting(session: Session, round_: Round, closed: bool) -> Sequence[Waiting]:
    """Count whoever was invited and has not begun, by group and what is known of the case."""
    kinds = _select_kinds(round_).subquery()
    by = (kinds.c.group_id, kinds.c.mark, kinds.c.undelivered, kinds.c.refused, kinds.c.texted)
    counted = select(*by, func.count().label("people")).group_by(*by)
    return [_describe(row, closed, row.people) for row in session.execute(counted)]


def list_waiting(session: Session, round_: Round, closed: bool) -> Sequence[tuple[Any, Waiting]]:
    """Give whoever was invited and has not begun: the row (`id`, `nonce`, `created_at`), and what case it is."""
    return [(row, _describe(row, closed, 1)) for row in session.execute(_select_kinds(round_)).all()]


def find_texted(session: Session, round_: Round) -> Collection[int]:
    """Give the invitations whose first contact was a text; everybody else had a personal link."""
    first = select(OUTBOX.c.invitation_id).where(
        OUTBOX.c.round_id == round_.id, OUTBOX.c.kind == INVITATION, OUTBOX.c.attempted_at.is_not(None)
    )
    return frozenset(session.scalars(first))


def is_undelivered() -> ColumnElement[bool]:
    """Give the SQL, beside `INVITATIONS` and `CONTACTS`: every text failed for good and there is no other way in.

    Whoever has an e-mail address may have the personal link from there. What never went is no attempt.
    """
    own = OUTBOX.c.invitation_id == INVITATIONS.c.id
    open_ones = OUTBOX.c.state.not_in((NOT_DELIVERED, CANCELLED))
    return and_(
        CONTACTS.c.email.is_(None),
        exists().where(own, OUTBOX.c.state == NOT_DELIVERED).correlate(INVITATIONS),
        ~exists().where(own, open_ones).correlate(INVITATIONS),
    )


def is_ineligible() -> ColumnElement[bool]:
    """Give the SQL, beside `INVITATIONS`: staff marked the case as out of all rates."""
    return func.coalesce(INVITATIONS.c.mark, "").in_(INELIGIBLE_MARKS)


def is_missing() -> ColumnElement[bool]:
    """Give the SQL, beside `INVITATIONS`: the person may still answer, and is to be asked again."""
    return and_(INVITATIONS.c.state.not_in(("finished", "declined")), INVITATIONS.c.mark.is_(None))


def _has_refused() -> ColumnElement[bool]:
    """Give the SQL: the person wrote STOP to a text of this round."""
    return (
        exists()
        .where(
            OUTBOX.c.invitation_id == INVITATIONS.c.id,
            OUTBOX.c.state.in_((*TEXTED, NOT_DELIVERED)),
            OPT_OUTS.c.phone == OUTBOX.c.phone,
            OPT_OUTS.c.at >= OUTBOX.c.created_at,
        )
        .correlate(INVITATIONS)
    )


def _select_kinds(round_: Round) -> Select[Any]:
    texted = exists().where(
        OUTBOX.c.invitation_id == INVITATIONS.c.id, OUTBOX.c.kind == INVITATION, OUTBOX.c.attempted_at.is_not(None)
    )
    return (
        select(
            INVITATIONS.c.id,
            INVITATIONS.c.nonce,
            INVITATIONS.c.created_at,
            INVITATIONS.c.group_id,
            INVITATIONS.c.mark,
            is_undelivered().label("undelivered"),
            _has_refused().label("refused"),
            texted.correlate(INVITATIONS).label("texted"),
        )
        .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .outerjoin(INTERVIEWS, INTERVIEWS.c.invitation_id == INVITATIONS.c.id)
        .where(INVITATIONS.c.round_id == round_.id, INVITATIONS.c.state == "invited", INTERVIEWS.c.id.is_(None))
    )


def _describe(row: Any, closed: bool, count: int) -> Waiting:
    class_ = find_case_class(
        interview=BREAK_OFF if row.refused else None,
        mark=row.mark,
        delivery=FAILED if row.undelivered else DELIVERED,
        closed=closed,
    )
    code = find_code(class_, refused=bool(row.refused))
    return Waiting(row.group_id, class_, code, SMS if row.texted else WEB, count)
