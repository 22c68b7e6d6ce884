"""A calendar date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from marshmallow import fields

from forms.definition import Question
from forms.errors import AnswerError, Fault
from forms.question_types.base import Cell, Column, Kind, QuestionType, find_missing_code, take_one
from forms.text import fold_digits, normalise
from forms.values import Missing, Stored, Value
from forms.wording import msgid, words

DAY_FIRST = frozenset({"ar", "de", "es", "fr", "it", "nl", "pt", "sw"})
"""Languages in which 3/4/2025 is never the fourth of March. In English it can be either."""

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:de |of )?([^\W\d]+)\.?,? (?:de )?(\d{4})")
_NAME_FIRST = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


class UnclearDateError(Exception):
    """The date can be read in two ways; `readings` holds both."""

    def __init__(self, *readings: date) -> None:
        self.readings = readings
        super().__init__()


class CalendarDate(QuestionType):
    """A day, between `min` and `max`."""

    name = "date"
    kind = Kind.DATE
    control = "date"
    empty_message: ClassVar[str] = msgid("Please give a date.")
    settings: ClassVar[Mapping[str, Any]] = {"min": fields.Date(), "max": fields.Date()}

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse limits that nobody can meet."""
        least, most = _find_limits(question)
        if least and most and least > most:
            yield Fault(".max", f"The last date {most} is before the first {least}.", "Mend min or max.")

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read a date as a browser sends it, or as people text it, if it is clear which day it is."""
        say = words(language).gettext
        try:
            value = read_date(normalise(take_one(values, language)), language)
        except UnclearDateError as unclear:
            text = say("This date can be read in two ways. Please write %(one)s or %(other)s.")
            one, other = (describe_date(reading, language) for reading in unclear.readings)
            raise AnswerError(text % {"one": one, "other": other}) from None
        except ValueError:
            raise AnswerError(say("Please give a date as year-month-day, for example 2025-12-31.")) from None
        _check_limits(question, value, language)
        return value

    def dump(self, value: Value) -> Stored:
        """Keep the date in ISO form."""
        return value.isoformat() if isinstance(value, date) else super().dump(value)

    def load(self, stored: Stored) -> Value:
        """Give back the date."""
        return date.fromisoformat(stored) if isinstance(stored, str) else super().load(stored)

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give the date as the language writes it."""
        assert isinstance(value, date)
        return describe_date(value, language)

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give one date column."""
        return (Column(question.id, question.id, "date"),)

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give the ISO date, or the missing code."""
        missing = find_missing_code(value)
        return (self.form_values(value)[0] if missing is None else missing,)

    def form_values(self, value: Value) -> tuple[str, ...]:
        """Give the date in ISO form, as a browser's date input sends it."""
        if value is None or isinstance(value, Missing):
            return ()
        assert isinstance(value, date)
        return (value.isoformat(),)


def describe_date(day: date, language: str) -> str:
    """Give a date in words, such as `3 April 2025`; in ISO form where the language is unknown."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(day, "d MMMM y", locale=Locale.parse(language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def read_date(written: str, language: str) -> date:
    """Read a date: `2025-04-03`, `3/4/2025`, `3.4.2025`, `3 April 2025`, `April 3, 2025`; digits of any script.

    Raises `UnclearDateError` with both readings, and `ValueError` where it is no date.
    """
    text = " ".join(fold_digits(written).split())
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_OR_MONTH_FIRST.fullmatch(text):
        return _read_numbers(int(match[1]), int(match[3]), int(match[4]), match[2], language)
    if match := _NAMED.fullmatch(text):
        return date(int(match[3]), _find_month(match[2], language), int(match[1]))
    if match := _NAME_FIRST.fullmatch(text):
        return date(int(match[3]), _find_month(match[1], language), int(match[2]))
    raise ValueError(written)


def _read_numbers(first: int, second: int, year: int, mark: str, language: str) -> date:
    """Read day and month where the order is not told; points between them are written day first everywhere."""
    if mark == "." or language.split("-")[0] in DAY_FIRST:
        return date(year, second, first)
    if first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    raise UnclearDateError(date(year, second, first), date(year, first, second))


def _find_month(name: str, language: str) -> int:
    month = _list_months(language).get(name.casefold()) or _list_months("en").get(name.casefold())
    if month is None:
        raise ValueError(name)
    return month


@lru_cache(maxsize=64)
def _list_months(language: str) -> dict[str, int]:
    """Give the names of the months, long and short, in a language."""
    from babel import Locale, UnknownLocaleError

    try:
        months = Locale.parse(language.replace("-", "_")).months["format"]
    except (UnknownLocaleError, ValueError):
        return {}
    return {
        name.casefold().rstrip("."): number
        for width in ("wide", "abbreviated")
        for number, name in months[width].items()
    }


def _find_limits(question: Question) -> tuple[date | None, date | None]:
    least, most = question.settings.get("min"), question.settings.get("max")
    assert least is None or isinstance(least, date)
    assert most is None or isinstance(most, date)
    return least, most


def _check_limits(question: Question, value: date, language: str) -> None:
    least, most = _find_limits(question)
    say = words(language).gettext
    if least and value < least:
        raise AnswerError(say("Please give a date not before %(day)s.") % {"day": describe_date(least, language)})
    if most and value > most:
        raise AnswerError(say("Please give a date not after %(day)s.") % {"day": describe_date(most, language)})
