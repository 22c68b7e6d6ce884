"""The texts of a round's cases beside the answers: what we sent and how it went, what came and could not be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, select, true
from sqlalchemy.orm import Session

from exports.responses import Message
from forms.sms.segments import count_segments
from surveyapp.models import Round
from surveyapp.services.cases import is_ineligible
from surveyapp.services.flags import INBOUND, UNREADABLE
from surveyapp.services.interviews import EVENTS
from surveyapp.services.outbox import FAILED, OUTBOX, TEXTED
from surveyapp.services.reading import NAMED
from surveyapp.services.standings import INTERVIEWS, INVITATIONS, find_round_facts
from surveyapp.services.transcripts import is_order, make_key

_BATCH = 500
OPENING, WORD, RECEIVED = "opening", "word", "received"
"""What a text is that began an interview, or that we obeyed (STOP, HELP, BACK …); how one stands that came to us."""


def name_case(nonce: str) -> str:
    """Give the name of somebody who was asked and has not begun; it leads to nobody."""
    return hashlib.sha256(b"case:" + nonce.encode()).hexdigest()[:16]


def is_course_told(round_: Round) -> ColumnElement[bool]:
    """Give the SQL, beside `INVITATIONS`: the course of this interview is told."""
    return true() if round_.confidentiality == NAMED else ~is_ineligible()


def list_messages(session: Session, round_: Round) -> list[Message]:
    """Give every text beside the answers, by case and then in the order of going; without a word of any of them."""
    found = [*_list_received(session, round_), *_list_sent(session, round_)]
    return sorted(found, key=lambda message: (message.case_id, message.at))


def _list_received(session: Session, round_: Round) -> Iterator[Message]:
    """Give the texts that brought no answer; of one that could not be read, the question that the next one answered."""
    facts = find_round_facts(session, round_.code)
    texts = _read(session, round_, INBOUND, INBOUND)
    answers = _read(session, round_, EVENTS, EVENTS.c.key, EVENTS.c.changes)
    merged = merge(texts, answers, key=lambda row: str(row.response_id))
    for response_id, own in groupby(merged, key=lambda row: str(row.response_id)):
        rows = list(own)
        asked = {row.key: next(iter(row.changes), None) for row in rows if "key" in row._fields}
        lines = [row for row in rows if "body" in row._fields]
        questions = [asked.get(make_key(row.gateway, row.account, row.message_id)) for row in lines]
        for place, (row, question) in enumerate(zip(lines, questions, strict=True)):
            if question is None:
                kind = OPENING if place == 0 else WORD if is_order(row.body, facts) else UNREADABLE
                following = questions[place + 1] if place + 1 < len(questions) else None
                yield Message(
                    case_id=response_id,
                    at=row.received_at,
                    kind=kind,
                    question_id=following if kind == UNREADABLE else None,
                    segments=count_segments(row.body).segments,
                    status=RECEIVED,
                )


def _read(session: Session, round_: Round, table: Table, *columns: ColumnElement[Any] | Table) -> Iterator[Row[Any]]:
    """Stream rows of a table that belong to interviews, with the `response_id` of each, by response and then by id."""
    rows = session.execute(
        select(INTERVIEWS.c.response_id, *columns)
        .join(table, INTERVIEWS.c.id == table.c.interview_id)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .where(INTERVIEWS.c.round_id == round_.id, is_course_told(round_))
        .order_by(INTERVIEWS.c.response_id, table.c.id)
        .execution_options(yield_per=_BATCH)
    )
    try:
        yield from rows
    finally:
        # Whoever stops reading half way leaves no cursor open on the server.
        rows.close()


def _list_sent(session: Session, round_: Round) -> Iterator[Message]:
    """Give the texts that we began to send: to whoever has begun, and to whoever still waits."""
    by_invitation = INTERVIEWS.alias()
    rows = session.execute(
        select(
            OUTBOX,
            INTERVIEWS.c.response_id,
            by_invitation.c.response_id.label("invited_id"),
            INVITATIONS.c.nonce,
            (INVITATIONS.c.state == "invited").label("waits"),
        )
        .outerjoin(INTERVIEWS, INTERVIEWS.c.id == OUTBOX.c.interview_id)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == OUTBOX.c.invitation_id)
        .outerjoin(by_invitation, by_invitation.c.invitation_id == INVITATIONS.c.id)
        .where(OUTBOX.c.round_id == round_.id, OUTBOX.c.state.in_((*TEXTED, FAILED)))
        .execution_options(yield_per=_BATCH)
    )
    for row in rows:
        begun = row.response_id or row.invited_id
        if begun is None and not row.waits:
            continue  # cut off from an anonymous interview: nobody can say whose text it was
        yield Message(
            case_id=begun or name_case(row.nonce),
            at=row.attempted_at or row.created_at,
            kind=row.kind,
            question_id=row.asked,
            segments=row.segments,
            attempts=row.attempts,
            status=row.state,
        )
