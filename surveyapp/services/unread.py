"""The coordinators' queue: texts that a person must read, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.orm import Session

from forms.definition import Question
from forms.question_types import find_type
from forms.rows import find_question
from forms.values import Missing, Raw
from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.models import Round
from surveyapp.services.audit import record_act
from surveyapp.services.fates import record_stop
from surveyapp.services.flags import INBOUND, LOOP, PEACE, UNREAD, UNREADABLE
from surveyapp.services.interviews import EVENTS, Change, correct_answers
from surveyapp.services.standings import ROUNDS, Standing, find_by_id
from surveyapp.services.transcripts import STAFF

PAGE = 50
READ, KEPT, STOPPED, SEEN = "read", "kept", "stopped", "seen"
OUTCOMES = {UNREADABLE: (READ, KEPT), PEACE: (STOPPED, SEEN), LOOP: (STOPPED, SEEN)}
STAFF_CERTAINTY = 0.9
"""What a person makes of words that could not be read is likely, not sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """One text in the queue, without name and number. `question` is the id of what was asked."""

    id: int
    kind: str
    round_id: int | None
    round_name: str
    question: str | None
    body: str
    at: datetime
    outcome: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    version: int
    interview_id: int | None
    phone: str


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """One page of the queue; `total` counts all pages."""

    lines: tuple[UnreadLine, ...]
    total: int
    number: int
    pages: int


_LINES = (
    select(UNREAD, INBOUND.c.body, INBOUND.c.phone, ROUNDS.c.name.label("round_name"))
    .join(INBOUND, INBOUND.c.id == UNREAD.c.message_id)
    .outerjoin(ROUNDS, ROUNDS.c.id == UNREAD.c.round_id)
)


def list_unread(session: Session, round_: Round | None, *, done: bool = False, page: int = 1) -> UnreadPage:
    """Give one page of a round's texts that wait, oldest first; `done`: those that are resolved, newest first.

    Without a round: of senders who take part in nothing.
    """
    wanted = _of_round(round_), UNREAD.c.outcome.is_not(None) if done else UNREAD.c.outcome.is_(None)
    total = session.execute(select(func.count()).select_from(UNREAD).where(*wanted)).scalar_one()
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    order = UNREAD.c.resolved_at.desc() if done else UNREAD.c.id
    rows = session.execute(_LINES.where(*wanted).order_by(order).limit(PAGE).offset((number - 1) * PAGE))
    return UnreadPage(tuple(map(_build_line, rows)), total, number, pages)


def count_unread(session: Session, round_: Round | None) -> int:
    """Count the texts of a round that wait for a person."""
    waiting = select(func.count()).select_from(UNREAD).where(_of_round(round_), UNREAD.c.outcome.is_(None))
    return session.execute(waiting).scalar_one()


def find_unread(session: Session, round_: Round | None, unread_id: int, *, lock: bool = False) -> UnreadLine:
    """Give one text of this round's queue; any other raises `NotFoundError`. `lock`: hold it for a change."""
    query = _LINES.where(_of_round(round_), UNREAD.c.id == unread_id)
    row = session.execute(query.with_for_update(of=UNREAD) if lock else query).first()
    if row is None:
        raise NotFoundError("There is no such text in this round.")
    return _build_line(row)


def find_asked(standing: Standing, line: UnreadLine) -> Question | None:
    """Give the question that the text was a reply to, with the choices that are open in its interview."""
    try:
        question = find_question(standing.round.definition, line.question or "")
    except KeyError:
        return None
    return standing.interview.narrow(question)


def is_answered_since(session: Session, line: UnreadLine) -> bool:
    """Whether the person answered the question later in a way that could be read: then theirs is what counts."""
    events = select(EVENTS.c.changes).where(EVENTS.c.interview_id == line.interview_id).order_by(EVENTS.c.id.desc())
    for (changes,) in session.execute(events):
        if line.question in changes:
            return changes[line.question]["rule"] not in (UNREADABLE, STAFF)
    return False


