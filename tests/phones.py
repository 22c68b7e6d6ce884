"""Phones for tests: one texts straight to the verb, one through signed webhooks as Twilio sends them."""

from __future__ import annotations

import html
import itertools
import re
from contextlib import nullcontext
from datetime import datetime, timedelta
from xml.etree import ElementTree

from builders import NOON, SECRET_KEY
from flask.testing import FlaskClient
from live import read_hidden
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from surveyapp.database import Database
from surveyapp.gateways.base import Inbound
from surveyapp.services.texting import receive

PUBLIC_URL = "http://localhost"
AUTH_TOKEN = "the auth token of the account"
ACCOUNT = "AC" + "0" * 32
_numbers = itertools.count(1)


class Phone:
    """A phone that texts to `services.texting`; `pause` passes before every text."""

    def __init__(self, database: Database, number: str = "+12025550142", now: datetime = NOON) -> None:
        self.database, self.number, self.now = database, number, now
        self.pause = timedelta(minutes=1)

    def text(
        self,
        body: str,
        *,
        message_id: str | None = None,
        opt_out: str | None = None,
        session: Session | None = None,
    ) -> str | None:
        """Send one text and give the reply; `session` is an open transaction of the test."""
        self.now += self.pause
        inbound = Inbound(
            gateway="twilio",
            account=ACCOUNT,
            message_id=message_id or f"SM{next(_numbers):032x}",
            phone=self.number,
            our_number="+12025550100",
            body=body,
            opt_out=opt_out,
        )
        with nullcontext(session) if session else self.database.writing() as session:
            received = receive(session, inbound, secret_key=SECRET_KEY, public_url=PUBLIC_URL, now=self.now)
        return received.reply

    def texts(self, *bodies: str) -> str | None:
        """Send several texts and give the last reply."""
        return [self.text(body) for body in bodies][-1]


class TwilioPhone:
    """A phone whose texts arrive as webhooks signed by the real library."""

    url = f"{PUBLIC_URL}/sms/twilio/inbound"

    def __init__(self, client: FlaskClient, number: str = "+12025550142") -> None:
        self.client, self.number = client, number

    def sign(
        self, body: str, *, message_id: str | None = None, token: str = AUTH_TOKEN, **fields: str
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Give the form and the headers of one text."""
        form = {
            "AccountSid": ACCOUNT,
            "MessageSid": message_id or f"SM{next(_numbers):032x}",
            "From": self.number,
            "To": "+12025550100",
            "Body": body,
            "NumMedia": "0",
            **fields,
        }
        return form, {"X-Twilio-Signature": RequestValidator(token).compute_signature(self.url, form)}

    def post(self, body: str, **fields: str):
        """Send one text and give the HTTP response; `fields` as for `sign`."""
        form, headers = self.sign(body, **fields)
        return self.client.post("/sms/twilio/inbound", data=form, headers=headers)

    def text(self, body: str, **fields: str) -> str | None:
        """Send one text and give the reply that its TwiML holds."""
        response = self.post(body, **fields)
        assert response.status_code == 200, response.get_data(as_text=True)
        message = ElementTree.fromstring(response.data).find("Message")
        return None if message is None else message.text

    def texts(self, *bodies: str) -> str | None:
        """Send several texts and give the last reply."""
        return [self.text(body) for body in bodies][-1]


class SimulatedPhone:
    """The phone on the simulator's page, used with nothing but its forms."""

    page = "/sms/simulator"

    def __init__(self, client: FlaskClient, number: str = "+12025550142") -> None:
        self.client = client
        self._look()
        self._send(number=number)

    def text(self, body: str) -> str:
        """Send one text and give the reply that the page shows last."""
        self._send(body=body)
        replies = re.findall(
            r'<span class="unseen">Service:</span>\s*<p class="words">(.*?)</p>', self.shown, re.DOTALL
        )
        return html.unescape(re.sub(r"<[^>]+>", "", replies[-1]))

    def _send(self, **fields: str) -> None:
        assert self.client.post(self.page, data={**self._hidden, **fields}).status_code == 303
        self._look()

    def _look(self) -> None:
        self.shown = self.client.get(self.page).get_data(as_text=True)
        self._hidden = read_hidden(self.shown)
