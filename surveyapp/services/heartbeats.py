"""Who runs the jobs, and when each was last seen: without one nothing is sent, and the service is not ready."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session

from surveyapp.database import insert_once
from surveyapp.models import Heartbeat

HEARTBEATS = cast(Table, Heartbeat.__table__)
MISSED_AFTER = timedelta(minutes=3)
FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, name: str, now: datetime) -> None:
    """Record that this process runs the jobs now; those long gone are forgotten."""
    if not insert_once(session, HEARTBEATS, {"name": name, "at": now}):
        session.execute(update(HEARTBEATS).where(HEARTBEATS.c.name == name).values(at=now))
    session.execute(delete(HEARTBEATS).where(HEARTBEATS.c.at < now - FORGOTTEN_AFTER))


def has_heartbeat(session: Session, now: datetime) -> bool:
    """Say whether any process has run the jobs within the last three minutes."""
    latest = session.execute(select(func.max(HEARTBEATS.c.at))).scalar()
    return latest is not None and latest > now - MISSED_AFTER
