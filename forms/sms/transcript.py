"""A whole conversation by text as it would go: every message with its segments, every reply the first that is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from forms.definition import SMS, Definition, Question
from forms.interview import Interview
from forms.question_types import find_type
from forms.sampling import begin_sample, find_sample
from forms.sms.framing import add_languages, ask_consent, say_thanks
from forms.sms.prompts import build_prompt, list_codes
from forms.sms.segments import Segments, count_segments
from forms.values import Raw
from forms.wording import words

REFERENCE = "XXXX-XXXX"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of ours, what it costs, and the reply to it (none to the last). `question`: its id, if it is one."""

    question: str | None
    text: str
    cost: Segments
    reply: str | None

    def as_json(self) -> dict[str, Any]:
        """Give the exchange as JSON holds it."""
        return asdict(self)


def build_transcript(
    definition: Definition, language: str, today: date, parameters: Mapping[str, str] | None = None
) -> tuple[Exchange, ...]:
    """Give the conversation along the path of the first answers; empty where nothing is texted.

    `parameters`: what is filled in; what is not given is its label in brackets. A roster has two entries.
    """
    interview = begin_sample(definition, today, language, parameters)
    exchanges: list[Exchange] = []
    questions = interview.questions_in(SMS)
    if questions and not any(question.type == "consent" for question in questions):
        who = interview.parameters.get("partnership") or interview.say(definition.title.in_(language), language)
        opening = ask_consent(language, who, len(questions), confidential=True)
        exchanges.append(_exchange(None, opening, words(language).gettext("Yes").upper()))
    while (question := interview.next_question(SMS)) is not None:
        raw, value = find_sample(interview, question, language)
        text = build_prompt(interview, question, language)
        exchanges.append(_exchange(question.id, text, _write_reply(interview, question, raw, language)))
        interview = interview.with_answers({question.id: value})
    if not exchanges:
        return ()
    first = exchanges[0]
    exchanges[0] = _exchange(first.question, add_languages(first.text, language, definition.languages), first.reply)
    closing = interview.say(definition.closing.in_(language), language) if definition.closing else None
    return (*exchanges, _exchange(None, say_thanks(language, REFERENCE, closing), None))


def _exchange(question: str | None, text: str, reply: str | None) -> Exchange:
    return Exchange(question, text, count_segments(text), reply)


def _write_reply(interview: Interview, question: Question, raw: Raw, language: str) -> str:
    """Give what a person would text for this answer."""
    if raw.missing is not None:
        return "SKIP"
    question = interview.narrow(question)
    if question.type == "consent":
        return find_type(question.type).choices(question)[0].label.in_(language).upper()
    code_of = {str(value): code for code, value in list_codes(question).items()}
    return " ".join(code_of.get(value, value) for value in raw.values)
