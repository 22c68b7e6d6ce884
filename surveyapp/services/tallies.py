"""What was sent: by round for ever, by day for the whole service; a text counts in the transaction that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from surveyapp.models import SendingTally
from surveyapp.services.outbox import ALL, name_scope

TALLIES = cast(Table, SendingTally.__table__)
FOR_EVER = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages, segments, and what they cost in millionths (what has no known price counts nothing)."""

    messages: int = 0
    segments: int = 0
    cost_micros: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.messages + other.messages, self.segments + other.segments, self.cost_micros + other.cost_micros
        )


def find_tally(session: Session, round_id: int) -> Tally:
    """Give what this round has sent so far."""
    return _find(session, name_scope(round_id), FOR_EVER)


def find_today(session: Session, now: datetime) -> Tally:
    """Give what the whole service has sent on this UTC day."""
    return _find(session, ALL, _name_day(now))


def count_sending(session: Session, round_id: int, tally: Tally, now: datetime) -> None:
    """Count what is being sent; a negative tally takes back what surely was not."""
    for scope, day in ((name_scope(round_id), FOR_EVER), (ALL, _name_day(now))):
        _add(session, scope, day, tally)


def count_cost(session: Session, round_id: int, micros: int) -> None:
    """Correct what a round has cost, once the gateway has said what it was."""
    _add(session, name_scope(round_id), FOR_EVER, Tally(cost_micros=micros))


def count_replies(session: Session, round_id: int, tally: Tally) -> None:
    """Count what a round's conversations have replied; the day's cap is of the texts that we begin."""
    _add(session, name_scope(round_id), FOR_EVER, tally)


def _find(session: Session, scope: str, day: str) -> Tally:
    columns = (TALLIES.c.messages, TALLIES.c.segments, TALLIES.c.cost_micros)
    row = session.execute(select(*columns).where(TALLIES.c.scope == scope, TALLIES.c.day == day)).first()
    return Tally(*row) if row else Tally()


def _add(session: Session, scope: str, day: str, tally: Tally) -> None:
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    added: dict[str, Any] = {
        "messages": tally.messages,
        "segments": tally.segments,
        "cost_micros": tally.cost_micros,
    }
    sums = {name: TALLIES.c[name] + value for name, value in added.items()}
    statement = insert(TALLIES).on_conflict_do_update(index_elements=[TALLIES.c.scope, TALLIES.c.day], set_=sums)
    session.execute(statement, {"scope": scope, "day": day, **added})


def _name_day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
