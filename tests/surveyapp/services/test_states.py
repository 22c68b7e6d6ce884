"""One name for the state of a round's responses: another one as soon as anything that they are made of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON, find_token, publish
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from surveyapp.database import Database
from surveyapp.models import AnswerEvent, Interview, Round
from surveyapp.services.audit import record_act
from surveyapp.services.fates import stop_interviews
from surveyapp.services.interviews import (
    Change,
    begin_invited,
    correct_answers,
    finish_interview,
    note_standing,
    record_answers,
)
from surveyapp.services.marking import mark_case
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.standings import Standing, find_interview
from surveyapp.services.states import find_state, sum_stamps

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def token(database: Database) -> str:
    """Give the token of somebody who has begun and answered one question."""
    round_ = publish(database)
    token = find_token(database, round_, "Amina")
    with database.writing() as session:
        standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel="web", now=NOON)
        record_answers(session, standing, {"pf01": Change(4)}, channel="web", key="one", now=NOON)
    return token


def state_of(database: Database, code: str = "", now: Any = NOON) -> str:
    with database.snapshot() as session:
        round_ = find_round(session, code) if code else session.query(Round).one()
        return find_state(session, round_, now)


def erase(session: Session, standing: Standing) -> None:
    session.execute(delete(AnswerEvent).where(AnswerEvent.interview_id == standing.id))
    session.execute(delete(Interview).where(Interview.id == standing.id))


def mark(session: Session, standing: Standing) -> None:
    session.execute(update(Round).values(confidentiality="named"))
    session.expire_all()
    round_ = find_round(session, standing.round.code)
    assert standing.invitation_id
    before = sum_stamps(session, round_.id)
    mark_case(session, round_, standing.invitation_id, "language", actor="ana@example.org", now=NOON)
    assert sum_stamps(session, round_.id) != before


def stop(session: Session, standing: Standing) -> None:
    note_standing(session, standing, asked="pf02")
    assert standing.phone
    stop_interviews(session, standing.phone)


CHANGES: dict[str, Callable[[Any, Standing], object]] = {
    "an answer": lambda s, one: record_answers(s, one, {"pf02": Change(1)}, channel="web", key="two", now=NOON),
    "an answer by text": lambda s, one: record_answers(s, one, {"pf02": Change(1)}, channel="sms", key="2", now=NOON),
    "a correction": lambda s, one: correct_answers(s, one, {"pf01": Change(2)}, key="three", now=NOON),
    "the language": lambda s, one: note_standing(s, one, language="fr"),
    "the end": lambda s, one: finish_interview(s, one, channel="web", now=NOON),
    "STOP": stop,
    "the close": lambda s, one: close_round(s, find_round(s, one.round.code), actor="ana@example.org", now=NOON),
    "the round's name": lambda s, one: s.execute(update(Round).values(name="Autumn")),
    "the own entry": lambda s, one: s.execute(update(Interview).values(own_entry="7")),
    "the group": lambda s, one: s.execute(update(Interview).values(group="ngo")),
    "a mark": mark,
    "erasure": erase,
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_a_response_is_another_state(database: Database, token: str, name: str) -> None:
    before = state_of(database)
    assert state_of(database) == before
    with database.writing() as session:
        CHANGES[name](session, find_interview(session, token, NOON, lock=True))
    assert state_of(database) != before


def test_the_end_of_its_time_is_another_state(database: Database) -> None:
    round_ = publish(database, closes_at=LATER)
    assert state_of(database, round_.code) != state_of(database, round_.code, LATER)


def test_what_stands_in_no_response_changes_nothing(database: Database, token: str) -> None:
    before = state_of(database)
    with database.writing() as session:
        standing = find_interview(session, token, NOON)
        record_act(
            session,
            actor="ana@example.org",
            action="export.csv",
            now=NOON,
            round_=session.get(Round, standing.round.id),
        )
    assert state_of(database, now=LATER) == before


def test_rounds_have_states_of_their_own(database: Database) -> None:
    first, second = publish(database, name="Spring"), publish(database, name="Autumn")
    assert state_of(database, first.code) != state_of(database, second.code)


def test_two_changes_never_come_to_the_state_before_them(database: Database, token: str) -> None:
    states = [state_of(database)]
    for value in (2, 4, 2, 4):
        with database.writing() as session:
            standing = find_interview(session, token, NOON, lock=True)
            correct_answers(session, standing, {"pf01": Change(value)}, key=f"k{len(states)}", now=NOON)
        states.append(state_of(database))
    assert len(set(states)) == 5


def test_what_was_stored_before_there_were_stamps_has_a_state_as_well(database: Database, token: str) -> None:
    with database.writing() as session:
        session.execute(update(Interview).values(stamp=0))
    before = state_of(database)
    with database.writing() as session:
        erase(session, find_interview(session, token, NOON, lock=True))
    assert state_of(database) != before
