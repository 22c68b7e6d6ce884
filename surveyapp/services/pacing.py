"""How often a number is answered: enough for every interview, too little for two robots that talk to each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, case, exists, func, select
from sqlalchemy.orm import Session

from surveyapp.models import AnswerEvent, InboundMessage, Interview, OptOut

INBOUND = cast(Table, InboundMessage.__table__)
EVENTS = cast(Table, AnswerEvent.__table__)
INTERVIEWS = cast(Table, Interview.__table__)
OPT_OUTS = cast(Table, OptOut.__table__)

MOST_A_DAY = 200
"""Texts a day that a number is listened to: far more than an interview, far less than a loop."""
MOST_IN_A_ROW = 5
"""Replies within `SHORT_WHILE` that a number gets outside any interview."""
MOST_WITHOUT_ANSWER = 10
"""Replies within `SHORT_WHILE` that a number gets inside an interview without answering anything."""
SHORT_WHILE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a number did before the text at hand.

    `opted_out`: it said STOP. `today`: its texts within a day. `lately`: replies to it within `SHORT_WHILE`;
    `answers`: answers that it gave meanwhile, counted where there were `MOST_WITHOUT_ANSWER` replies.
    """

    opted_out: bool
    today: int
    lately: int
    answers: int

    @property
    def is_flood(self) -> bool:
        """Whether it has texted more today than anybody who answers would."""
        return self.today >= MOST_A_DAY

    @property
    def is_stuck(self) -> bool:
        """Whether texts come in fast in the middle of an interview and answer nothing: perhaps a robot."""
        return self.lately - self.answers >= MOST_WITHOUT_ANSWER


_SINCE = bindparam("since", type_=INBOUND.c.received_at.type)
_YESTERDAY = bindparam("yesterday", type_=INBOUND.c.received_at.type)
_OUTSIDE = (INBOUND.c.phone == bindparam("phone"), INBOUND.c.interview_id.is_(None), INBOUND.c.reply.is_not(None))
_TODAY = (
    select(INBOUND.c.reply, INBOUND.c.received_at)
    .where(INBOUND.c.phone == bindparam("phone"), INBOUND.c.received_at > _YESTERDAY)
    .limit(MOST_A_DAY)
    .subquery()
)
_LATELY = func.count().filter(_TODAY.c.reply.is_not(None), _TODAY.c.received_at > _SINCE)
_ANSWERS = (
    select(func.count())
    .select_from(EVENTS)
    .join(INTERVIEWS, INTERVIEWS.c.id == EVENTS.c.interview_id)
    .where(INTERVIEWS.c.phone == bindparam("phone"), EVENTS.c.at > _SINCE)
    .scalar_subquery()
)
PACE = select(
    exists().where(OPT_OUTS.c.phone == bindparam("phone")).label("opted_out"),
    func.count().label("today"),
    _LATELY.label("lately"),
    case((_LATELY >= MOST_WITHOUT_ANSWER, _ANSWERS), else_=0).label("answers"),
).select_from(_TODAY)
"""Asks for what `read_pace` reads, with `bind_pace`; one question for all, since each costs more than its answer."""
_COUNT_OUTSIDE = select(func.count()).select_from(
    select(INBOUND.c.id).where(*_OUTSIDE, INBOUND.c.received_at > _SINCE).limit(MOST_IN_A_ROW).subquery()
)
_ANY_OUTSIDE = select(INBOUND.c.id).where(*_OUTSIDE).limit(1)


def bind_pace(phone: str, now: datetime) -> dict[str, object]:
    """Give the parameters of `PACE`."""
    return {"phone": phone, "yesterday": now - timedelta(days=1), "since": now - SHORT_WHILE}


def read_pace(row: Row[Any]) -> Pace:
    """Read a row of `PACE`."""
    return Pace(bool(row.opted_out), row.today, row.lately, row.answers)


def is_loop(session: Session, phone: str, now: datetime) -> bool:
    """Whether this looks like two robots: many replies in a short while, and no interview to talk about."""
    facts = {"phone": phone, "since": now - SHORT_WHILE}
    return session.execute(_COUNT_OUTSIDE, facts).scalar_one() >= MOST_IN_A_ROW


def was_answered(session: Session, phone: str) -> bool:
    """Whether this number ever got a reply outside an interview."""
    return session.execute(_ANY_OUTSIDE, {"phone": phone}).first() is not None
