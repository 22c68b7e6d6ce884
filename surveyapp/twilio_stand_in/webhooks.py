"""The other direction: texts of people and reports on messages, posted to the service and signed as Twilio signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from surveyapp.twilio_stand_in.messages import Message

SECONDS = 15


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Calls the service as Twilio would; `token` signs."""

    token: str

    def report(self, message: Message) -> int:
        """Report a message's status to the address that it came with, and give the HTTP status of the answer."""
        form = {
            "AccountSid": message.account,
            "ApiVersion": "2010-04-01",
            "From": message.sender,
            "MessageSid": message.sid,
            "MessageStatus": message.status,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
            "To": message.to,
        }
        if message.error_code is not None:
            form["ErrorCode"] = str(message.error_code)
        return self._post(message.status_callback, form)[0]

    def bring(self, url: str, message: Message) -> str | None:
        """Bring a person's text to the service, and give the reply that its TwiML holds (`None`: silence)."""
        form = {
            "AccountSid": message.account,
            "ApiVersion": "2010-04-01",
            "Body": message.body,
            "From": message.sender,
            "MessageSid": message.sid,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsSid": message.sid,
            "To": message.to,
        }
        status, answer = self._post(url, form)
        if status != 200:
            raise OSError(f"the service answered {status}")
        found = ElementTree.fromstring(answer).find("Message")  # noqa: S314  # the answer of our own service
        return None if found is None else found.text

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """Give the signature (https://www.twilio.com/docs/usage/security#validating-requests)."""
        text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        return base64.b64encode(hmac.new(self.token.encode(), text.encode(), hashlib.sha1).digest()).decode()

    def _post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        import requests

        answer = requests.post(url, data=form, headers={"X-Twilio-Signature": self.sign(url, form)}, timeout=SECONDS)
        return answer.status_code, answer.text
