"""P3: a text by signed webhook, read, stored and answered with the next question, all durable."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from twilio.request_validator import RequestValidator

from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.gateways.base import Inbound
from surveyapp.migrating import upgrade
from surveyapp.models import AnswerEvent
from surveyapp.runtime import find_utc_now
from surveyapp.services.publishing import publish_round
from surveyapp.services.texting import receive
from tests.bench import baselines
from tests.bench.answering import build_body
from tests.bench.measuring import Figure, at_least
from tests.bench.serving import CONNECTIONS, Served, build_request, compare

SECRET_KEY = "a secret key of the benches alone"
AUTH_TOKEN = "the auth token of the benches"
ACCOUNT = "AC" + "0" * 32
QUESTIONS = 40
PHONES = 50 * CONNECTIONS
PATH = "/sms/twilio/inbound"


def measure() -> list[Figure]:
    """P3: texts of many phones, each an answer, against Flask with one raw durable insert."""
    with tempfile.TemporaryDirectory() as folder:
        environment = build_environment(folder)
        phones = prepare(environment, PHONES)
        with (
            Served("surveyapp:create_app()", environment) as service,
            Served(f"tests.bench.baselines:make_inserting_app({folder!r})", {}) as raw,
        ):
            validator = RequestValidator(AUTH_TOKEN)
            ours = [
                [
                    build_text(service, validator, phone, f"SM{phone}{n}", str(1 + n % 5))
                    for n in range(QUESTIONS)
                    for phone in phones[number::CONNECTIONS]
                ]
                for number in range(CONNECTIONS)
            ]
            theirs = [build_request(raw, "POST", "/", build_body({}, shift)) for shift in range(5)]
            speeds = compare((service, ours), (raw, [theirs]), (b"200", b"303"))
        stored = count_answers(environment)
        assert 0 < stored < QUESTIONS * PHONES, "the texts ran out: give the phones more questions"
    return [at_least("P3 text received, read, stored and answered durably, against Flask + raw insert", *speeds, 0.4)]


def build_environment(folder: str, database_url: str = "") -> dict[str, str]:
    """Give the settings of a service that speaks with Twilio."""
    return {
        "SURVEYAPP_SECRET_KEY": SECRET_KEY,
        "SURVEYAPP_DATA_DIR": folder,
        "SURVEYAPP_SMS_GATEWAY": "twilio",
        "SURVEYAPP_TWILIO_ACCOUNT_SID": ACCOUNT,
        "SURVEYAPP_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "SURVEYAPP_TWILIO_FROM": "+12025550100",
        **({"SURVEYAPP_DATABASE_URL": database_url} if database_url else {}),
    }


def prepare(environment: dict[str, str], count: int) -> list[str]:
    """Make a fresh database with so many phones that have agreed to answer, and give their numbers."""
    database = Database(read_settings(environment).database_url)
    upgrade(database)
    earlier = find_utc_now() - timedelta(hours=1)
    with database.writing() as session:
        publish_round(
            session,
            definition=json.dumps(_definition()),
            name="Bench",
            keyword="BENCH",
            actor="bench",
            contacts=None,
            secret_key=SECRET_KEY,
            now=earlier,
        )
    phones = [f"+1202{5550000 + n}" for n in range(count)]
    with database.writing() as session:
        for phone in phones:
            for body in ("BENCH", "YES"):
                facts = {"gateway": "twilio", "account": ACCOUNT, "message_id": f"SM{phone}{body}", "phone": phone}
                inbound = Inbound(**facts, our_number="+12025550100", body=body)
                receive(session, inbound, secret_key=SECRET_KEY, public_url="http://127.0.0.1", now=earlier)
    database.close()
    return phones


def build_text(server: Served, validator: RequestValidator, phone: str, message_id: str, body: str) -> bytes:
    """Give one signed webhook as it goes over the wire."""
    form = {
        "AccountSid": ACCOUNT,
        "MessageSid": message_id,
        "From": phone,
        "To": "+12025550100",
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
    }
    signature = validator.compute_signature(server.url + PATH, form)
    request = build_request(server, "POST", PATH, urlencode(form).encode())
    return request.replace(b"\r\n\r\n", f"\r\nX-Twilio-Signature: {signature}\r\n\r\n".encode(), 1)


def count_answers(environment: dict[str, str]) -> int:
    """Count the answers that were stored, consent apart."""
    database = Database(read_settings(environment).database_url)
    with database.reading() as session:
        events = session.execute(select(AnswerEvent.changes)).all()
    database.close()
    return sum("agree" not in changes for (changes,) in events)


def _definition() -> dict[str, Any]:
    scale = [{"value": n + 1, "label": label} for n, label in enumerate(baselines.LABELS)]
    questions = [
        {"id": f"q{n:02}", "type": "scale", "label": f"Is goal {n} clear to you?", "choices": "extent"}
        for n in range(1, QUESTIONS + 1)
    ]
    consent = {"id": "agree", "type": "consent", "label": "Do you agree? Reply YES or NO."}
    return {
        "id": "bench",
        "version": "1.0.0",
        "kind": "feedback",
        "default_language": "en",
        "languages": {"en": "English"},
        "title": "Views",
        "choice_lists": {"extent": scale},
        "sections": [{"id": "views", "title": "Your view", "questions": [consent, *questions]}],
    }
