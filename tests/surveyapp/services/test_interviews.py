"""One interview over both channels: begun once, stored once, finished once, and cut from the person where promised."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOON, SECRET_KEY, find_token, publish
from sqlalchemy import func, select

from forms.values import Missing
from surveyapp.database import Database
from surveyapp.errors import ConflictError
from surveyapp.models import AnswerEvent, Interview, Invitation
from surveyapp.services.interviews import (
    Change,
    begin_invited,
    finish_interview,
    record_answers,
    start_open_interview,
    start_phone_interview,
)
from surveyapp.services.standings import find_interview, find_round_facts


def begin(session, token: str, channel: str = "web"):
    return begin_invited(session, find_interview(session, token, NOON, lock=True), channel=channel, now=NOON)


def test_the_contacts_group_is_given_and_counts_as_answered(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.writing() as session:
        standing = begin(session, token)
    assert standing.group == "community"
    assert standing.interview.given == {"pf00": 1}
    assert "pf00" not in [q.id for q in standing.interview.questions_in("web")]


def test_twenty_beginnings_at_once_are_one_interview(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")

    def once(_: int) -> int:
        with database.writing() as session:
            return begin(session, token).id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(once, range(20)))
    assert len(ids) == 1


def test_twenty_identical_pages_at_once_are_stored_once(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.writing() as session:
        begin(session, token)

    def once(_: int) -> None:
        with database.writing() as session:
            standing = find_interview(session, token, NOON, lock=True)
            record_answers(session, standing, {"pf01": Change(4, "4")}, channel="web", key="same page", now=NOON)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(once, range(20)))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 1
        assert session.scalars(select(Interview.revision)).all() == [1]


def test_two_pages_at_once_lose_neither(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.writing() as session:
        begin(session, token)
    ids = ["pf01", "pf02", "pf03", "pf04", "pf05", "pf06"]

    def store(question: str) -> None:
        with database.writing() as session:
            standing = find_interview(session, token, NOON, lock=True)
            record_answers(session, standing, {question: Change(3)}, channel="web", key=question, now=NOON)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(store, ids))
    with database.reading() as session:
        assert find_interview(session, token, NOON).interview.answers == dict.fromkeys(ids, 3)


def test_an_answer_keeps_its_raw_text_its_rule_and_its_certainty(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.writing() as session:
        changes = {"pf01": Change(Missing.UNREADABLE, "banana", "unreadable", 0.0)}
        record_answers(session, begin(session, token, "sms"), changes, channel="sms", key="m1", now=NOON)
    with database.reading() as session:
        event = session.scalars(select(AnswerEvent)).one()
        assert event.changes["pf01"] == {
            "value": {"missing": -92},
            "raw": "banana",
            "rule": "unreadable",
            "certainty": 0.0,
        }
        assert find_interview(session, token, NOON).interview.answers == {"pf01": Missing.UNREADABLE}


def test_nothing_is_stored_after_the_end(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.writing() as session:
        finish_interview(session, begin(session, token), channel="web", now=NOON)
    with database.writing() as session, pytest.raises(ConflictError):
        standing = find_interview(session, token, NOON, lock=True)
        record_answers(session, standing, {"pf01": Change(1)}, channel="web", key="late", now=NOON)


def test_finishing_twice_keeps_the_first_receipt(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.writing() as session:
        first = finish_interview(session, begin(session, token), channel="web", now=NOON)
    with database.writing() as session:
        later = NOON + timedelta(days=1)
        again = finish_interview(session, find_interview(session, token, later, lock=True), channel="web", now=later)
    assert (again.reference, again.finished_at) == (first.reference, first.finished_at)


def test_the_same_start_gives_the_same_token_again(database: Database) -> None:
    round_ = publish(database, open_link=True)

    def start(key: str) -> str:
        with database.writing() as session:
            facts = find_round_facts(session, round_.code)
            return start_open_interview(session, facts, start_key=key, language="en", secret_key=SECRET_KEY, now=NOON)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, ["one"] * 8))) == 1
    assert start("two") != start("one")


def test_one_phone_has_one_interview_in_a_round(database: Database) -> None:
    round_ = publish(database, keyword="FEEDBACK")

    def start(_: int) -> int:
        with database.writing() as session:
            facts = find_round_facts(session, round_.code)
            standing = start_phone_interview(
                session, facts, "+12025550177", language="en", secret_key=SECRET_KEY, now=NOON
            )
            return standing.id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1


def test_an_anonymous_answer_keeps_no_way_back_to_the_person(database: Database) -> None:
    round_ = publish(database, confidentiality="anonymous")
    token = find_token(database, round_, "Amina")
    with database.writing() as session:
        standing = record_answers(
            session, begin(session, token), {"pf01": Change(5, "5")}, channel="web", key="p1", now=NOON
        )
        finished = finish_interview(session, standing, channel="web", now=NOON)
    with database.reading() as session:
        row = session.scalars(select(Interview)).one()
        invitation = session.scalars(select(Invitation).where(Invitation.group == "community")).one()
        event = session.scalars(select(AnswerEvent)).one()
        receipt = find_interview(session, token, NOON)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert row.invitation_id is None
    assert row.phone is None
    assert row.token_hash != invitation.token_hash
    assert row.nonce != invitation.nonce
    assert row.start_key.startswith("cut:")
    assert {row.started_at, row.updated_at, row.finished_at, event.at} == {midnight}
    assert (row.group, row.entry, row.answers) == ("community", "invitation", {"pf01": 5})
    assert (receipt.state, receipt.reference, receipt.interview.answers) == ("finished", finished.reference, {})
