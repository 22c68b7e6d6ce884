"""The texts beside the answers: what could not be read, what we obeyed, what we sent and how it went; never a word."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from builders import NOON, find_token, publish
from export_files import read_csv, write_file
from invited import WEB, answer
from outbox import SENDING
from phones import Phone
from sqlalchemy import select, update

from surveyapp.models import Invitation, OutboundMessage, Round
from surveyapp.services.courses import list_messages, name_case
from surveyapp.services.exporting import build_study
from surveyapp.services.outbox import NewMessage, queue_messages
from surveyapp.services.rounds import find_round

LATER = NOON + timedelta(days=1)
WORDS = ("bananas", "the goals? well", "HELP")


@pytest.fixture
def round_(database) -> Round:
    return publish(database, keyword="FEEDBACK")


@pytest.fixture
def phone(database, round_) -> Phone:
    """Somebody who is not understood twice, asks for help, and goes on."""
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", *WORDS[:2], WORDS[2], "4")
    return phone


def read_course(database, round_):
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), LATER)
        with zipfile.ZipFile(io.BytesIO(write_file(study, "pack", level="restricted"))) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    cases = {row["case_id"] for row in read_csv(files["data/dispositions.csv"])}
    rows = read_csv(files["data/paradata.csv"])
    assert {row["case_id"] for row in rows} <= cases
    return rows, files["data/paradata.csv"]


def test_a_text_that_could_not_be_read_is_a_line_with_the_question_it_was_about(database, round_, phone):
    rows, written = read_course(database, round_)
    told = [(row["event"], row["item_id"], row["parser_result"], row["channel_status"]) for row in rows]
    assert told == [
        ("opening", "", "", "received"),
        ("answer", "pfc", "label", "received"),
        ("unreadable", "pf01", "unreadable", "received"),
        ("answer", "pf01", "unreadable", "received"),
        ("word", "", "", "received"),
        ("answer", "pf02", "code", "received"),
    ]
    assert [row["seconds"] for row in rows] == ["", *["60.000"] * 5]
    assert {row["segments"] for row in rows} == {"1"}
    for word in WORDS:
        assert word.encode() not in written


def test_whoever_answered_on_the_web_has_answers_and_no_texts(database, round_):
    answer(database, find_token(database, round_, "Amina"), WEB)
    rows, _ = read_course(database, round_)
    assert {(row["event"], row["mode"], row["segments"], row["channel_status"]) for row in rows} == {
        ("answer", "web", "", "")
    }


def test_what_we_texted_is_told_with_what_became_of_it(database, round_):
    with database.writing() as session:
        found = session.scalars(select(Invitation).order_by(Invitation.id)).all()
        facts = {"kind": "invitation", "body": "Hello", "not_before": NOON, "valid_until": LATER, "round_id": round_.id}
        texts = [
            NewMessage(who=f"contact:{one.id}", phone=f"+1202555014{place}", invitation_id=one.id, **facts)
            for place, one in enumerate(found)
        ]
        queue_messages(session, texts, SENDING, NOON)
    states = ("delivered", "failed", "queued")
    with database.writing() as session:
        for one, state in zip(session.scalars(select(OutboundMessage.id)).all(), states, strict=False):
            session.execute(update(OutboundMessage).where(OutboundMessage.id == one).values(state=state, attempts=2))
    with database.reading() as session:
        told = list_messages(session, find_round(session, round_.code))
        waiting = {name_case(nonce) for nonce in session.scalars(select(Invitation.nonce))}
    assert sorted((one.kind, one.status, one.attempts) for one in told) == [
        ("invitation", "delivered", 2),
        ("invitation", "failed", 2),
    ]
    assert {one.case_id for one in told} < waiting
    rows, _ = read_course(database, round_)
    assert sorted((row["event"], row["channel_status"], row["retries"]) for row in rows) == [
        ("invitation", "delivered", "1"),
        ("invitation", "failed", "1"),
    ]
