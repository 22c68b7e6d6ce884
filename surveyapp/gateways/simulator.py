"""The simulator: no carrier at all. Numbers that belong to nobody, for rehearsals, demos and tests."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from surveyapp.errors import SurveyAppError
from surveyapp.gateways.base import (
    Fate,
    Gateway,
    Inbound,
    NotAcceptedError,
    Outbound,
    read_body,
    read_name,
    read_number,
)

# Ranges that the numbering authorities of the USA, the United Kingdom and France keep free for fiction.
FICTIONAL = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}|\+447700900[0-9]{3}|\+3363998[0-9]{4}")
_AREAS = ("202", "212", "303", "312", "404", "415", "512", "617", "702", "808")


def make_fictional() -> str:
    """Give any one of the numbers that belong to nobody, apart from 0100: the service's own in a rehearsal."""
    return f"+1{secrets.choice(_AREAS)}55501{1 + secrets.randbelow(99):02}"


def is_fictional(phone: str) -> bool:
    """Say whether this number (E.164) belongs to nobody."""
    return FICTIONAL.fullmatch(phone) is not None


def read_fictional(text: str) -> str:
    """Read a number as people type it and give it as E.164; raises `SurveyAppError` unless it belongs to nobody."""
    try:
        number = read_number(re.sub(r"[\s().-]", "", text))
    except SurveyAppError:
        number = ""
    if not is_fictional(number):
        raise SurveyAppError(
            "The simulator takes only numbers that belong to nobody: +1 and any area code, 555 0100 to 0199; "
            "+44 7700 900000 to 900999; +33 6 39 98 and four digits."
        )
    return number


class Simulator(Gateway):
    """A phone on the screen. It speaks Twilio's field names, so that a script for one drives the other."""

    name = "simulator"
    content_type = "text/plain; charset=utf-8"

    def verify(self, url: str, form: Mapping[str, str], headers: Mapping[str, str], body: bytes = b"") -> bool:
        """Believe everybody: only fictional numbers pass, so nobody can be impersonated."""
        return True

    def read_inbound(self, form: Mapping[str, str]) -> Inbound:
        """Read one text of a simulated phone. Each phone is an account: none can ask for the replies of another."""
        phone = read_fictional(form.get("From", ""))
        return Inbound(
            gateway=self.name,
            account=phone,
            message_id=read_name(form.get("MessageSid", ""), "MessageSid"),
            phone=phone,
            our_number=self.settings.sms_from,
            body=read_body(form.get("Body", "")),
        )

    @staticmethod
    def render(reply: str | None) -> str:
        """Give the words themselves."""
        return reply or ""

    def send(self, outbound: Outbound) -> Fate:
        """Deliver at once: the simulated phone shows what the outbox holds for it."""
        if not is_fictional(outbound.phone):
            raise NotAcceptedError("not fictional", permanent=True)
        return Fate(provider_id=f"simulated-{outbound.message}", state="delivered", message=outbound.message)

    def find(self, outbound: Outbound, since: datetime, until: datetime) -> Sequence[Fate]:
        """Give what was delivered: everything, since a simulated phone reads the outbox itself."""
        return (self.send(outbound),)

    def read_status(self, form: Mapping[str, str], message: str) -> Fate:
        """Refuse: there is no carrier that could call back."""
        raise SurveyAppError("The simulator sends no status.")
