"""The real Twilio client against the stand-in: what each good and bad answer means for the text."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import SECRET_KEY
from phones import ACCOUNT, AUTH_TOKEN

from surveyapp.config import read_settings
from surveyapp.gateways import calling, explain_code
from surveyapp.gateways.base import DoubtfulError, NotAcceptedError, Outbound, UnreachableError
from surveyapp.gateways.twilio import Twilio
from surveyapp.twilio_stand_in.faults import ENDLESS, FAIL, GARBAGE, HANG, REFUSE, RESET, RESET_AFTER, SLOW, Fault
from surveyapp.twilio_stand_in.server import StandIn

OURS, PHONE = "+12025550100", "+12025550142"


@pytest.fixture
def stand_in():
    """A stand-in that runs."""
    with StandIn(ACCOUNT, AUTH_TOKEN).running() as server:
        yield server


def build_gateway(url: str, sender: str = OURS, token: str = AUTH_TOKEN) -> Twilio:
    """Give the gateway as the service configures it."""
    settings = read_settings(
        {},
        secret_key=SECRET_KEY,
        sms_gateway="twilio",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=token,
        twilio_from=sender,
        twilio_api_url=url,
    )
    return Twilio(settings)


def build_text(**facts: object) -> Outbound:
    """Give a text to send."""
    plain = Outbound(
        message=7,
        sender=OURS,
        phone=PHONE,
        body="Café? Reply 1 or 2",
        status_url="https://survey.example.org/sms/twilio/status?message=7",
        valid_for=500_000,
    )
    return replace(plain, **facts)


def find_now(gateway: Twilio, text: Outbound):
    """Look for a text of the last minutes."""
    now = datetime.now(UTC)
    return gateway.find(text, now - timedelta(minutes=2), now + timedelta(minutes=2))


def test_a_text_is_taken_with_its_callback_and_its_time(stand_in):
    fate = build_gateway(stand_in.url).send(build_text())
    (message,) = stand_in.sent
    assert (fate.state, fate.provider_id) == ("sent", message.sid)
    assert (message.to, message.sender, message.body) == (PHONE, OURS, "Café? Reply 1 or 2")
    assert message.status_callback.endswith("/sms/twilio/status?message=7")
    assert message.validity_period == "36000"


def test_whatsapp_is_the_same_gateway_with_another_address(stand_in):
    gateway = build_gateway(stand_in.url, sender=f"whatsapp:{OURS}")
    text = build_text(sender=f"whatsapp:{OURS}")
    gateway.send(text)
    assert stand_in.sent[0].to == f"whatsapp:{PHONE}"
    assert len(find_now(gateway, text)) == 1


@pytest.mark.parametrize(
    ("fault", "code", "permanent", "retry_after"),
    [
        (Fault(kind=REFUSE, status=429, code=20429, headers={"Retry-After": "17"}), "20429", False, 17.0),
        (Fault(kind=REFUSE, status=429, code=20429), "20429", False, None),
        (Fault(kind=REFUSE, status=400, code=21408), "21408", True, None),
        (Fault(kind=REFUSE, status=400, code=21610), "21610", True, None),
        (Fault(kind=REFUSE, status=403, code=20003), "20003", False, None),
        (Fault(kind=REFUSE, status=400, code=21606), "21606", False, None),
        (Fault(kind=REFUSE, status=400, code=21611), "21611", False, None),
    ],
)
def test_what_twilio_refuses_was_surely_not_taken(stand_in, fault, code, permanent, retry_after):
    stand_in.faults.append(fault)
    with pytest.raises(NotAcceptedError) as refusal:
        build_gateway(stand_in.url).send(build_text())
    said = refusal.value
    assert (said.code, said.permanent, said.retry_after, said.opted_out) == (
        code,
        permanent,
        retry_after,
        code == "21610",
    )
    assert stand_in.sent == []


def test_what_the_phone_company_says_later_is_a_report_and_an_entry_of_the_list(stand_in):
    stand_in.faults.append(Fault(kind=FAIL, code=30005))
    gateway = build_gateway(stand_in.url)
    assert gateway.send(build_text()).state == "sent"
    (taken,) = stand_in.sent
    assert taken.fails_with == 30005
    stand_in.memory.change(taken.sid, status="undelivered", error_code=taken.fails_with)
    (fate,) = find_now(gateway, build_text())
    assert (fate.state, fate.error_code) == ("failed", "30005")
    assert explain_code("twilio", "30005") == "no such phone"


def test_a_number_that_is_none_is_refused_for_good(stand_in):
    with pytest.raises(NotAcceptedError) as refusal:
        build_gateway(stand_in.url).send(build_text(phone="+0"))
    assert (refusal.value.code, refusal.value.permanent) == ("21211", True)


def test_a_wrong_token_is_not_the_persons_fault(stand_in):
    with pytest.raises(NotAcceptedError) as refusal:
        build_gateway(stand_in.url, token="wrong").send(build_text())
    assert (refusal.value.code, refusal.value.permanent) == ("20003", False)


def test_where_nobody_listens_nothing_was_taken():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        with pytest.raises(NotAcceptedError):
            build_gateway(url).send(build_text())


@pytest.mark.parametrize("kind", [RESET_AFTER, GARBAGE, HANG, SLOW, ENDLESS])
def test_what_was_perhaps_taken_is_doubtful_and_the_list_tells(stand_in, kind, monkeypatch):
    stand_in.faults.append(Fault(kind=kind, seconds=3))
    gateway = build_gateway(stand_in.url)
    began = time.monotonic()
    with monkeypatch.context() as hurry, pytest.raises(DoubtfulError):
        hurry.setattr("surveyapp.gateways.twilio.SECONDS", 0.5)
        gateway.send(build_text())
    assert time.monotonic() - began < 2.5
    assert [fate.provider_id for fate in find_now(gateway, build_text())] == [stand_in.sent[0].sid]


@pytest.mark.parametrize("fault", [Fault(kind=RESET), Fault(kind=REFUSE, status=500), Fault(kind=REFUSE, status=502)])
def test_a_doubt_about_what_was_not_taken_is_settled_by_the_list_too(stand_in, fault):
    stand_in.faults.append(fault)
    gateway = build_gateway(stand_in.url)
    with pytest.raises(DoubtfulError):
        gateway.send(build_text())
    assert find_now(gateway, build_text()) == ()


def test_the_list_is_searched_by_words_sender_receiver_and_time(stand_in):
    gateway = build_gateway(stand_in.url)
    for text in (build_text(), build_text(body="Other words"), build_text(phone="+12025550143")):
        gateway.send(text)
    stand_in.text_of = stand_in.memory.receive(PHONE, OURS, "Café? Reply 1 or 2")
    assert [fate.provider_id for fate in find_now(gateway, build_text())] == [stand_in.sent[0].sid]
    long_ago = datetime.now(UTC) - timedelta(days=2)
    assert gateway.find(build_text(), long_ago, long_ago + timedelta(hours=1)) == ()


def test_the_list_knows_what_became_of_it_and_what_it_cost(stand_in):
    gateway = build_gateway(stand_in.url)
    gateway.send(build_text())
    stand_in.memory.change(stand_in.sent[0].sid, status="undelivered", error_code=30005, price="-0.00790")
    (fate,) = find_now(gateway, build_text())
    assert (fate.state, fate.error_code, fate.cost_micros) == ("failed", "30005", 7900)


def test_a_list_out_of_reach_is_said_to_be_so(stand_in):
    gateway = build_gateway(stand_in.url)
    stand_in.unreachable = True
    with pytest.raises(UnreachableError):
        find_now(gateway, build_text())


def test_the_client_pages_through_a_long_list(stand_in):
    gateway = build_gateway(stand_in.url)
    for _ in range(60):
        stand_in.memory.create({"To": PHONE, "From": OURS, "Body": "x"})
    listed = gateway._client.messages.list(to=PHONE, page_size=25)
    assert len({message.sid for message in listed}) == 60
    assert gateway._client.messages(listed[0].sid).fetch().body == "x"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("12", 12.0), (" 3 ", 3.0), ("", None), ("soon", None), ("-1", None), ("Mon, 02 Mar 2026 12:00:30 GMT", 30.0)],
)
def test_retry_after_is_read_as_a_number_or_a_date(said, seconds):
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert calling.read_retry_after({"Retry-After": said}, noon) == seconds
