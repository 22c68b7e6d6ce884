"""kill -9 of the server in the middle of submits: no acknowledged answer is lost, none is doubled."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from builders import find_token, publish
from sqlalchemy import select

from crash.serving import Server, insist
from surveyapp.database import Database
from surveyapp.models import AnswerEvent, Contact, InboundMessage, Interview, Invitation
from surveyapp.runtime import find_utc_now

pytestmark = pytest.mark.crash

PEOPLE = 60
KILLS = 6
DEFINITION = json.dumps(
    {
        "id": "crash",
        "version": "1.0.0",
        "kind": "feedback",
        "default_language": "en",
        "languages": {"en": "English"},
        "title": "Crash",
        "sections": [
            {"id": "one", "questions": [{"id": "word", "type": "text", "label": "A word?", "required": True}]},
            {"id": "two", "questions": [{"id": "number", "type": "integer", "label": "A number?", "required": True}]},
        ],
    }
)


def test_killing_the_server_in_the_middle_of_submits_loses_and_doubles_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    contacts = "name,email\n" + "".join(f"P{n},p{n}@example.org\n" for n in range(PEOPLE))
    round_ = publish(database, definition=DEFINITION, parameters={}, contacts=contacts, now=find_utc_now())
    tokens = {n: find_token(database, round_, f"P{n}") for n in range(PEOPLE)}
    with Server(database_url, tmp_path) as server:
        receipts = _while_being_killed(server, lambda n: _answer_on_web(server.url, tokens[n], n))
    assert len(receipts) == PEOPLE
    with database.reading() as session:
        rows = session.execute(
            select(Contact.name, Interview)
            .join(Invitation, Invitation.contact_id == Contact.id)
            .join(Interview, Interview.invitation_id == Invitation.id)
        ).all()
        stored = {row.name: row.Interview for row in rows}
        assert len(rows) == PEOPLE
        for n in range(PEOPLE):
            assert stored[f"P{n}"].answers == {"word": f"word {n}", "number": n}
            assert stored[f"P{n}"].state == "finished"
            assert receipts[n] == stored[f"P{n}"].reference
        events = Counter((event.interview_id, event.section) for event in session.scalars(select(AnswerEvent)))
    assert set(events.values()) == {1}
    assert len(events) == 2 * PEOPLE


def test_killing_the_server_in_the_middle_of_texts_loses_and_doubles_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    publish(database, definition=DEFINITION, parameters={}, contacts=None, keyword="CRASH", now=find_utc_now())
    phones = {n: f"+447700900{n:03}" for n in range(PEOPLE)}
    with Server(database_url, tmp_path) as server:
        goodbyes = _while_being_killed(server, lambda n: _answer_by_text(server.url, phones[n], n))
    with database.reading() as session:
        interviews = {interview.phone: interview for interview in session.scalars(select(Interview))}
        assert len(interviews) == PEOPLE
        for n, phone in phones.items():
            assert interviews[phone].answers["word"] == f"word {n}"
            assert interviews[phone].answers["number"] == n
            assert interviews[phone].state == "finished"
            assert interviews[phone].reference in goodbyes[n]
        messages = Counter(message.phone for message in session.scalars(select(InboundMessage)))
    assert set(messages.values()) == {4}


def _while_being_killed(server: Server, answer) -> dict[int, str]:
    """Let everybody answer, four at a time, and kill the server again and again meanwhile; give the receipts."""
    done = threading.Event()

    def kill_now_and_then() -> int:
        dice = random.Random(7)
        kills = 0
        while not done.wait(dice.uniform(0.15, 0.5)) and kills < KILLS:
            server.kill()
            kills += 1
            server.start()
        return kills

    with ThreadPoolExecutor(5) as pool:
        killer = pool.submit(kill_now_and_then)
        receipts = dict(zip(range(PEOPLE), pool.map(answer, range(PEOPLE)), strict=True))
        done.set()
        assert killer.result() > 0, "the server was never killed: make the test slower"
    return receipts


def _answer_on_web(url: str, token: str, n: int) -> str:
    phone = requests.Session()
    path = f"{url}/a/{token}"
    for fields in ({"word": f"word {n}", "action": "next"}, {"number": str(n), "action": "next"}, {"action": "submit"}):
        page = insist(lambda path=path: phone.get(path, timeout=20)).text
        form = dict(re.findall(r'<input[^>]*name="(csrf_token|section|revision)"[^>]*value="([^"]*)"', page)) | fields
        answer = insist(lambda path=path, form=form: phone.post(path, form, allow_redirects=False, timeout=20))
        assert answer.status_code == 303, answer.text
        path = requests.compat.urljoin(path, answer.headers["Location"])
    receipt = insist(lambda: phone.get(path, timeout=20)).text
    return re.search(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", receipt)[0]


def _answer_by_text(url: str, phone: str, n: int) -> str:
    for step, body in enumerate(("CRASH", "YES", f"word {n}", str(n))):
        form = {"MessageSid": f"SM{n:03}{step}", "From": phone, "To": "+12025550100", "Body": body}
        answer = insist(lambda form=form: requests.post(f"{url}/sms/simulator/inbound", form, timeout=20))
        assert answer.status_code == 200, answer.text
        time.sleep(0.01)
    return answer.text
