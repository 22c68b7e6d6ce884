"""What was texted to and fro with one person in one interview, with how each reply was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from forms.definition import Definition
from forms.piping import find_references
from surveyapp.models import InboundMessage, OutboundMessage
from surveyapp.services.flags import UNREADABLE
from surveyapp.services.interviews import EVENTS
from surveyapp.services.keywords import STOP_WORDS, find_language, read_command, read_word
from surveyapp.services.outbox import TEXTED
from surveyapp.services.standings import INTERVIEWS, RoundFacts, Standing

INBOUND = cast(Table, InboundMessage.__table__)
OUTBOX = cast(Table, OutboundMessage.__table__)
STAFF = "staff"
"""The rule of an answer that a person read."""
LONGEST = 500
"""Messages of an interview that are shown."""


@dataclass(frozen=True, slots=True)
class Read:
    """How a reply was read: the question, the rule and its certainty."""

    question: str
    rule: str
    certainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. `ours`: we sent it. `text` is `None` for our silence, and for an answer that names nobody may see.

    `covered`: the words are kept from staff. `state`: of one that we began, as the outbox has it.
    """

    ours: bool
    text: str | None
    at: datetime
    read: tuple[Read, ...] = ()
    covered: bool = False
    state: str = ""


def read_transcript(session: Session, standing: Standing, *, cover: bool) -> tuple[Line, ...]:
    """Give the messages of an interview, oldest first.

    `cover`: leave out the words of answers, for whoever knows whose interview it is: in a confidential round nobody
    sees name and answers together. What could not be read may well be an answer, and "Did you mean 4?" repeats one.
    """
    events = _read_events(session, standing)
    pipes = cover and _pipes_answers(standing.round.definition)
    lines: list[Line] = []
    rows = session.execute(
        select(INBOUND).where(INBOUND.c.interview_id == standing.id).order_by(INBOUND.c.id).limit(LONGEST)
    )
    for row in rows:
        read = events.get(make_key(row.gateway, row.account, row.message_id), ())
        hidden = cover and (bool(read) or not is_order(row.body, standing.round))
        lines.append(Line(ours=False, text=None if hidden else row.body, at=row.received_at, read=read, covered=hidden))
        silent = row.reply is None or pipes or (hidden and not read)
        reply = None if silent else row.reply
        lines.append(Line(ours=True, text=reply, at=row.received_at, covered=silent and row.reply is not None))
    mine = OUTBOX.c.interview_id == standing.id
    if standing.invitation_id is not None:
        mine = or_(mine, OUTBOX.c.invitation_id == standing.invitation_id)
    lines += _read_outbox(session, mine, covered=pipes)
    return tuple(sorted(lines, key=lambda line: line.at))


def read_unanswered(session: Session, invitation_id: int) -> tuple[Line, ...]:
    """Give what was texted to somebody invited who has not begun, oldest first."""
    return tuple(_read_outbox(session, OUTBOX.c.invitation_id == invitation_id, covered=False))


def find_interview_of(session: Session, invitation_id: int) -> int | None:
    """Give the interview that an invitation led to."""
    return session.execute(select(INTERVIEWS.c.id).where(INTERVIEWS.c.invitation_id == invitation_id)).scalar()


def find_response_of(session: Session, interview_id: int) -> str:
    """Give the response id of an interview: where names and answers may meet, it leads from one to the other."""
    found: str = session.execute(select(INTERVIEWS.c.response_id).where(INTERVIEWS.c.id == interview_id)).scalar_one()
    return found


def make_key(gateway: str, account: str, message_id: str) -> str:
    """Give the idempotency key of the answer that a text brings."""
    return "sms:" + hashlib.sha256(f"{gateway}:{account}:{message_id}".encode()).hexdigest()


def _read_events(session: Session, standing: Standing) -> Mapping[str, tuple[Read, ...]]:
    """Give how each text was read, by the key of its answer; what staff made of one since stands beside it."""
    query = select(EVENTS.c.key, EVENTS.c.changes).where(EVENTS.c.interview_id == standing.id).order_by(EVENTS.c.id)
    rows = session.execute(query).all()
    changes = {row.key: [Read(id_, one["rule"], one["certainty"]) for id_, one in row.changes.items()] for row in rows}
    by_staff = {read.question: read for reads in changes.values() for read in reads if read.rule == STAFF}

    def follow(reads: list[Read]) -> list[Read]:
        return [by_staff[one.question] for one in reads if one.rule == UNREADABLE and one.question in by_staff]

    return {key: (*reads, *follow(reads)) for key, reads in changes.items()}


def _read_outbox(session: Session, mine: ColumnElement[bool], *, covered: bool) -> list[Line]:
    rows = session.execute(select(OUTBOX).where(mine, OUTBOX.c.state.in_((*TEXTED, "failed"))).order_by(OUTBOX.c.id))
    return [
        Line(
            ours=True,
            text=None if covered else row.body,
            at=row.attempted_at or row.created_at,
            covered=covered,
            state=row.state,
        )
        for row in rows
    ]


def is_order(text: str, round_: RoundFacts) -> bool:
    """Whether a text that brought no answer is a word that the service obeys, and so tells nothing."""
    word = read_word(text)
    return (
        word in STOP_WORDS
        or read_command(word) is not None
        or word == read_word(round_.keyword or " ")
        or find_language(text, round_.definition.languages) is not None
    )


def _pipes_answers(definition: Definition) -> bool:
    """Whether any words of the definition repeat an answer."""
    for _, question in definition.walk():
        texts = [question.label, question.sms.label, *(choice.label for choice in question.choices)]
        for text in texts:
            for words in text.by_language.values() if text else ():
                if any(name in definition.questions for name in find_references(words)):
                    return True
    return False
