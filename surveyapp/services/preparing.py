"""A round that is still being prepared: nobody sees it until it is whole, and what broke off is cleared away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, exists, or_, select
from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError
from surveyapp.models import AuditEntry, FeedToken, Partnership, Round, User
from surveyapp.services.standings import CONTACTS, INVITATIONS, PARTNERSHIPS, PREPARING, ROUNDS

LEASE = timedelta(seconds=60)
"""How long whoever prepares a round is believed to be at it, counted from the last piece."""
PIECE = 2_000
"""People that one transaction sees to: a fraction of a second, and then others have their turn."""


def hold(session: Session, code: str, now: datetime) -> Round:
    """Give the round in preparation, locked, with its lease renewed; raises `ConflictError` where it was given up."""
    query = select(Round).where(Round.code == code, Round.state == PREPARING, Round.preparing_until.is_not(None))
    round_ = session.scalars(query.with_for_update()).first()
    if round_ is None:
        raise ConflictError("The round was not published: its preparation stood still for too long. Publish it again.")
    round_.preparing_until = now + LEASE
    return round_


def is_in_preparation(session: Session, name: str, now: datetime) -> bool:
    """Whether somebody prepares a round of this name at this moment."""
    query = select(Round.id).where(Round.name == name, Round.state == PREPARING, Round.preparing_until >= now)
    return session.scalars(query.limit(1)).first() is not None


def give_up(session: Session, code: str) -> None:
    """Let nobody go on with the preparation of this round; it is cleared away from here on."""
    round_ = session.scalars(
        select(Round).where(Round.code == code, Round.state == PREPARING).with_for_update()
    ).first()
    if round_ is not None:
        round_.preparing_until = None


def find_broken_off(session: Session, now: datetime) -> Round | None:
    """Give a round whose preparation was given up, or whose lease ran out: whoever prepared it was killed.

    A lease that lies further ahead than any can tells that the clock was set back.
    """
    until = Round.preparing_until
    over = or_(until.is_(None), until < now, until > now + 2 * LEASE)
    return session.scalars(select(Round).where(Round.state == PREPARING, over).limit(1).with_for_update()).first()


def clear_piece(session: Session, round_: Round) -> bool:
    """Clear away a piece of what was prepared, the round itself last; gives whether there is more.

    Contacts go who were added for it and were asked nothing else. Who was known before stays, as the list had them.
    """
    round_.preparing_until = None
    session.flush()
    if _delete_some(session, INVITATIONS, INVITATIONS.c.round_id == round_.id):
        return True
    added = (CONTACTS.c.partnership_id == round_.partnership_id, CONTACTS.c.created_at == round_.created_at)
    if _delete_some(session, CONTACTS, *added, ~exists().where(INVITATIONS.c.contact_id == CONTACTS.c.id)):
        return True
    session.execute(delete(ROUNDS).where(ROUNDS.c.id == round_.id))
    _clear_partnership(session, round_.partnership_id)
    return False


def _clear_partnership(session: Session, partnership_id: int) -> None:
    """Clear away a partnership that has nothing."""
    tables = (ROUNDS, CONTACTS, *(cast(Table, kind.__table__) for kind in (User, FeedToken, AuditEntry)))
    unused = [~exists().where(table.c.partnership_id == PARTNERSHIPS.c.id) for table in tables]
    session.execute(delete(Partnership).where(PARTNERSHIPS.c.id == partnership_id, *unused))


def _delete_some(session: Session, table: Table, *conditions: Any) -> bool:
    some = select(table.c.id).where(*conditions).limit(PIECE)
    done = session.execute(delete(table).where(table.c.id.in_(some)))
    return cast("CursorResult[Any]", done).rowcount > 0
