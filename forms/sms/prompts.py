"""A question -> the text message that asks it, and the one that asks again."""

from __future__ import annotations

from collections.abc import Mapping

from forms.definition import SMS, Question
from forms.interview import Interview
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.sms.segments import count_segments
from forms.values import Code
from forms.wording import msgid, words

AIM = 140
"""The length we aim for in GSM-7: it leaves room for the counter and for a longer name than expected."""

DONT_KNOW = msgid("D=Don't know")
NOT_APPLICABLE = msgid("N=Not applicable")


def build_prompt(interview: Interview, question: Question, language: str, *, counter: bool = True) -> str:
    """Give the text that asks a question: `3/8 `, its words, its choices, and the ways out.

    The counter is left out where it would cost a segment, and before consent, which is not counted.
    """
    question = interview.narrow(question)
    stem = (question.sms.label or question.label).in_(language)
    parts = [interview.say(stem, language, question.id), *_list_choices(interview, question, language)]
    parts += _list_ways_out(question, " ".join(parts), language)
    text = " ".join(part for part in parts if part)
    counted = _count(interview, question) + text if counter else text
    return counted if count_segments(counted).segments == count_segments(text).segments else text


def build_reprompt(
    interview: Interview,
    question: Question,
    language: str,
    suggestion: str | None = None,
    *,
    reason: str | None = None,
) -> str:
    """Give the one text that follows a reply which could not be read, in one segment.

    `suggestion`: the code that the reply came near to. `reason`: the sentence of the `AnswerError`, where the reply
    was read but cannot be taken. Choices stand after the sentence as long as the segment holds them.
    """
    question = interview.narrow(question)
    say = words(language).gettext
    if question.type == "consent":
        return say("Sorry, please reply YES or NO.")
    if suggestion is not None:
        suggested = say("Did you mean %(choice)s? Reply %(code)s or another number.")
        listed = _find_listed(interview, question, suggestion, language)
        return _fit(*(suggested % {"choice": choice, "code": suggestion} for choice in (listed, suggestion)))
    sentence = reason if reason and count_segments(reason).segments == 1 else _build_request(question, language)
    listed = " ".join([sentence, *_list_choices(interview, question, language)])
    ways_out = _list_ways_out(question, listed, language)
    codes = " ".join([sentence, *list_codes(question)])
    return _fit(" ".join([listed, *ways_out]), listed, codes, sentence.rstrip(" :.") + ".")


def _build_request(question: Question, language: str) -> str:
    """Give the sentence that asks for a reply of the right form."""
    say = words(language).gettext
    codes = list(list_codes(question))
    if find_type(question.type).kind is Kind.CHOICES:
        text = say("Sorry, please reply with numbers from the list, for example %(example)s:")
        return text % {"example": " ".join(codes[:2])}
    if codes:
        return say("Sorry, please reply with one number from the list:")
    return say("Sorry, we could not read that. Please answer again.")


def list_codes(question: Question) -> Mapping[str, Code]:
    """Give what a person texts for each choice -> the choice's value.

    Integers stand for themselves; where values are words, the choices are numbered from 1 in their order.
    """
    choices = find_type(question.type).choices(question)
    if all(isinstance(choice.value, int) for choice in choices):
        return {str(choice.value): choice.value for choice in choices}
    return {str(position): choice.value for position, choice in enumerate(choices, start=1)}


def lists_not_applicable(question: Question) -> bool:
    """Whether the text offers N: where the question takes it and no other way out is listed already."""
    return question.not_applicable and not question.dont_know


def _list_choices(interview: Interview, question: Question, language: str) -> list[str]:
    """Give the choices as `1=Not at all`, in order."""
    code_of = {value: code for code, value in list_codes(question).items()}
    return [
        f"{code_of[value]}={interview.say(label, language, question.id)}"
        for value, label in find_type(question.type).text_choices(question, language)
    ]


def _list_ways_out(question: Question, before: str, language: str) -> list[str]:
    """Give `D=Don't know` where the question takes it, or else `N=Not applicable`; both are understood anyway.

    A list that ends in an exclusive "None" has a way out, so that D stands beside it only within the length we aim for.
    N is left out where it would cost a segment.
    """
    say = words(language).gettext
    if question.dont_know:
        text = say(DONT_KNOW)
        has_none = any(choice.exclusive for choice in question.choices)
        return [] if has_none and count_segments(f"{before} {text}").units > AIM else [text]
    if lists_not_applicable(question):
        text = say(NOT_APPLICABLE)
        return [text] if count_segments(f"{before} {text}").segments == count_segments(before).segments else []
    return []


def _count(interview: Interview, question: Question) -> str:
    """Give `3/8 `: the question's place among those of this interview that are texted, consent apart."""
    ids = [q.id for q in interview.questions_in(SMS, question.sms.part) if q.type != "consent"]
    return f"{ids.index(question.id) + 1}/{len(ids)} " if question.id in ids else ""


def _find_listed(interview: Interview, question: Question, code: str, language: str) -> str:
    """Give one choice as the text lists it, also one that only the web labels."""
    value = list_codes(question).get(code)
    for listed, label in find_type(question.type).text_choices(question, language):
        if listed == value:
            return f"{code}={interview.say(label, language, question.id)}"
    return code


def _fit(*texts: str) -> str:
    """Give the first text that one segment holds, else the last."""
    return next((text for text in texts if count_segments(text).segments == 1), texts[-1])
