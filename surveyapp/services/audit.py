"""The audit trail: who did what, when. One line an act, in the act's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import AuditEntry
from surveyapp.services.tokens import make_nonce


def record_act(
    session: Session,
    *,
    actor: str,
    action: str,
    now: datetime,
    partnership_id: int | None = None,
    round_id: int | None = None,
    detail: Mapping[str, object] | None = None,
    key: str | None = None,
) -> AuditEntry:
    """Record one act; `detail` never holds a name, number, token or answer of a respondent.

    `key` makes the act idempotent: the database refuses a second record of it (`IntegrityError`), and `find_act`
    says what the first one was. Without a key, every call is an act of its own.
    """
    entry = AuditEntry(
        key=key or make_nonce(),
        at=now,
        actor=actor,
        action=action,
        partnership_id=partnership_id,
        round_id=round_id,
        detail=dict(detail or {}),
    )
    session.add(entry)
    session.flush()
    return entry


def find_act(session: Session, key: str) -> AuditEntry | None:
    """Give the act that was recorded under this key, or nothing."""
    return session.scalar(select(AuditEntry).where(AuditEntry.key == key))
