"""Twilio: webhooks signed with the account's auth token, answered in TwiML. The only file that imports twilio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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
from surveyapp.gateways.calling import SECONDS, BrokenOffError, call, find_meaning, read_retry_after
from surveyapp.sending import WHATSAPP, read_money

if TYPE_CHECKING:
    from twilio.rest import Client

SIGNATURE = "X-Twilio-Signature"
OPT_OUT_TYPES = ("STOP", "START", "HELP")
STOPPED = "21610"
"""The person has told Twilio STOP."""
PERMANENT = frozenset(
    {"21211", "21214", "21217", "21408", STOPPED, "21612", "21614", "21617", "30004", "30005", "30006", "63003"}
)
"""What is wrong with the number or the text, and no patience mends; any other refusal may be mended: the account, our
number, a full queue."""
GONE = frozenset({"21211", "21214", "21217", "21614", "30005", "30006", "63003"})
"""Of these, what says that the number itself will never do."""
MEANINGS = {
    "20003": "the account or its auth token is wrong",
    "20429": "too many requests at once",
    "21211": "no phone number",
    "21214": "no phone number that can be reached",
    "21217": "no phone number",
    "21408": "the account may not text this country",
    "21606": "our number cannot send texts",
    "21609": "our public address cannot be called back",
    STOPPED: "the person wrote STOP to the phone company",
    "21611": "too many texts of our number wait at the gateway",
    "21612": "no way to this phone from our number",
    "21614": "no mobile number",
    "21617": "the text is too long",
    "21660": "our number belongs to another account",
    "30002": "the account is suspended",
    "30003": "the phone is switched off or out of reach",
    "30004": "the phone company blocks texts to this phone",
    "30005": "no such phone",
    "30006": "a landline, or a phone that gets no texts",
    "30007": "filtered by the phone company as unwanted",
    "30008": "the phone company does not say why",
    "63003": "this number is not on WhatsApp",
    "63007": "our number is not set up for WhatsApp",
    "63016": "WhatsApp lets only approved templates begin a conversation",
}
"""The commonest codes (https://www.twilio.com/docs/api/errors) in words for staff."""
STATES = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
LONGEST_VALIDITY = 36_000
"""Seconds, Twilio's own limit."""
MOST_LISTED = 50


class Twilio(Gateway):
    """Texts carried by Twilio's Programmable Messaging: SMS, and WhatsApp where our number begins with `whatsapp:`."""

    name = "twilio"
    content_type = "text/xml; charset=utf-8"
    meanings = MEANINGS
    gone = GONE

    def verify(self, url: str, form: Mapping[str, str], headers: Mapping[str, str], body: bytes = b"") -> bool:
        """Check the signature over the public URL and every field; no auth token configured means refused."""
        from twilio.request_validator import RequestValidator, compare

        token, signature = self.settings.twilio_auth_token, headers.get(SIGNATURE, "")
        if not token or not signature:
            return False
        validator = RequestValidator(token)
        if compare(validator.compute_signature(url, form), signature):
            return True
        # Some signatures are made with a port in the address, or without the one that stands there.
        return bool(validator.validate(url, form, signature))

    def read_inbound(self, form: Mapping[str, str]) -> Inbound:
        """Read the fields of an incoming message (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
        opt_out = form.get("OptOutType", "").strip().upper()
        return Inbound(
            gateway=self.name,
            account=read_name(form.get("AccountSid", "") or self.settings.twilio_account_sid, "AccountSid"),
            message_id=read_name(form.get("MessageSid", ""), "MessageSid"),
            phone=read_number(form.get("From", "")),
            our_number=form.get("To", "")[:32],
            body=read_body(form.get("Body", "")),
            opt_out=opt_out if opt_out in OPT_OUT_TYPES else None,
        )

    @staticmethod
    @lru_cache(maxsize=1024)  # a question goes to many people in the same words
    def render(reply: str | None) -> str:
        """Give TwiML with one message, or with none."""
        from twilio.twiml.messaging_response import MessagingResponse

        response = MessagingResponse()
        if reply is not None:
            response.message(reply)
        return str(response)

    def send(self, outbound: Outbound) -> Fate:
        """Create a message by Twilio's API; see `Gateway.send`."""
        from twilio.base.exceptions import TwilioException

        sender = (
            {"messaging_service_sid": outbound.sender}
            if outbound.sender.startswith("MG")
            else {"from_": outbound.sender}
        )
        try:
            message = self._client.messages.create(
                to=self._address(outbound.phone),
                body=outbound.body,
                status_callback=outbound.status_url,
                validity_period=min(outbound.valid_for, LONGEST_VALIDITY),
                **sender,
            )
        except TwilioException as error:
            raise self._explain(error) from None
        except (KeyError, TypeError, ValueError):
            raise DoubtfulError("answer unreadable") from None  # it said 201, but not what it made
        except (OSError, BrokenOffError) as error:
            raise find_meaning(error) from None
        if not isinstance(message.sid, str) or not message.sid:
            raise DoubtfulError("answer unreadable")
        return self._build_fate(message)

    def find(self, outbound: Outbound, since: datetime, until: datetime) -> Sequence[Fate]:
        """Look through Twilio's list by to, from, words and time; it knows nothing of our own id.

        Its own filter by time goes by when a text left, which those that wait have not: the time is looked at here.
        """
        from twilio.base.exceptions import TwilioException

        sender = {} if outbound.sender.startswith("MG") else {"from_": outbound.sender}
        try:
            listed = self._client.messages.list(to=self._address(outbound.phone), limit=MOST_LISTED, **sender)
        except (TwilioException, OSError, BrokenOffError, KeyError, TypeError, ValueError):
            raise UnreachableError from None
        own = [
            message
            for message in listed
            if message.body == outbound.body
            and message.direction != "inbound"
            and message.date_created is not None
            and since <= message.date_created <= until
        ]
        return tuple(self._build_fate(message) for message in sorted(own, key=lambda message: message.date_created))

    def read_status(self, form: Mapping[str, str], message: str) -> Fate:
        """Read a status callback (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status)."""
        code = form.get("ErrorCode", "")[:20] or None
        return Fate(
            provider_id=read_name(form.get("MessageSid", "") or form.get("SmsSid", ""), "MessageSid"),
            state=STATES.get(form.get("MessageStatus", "") or form.get("SmsStatus", ""), "sent"),
            message=read_message(message),
            error_code=code,
            opted_out=code == STOPPED,
        )

    @cached_property
    def _client(self) -> Client:
        from twilio.http import HttpClient
        from twilio.http.http_client import TwilioHttpClient
        from twilio.http.response import Response
        from twilio.rest import Client

        base = self.settings.twilio_api_url

        class Bounded(TwilioHttpClient):  # type: ignore[misc]  # twilio's own types are not complete
            """Twilio's client with an end to every call, and with another base where one is configured."""

            last: Response | None = None

            def request(self, method: str, url: str, **given: Any) -> Response:
                """Send one request; `url` leads to Twilio unless the service is told otherwise."""
                import requests

                if base:
                    parts = urlsplit(url)
                    url = f"{base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
                request = requests.Request(
                    method.upper(),
                    url,
                    params=given.get("params"),
                    data=given.get("data"),
                    headers=given.get("headers"),
                    auth=given.get("auth"),
                )
                answer = call(self.session, self.session.prepare_request(request), self.timeout or SECONDS)
                self.last = Response(answer.status, answer.text, answer.headers)
                return self.last

        http: HttpClient = Bounded(timeout=SECONDS)
        return Client(self.settings.twilio_account_sid, self.settings.twilio_auth_token, http_client=http)

    def _explain(self, error: Exception) -> NotAcceptedError | DoubtfulError:
        """Say what an answer of Twilio's means: only what it refused itself was surely not taken."""
        status = getattr(error, "status", 0)
        code = str(getattr(error, "code", None) or status or "unknown")
        last = getattr(self._client.http_client, "last", None)
        if status == 429:
            return NotAcceptedError(code, retry_after=read_retry_after(last.headers if last else {}))
        if 400 <= status < 500 and status != 408:
            # Where the account, its keys or our number are wrong people mend that, and then the text can still go.
            return NotAcceptedError(code, permanent=code in PERMANENT, opted_out=code == STOPPED)
        return DoubtfulError(f"HTTP {status}" if status else "answer unreadable")

    def _address(self, phone: str) -> str:
        return f"{WHATSAPP}{phone}" if self.settings.sms_from.startswith(WHATSAPP) else phone

    @staticmethod
    def _build_fate(message: Any) -> Fate:
        code = str(message.error_code) if message.error_code else None
        return Fate(
            provider_id=message.sid,
            state=STATES.get(str(message.status), "sent"),
            error_code=code,
            cost_micros=_read_price(message.price),
            opted_out=code == STOPPED,
        )


def _read_price(price: Any) -> int | None:
    """Twilio gives what was charged as a negative amount, and nothing until it knows."""
    try:
        return read_money(str(price).lstrip("-")) if price else None
    except ValueError:
        return None
