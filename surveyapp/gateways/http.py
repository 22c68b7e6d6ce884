"""A gateway of one's own over HTTP: an Android phone, an aggregator, a script. README has the contract to implement."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from surveyapp.errors import SurveyAppError
from surveyapp.gateways.base import (
    DoubtfulError,
    Fate,
    Gateway,
    Inbound,
    NotAcceptedError,
    Outbound,
    UnreachableError,
    read_body,
    read_message,
    read_name,
    read_number,
)
from surveyapp.gateways.calling import Answer, BrokenOffError, call, find_meaning, read_retry_after
from surveyapp.sending import read_money

if TYPE_CHECKING:
    import requests

TIMESTAMP, SIGNATURE = "X-Surveyapp-Timestamp", "X-Surveyapp-Signature"
WINDOW = 300
"""Seconds by which the other side's clock may be off; an older request is a replay."""
STATES = ("sent", "delivered", "failed")
OPT_OUTS = ("STOP", "START", "HELP")


NO_SUCH_NUMBER = "no_such_number"
MEANINGS = {NO_SUCH_NUMBER: "no such phone", "opted_out": "the person wrote STOP to the phone company"}
"""The words of `error` that mean something to us."""


class Http(Gateway):
    """Texts carried by whoever speaks our own small JSON contract; both sides sign with one secret."""

    name = "http"
    content_type = "application/json; charset=utf-8"
    meanings = MEANINGS
    gone = frozenset({NO_SUCH_NUMBER})

    def unpack(self, body: bytes, form: Mapping[str, str]) -> Mapping[str, str]:
        """Read the JSON object that a request carries; its values become text."""
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError):
            raise SurveyAppError("The body is not JSON.") from None
        if not isinstance(fields, dict):
            raise SurveyAppError("The body is not a JSON object.")
        return {name: _read_text(value) for name, value in fields.items()}

    def verify(self, url: str, form: Mapping[str, str], headers: Mapping[str, str], body: bytes = b"") -> bool:
        """Check the signature over time, address and body, and that it is no older than five minutes."""
        stamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        secret = self.settings.http_gateway_secret
        if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            return False
        if abs(time.time() - int(stamp)) > WINDOW:
            return False
        return hmac.compare_digest(sign(secret, stamp, url, body).encode(), signature.encode("utf-8", "replace"))

    def read_inbound(self, form: Mapping[str, str]) -> Inbound:
        """Read one text: `id`, `from`, `to`, `text`, and `opt_out`: what the carrier read in it (STOP, START, HELP)."""
        opt_out = form.get("opt_out", "").strip().upper()
        return Inbound(
            gateway=self.name,
            account=self.name,
            message_id=read_name(form.get("id", ""), "id"),
            phone=read_number(form.get("from", "")),
            our_number=(form.get("to", "") or self.settings.sms_from)[:32],
            body=read_body(form.get("text", "")),
            opt_out=opt_out if opt_out in OPT_OUTS else None,
        )

    @staticmethod
    def render(reply: str | None) -> str:
        """Give the reply as JSON; `null` is silence."""
        return json.dumps({"reply": reply}, ensure_ascii=False)

    def send(self, outbound: Outbound) -> Fate:
        """Post the text to the configured address; see `Gateway.send`."""
        body = {
            "message": str(outbound.message),
            "from": outbound.sender,
            "to": outbound.phone,
            "text": outbound.body,
            "valid_for": outbound.valid_for,
            "status_url": outbound.status_url,
        }
        try:
            answer = self._call("POST", self.settings.http_gateway_url, json.dumps(body, ensure_ascii=False).encode())
        except (OSError, BrokenOffError) as error:
            raise find_meaning(error) from None
        if answer.status == 429:
            raise NotAcceptedError("429", retry_after=read_retry_after(answer.headers))
        if answer.status in (401, 403, 404):
            raise NotAcceptedError(str(answer.status))
        fields = _read_object(answer)
        if 400 <= answer.status < 500 and answer.status != 408:
            code = str(fields.get("error") or answer.status)
            raise NotAcceptedError(code, permanent=True, opted_out=code == "opted_out")
        if not 200 <= answer.status < 300:
            raise DoubtfulError(f"HTTP {answer.status}")
        try:
            return _build_fate(fields)
        except SurveyAppError:
            raise DoubtfulError("answer unreadable") from None

    def find(self, outbound: Outbound, since: datetime, until: datetime) -> Sequence[Fate]:
        """Ask the same address what became of our message; it knows our id, so one answer is enough."""
        query = urlencode({"message": outbound.message})
        try:
            answer = self._call("GET", f"{self.settings.http_gateway_url}?{query}", b"")
        except (OSError, BrokenOffError):
            raise UnreachableError from None
        listed = _read_object(answer).get("messages")
        if answer.status != 200 or not isinstance(listed, list):
            raise UnreachableError
        try:
            return tuple(_build_fate(fields) for fields in listed if isinstance(fields, dict))
        except SurveyAppError:
            raise UnreachableError from None

    def read_status(self, form: Mapping[str, str], message: str) -> Fate:
        """Read a status: `id`, `state` (`sent`, `delivered`, `failed`), `error`, `price`."""
        if form.get("state", "") not in STATES:
            raise SurveyAppError(f"The state is missing or unknown: it can be one of {', '.join(STATES)}.")
        fate = _build_fate(form)
        return Fate(
            provider_id=fate.provider_id,
            state=fate.state,
            message=read_message(message or form.get("message", "")),
            error_code=fate.error_code,
            cost_micros=fate.cost_micros,
            opted_out=fate.opted_out,
        )

    @cached_property
    def _session(self) -> requests.Session:
        import requests

        return requests.Session()

    def _call(self, method: str, url: str, body: bytes) -> Answer:
        import requests

        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            TIMESTAMP: stamp,
            SIGNATURE: sign(self.settings.http_gateway_secret, stamp, url, body),
        }
        request = requests.Request(method, url, data=body or None, headers=headers)
        return call(self._session, self._session.prepare_request(request))


def sign(secret: str, stamp: str, url: str, body: bytes) -> str:
    """Give the signature: HMAC-SHA256 in hex over time stamp, line end, address, line end and body."""
    return hmac.new(secret.encode(), f"{stamp}\n{url}\n".encode() + body, hashlib.sha256).hexdigest()


def _build_fate(fields: Mapping[str, Any]) -> Fate:
    state = _read_text(fields.get("state")) or "sent"
    if state not in STATES:
        raise SurveyAppError("The state is unknown.")
    code = _read_text(fields.get("error"))[:20] or None
    try:
        cost = read_money(_read_text(fields["price"])) if fields.get("price") else None
    except ValueError:
        cost = None
    return Fate(
        provider_id=read_name(_read_text(fields.get("id")), "id"),
        state=state,
        error_code=code,
        cost_micros=cost,
        opted_out=code == "opted_out",
    )


def _read_object(answer: Answer) -> Mapping[str, Any]:
    try:
        fields = json.loads(answer.text)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _read_text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)
