"""What all types that choose from a list share: codes in, labels out, "don't know" beside the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from forms.definition import Choice, Question
from forms.errors import AnswerError, Fault
from forms.question_types.base import Cell, Column, QuestionType, find_missing_code, take_one
from forms.values import Code, Missing, Raw, Value
from forms.wording import msgid, words

SPECIFICATION_SUFFIX = "__oth"
"""Ends the id of the free text beside a choice, which is also its form field and its column."""
LONGEST_NAME = 32

_OFFERED = {
    str(Missing.DONT_KNOW.value): Missing.DONT_KNOW,
    str(Missing.NOT_APPLICABLE.value): Missing.NOT_APPLICABLE,
}
"""Form values that radios and checkboxes send for the answers beside the list."""


class ChoosingType(QuestionType):
    """A question answered from a list of choices."""

    takes_choices = True
    can_specify: ClassVar[bool] = False
    """Whether a choice may have free text beside it."""
    empty_message: ClassVar[str] = msgid("Please choose an answer.")

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse a list of fewer than two, and two choices that look the same once they are sent as text."""
        if len(self.choices(question)) < 2:
            yield Fault(".choices", "A question of this type needs at least two choices.", "Add choices.")
        yield from self._check_specifications(question)
        seen: dict[str, Code] = {}
        for position, choice in enumerate(question.choices):
            other = seen.setdefault(str(choice.value), choice.value)
            if type(other) is not type(choice.value):
                yield Fault(
                    f".choices[{position}].value",
                    f"The values {other!r} and {choice.value!r} cannot be told apart in a form or a text.",
                    "Use integers only, or give one of them another name.",
                )

    def _check_specifications(self, question: Question) -> Iterable[Fault]:
        """Free text stands beside one choice at most, of a type that has no order, in a column of its own."""
        places = [position for position, choice in enumerate(question.choices) if choice.specify]
        for position in places:
            path = f".choices[{position}].specify"
            if not self.can_specify:
                message = f"A choice of a `{self.name}` cannot be specified."
                yield Fault(path, message, "Leave the key out, or use select_one or select_multiple.")
            elif position != places[0]:
                yield Fault(path, "Another choice of this list is specified already.", "Keep one of the two.")
        name = question.id + SPECIFICATION_SUFFIX
        if places and len(name) > LONGEST_NAME:
            message = f"The column {name!r} would have more than {LONGEST_NAME} characters."
            yield Fault(".id", message, "Shorten the id.")

    def parse(self, question: Question, raw: Raw, language: str) -> Value:
        """Read the codes that were sent; `-98` and `-97` among them are the answers beside the list."""
        for value in raw.values:
            if value in _OFFERED:
                others = tuple(other for other in raw.values if other != value)
                raw = Raw(others, raw.missing or _OFFERED[value])
                break
        return super().parse(question, raw, language)

    def text_choices(self, question: Question, language: str) -> tuple[tuple[Code, str], ...]:
        """Give every choice with the label written for texts, else its label."""
        short = question.sms.choices
        return tuple(
            (choice.value, short.get(choice.value, choice.label).in_(language)) for choice in self.choices(question)
        )

    def find_choice(self, question: Question, code: str, language: str) -> Choice:
        """Give the choice of this code; raises `AnswerError` where the question has none."""
        code = code.strip()
        for choice in self.choices(question):
            if str(choice.value) == code:
                return choice
        raise AnswerError(words(language).gettext("Please choose one of the answers listed."))

    def find_label(self, question: Question, code: Value, language: str) -> str:
        """Give the label of a code; a code that the list no longer has is shown as it is."""
        for choice in self.choices(question):
            if choice.value == code:
                return choice.label.in_(language)
        return str(code)

    def form_values(self, value: Value) -> tuple[str, ...]:
        """Give the codes as the form sends them."""
        if isinstance(value, Missing):
            code = str(value.value)
            return (code,) if code in _OFFERED else ()
        return super().form_values(value)


def check_code_columns(question: Question, columns: tuple[Column, ...]) -> Iterable[Fault]:
    """Refuse codes that make no column name, where every choice has a column."""
    for position, (choice, column) in enumerate(zip(question.choices, columns, strict=True)):
        if str(choice.value).startswith("-") or len(column.name) > LONGEST_NAME:
            yield Fault(
                f".choices[{position}].value",
                f"The choice makes the column name {column.name!r}, which statistics programs refuse.",
                f"Use a value without a minus sign, and at most {LONGEST_NAME} characters in all.",
            )


class OneChoiceType(ChoosingType):
    """A question answered with exactly one code."""

    def read_value(self, question: Question, values: tuple[str, ...], language: str) -> Value:
        """Read one code."""
        return self.find_choice(question, take_one(values, language), language).value

    def describe_value(self, question: Question, value: Value, language: str) -> str:
        """Give the choice's label."""
        return self.find_label(question, value, language)

    def cells(self, question: Question, value: Value) -> tuple[Cell, ...]:
        """Give the code or the missing code."""
        missing = find_missing_code(value)
        if missing is not None:
            return (missing,)
        assert isinstance(value, int | str)
        return (value,)
