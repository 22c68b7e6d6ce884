"""How texts are sent: from which number, how fast, at what price, to which countries, and when people sleep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import phonenumbers

MICROS = 1_000_000
"""Money is kept in millionths of the price list's currency."""
_COUNTRY = re.compile(r"[A-Z]{2}")
WHATSAPP = "whatsapp:"
_NUMBER = re.compile(r"(?:whatsapp:)?(\+[0-9]{6,15})")
_SENDER = re.compile(rf"{_NUMBER.pattern}|[0-9]{{3,8}}|MG[0-9a-f]{{32}}")


@dataclass(frozen=True, slots=True)
class PriceList:
    """The price of one segment: by the longest prefix of the number that is listed, else `otherwise`."""

    otherwise: int | None = None
    by_prefix: Mapping[str, int] = field(default_factory=dict)

    def find_price(self, phone: str) -> int | None:
        """Give the price of one segment to this number (E.164), in millionths; nothing where none is known."""
        for length in range(len(phone), 1, -1):
            if (price := self.by_prefix.get(phone[:length])) is not None:
                return price
        return self.otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How this service sends. `rate`: segments a second for each of our numbers; `quiet_from`, `quiet_until`: hours.

    `countries` are two-letter codes; nothing: the country of our own number alone, which `everywhere` lifts.
    `most_a_day` counts segments of the whole service, `most_per_number` texts to one phone in 24 hours.
    """

    gateway: str
    sender: str
    rate: float = 1.0
    prices: PriceList = PriceList()
    countries: frozenset[str] = frozenset()
    everywhere: bool = False
    most_a_day: int = 100_000
    most_per_number: int = 3
    quiet_from: int = 20
    quiet_until: int = 8

    def permits(self, phone: str) -> bool:
        """Say whether texts may go to the country of this number."""
        return self.everywhere or bool(_find_countries(phone) & (self.countries or _find_countries(self.sender)))

    def estimate(self, phone: str, segments: int) -> int | None:
        """Give what a text of so many segments to this number costs, in millionths; nothing where no price is known."""
        price = self.prices.find_price(phone)
        return None if price is None else price * segments


def read_prices(text: str) -> PriceList:
    """Read a price list, as `0.0079` or `0.0079 +254=0.02 +44=0.04`; raises `ValueError` with what is wrong."""
    otherwise, by_prefix = None, {}
    for word in re.split(r"[\s,;]+", text.strip()):
        prefix, equals, price = word.rpartition("=")
        if equals and not re.fullmatch(r"\+\d{1,15}", prefix):
            raise ValueError(f"{word!r} must look like +254=0.02")
        if word and equals:
            by_prefix[prefix] = read_money(price)
        elif word:
            otherwise = read_money(word)
    return PriceList(otherwise, by_prefix)


def read_money(text: str) -> int:
    """Read an amount such as `0.0079` in millionths; raises `ValueError` for what is none."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount such as 12.50") from None
    if not amount.is_finite() or not 0 <= amount < 10**9:
        raise ValueError(f"{text!r} is not an amount such as 12.50")
    return int((amount * MICROS).to_integral_value())


def show_money(micros: int | None) -> str:
    """Give an amount as people read it, with at least two decimals: `12.50`, `0.0079`; empty where none is known."""
    if micros is None:
        return ""
    whole, rest = f"{Decimal(micros) / MICROS:,.6f}".split(".")
    decimals = rest.rstrip("0")[: 2 if micros >= MICROS else 6]
    return f"{whole}.{decimals.ljust(2, '0')}"


def read_sender(text: str) -> str:
    """Read a number of ours: `+12025550100`, `whatsapp:+12025550100`, a short code; raises `ValueError` for others.

    Twilio's messaging services (`MG…`) send too, from whichever number they choose.
    """
    sender = text.strip()
    if sender and not _SENDER.fullmatch(sender):
        raise ValueError(f"{sender!r} must look like +12025550100, whatsapp:+12025550100 or 12345")
    return sender


def name_sender(sender: str) -> str:
    """Give a number of ours as people are told it."""
    number = sender.removeprefix(WHATSAPP)
    return sender if number == sender else f"{number} on WhatsApp"


def has_country(sender: str) -> bool:
    """Whether a number of ours tells the country that it is of: a short code or a messaging service does not."""
    return bool(_NUMBER.fullmatch(sender))


def link_sender(sender: str, text: str) -> str:
    """Give the link that opens a message of this text to a number of ours on a phone; empty where none is known."""
    if match := _NUMBER.fullmatch(sender):
        number = match[1]
        return f"https://wa.me/{number[1:]}?text={text}" if number != sender else f"sms:{number}?body={text}"
    return f"sms:{sender}?body={text}" if sender.isdigit() else ""


def read_countries(text: str) -> frozenset[str]:
    """Read country codes, as `KE, UG`; raises `ValueError` with the one that is none."""
    codes = frozenset(word for word in re.split(r"[\s,;]+", text.upper()) if word)
    for code in sorted(codes):
        if not _COUNTRY.fullmatch(code) or phonenumbers.country_code_for_region(code) == 0:
            raise ValueError(f"{code!r} is not a country's two-letter code such as KE")
    return codes


@lru_cache(maxsize=10_000)
def _find_countries(phone: str) -> frozenset[str]:
    """Give the country of a number; where its digits do not tell, the main country of its calling code."""
    match = _NUMBER.fullmatch(phone)
    if match is None:
        return frozenset()
    number = phonenumbers.parse(match[1], None)
    region = phonenumbers.region_code_for_number(number)
    if region is None:
        region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return frozenset({region})
