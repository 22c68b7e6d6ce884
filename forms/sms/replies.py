"""A reply by text -> the typed answer: what is clear is read; what could be two things is asked again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from forms.definition import Question
from forms.errors import AnswerError
from forms.interview import Interview
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.question_types.specification import LONGEST_SPECIFICATION
from forms.sms.labels import list_words
from forms.sms.one_choice import NUMBER, Found, Unreadable, read_one, read_way_out, to_code
from forms.sms.prompts import list_codes
from forms.sms.several_choices import read_several
from forms.sms.vocabulary import NUMBER_WORDS, RESERVED_WORDS, YES, fold
from forms.text import fold_digits, normalise
from forms.values import Raw, Value

__all__ = ["RESERVED_WORDS", "Reading", "Unreadable", "read_reply"]

LONGEST_CHOICE = 400
"""Longer replies to a question with choices are talk, and are not searched for an answer."""

_CODES_THEN_WORDS = re.compile(r"\s*(?P<codes>\d+(?:[\s,;.]+\d+)*)\b[\s.,:;=)-]*(?P<words>\D.*)", re.DOTALL)
_NUMBER_SIGN = re.compile(r"^\s*(?:№|n[°º]|nr?\.)\s*(?=\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says: the raw answer, its typed value, the rule that read it, and how certain that is (0..1)."""

    raw: Raw
    value: Value
    rule: str
    certainty: float
    specified: str | None = None
    """What was written after the code of a choice that asks for free text beside it."""


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
        text, specified = _split_specification(question, text)
        read = _read_choice(interview, question, text, language, suggested)
        values = list_codes(question)
        raw = Raw(tuple(str(values[code]) for code in read.codes), read.missing)
        return replace(_judge(interview, question, raw, read, language), specified=specified)
    read, raw = _read_free(question, text)
    return _judge(interview, question, raw, read, language)


def _split_specification(question: Question, text: str) -> tuple[str, str | None]:
    """Cut `5 my neighbour` (or `1,5 my neighbour`) after the code of the choice that asks for free text beside it.

    Where digits follow that are another choice's code, or nothing but the choice's own label, nothing is cut.
    """
    codes = list_codes(question)
    own = next((choice for choice in question.choices if choice.specify), None)
    match = _CODES_THEN_WORDS.fullmatch(text)
    if own is None or match is None:
        return text, None
    given = [to_code(run) for run in NUMBER.findall(fold_digits(match["codes"]))]
    words = match["words"].strip()
    others = {to_code(run) for run in NUMBER.findall(fold_digits(words))} & set(codes)
    labels = {fold(label) for label in own.label.by_language.values()}
    if codes.get(given[-1]) != own.value or others or fold(words) in labels | {""}:
        return text, None
    return match["codes"], words[:LONGEST_SPECIFICATION]


def _read_choice(interview: Interview, question: Question, text: str, language: str, suggested: str | None) -> Found:
    """Try the rules from the strictest on; the first that reads the reply wins, none guesses."""
    text = _NUMBER_SIGN.sub("", text)
    bare = fold_digits(text)
    if bare in list_codes(question):
        return Found("code", 1.0, (bare,))
    folded = fold(text)
    if not folded or len(text) > LONGEST_CHOICE:
        raise Unreadable
    listed = list_words(interview, question, language)
    if suggested in listed.codes and folded in YES and not listed.yes_no:
        return Found("suggestion", 0.95, (str(suggested),))
    if find_type(question.type).kind is Kind.CHOICES:
        return read_several(question, listed, text, folded, language)
    return read_one(question, listed, text, folded, language)


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
