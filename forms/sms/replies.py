"""A reply by text -> the typed answer: what is clear is read; what could be two things is asked again."""

from __future__ import annotations

from dataclasses import dataclass

from forms.definition import Question
from forms.errors import AnswerError
from forms.interview import Interview
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.sms.choosing import Found, Unreadable, read_choice, read_way_out
from forms.sms.prompts import list_codes
from forms.sms.vocabulary import NUMBER_WORDS, RESERVED_WORDS, fold
from forms.text import normalise
from forms.values import Raw, Value

__all__ = ["RESERVED_WORDS", "Reading", "Unreadable", "read_reply"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says: the raw answer, its typed value, the rule that read it, and how certain that is (0..1)."""

    raw: Raw
    value: Value
    rule: str
    certainty: float


def read_reply(
    interview: Interview, question: Question, text: str, language: str, *, suggested: str | None = None
) -> Reading:
    """Read a reply to one question and judge it with the question type's own `parse`.

    `suggested`: the code of the "Did you mean ...?" that this replies to, so that YES can confirm it.
    Raises `Unreadable` where it is not clear what the person means, or the question does not take it.
    """
    question = interview.narrow(question)
    text = normalise(text)
    kind = find_type(question.type)
    if kind.kind in (Kind.CHOICE, Kind.CHOICES) or kind.choices(question):
        read = read_choice(interview, question, text, language, suggested)
        values = list_codes(question)
        raw = Raw(tuple(str(values[code]) for code in read.codes), read.missing)
        return _judge(interview, question, raw, read, language)
    read, raw = _read_free(question, text)
    return _judge(interview, question, raw, read, language)


def _judge(interview: Interview, question: Question, raw: Raw, read: Found, language: str) -> Reading:
    """Have the question type and the constraint judge what was read."""
    if raw.missing is None and not any(raw.values):
        raise Unreadable
    try:
        value = find_type(question.type).parse(question, raw, language)
        interview.check_constraint(question, value, language)
    except AnswerError as error:
        raise Unreadable(reason=str(error)) from None
    return Reading(raw, value, read.rule, read.certainty)


def _read_free(question: Question, text: str) -> tuple[Found, Raw]:
    """Read a text, a number or a date: a way out in so many words, else the words themselves."""
    folded = fold(text)
    missing = read_way_out(question, folded)
    if missing is not None:
        return missing, Raw(missing=missing.missing)
    if question.type == "text":
        return Found("text"), Raw((text,))
    if question.type == "date":
        return Found("date"), Raw((text.strip(" .,;!"),))
    number = NUMBER_WORDS.get(folded)
    if number is not None:
        return Found("number_word", 0.95), Raw((str(number),))
    return Found("number"), Raw((text.rstrip(" .,;!").lstrip("#= "),))
