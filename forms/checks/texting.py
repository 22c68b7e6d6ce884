"""Channel fit: what each question costs as a text, in each language, with the longest words that may be filled in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from forms.checks.finding import NOTE, WARNING, Finding, walk_questions
from forms.definition import SMS, Definition, Question, Text
from forms.interview import Interview
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.question_types.consent import Consent
from forms.sms.framing import LONGEST_NAME
from forms.sms.prompts import AIM, build_prompt
from forms.sms.segments import GSM_7, Segments, count_segments

LONGEST_ENTRY = "x" * LONGEST_NAME
LONGEST_FILLED = 160
STOP = "STOP"
HOW_TO_REPLY = 'End it by `"sms": {"label": …}` with: Reply YES to start, NO to decline, STOP to end all texts.'
LONGEST_NUMBER = 18
MOST_OF_OTHER_SCRIPTS = 3
"""What a text in a script that GSM-7 lacks may cost before a shorter one is asked for: 201 characters."""
_PLAIN = {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "..."}
_SPACES = frozenset("\u00a0\u2009\u202f")


def check(definition: Definition) -> Iterator[Finding]:
    """Build the text of every question that is texted, and weigh it."""
    parameters = {parameter.id: "x" * parameter.max_length for parameter in definition.parameters}
    interview = Interview(definition, {}, date(2000, 1, 1), parameters=parameters)
    for path, question in walk_questions(definition):
        if SMS not in question.channels or not find_type(question.type).asks:
            if question.sms.label is not None or question.sms.choices:
                message = "This question is not texted, so its `sms` wording is never used."
                yield Finding(NOTE, f"{path}.sms", message)
            continue
        longest = fill_longest(definition, question)
        for language in definition.languages:
            # without the counter, which is dropped where it does not fit: `AIM` leaves room for it
            text = build_prompt(interview, longest, language, counter=False)
            place = _find_place(path, question)
            yield from _weigh(place, language, text, count_segments(text))
            if question.type == Consent.name and STOP not in text:
                message = f"The `{language}` text does not tell people how to reply, nor that {STOP} ends all texts."
                yield Finding(WARNING, place, message, HOW_TO_REPLY)


def _find_place(path: str, question: Question) -> str:
    return f"{path}.label" if question.sms.label is None else f"{path}.sms.label"


def _weigh(path: str, language: str, text: str, cost: Segments) -> Iterator[Finding]:
    forced = cost.forced_by
    if forced is not None and not _is_at_home(text):
        name = unicodedata.name(forced, "unnamed").lower()
        shown = f"`{forced}`" if forced.isprintable() and not forced.isspace() else "A character"
        message = (
            f"{shown} (U+{ord(forced):04X}, {name}) turns the `{language}` text into UCS-2, "
            f"with room for 70 characters instead of 160: {cost.units} units, {_count(cost)}."
        )
        yield Finding(WARNING, path, message, _mend(forced))
    elif forced is not None and 1 < cost.segments <= MOST_OF_OTHER_SCRIPTS:
        message = f"The `{language}` text takes {cost.units} units of {cost.encoding}: {_count(cost)}, each charged."
        yield Finding(NOTE, path, message, "Its script has 70 characters a segment, so this is to be expected.")
    elif cost.segments > 1:
        message = (
            f"The `{language}` text takes {cost.units} units of {cost.encoding}: {_count(cost)}, each of them charged."
        )
        yield Finding(WARNING, path, message, 'Shorten it by `"sms": {"label": …}`.')
    elif cost.encoding == GSM_7 and cost.units > AIM:
        message = f"The `{language}` text takes {cost.units} of 160 units; {AIM} is the most we aim for."
        yield Finding(NOTE, path, message, "Shorten it a little.")


def _count(cost: Segments) -> str:
    return f"{cost.segments} segment{'s' * (cost.segments != 1)}"


def _mend(forced: str) -> str:
    if forced in _SPACES:
        return "Write a plain space in the `sms` wording."
    plain = _PLAIN.get(forced) or unicodedata.normalize("NFKD", forced)[0]
    if plain != forced and plain.isascii():
        return f"Write `{plain}` in the `sms` wording."
    return "Leave it out of the `sms` wording."


def _is_at_home(text: str) -> bool:
    """Say whether the text is in a script that GSM-7 does not have, so that UCS-2 is no accident."""
    letters = [character for character in text if character.isalpha() and ord(character) > 0x2AF]
    greek = sum("GREEK" in unicodedata.name(letter, "") for letter in letters)
    return len(letters) - greek >= 5


def fill_longest(definition: Definition, question: Question, entry: str = LONGEST_ENTRY) -> Question:
    """Give the question with every reference to an answer replaced by the longest answer there may be.

    `entry`: the longest name in the roster; else as long a name as ours may be in a text.
    """

    def filled(text: Text) -> Text:
        said = {code: _fill(definition, words, code, entry) for code, words in text.by_language.items()}
        return replace(text, by_language=said)

    wording = question.sms
    label = None if wording.label is None else filled(wording.label)
    short = {code: filled(text) for code, text in wording.choices.items()}
    # what a condition may leave out is counted: the text must fit for those who are offered everything
    choices = tuple(replace(choice, label=filled(choice.label), show_if=None) for choice in question.choices)
    sms = replace(wording, label=label, choices=short)
    return replace(question, label=filled(question.label), choices=choices, sms=sms)


def _fill(definition: Definition, words: str, language: str, entry: str) -> str:
    return fill(words, lambda name: _find_longest(definition, name, language, entry))


def _find_longest(definition: Definition, name: str, language: str, entry: str) -> str:
    question = definition.questions.get(name)
    if question is None and any(section.id == name for section in definition.repeats):
        return entry
    if question is None:
        return "${" + name + "}"
    kind = find_type(question.type)
    labels = [choice.label.in_(language) for choice in kind.choices(question)]
    if kind.kind is Kind.CHOICES:
        return ", ".join(labels)
    if labels:
        return max(labels, key=len)
    if kind.find_kind(question) is Kind.TEXT:
        longest = question.settings.get("max_length", LONGEST_FILLED)
        return "x" * min(longest if isinstance(longest, int) else LONGEST_FILLED, LONGEST_FILLED)
    return "9" * (LONGEST_NUMBER if question.settings.get("max") is None else len(str(question.settings["max"])))
