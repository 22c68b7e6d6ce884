"""The same webhook in turn, at once, after a restart and a year later: one answer, and the same bytes every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from builders import publish
from phones import ACCOUNT, AUTH_TOKEN
from sqlalchemy import select, update
from twilio.request_validator import RequestValidator

from crash.serving import Server
from surveyapp.database import Database
from surveyapp.models import AnswerEvent, InboundMessage, Interview
from surveyapp.runtime import find_utc_now

PHONE = "+12025550142"


@pytest.fixture
def server(database: Database, database_url: str, tmp_path: Path):
    publish(database, contacts=None, keyword="FEEDBACK", now=find_utc_now())
    twilio = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": AUTH_TOKEN, "twilio_from": "+12025550100"}
    with Server(database_url, tmp_path, sms_gateway="twilio", **twilio) as server:
        yield server


def send(server: Server, message_id: str, body: str) -> requests.Response:
    form = {"AccountSid": ACCOUNT, "MessageSid": message_id, "From": PHONE, "To": "+12025550100", "Body": body}
    url = f"{server.url}/sms/twilio/inbound"
    headers = {"X-Twilio-Signature": RequestValidator(AUTH_TOKEN).compute_signature(url, form)}
    return requests.post(url, form, headers=headers, timeout=60)


def test_the_same_webhook_is_one_answer_and_the_same_bytes_for_ever(server: Server, database: Database) -> None:
    send(server, "SMa", "FEEDBACK")
    send(server, "SMb", "YES")
    replies = {send(server, "SMc", "4").content for _ in range(5)}
    with ThreadPoolExecutor(20) as pool:
        at_once = list(pool.map(lambda _: send(server, "SMd", "5"), range(20)))
    assert {answer.status_code for answer in at_once} == {200}
    others = {answer.content for answer in at_once}
    server.kill()
    server.start()
    replies.add(send(server, "SMc", "4").content)
    others.add(send(server, "SMd", "5").content)
    _let_a_year_pass(database)
    replies.add(send(server, "SMc", "4").content)
    others.add(send(server, "SMd", "5").content)
    (reply,) = replies
    (other,) = others
    assert b"<Message>2/10 " in reply
    assert b"<Message>3/10 " in other
    with database.reading() as session:
        (interview,) = session.scalars(select(Interview))
        assert interview.answers == {"pfc": 1, "pf01": 4, "pf02": 5}
        assert len(session.scalars(select(AnswerEvent.id)).all()) == 3
        assert len(session.scalars(select(InboundMessage.id)).all()) == 4


def _let_a_year_pass(database: Database) -> None:
    """Put everything that was stored a year back, as if it had happened then."""
    year = timedelta(days=365)
    with database.writing() as session:
        for table, columns in (
            (InboundMessage, ("received_at",)),
            (Interview, ("started_at", "updated_at", "asked_at")),
            (AnswerEvent, ("at",)),
        ):
            for row in session.execute(select(table.id, *(getattr(table, name) for name in columns))):
                earlier = {name: getattr(row, name) - year for name in columns}
                session.execute(update(table).where(table.id == row.id).values(**earlier))
