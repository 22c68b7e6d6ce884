"""Our own contract: both sides sign, what is old or altered is refused, and every answer has one meaning."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from builders import SECRET_KEY

from surveyapp.config import read_settings
from surveyapp.errors import SurveyAppError
from surveyapp.gateways import is_gone
from surveyapp.gateways.base import DoubtfulError, NotAcceptedError, Outbound, UnreachableError
from surveyapp.gateways.http import SIGNATURE, TIMESTAMP, Http, sign

SECRET = "what both sides know"
URL = "https://survey.example.org/sms/http/inbound"
TEXT = Outbound(
    message=7,
    sender="+12025550100",
    phone="+12025550142",
    body="Café?",
    status_url="https://x/s?message=7",
    valid_for=60,
)


def build_gateway(url: str = "http://127.0.0.1:1/send", secret: str = SECRET) -> Http:
    """Give the gateway as the service configures it."""
    settings = read_settings(
        {},
        secret_key=SECRET_KEY,
        sms_gateway="http",
        sms_from="+12025550100",
        http_gateway_url=url,
        http_gateway_secret=secret,
    )
    return Http(settings)


def call_in(body: bytes, *, secret: str = SECRET, age: int = 0, url: str = URL) -> dict[str, str]:
    """Give the headers with which the other side calls."""
    stamp = str(int(time.time()) - age)
    return {TIMESTAMP: stamp, SIGNATURE: sign(secret, stamp, url, body)}


def test_a_signed_call_of_the_other_side_is_believed():
    body = json.dumps({"id": "a1", "from": "+12025550142", "text": "YES"}).encode()
    gateway = build_gateway()
    assert gateway.verify(URL, {}, call_in(body), body)
    inbound = gateway.read_inbound(gateway.unpack(body, {}))
    assert (inbound.message_id, inbound.phone, inbound.body) == ("a1", "+12025550142", "YES")


@pytest.mark.parametrize(
    "facts", [{"secret": "wrong"}, {"age": 301}, {"age": -301}, {"url": "https://evil.example/sms/http/inbound"}]
)
def test_what_is_forged_old_or_meant_for_another_address_is_refused(facts):
    assert not build_gateway().verify(URL, {}, call_in(b"{}", **facts), b"{}")


@pytest.mark.parametrize("headers", [{}, {TIMESTAMP: "x", SIGNATURE: "y"}, {TIMESTAMP: "1" * 30, SIGNATURE: ""}])
def test_what_is_not_signed_is_refused(headers):
    assert not build_gateway().verify(URL, {}, headers, b"{}")


def test_an_altered_body_is_refused():
    assert not build_gateway().verify(URL, {}, call_in(b'{"text": "1"}'), b'{"text": "2"}')


@pytest.mark.parametrize("body", [b"", b"[]", b"x", b"[" * 100_000, b'"\\ud800"'])
def test_a_body_that_is_no_object_is_a_fault_and_no_crash(body):
    with pytest.raises(SurveyAppError):
        build_gateway().unpack(body, {})


def test_the_reply_is_json_and_silence_is_null():
    assert json.loads(Http.render("Café?")) == {"reply": "Café?"}
    assert json.loads(Http.render(None)) == {"reply": None}


class Other(BaseHTTPRequestHandler):
    """The other side: checks the signature, remembers what came, answers what the test wants."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(body)

    def do_GET(self):
        self._answer(b"")

    def _answer(self, body):
        url = f"http://127.0.0.1:{self.server.server_address[1]}{self.path}"
        assert self.headers[SIGNATURE] == sign(SECRET, self.headers[TIMESTAMP], url, body)
        self.server.got.append(json.loads(body) if body else self.path)
        status, answer, headers = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def log_message(self, *args):
        """Keep silent."""


@contextmanager
def other_side(*answers):
    """Run the other side, which gives these answers in turn."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    server.answers, server.got = [(*answer, {})[:3] for answer in answers], []
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield build_gateway(f"http://127.0.0.1:{server.server_address[1]}/send"), server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_text_is_posted_with_all_that_the_other_side_needs():
    with other_side((202, {"id": "m1", "state": "sent", "price": "0.02"})) as (gateway, server):
        fate = gateway.send(TEXT)
    assert (fate.provider_id, fate.state, fate.cost_micros) == ("m1", "sent", 20_000)
    assert server.got == [
        {
            "message": "7",
            "from": "+12025550100",
            "to": "+12025550142",
            "text": "Café?",
            "valid_for": 60,
            "status_url": "https://x/s?message=7",
        }
    ]


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        ((429, {}, {"Retry-After": "9"}), "429", False),
        ((401, {}), "401", False),
        ((422, {"error": "no_such_number"}), "no_such_number", True),
        ((422, {"error": "opted_out"}), "opted_out", True),
    ],
)
def test_a_refusal_of_the_other_side_was_surely_not_taken(answer, code, permanent):
    with other_side(answer) as (gateway, _), pytest.raises(NotAcceptedError) as refusal:
        gateway.send(TEXT)
    assert (refusal.value.code, refusal.value.permanent) == (code, permanent)
    assert refusal.value.opted_out == (code == "opted_out")
    assert is_gone("http", code) == (code == "no_such_number")
    assert refusal.value.retry_after == (9.0 if code == "429" else None)


@pytest.mark.parametrize(
    "answer", [(500, {}), (200, b"no json"), (200, {}), (200, {"id": "m1", "state": "lost"}), (302, {})]
)
def test_any_other_answer_is_doubtful(answer):
    with other_side(answer) as (gateway, _), pytest.raises(DoubtfulError):
        gateway.send(TEXT)


def test_the_other_side_is_asked_by_our_own_id():
    now = datetime.now(UTC)
    with other_side((200, {"messages": [{"id": "m1", "state": "delivered"}]}), (200, {"messages": []})) as (
        gateway,
        server,
    ):
        assert [fate.state for fate in gateway.find(TEXT, now, now)] == ["delivered"]
        assert gateway.find(TEXT, now, now) == ()
    assert server.got == ["/send?message=7"] * 2


@pytest.mark.parametrize("answer", [(500, {}), (200, b"no json"), (200, {"messages": [{"id": ""}]}), (404, {})])
def test_a_list_that_cannot_be_read_says_nothing(answer):
    now = datetime.now(UTC)
    with other_side(answer) as (gateway, _), pytest.raises(UnreachableError):
        gateway.find(TEXT, now, now)


def test_a_status_is_read_with_our_id_and_theirs():
    fate = build_gateway().read_status({"id": "m1", "state": "failed", "error": "no_network", "price": "0.5"}, "7")
    assert (fate.message, fate.provider_id, fate.state, fate.error_code, fate.cost_micros) == (
        7,
        "m1",
        "failed",
        "no_network",
        500_000,
    )
    with pytest.raises(SurveyAppError):
        build_gateway().read_status({"id": "m1", "state": "lost"}, "7")
