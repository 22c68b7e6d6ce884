"""The cells of a contact list: phone numbers to E.164, addresses, languages and time zones, or what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from rapidfuzz import process

from forms.definition import Definition

LONGEST = {"name": 200, "email": 254, "group": 80, "language": 16, "timezone": 64, "organisation": 200, "consent": 80}
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{1,190}$)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
FICTIONAL = re.compile(
    r"\+1555\d{7}|\+1\d{3}555\d{4}|\+44(?:7700900|1632960|2079460)\d{3}|\+3363998\d{4}|\+61491570\d{3}"
)


def read_cell(column: str, cell: str, definition: Definition | None) -> str:
    """Give one filled cell of a known column as it is kept; raises `ValueError` with the fault and its mend."""
    if column == "phone":
        return read_phone(cell)
    if len(cell) > LONGEST[column]:
        raise ValueError(f"It has {len(cell)} characters; at most {LONGEST[column]} can be kept.")
    if column == "email":
        return _read_email(cell)
    if column == "language":
        return _read_language(cell, definition)
    if column == "timezone":
        return _read_timezone(cell)
    return cell


def read_phone(text: str) -> str:
    """Give a phone number in E.164; raises `ValueError` with what is wrong and how to mend it.

    Numbers set aside for fiction are taken, though no network knows them: rehearsals live on them.
    """
    # Our own files put an apostrophe before a plus sign, so that no spreadsheet takes it for a formula.
    number = unicodedata.normalize("NFKC", text).removeprefix("'").strip()
    if re.fullmatch(r"\d[.,]\d+[eE]\+?\d+", number):
        raise ValueError(f"A spreadsheet has turned the number into “{text}”. Format the column as text.")
    if not number.startswith("+"):
        example = "+" + number[2:] if number.startswith("00") else "+254 712 345 678"
        raise ValueError(f"“{text[:40]}” needs + and the country code in front, such as {example[:40]}.")
    if not re.fullmatch(r"\+[\d\s().\-\u2010-\u2015\u2060]+", number):
        raise ValueError(f"“{text[:40]}” is not one phone number. Keep one number: + and digits.")
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        wrong_country = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        what = "has a country code that does not exist" if wrong_country else "is not a phone number"
        raise ValueError(f"“{text[:40]}” {what}.") from None
    whole = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible == phonenumbers.ValidationResult.TOO_LONG:
        raise ValueError(f"“{text[:40]}” has too many digits.")
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(f"“{text[:40]}” has too few digits.")
    if not phonenumbers.is_valid_number(parsed) and not FICTIONAL.fullmatch(whole):
        raise ValueError(f"“{text[:40]}” is not in use in any network of +{parsed.country_code}. Check the digits.")
    return whole


def _read_email(cell: str) -> str:
    if not EMAIL.fullmatch(cell) or ".." in cell:
        raise ValueError(f"“{cell[:60]}” is not an e-mail address such as name@example.org.")
    return cell.lower()


def _read_language(cell: str, definition: Definition | None) -> str:
    """Codes are kept as they are; names (“Français”, “french”) become codes."""
    own = {name.casefold(): code for code, name in definition.languages.items()} if definition else {}
    code = own.get(cell.casefold()) or _languages().get(cell.casefold())
    if code is None and LANGUAGE.fullmatch(cell):
        subtag = re.split("[-_]", cell)[0].lower()
        if subtag in _languages().values() or (definition is not None and subtag in definition.languages):
            code = cell
    if code is None:
        spoken = ", ".join(definition.languages) if definition else "en, fr"
        raise ValueError(f"“{cell}” is not a language. Use a code such as {spoken}.")
    return code.replace("_", "-")


def _read_timezone(cell: str) -> str:
    found = _timezones().get(cell.casefold().replace(" ", "_"))
    if found is None:
        near = suggest(cell, tuple(_timezones()))
        hint = f"Did you mean {_timezones()[near]}?" if near else "Use a name such as Africa/Nairobi."
        raise ValueError(f"“{cell}” is not a time zone. {hint}")
    return found


@cache
def _languages() -> Mapping[str, str]:
    """English name and code in lower case -> code, of every language that CLDR names."""
    names = {str(code): str(name) for code, name in Locale("en").languages.items()}
    return {name.casefold(): code for code, name in names.items()} | {code.casefold(): code for code in names}


@cache
def _timezones() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def suggest(word: str, among: Sequence[str], least: int = 60) -> str | None:
    """Give the word that was probably meant, or nothing."""
    found = process.extractOne(word.lower(), among, score_cutoff=least)
    return found[0] if found else None
