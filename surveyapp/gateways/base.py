"""The contract of a gateway: who it is, whether a request is really its own, what it brought, how it is answered."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
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


class Gateway(ABC):
    """Who carries texts. One file and one line in `__init__` each."""

    name: ClassVar[str]
    content_type: ClassVar[str]
    """Of what `render` gives."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def verify(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        """Say whether the gateway itself sent this form to this public URL; without a secret nothing is believed."""

    @abstractmethod
    def read_inbound(self, form: Mapping[str, str]) -> Inbound:
        """Read what it brought; raises `SurveyAppError` (400, 413) where that cannot be used."""

    @staticmethod
    @abstractmethod
    def render(reply: str | None) -> str:
        """Give the webhook's answer that texts these words back; `None` is silence."""


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
