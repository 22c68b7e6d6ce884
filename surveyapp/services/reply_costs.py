"""What the replies within conversations cost: counted by the minute, so that no webhook has to wait for it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import takewhile
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from forms.sms.segments import count_segments
from surveyapp.database import insert_once
from surveyapp.models import InboundMessage, JobMark
from surveyapp.sending import Sending
from surveyapp.services.standings import INTERVIEWS
from surveyapp.services.tallies import Tally, count_replies

INBOUND = cast(Table, InboundMessage.__table__)
MARKS = cast(Table, JobMark.__table__)

JOB = "reply costs"
SETTLED = timedelta(minutes=1)
"""Transactions end in any order: what came later waits, so that no text of a slow one is passed over."""
MOST_AT_ONCE = 2_000


def count_new_replies(session: Session, sending: Sending, now: datetime) -> int:
    """Count the next texts whose replies are not counted yet towards their rounds, and give how many were looked at.

    A reply outside any interview belongs to no round. What has no known price counts its segments alone.
    """
    insert_once(session, MARKS, {"job": JOB, "last_id": 0})
    # Held until the end of the transaction, so that two workers never count the same texts.
    mark = session.execute(select(MARKS.c.last_id).where(MARKS.c.job == JOB).with_for_update()).scalar_one()
    rows = session.execute(
        select(INBOUND.c.id, INBOUND.c.phone, INBOUND.c.reply, INBOUND.c.received_at, INTERVIEWS.c.round_id)
        .join(INTERVIEWS, INTERVIEWS.c.id == INBOUND.c.interview_id, isouter=True)
        .where(INBOUND.c.id > mark)
        .order_by(INBOUND.c.id)
        .limit(MOST_AT_ONCE)
    ).all()
    settled = list(takewhile(lambda row: row.received_at <= now - SETTLED, rows))
    if not settled:
        return 0
    tallies: dict[int, Tally] = defaultdict(Tally)
    for row in settled:
        if row.reply is not None and row.round_id is not None:
            segments = count_segments(row.reply).segments
            cost = sending.estimate(row.phone, segments)
            tallies[row.round_id] += Tally(1, segments, cost or 0)
    for round_id, tally in tallies.items():
        count_replies(session, round_id, tally)
    session.execute(update(MARKS).where(MARKS.c.job == JOB).values(last_id=settled[-1].id))
    return len(settled)
