"""How often a number is answered: enough for every interview, too little for two robots that talk to each other."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, select

from surveyapp.models import AnswerEvent, InboundMessage, Interview
from surveyapp.services.incoming import Incoming

INBOUND = cast(Table, InboundMessage.__table__)
EVENTS = cast(Table, AnswerEvent.__table__)
INTERVIEWS = cast(Table, Interview.__table__)

MOST_A_DAY = 200
"""Texts a day that a number is listened to: far more than an interview, far less than a loop."""
MOST_IN_A_ROW = 5
"""Replies within `SHORT_WHILE` that a number gets outside any interview."""
MOST_WITHOUT_ANSWER = 10
"""Replies within `SHORT_WHILE` that a number gets inside an interview without answering anything."""
SHORT_WHILE = timedelta(minutes=5)

_OF_PHONE = select(INBOUND.c.id).where(INBOUND.c.phone == bindparam("phone"))
_SINCE = _OF_PHONE.where(INBOUND.c.received_at > bindparam("since", type_=INBOUND.c.received_at.type))
_OUTSIDE = (INBOUND.c.interview_id.is_(None), INBOUND.c.reply.is_not(None))
_COUNT_TODAY = select(func.count()).select_from(_SINCE.limit(MOST_A_DAY + 1).subquery())
_COUNT_OUTSIDE = select(func.count()).select_from(_SINCE.where(*_OUTSIDE).limit(MOST_IN_A_ROW).subquery())
_COUNT_REPLIES = select(func.count()).select_from(_SINCE.where(INBOUND.c.reply.is_not(None)).limit(50).subquery())
_COUNT_ANSWERS = (
    select(func.count())
    .select_from(EVENTS)
    .join(INTERVIEWS, INTERVIEWS.c.id == EVENTS.c.interview_id)
    .where(INTERVIEWS.c.phone == bindparam("phone"), EVENTS.c.at > bindparam("since", type_=EVENTS.c.at.type))
)
_ANY_OUTSIDE = _OF_PHONE.where(*_OUTSIDE).limit(1)


def is_flood(incoming: Incoming) -> bool:
    """Whether this number has texted more today than anybody who answers would; the text itself counts."""
    facts = {"phone": incoming.phone, "since": incoming.now - timedelta(days=1)}
    return incoming.session.execute(_COUNT_TODAY, facts).scalar_one() > MOST_A_DAY


def is_loop(incoming: Incoming) -> bool:
    """Whether this looks like two robots: many replies in a short while, and no interview to talk about."""
    facts = {"phone": incoming.phone, "since": incoming.now - SHORT_WHILE}
    return incoming.session.execute(_COUNT_OUTSIDE, facts).scalar_one() >= MOST_IN_A_ROW


def is_stuck(incoming: Incoming) -> bool:
    """Whether texts come in fast in the middle of an interview and answer nothing: perhaps a robot."""
    facts = {"phone": incoming.phone, "since": incoming.now - SHORT_WHILE}
    replies = incoming.session.execute(_COUNT_REPLIES, facts).scalar_one()
    if replies < MOST_WITHOUT_ANSWER:
        return False
    return replies - incoming.session.execute(_COUNT_ANSWERS, facts).scalar_one() >= MOST_WITHOUT_ANSWER


def was_answered(incoming: Incoming) -> bool:
    """Whether this number ever got a reply outside an interview."""
    return incoming.session.execute(_ANY_OUTSIDE, {"phone": incoming.phone}).first() is not None
