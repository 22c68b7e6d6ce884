"""The contract of a gateway: is a request really its own, what did it bring, how is it answered; how a text is sent,
what became of it, and where to look when nobody knows."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

import phonenumbers

from forms.text import normalise
from surveyapp.config import Settings
from surveyapp.errors import SurveyAppError

MOST_CHARACTERS = 10_000
_NUMBER = re.compile(r"(?:whatsapp:)?(\+[0-9]{6,15})")
_NAME = re.compile(r"[!-~]{1,64}")


class MessageTooLongError(SurveyAppError):
    """The text is longer than any answer may be."""

    status = 413


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One text as every gateway brings it. `phone` is E.164.

    `message_id` is unique within `gateway` and `account`. `opt_out` is what the carrier itself read in the text:
    `STOP`, `START`, `HELP`, or nothing.
    """

    gateway: str
    account: str
    message_id: str
    phone: str
    our_number: str
    body: str
    opt_out: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One text to send: `phone` is E.164, `valid_for` seconds after which the carrier need not try any more.

    `message` is our own id of it; `status_url` carries it back.
    """

    message: int
    sender: str
    phone: str
    body: str
    status_url: str
    valid_for: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What a gateway says of one text: `state` is `sent`, `delivered` or `failed`; money in millionths.

    `message` is our own id, where the gateway gives it back; `opted_out`: the person has told the carrier STOP.
    """

    provider_id: str
    state: str
    message: int | None = None
    error_code: str | None = None
    cost_micros: int | None = None
    opted_out: bool = False


class NotAcceptedError(Exception):
    """The gateway has surely not taken the text. `permanent`: nor ever will; `retry_after`: seconds, where it said so.

    `code` is the gateway's own word; `opted_out`: the person has told the carrier STOP.
    """

    def __init__(
        self, code: str, *, permanent: bool = False, retry_after: float | None = None, opted_out: bool = False
    ) -> None:
        self.code, self.permanent, self.retry_after, self.opted_out = code, permanent, retry_after, opted_out
        super().__init__(code)


class DoubtfulError(Exception):
    """Nobody knows whether the gateway took the text; it may never be sent again blindly. `code` says what happened."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class UnreachableError(Exception):
    """The gateway's list of messages cannot be read now."""


class Gateway(ABC):
    """Who carries texts. One file and one line in `__init__` each."""

    name: ClassVar[str]
    content_type: ClassVar[str]
    """Of what `render` gives."""
    meanings: ClassVar[Mapping[str, str]] = {}
    """What its error codes mean, in words for staff."""
    gone: ClassVar[frozenset[str]] = frozenset()
    """The error codes that say that a number cannot be texted, and never will: none such, a landline."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def unpack(self, body: bytes, form: Mapping[str, str]) -> Mapping[str, str]:
        """Give the fields of a request: its form, unless this gateway packs them otherwise.

        Raises `SurveyAppError` (400) where they cannot be read.
        """
        return form

    @abstractmethod
    def verify(self, url: str, form: Mapping[str, str], headers: Mapping[str, str], body: bytes = b"") -> bool:
        """Say whether the gateway itself sent this form to this public URL; without a secret nothing is believed."""

    @abstractmethod
    def read_inbound(self, form: Mapping[str, str]) -> Inbound:
        """Read what it brought; raises `SurveyAppError` (400, 413) where that cannot be used."""

    @staticmethod
    @abstractmethod
    def render(reply: str | None) -> str:
        """Give the webhook's answer that texts these words back; `None` is silence."""

    @abstractmethod
    def send(self, outbound: Outbound) -> Fate:
        """Hand one text over and give what the gateway says of it.

        Raises `NotAcceptedError` where it has surely not taken it, and `DoubtfulError` where nobody can know.
        """

    @abstractmethod
    def find(self, outbound: Outbound, since: datetime, until: datetime) -> Sequence[Fate]:
        """Give what the gateway's own list holds of such a text (to, from and words) in this time, oldest first.

        Raises `UnreachableError` where the list cannot be read, or this gateway has none.
        """

    @abstractmethod
    def read_status(self, form: Mapping[str, str], message: str) -> Fate:
        """Read a status callback; `message` is what our own address carried. Raises `SurveyAppError` (400)."""


def read_message(text: str) -> int | None:
    """Read our own id of a text as a callback brings it back; nothing where it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


@lru_cache(maxsize=4096)  # whoever answers texts again
def read_number(text: str) -> str:
    """Read a sender's number as E.164; raises `SurveyAppError` for what nobody could be called back on."""
    match = _NUMBER.fullmatch(text.strip())
    try:
        number = phonenumbers.parse(match[1] if match else "", None)
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    raise SurveyAppError("The sender's number is not a phone number in international form, such as +12025550123.")


def read_name(text: str, what: str) -> str:
    """Read an id that a gateway gave: 1 to 64 plain characters; raises `SurveyAppError` for others."""
    if not _NAME.fullmatch(text):
        raise SurveyAppError(f"The {what} is missing or malformed: it must be 1 to 64 plain characters.")
    return text


def read_body(text: str) -> str:
    """Read a text in its stored form (`forms.text.normalise`); raises `MessageTooLongError`."""
    if len(text) > MOST_CHARACTERS:
        raise MessageTooLongError(f"The text is longer than {MOST_CHARACTERS:,} characters.")
    return normalise(text)
