"""Answers as those who run a round look them up: one line an interview, newest first, and one interview whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from exports.dispositions import find_disposition
from forms.definition import Definition, Question
from forms.errors import AnswerError
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import find_question
from forms.values import Missing, Raw, Value
from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.models import Round
from surveyapp.services.audit import record_act
from surveyapp.services.cases import is_ineligible
from surveyapp.services.interviews import Change, correct_answers
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import (
    CLOSED,
    CONTACTS,
    INTERVIEWS,
    INVITATIONS,
    RoundFacts,
    build_engine_view,
    find_by_id,
    find_round_facts,
    load_answers,
)
from surveyapp.services.transcripts import STAFF

PAGE = 30
STATES = ("finished", "started", "stopped", "declined")
SORTS = {
    "state": INTERVIEWS.c.state,
    "channel": INTERVIEWS.c.channel_last,
    "language": INTERVIEWS.c.language,
}
"""What interviews can be sorted by beside `at`, when they last changed; with `-` before it from the last on."""
NAMED = "named"
SHORTEST_WHY = 3
_STOPPED = ("stopped", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One interview: how it came about, and its record by question id; `rows`: of each repeated section, how many.

    `at`: when it last changed, only the day unless the round is named. `person`: invitation and name, in named rounds.
    `disposition` is of what was answered, whatever staff marked.
    """

    response_id: str
    interview_id: int
    revision: int
    at: date
    channel_first: str
    channel_last: str
    language: str
    state: str
    disposition: str
    person: tuple[int, str] | None
    record: Mapping[str, Value]
    interview: Interview
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One page of interviews; `total` counts those that fit, on all pages."""

    lines: tuple[Answered, ...]
    total: int
    number: int
    pages: int


def list_shown(definition: Definition) -> list[Question]:
    """Give the questions that have a column: asked once each, and not in confidence."""
    return [
        question
        for section, question in definition.walk()
        if section.repeat is None
        and not question.private
        and (find_type(question.type).asks or find_type(question.type).accompanies)
    ]


def list_answers(
    session: Session,
    round_: Round,
    now: datetime,
    *,
    state: str = "",
    channel: str = "",
    language: str = "",
    sort: str = "-at",
    page: int = 1,
) -> AnswerPage:
    """Give one page of the interviews of a round, newest first unless they are sorted by another of `SORTS`.

    Unless the round is named only days are told, and within a day the order tells nothing: whoever knows who has just
    finished must not know what they said.
    """
    facts = find_round_facts(session, round_.code)
    wanted = _limit(facts, state, channel, language)
    total = session.execute(select(func.count()).select_from(_joined().where(*wanted).subquery())).scalar_one()
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    at = INTERVIEWS.c.updated_at if facts.confidentiality == NAMED else func.date(INTERVIEWS.c.updated_at)
    by = SORTS.get(sort.removeprefix("-"), at)
    ordered = _joined().where(*wanted).order_by(by.desc() if sort.startswith("-") else by.asc(), at.desc())
    query = ordered.order_by(INTERVIEWS.c.response_id)
    rows = session.execute(query.limit(PAGE).offset((number - 1) * PAGE)).all()
    closed = find_status(round_, now) == CLOSED
    return AnswerPage(tuple(_build(facts, row, closed) for row in rows), total, number, pages)


def find_answered(session: Session, round_: Round, response_id: str, now: datetime) -> Answered:
    """Give one interview of a round by its response id; raises `NotFoundError`."""
    facts = find_round_facts(session, round_.code)
    query = _joined().where(*_limit(facts, "", "", ""), INTERVIEWS.c.response_id == response_id)
    row = session.execute(query).first()
    if row is None:
        raise NotFoundError("There are no such answers in this round.")
    return _build(facts, row, find_status(round_, now) == CLOSED)


def find_obstacle(round_: Round, now: datetime) -> str | None:
    """Say why answers of this round are not corrected now; nothing where they may be."""
    if round_.confidentiality == "anonymous":
        return "In an anonymous round nobody can know what somebody meant."
    if find_status(round_, now) == CLOSED:
        return "The round is closed. Reopen it, correct the answer, and close it again: the results change with it."
    return None


def correct_answer(
    session: Session,
    round_: Round,
    response_id: str,
    question_id: str,
    raw: Raw,
    *,
    why: str,
    revision: int,
    actor: str,
    now: datetime,
) -> None:
    """Put another answer in place of one, judged by the question's own type; what stood there stays in the events.

    Raises `AnswerError` with what is wrong with the value, `InvalidError` without a reason, `ConflictError` where the
    interview has changed meanwhile or the round takes no corrections, and `NotFoundError`.
    """
    if (obstacle := find_obstacle(round_, now)) is not None:
        raise ConflictError(obstacle)
    reason = " ".join(why.split())[:500]
    if len(reason) < SHORTEST_WHY:
        raise InvalidError("Say why it is corrected; it is kept with your name.")
    found = find_answered(session, round_, response_id, now)
    standing = find_by_id(session, found.interview_id, now, lock=True)
    if standing.revision != revision:
        raise ConflictError("These answers have changed meanwhile. Look at them again, then correct.")
    question = find_correctable(found.interview, question_id)
    language = standing.round.definition.default_language
    value = find_type(question.type).parse(question, raw, language)
    if value is None and question.required:
        raise AnswerError("Please choose an answer, or a reason why there is none.")
    standing.interview.check_constraint(question, value, language)
    said = ", ".join(raw.values)
    changes = {question_id: Change(value, said, STAFF, 1.0)}
    if question.specification is not None and not question.specifies(value):
        changes[question.specification.id] = Change(None, "", STAFF, 1.0)
    correct_answers(session, standing, changes, key=f"correction:{question_id}:{revision + 1}", now=now)
    record_act(
        session,
        actor=actor,
        action="answer.correct",
        now=now,
        round_=round_,
        detail={"response": response_id, "question": question_id, "why": reason},
    )


def find_correctable(interview: Interview, question_id: str) -> Question:
    """Give a question of this interview's path as staff may answer it; raises `NotFoundError` for any other."""
    try:
        question = find_question(interview.definition, question_id)
    except KeyError:
        question = None
    on_path = question is not None and any(one.id == question_id for one in interview.path)
    if question is None or not on_path or question.private or question.type in ("consent", "note", "calculate"):
        raise NotFoundError("This answer cannot be corrected here.")
    return interview.narrow(question)


