"""The whole way of a text: published, sent by the real Twilio client, reported, answered, stopped; over real HTTP."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
import requests
from builders import publish
from live import serve
from outbox import SENDING
from phones import ACCOUNT, AUTH_TOKEN
from respondents import ask, build_definition
from sqlalchemy import select

from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.delivering import Deliverer
from surveyapp.models import OptOut, OutboundMessage
from surveyapp.runtime import find_utc_now
from surveyapp.services.outbox import NewMessage, queue_messages
from surveyapp.twilio_stand_in.faults import HANG, Fault
from surveyapp.twilio_stand_in.server import StandIn

OURS, PHONE = "+12025550100", "+12025550142"
PEOPLE = f"name,phone,consent,timezone\nAmina,{PHONE},yes,\n"
ALWAYS = replace(SENDING, gateway="twilio", quiet_from=24, quiet_until=0)


@pytest.fixture
def twilio(settings: Settings):
    """A stand-in for Twilio, the service on a real port, and a worker between them."""
    with StandIn(ACCOUNT, AUTH_TOKEN).running() as stand_in:
        settings = replace(
            settings,
            sms_gateway="twilio",
            sms_from=OURS,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=AUTH_TOKEN,
            twilio_api_url=stand_in.url,
            sending=ALWAYS,
        )
        with serve(settings) as url:
            database = Database(settings.database_url)
            worker = Deliverer(database, replace(settings, public_url=url), find_utc_now)
            yield stand_in, url, database, worker
            database.close()


def find_message(database: Database) -> OutboundMessage:
    """Give the newest text."""
    with database.reading() as session:
        return session.scalars(select(OutboundMessage).order_by(OutboundMessage.id.desc())).first()


def test_a_text_goes_its_whole_way(twilio):
    stand_in, url, database, worker = twilio
    definition = build_definition({"id": "one", "questions": [ask("first", "scale")]})
    round_ = publish(database, definition=definition, contacts=PEOPLE, sending=ALWAYS, now=find_utc_now())
    assert dict(worker.deliver_due(patience=5)) == {"sent": 1}
    (sent,) = stand_in.sent
    assert sent.to == PHONE
    for status, state in (("sent", "sent"), ("delivered", "delivered"), ("sent", "delivered")):
        assert stand_in.report(sent.sid, status) == 204
        assert find_message(database).state == state
    inbound = f"{url}/sms/twilio/inbound"
    assert "Question first?" in stand_in.text(inbound, PHONE, OURS, "YES")
    with database.writing() as session:
        later = NewMessage(
            round_id=round_.id,
            who="x",
            kind="reminder",
            phone=PHONE,
            body="Still there?",
            not_before=find_utc_now(),
            valid_until=find_utc_now().replace(year=2100),
        )
        queue_messages(session, [later], ALWAYS, find_utc_now())
    assert "no more texts" in stand_in.text(inbound, PHONE, OURS, "STOP")
    assert find_message(database).state == "cancelled"
    assert dict(worker.deliver_due()) == {}
    assert len(stand_in.sent) == 1


def test_a_stop_that_only_the_carrier_knows_counts(twilio):
    stand_in, _, database, worker = twilio
    stand_in.memory.receive(PHONE, OURS, "STOP")
    publish(database, contacts=PEOPLE, sending=ALWAYS, now=find_utc_now())
    assert dict(worker.deliver_due()) == {"not accepted": 1}
    with database.reading() as session:
        assert session.scalars(select(OptOut.phone)).all() == [PHONE]
    assert (find_message(database).state, find_message(database).error_code) == ("failed", "21610")


@pytest.mark.parametrize("address", ["/sms/twilio/status?message=1", "/sms/twilio/inbound"])
def test_what_is_not_signed_is_refused_and_changes_nothing(twilio, address):
    _, url, database, _ = twilio
    publish(database, contacts=PEOPLE, sending=ALWAYS, now=find_utc_now())
    before = find_message(database).state
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "From": PHONE, "Body": "YES"}
    for headers in ({}, {"X-Twilio-Signature": "wrong"}):
        assert requests.post(f"{url}{address}", data=form, headers=headers, timeout=5).status_code == 403
    assert find_message(database).state == before


def test_a_signature_for_one_message_does_not_serve_for_another(twilio):
    stand_in, url, database, worker = twilio
    publish(database, contacts=PEOPLE, sending=ALWAYS, now=find_utc_now())
    worker.deliver_due()
    form = {"MessageSid": "SM1", "MessageStatus": "failed", "AccountSid": ACCOUNT}
    signature = stand_in.webhooks.sign(f"{url}/sms/twilio/status?message=99", form)
    own = f"{url}/sms/twilio/status?message={find_message(database).id}"
    answer = requests.post(own, data=form, headers={"X-Twilio-Signature": signature}, timeout=5)
    assert answer.status_code == 403


def test_the_answer_to_stop_waits_for_the_text_in_flight(twilio):
    stand_in, url, database, worker = twilio
    publish(database, contacts=PEOPLE, sending=ALWAYS, now=find_utc_now())
    stand_in.faults.append(Fault(kind=HANG, seconds=1.5))
    flying = threading.Thread(target=worker.deliver_due)
    flying.start()
    while not stand_in.sent:
        time.sleep(0.01)
    assert find_message(database).state == "attempting"
    stand_in.text(f"{url}/sms/twilio/inbound", PHONE, OURS, "STOP")
    assert find_message(database).state in ("unknown", "sent")
    flying.join()
