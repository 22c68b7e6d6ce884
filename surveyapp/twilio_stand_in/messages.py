"""What the stand-in remembers: messages, in the shape and with the rules of Twilio's Messages resource."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from typing import Any

from forms.sms.segments import count_segments

PATH = "/2010-04-01/Accounts"
LONGEST_BODY = 1_600
_ADDRESS = re.compile(r"(?:whatsapp:)?\+[1-9]\d{6,14}")
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as Twilio keeps it; `status` as in its documentation."""

    sid: str
    account: str
    to: str
    sender: str
    body: str
    status: str
    created_at: datetime
    direction: str = "outbound-api"
    status_callback: str = ""
    validity_period: str = ""
    error_code: int | None = None
    price: str | None = None
    fails_with: int | None = None
    """The code with which the phone company will say that it could not deliver this one."""

    def as_json(self) -> dict[str, Any]:
        """Give the message as the API shows it."""
        created = format_datetime(self.created_at)
        uri = f"{PATH}/{self.account}/Messages/{self.sid}.json"
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": created,
            "date_sent": created if self.status not in ("queued", "accepted") else None,
            "date_updated": created,
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(count_segments(self.body).segments),
            "price": self.price,
            "price_unit": "USD",
            "status": self.status,
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
            "tags": {},
            "to": self.to,
            "uri": uri,
        }


class ApiError(Exception):
    """Twilio's refusal of a request: HTTP status, its own code, its sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)


@dataclass
class Memory:
    """All messages, oldest first, and who wrote STOP to which of our numbers; threads may share it."""

    account: str
    messages: dict[str, Message] = field(default_factory=dict)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def create(self, form: Mapping[str, str], fails_with: int | None = None) -> Message:
        """Take a message; raises `ApiError` as Twilio would."""
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        if not to:
            raise ApiError(400, 21604, "A 'To' phone number is required.")
        if not _ADDRESS.fullmatch(to):
            raise ApiError(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if not sender and not form.get("MessagingServiceSid"):
            raise ApiError(400, 21603, "A 'From' phone number is required.")
        if not body:
            raise ApiError(400, 21602, "Message body is required.")
        if len(body) > LONGEST_BODY:
            raise ApiError(400, 21617, f"The concatenated message body exceeds the {LONGEST_BODY} character limit.")
        if (to, sender) in self.opted_out:
            raise ApiError(400, 21610, "Attempt to send to unsubscribed recipient.")
        return self._keep(
            Message(
                sid=self.name("SM"),
                account=self.account,
                to=to,
                sender=sender,
                body=body,
                status="queued",
                created_at=datetime.now(UTC).replace(microsecond=0),
                status_callback=form.get("StatusCallback", ""),
                validity_period=form.get("ValidityPeriod", ""),
                fails_with=fails_with,
            )
        )

    def receive(self, sender: str, to: str, body: str) -> Message:
        """Keep a message that a person sent us; STOP and START count from here on."""
        word = re.sub(r"\W", "", body).upper()
        if word in _STOP:
            self.opted_out.add((sender, to))
        elif word in ("START", "UNSTOP"):
            self.opted_out.discard((sender, to))
        return self._keep(
            Message(
                sid=self.name("SM"),
                account=self.account,
                to=to,
                sender=sender,
                body=body,
                status="received",
                direction="inbound",
                created_at=datetime.now(UTC).replace(microsecond=0),
            )
        )

    def change(self, sid: str, **facts: Any) -> Message:
        """Change a message, as time and carriers do."""
        with self._lock:
            self.messages[sid] = replace(self.messages[sid], **facts)
            return self.messages[sid]

    def find(self, sid: str) -> Message:
        """Give one message; raises `ApiError`."""
        if sid not in self.messages:
            raise ApiError(404, 20404, f"The requested resource /Messages/{sid}.json was not found")
        return self.messages[sid]

    def list(self, query: Mapping[str, str]) -> Sequence[Message]:
        """Give the messages that fit `To`, `From` and `DateSent` (with `<` and `>`), newest first, as Twilio does."""
        wanted = [("to", query.get("To")), ("sender", query.get("From"))]
        with self._lock:
            found = [m for m in self.messages.values() if all(not v or getattr(m, name) == v for name, v in wanted)]
        for bound in ("DateSent<", "DateSent>", "DateSent"):
            if moment := query.get(bound):
                found = [m for m in found if _fits(m.created_at, bound, datetime.fromisoformat(moment))]
        return found[::-1]

    def name(self, prefix: str) -> str:
        """Give a new id in Twilio's shape."""
        with self._lock:
            return f"{prefix}{next(self._numbers):032x}"

    def _keep(self, message: Message) -> Message:
        with self._lock:
            self.messages[message.sid] = message
        return message


def _fits(moment: datetime, bound: str, limit: datetime) -> bool:
    limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)
    if bound == "DateSent":
        return moment.date() == limit.date()
    return moment <= limit if bound.endswith("<") else moment >= limit