def read_as(
    session: Session, round_: Round, unread_id: int, raw: Raw, *, version: int, actor: str, now: datetime
) -> UnreadLine:
    """Give a text that could not be read its value, judged by the question's own type; the last resolution counts.

    Works in closed rounds and finished interviews. Raises `AnswerError` with what is wrong with the value, and
    `ConflictError` where somebody else resolved it meanwhile, or the person has answered since.
    """
    line = _find_waiting(session, round_, unread_id, version)
    standing, question = _find_place(session, line, now)
    value = find_type(question.type).parse(question, raw, standing.round.definition.default_language)
    standing.interview.check_constraint(question, value, standing.round.definition.default_language)
    changes = {question.id: Change(value, line.body, STAFF, STAFF_CERTAINTY)}
    if question.specification is not None and question.specifies(value):
        changes[question.specification.id] = Change(None, line.body, STAFF, STAFF_CERTAINTY)
    correct_answers(session, standing, changes, key=f"staff:{line.id}:{line.version + 1}", now=now)
    return _resolve(session, line, READ, actor, now)


def keep_unreadable(
    session: Session, round_: Round, unread_id: int, *, version: int, actor: str, now: datetime
) -> UnreadLine:
    """Let a text stay unreadable; a value that staff gave it before is taken back."""
    line = _find_waiting(session, round_, unread_id, version)
    if line.outcome == READ:
        standing, question = _find_place(session, line, now)
        change = Change(Missing.UNREADABLE, line.body, STAFF, 0.0)
        correct_answers(session, standing, {question.id: change}, key=f"staff:{line.id}:{line.version + 1}", now=now)
    return _resolve(session, line, KEPT, actor, now)


def note_seen(
    session: Session, round_: Round | None, unread_id: int, *, stop: bool, version: int, actor: str, now: datetime
) -> UnreadLine:
    """Record that a person saw a flag; `stop`: end all texts to that number, as its STOP would have."""
    line = _find_waiting(session, round_, unread_id, version)
    if stop:
        record_stop(session, line.phone, now)
    return _resolve(session, line, STOPPED if stop else SEEN, actor, now)


def has_unread(session: Session, round_: Round) -> bool:
    """Whether any text of a round was ever put before a person."""
    return session.execute(select(UNREAD.c.id).where(_of_round(round_)).limit(1)).first() is not None


def _of_round(round_: Round | None) -> ColumnElement[bool]:
    return UNREAD.c.round_id.is_(None) if round_ is None else UNREAD.c.round_id == round_.id


def _find_waiting(session: Session, round_: Round | None, unread_id: int, version: int) -> UnreadLine:
    line = find_unread(session, round_, unread_id, lock=True)
    if line.version != version:
        raise ConflictError("Somebody else has dealt with this text meanwhile. See what they did, then decide.")
    return line


def _find_place(session: Session, line: UnreadLine, now: datetime) -> tuple[Standing, Question]:
    if line.kind != UNREADABLE or line.interview_id is None:
        raise ConflictError("This text answers no question.")
    standing = find_by_id(session, line.interview_id, now, lock=True)
    question = find_asked(standing, line)
    if question is None:
        raise ConflictError("This text answers no question.")
    if is_answered_since(session, line):
        raise ConflictError("The person has answered this question since, and that answer counts.")
    return standing, question


def _resolve(session: Session, line: UnreadLine, outcome: str, actor: str, now: datetime) -> UnreadLine:
    facts: dict[str, Any] = {
        "outcome": outcome,
        "resolved_by": actor,
        "resolved_at": now,
        "version": line.version + 1,
    }
    session.execute(update(UNREAD).where(UNREAD.c.id == line.id).values(**facts))
    detail = {"text": line.id, "kind": line.kind, "question": line.question, "outcome": outcome, "before": line.outcome}
    record_act(
        session,
        actor=actor,
        action="reply.resolve",
        now=now,
        round_=None if line.round_id is None else session.get_one(Round, line.round_id),
        detail=detail,
    )
    return _build_line(session.execute(_LINES.where(UNREAD.c.id == line.id)).one())


def _build_line(row: Row[Any]) -> UnreadLine:
    return UnreadLine(
        id=row.id,
        kind=row.kind,
        round_id=row.round_id,
        round_name=row.round_name or "",
        question=row.question,
        body=row.body,
        at=row.at,
        outcome=row.outcome,
        resolved_by=row.resolved_by,
        resolved_at=row.resolved_at,
        version=row.version,
        interview_id=row.interview_id,
        phone=row.phone,
    )
