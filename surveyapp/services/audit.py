"""The audit trail: who did what, when. One line an act, in the act's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.models import AuditEntry, Round
from surveyapp.services.tokens import make_nonce

PAGE = 50


@dataclass(frozen=True, slots=True)
class ActPage:
    """One page of acts, newest first; `total` counts those that fit, on all pages."""

    acts: tuple[AuditEntry, ...]
    total: int
    number: int
    pages: int


def record_act(
    session: Session,
    *,
    actor: str,
    action: str,
    now: datetime,
    round_: Round | None = None,
    partnership_id: int | None = None,
    detail: Mapping[str, object] | None = None,
    key: str | None = None,
) -> AuditEntry:
    """Record one act, on a round or a partnership; `detail` never holds a name, number, token or answer of anybody.

    `key` makes the act idempotent: the database refuses a second record of it (`IntegrityError`), and `find_act`
    says what the first one was. Without a key, every call is an act of its own.
    """
    entry = AuditEntry(
        key=key or make_nonce(),
        at=now,
        actor=actor,
        action=action,
        partnership_id=partnership_id if round_ is None else round_.partnership_id,
        round_id=None if round_ is None else round_.id,
        detail=dict(detail or {}),
    )
    session.add(entry)
    session.flush()
    return entry


def find_act(session: Session, key: str) -> AuditEntry | None:
    """Give the act that was recorded under this key, or nothing."""
    return session.scalar(select(AuditEntry).where(AuditEntry.key == key))


def list_acts(session: Session, *, round_id: int | None = None, actor: str = "", page: int = 1) -> ActPage:
    """Give one page of what was done in a round, or anywhere without one, newest first; `actor`: by whom alone."""
    wanted = [AuditEntry.round_id == round_id] if round_id is not None else []
    if actor:
        wanted.append(AuditEntry.actor == actor)
    total = session.execute(select(func.count()).select_from(AuditEntry).where(*wanted)).scalar_one()
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    found = select(AuditEntry).where(*wanted).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return ActPage(tuple(session.scalars(found.limit(PAGE).offset((number - 1) * PAGE))), total, number, pages)
