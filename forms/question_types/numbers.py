"""What integers and decimals share: how people write numbers, limits, units, and where a missing code can stand."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from forms.definition import Question, Text
from forms.errors import AnswerError, Fault
from forms.question_types.base import STATUS_SUFFIX, Cell, Column, Kind, QuestionType, find_missing_code, take_one
from forms.question_types.numerals import UnclearNumberError, read_number
from forms.text import normalise
from forms.values import Missing, Value
from forms.wording import msgid, words

MOST_DIGITS = 18
LONGEST_COLUMN = 32


class NumberType(QuestionType):
    """A number within `min` and `max`, with its `unit`."""

    kind = Kind.NUMBER
    control = "number"
    measure = "scale"
    takes_fractions: ClassVar[bool]
    not_a_number: ClassVar[str]
    empty_message: ClassVar[str] = msgid("Please give a number.")

    @abstractmethod
    def build_value(self, number: str) -> Value:
        """Give the typed value of a plain number such as `-12.50`."""

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse limits that nobody can meet and an id too long for the column beside it."""
        least, most = question.settings.get("min"), question.settings.get("max")
        if least is not None and most is not None and least > most:  # type: ignore[operator]
            yield Fault(".max", f"The greatest number {most} is below the least {least}.", "Mend min or max.")
        status = self.columns(question)[-1].name
        if len(status) > LONGEST_COLUMN:
            yield Fault(
                ".id",
                f"The column {status!r} would have more than {LONGEST_COLUMN} characters.",
                "Shorten the id, or set min above -91 so that the question needs one column only.",
            )

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read a number in any script, with thousands marks and the question's own unit, if it is clear."""
        say = words(language).gettext
        written = _strip_unit(question, normalise(take_one(values, language)))
        try:
            plain = read_number(written, fractions=self.takes_fractions)
        except UnclearNumberError as unclear:
            text = say("This number can be read in two ways. Please write %(one)s or %(other)s, without other marks.")
            raise AnswerError(text % {"one": unclear.readings[0], "other": unclear.readings[1]}) from None
        except ValueError:
            raise AnswerError(say(self.not_a_number)) from None
        if sum(character.isdigit() for character in plain) > MOST_DIGITS:
            text = say("Please give a number of at most %(n)s digits.")
            raise AnswerError(text % {"n": MOST_DIGITS})
        value = self.build_value(plain)
        _check_limits(question, value, language)
        return value

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give the number as the language writes it, with its unit."""
        from babel import Locale, UnknownLocaleError
        from babel.numbers import format_decimal

        assert isinstance(value, int | Decimal)
        try:
            locale = Locale.parse(language.replace("-", "_"))
            number = format_decimal(value, locale=locale, decimal_quantization=False)
        except (UnknownLocaleError, ValueError):
            number = format(value, "f") if isinstance(value, Decimal) else str(value)
        unit = find_unit(question, language)
        return f"{number} {unit}" if unit else number

    def columns(self, question: Question) -> tuple[Column, ...]:
        """Give the number's column, and one for the status where a real value could be taken for a missing code."""
        number = Column(question.id, question.id, "number")
        if _has_room_for_codes(question):
            return (number,)
        return (number, Column(question.id + STATUS_SUFFIX, question.id, "status"))

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give the number's exact text, or the missing code where no real value can be taken for it."""
        missing = find_missing_code(value)
        if _has_room_for_codes(question):
            return (self.form_values(value)[0] if missing is None else missing,)
        return (self.form_values(value)[0], None) if missing is None else (None, missing)

    def form_values(self, value: Value) -> tuple[str, ...]:
        """Give the number without marks, a point before its fraction."""
        if value is None or isinstance(value, Missing):
            return ()
        return (format(value, "f") if isinstance(value, Decimal) else str(value),)


class UnitField(fields.Raw):
    """A unit: a word, or words by language code."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        by_language = value if isinstance(value, dict) else {"": value}
        if not by_language or not all(isinstance(word, str) and word.strip() for word in by_language.values()):
            raise ValidationError("Not a text: write a word, or an object of words by language code.")
        return value


def find_unit(question: Question, language: str) -> str:
    """Give the question's unit in this language, or an empty string."""
    unit = question.settings.get("unit", "")
    return unit.in_(language) if isinstance(unit, Text) else str(unit)


def _strip_unit(question: Question, written: str) -> str:
    """Leave out the question's own unit, in any language, before or after the number."""
    unit = question.settings.get("unit", "")
    for name in unit.by_language.values() if isinstance(unit, Text) else (str(unit),):
        word, folded = name.strip().lower(), written.lower()
        if word and folded.endswith(word):
            return written[: len(written) - len(word)].strip()
        if word and folded.startswith(word):
            return written[len(word) :].strip()
    return written


def _check_limits(question: Question, value: Value, language: str) -> None:
    least, most = question.settings.get("min"), question.settings.get("max")
    assert isinstance(value, int | Decimal)
    assert least is None or isinstance(least, int | Decimal)
    assert most is None or isinstance(most, int | Decimal)
    say = words(language).gettext
    if (least is not None and value < least) or (most is not None and value > most):
        if least is not None and most is not None:
            text = say("Please give a number from %(least)s to %(most)s.")
        elif least is not None:
            text = say("Please give a number that is at least %(least)s.")
        else:
            text = say("Please give a number that is at most %(most)s.")
        raise AnswerError(text % {"least": least, "most": most})


def _has_room_for_codes(question: Question) -> bool:
    """Whether no real value can be taken for a missing code (-99 to -91)."""
    least = question.settings.get("min")
    return isinstance(least, int | Decimal) and least > Missing.REMOVED.value