def _joined() -> Select[Any]:
    return (
        select(INTERVIEWS, CONTACTS.c.name, INVITATIONS.c.id.label("seat"))
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .outerjoin(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
    )


def _limit(facts: RoundFacts, state: str, channel: str, language: str) -> Sequence[ColumnElement[bool]]:
    wanted = [INTERVIEWS.c.round_id == facts.id]
    if facts.confidentiality != NAMED:
        # Staff know whom they marked: no row may be told by that.
        wanted.append(~is_ineligible())
    if state in STATES:
        wanted.append(INTERVIEWS.c.state == state)
    if channel:
        wanted.append(INTERVIEWS.c.channel_last == channel)
    if language:
        wanted.append(INTERVIEWS.c.language == language)
    return wanted


def _build(facts: RoundFacts, row: Row[Any], closed: bool) -> Answered:
    definition = facts.definition
    answers, given = load_answers(definition, row.answers), load_answers(definition, row.given)
    finished = row.state == "finished"
    interview = build_engine_view(facts, answers, given, row.finished_at or row.updated_at, row.own_entry)
    record = interview.record(row.channel_last, finished)
    rows = interview.record_rows(row.channel_last, finished)
    disposition = find_disposition(
        definition, record, rows, finished=finished, stopped_or_declined=row.state in _STOPPED, closed=closed
    )
    named = facts.confidentiality == NAMED
    hidden = {id_: Missing.REMOVED for id_, question in definition.questions.items() if question.private}
    return Answered(
        response_id=row.response_id,
        interview_id=row.id,
        revision=row.revision,
        at=row.updated_at if named else row.updated_at.date(),
        channel_first=row.channel_first,
        channel_last=row.channel_last,
        language=row.language,
        state=row.state,
        disposition=disposition,
        person=(row.seat, row.name or "No name") if named and row.seat is not None else None,
        record={id_: value for id_, value in record.items() if id_ not in hidden},
        interview=interview,
        rows={section: len(found) for section, found in rows.items()},
    )
