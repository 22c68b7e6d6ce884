"""The instruments that come along, as tests publish and answer them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from builders import INSTRUMENTS, publish

from forms.definition import SMS, Definition, Question, Text
from forms.loading import load_definition
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.base import Kind
from surveyapp.database import Database
from surveyapp.models import Round

PATHS = sorted(path for path in INSTRUMENTS.glob("*.json") if not path.name.endswith(".schema.json"))
DEFINITIONS = {path.stem: load_definition(path.read_bytes(), path.name) for path in PATHS}
IN_EVERY_LANGUAGE = [(name, language) for name, read in DEFINITIONS.items() for language in read.languages]
WALKED = [(name, language) for name, language in IN_EVERY_LANGUAGE if not DEFINITIONS[name].repeats]
"""What tests answer to the end so far: instruments without repeated sections."""
YES = {"en": "YES", "fr": "OUI", "es": "SI", "sw": "NDIYO", "ar": "نعم"}
LEADS_ON = {"fc17": 2}
"""Question -> the code that opens the questions behind it, where that is not the highest."""


def publish_instrument(database: Database, name: str) -> Round:
    """Publish a round with an open link and a keyword; every parameter is as long as it may be."""
    words = {
        one.id: f"Riverside {one.id} in the valley"[: one.max_length].strip() for one in DEFINITIONS[name].parameters
    }
    return publish(
        database,
        definition=(INSTRUMENTS / f"{name}.json").read_bytes(),
        parameters=words,
        contacts=None,
        open_link=True,
        keyword="RIVER",
        now=datetime.now(UTC),
    )


def answer(question: Question) -> str:
    """Give an answer as a form sends it and a phone texts it: the one that leads to the most questions."""
    choices = [choice.value for choice in find_type(question.type).choices(question) if not choice.exclusive]
    if question.id in LEADS_ON:
        return str(LEADS_ON[question.id])
    if choices:
        return str(choices[0] if question.type == "consent" else choices[-1])
    return {Kind.TEXT: "Filed in 2026", Kind.DATE: "2027-11-30", Kind.NUMBER: "4"}[find_type(question.type).kind]


def asked_in(definition: Definition, channel: str) -> set[str]:
    """Give the questions that this channel asks in its first conversation."""
    return {
        question.id
        for question in definition.questions.values()
        if find_type(question.type).asks and channel in question.channels and (channel != SMS or question.sms.part == 1)
    }


def say(text: Text | None, language: str, parameters: Mapping[str, str]) -> str:
    """Give a text as its readers see it, on one line."""
    assert text is not None
    return in_one_line(fill(text.in_(language), lambda name: parameters[name]))


def in_one_line(text: str) -> str:
    """Give a text with plain single spaces only."""
    return " ".join(text.split())
