"""The instruments that come along, as tests publish and answer them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from builders import INSTRUMENTS, publish
from respondents import Respondent

from forms.definition import SMS, Definition, Question, Text
from forms.loading import load_definition
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.rows import split
from surveyapp.database import Database
from surveyapp.models import Round
from surveyapp.services.rosters import read_roster

PATHS = sorted(path for path in INSTRUMENTS.glob("*.json") if not path.name.endswith(".schema.json"))
DEFINITIONS = {path.stem: load_definition(path.read_bytes(), path.name) for path in PATHS}
IN_EVERY_LANGUAGE = [(name, language) for name, read in DEFINITIONS.items() for language in read.languages]
YES = {"en": "YES", "fr": "OUI", "es": "SI", "sw": "NDIYO", "ar": "نعم"}
ANSWERS = {
    "fc17": 2,
    "ia02": 2,
    "ia10_goal": 1,
    "ia13": 1,
    "ia14": 1,
    "ia15": 0,
    "ia16_date": "2027-11-30",
    "ia17": 1,
    "ia21_target": "6.1",
    "stage": 4,
    "status": 3,
}
"""Question -> the answer that opens the questions behind it, or that its rule asks for, where `answer` has another."""
FEW_LETTERS = "EUR"
ROWS = 2
"""How many rows tests add to each list, and how many entries their roster has."""
ROSTER = read_roster("name\nHealth centre\nRiver Valley school 2026\n")
"""What tests ask about; a name of 24 letters must fit into texts."""


def publish_instrument(database: Database, name: str, *, called: str = "Spring 2026") -> Round:
    """Publish a round with an open link and a keyword; every parameter is as long as it may be."""
    words = {
        one.id: f"Riverside {one.id} in the valley"[: one.max_length].strip() for one in DEFINITIONS[name].parameters
    }
    return publish(
        database,
        definition=(INSTRUMENTS / f"{name}.json").read_bytes(),
        name=called,
        parameters=words,
        contacts=None,
        open_link=True,
        keyword="RIVER" if asked_in(DEFINITIONS[name], SMS) else None,
        roster=ROSTER if DEFINITIONS[name].needs_roster else None,
        now=datetime.now(UTC),
    )


def answer(question: Question) -> str:
    """Give an answer as a form sends it and a phone texts it: the one that leads to the most questions."""
    choices = [choice.value for choice in find_type(question.type).choices(question) if not choice.exclusive]
    if question.id in ANSWERS:
        return str(ANSWERS[question.id])
    if choices:
        return str(choices[0] if question.type == "consent" else choices[-1])
    text = FEW_LETTERS if question.settings.get("max_length") == len(FEW_LETTERS) else "Filed in 2026"
    return {Kind.TEXT: text, Kind.DATE: "2025-11-30", Kind.NUMBER: "4"}[find_type(question.type).kind]


def find_question(definition: Definition, field: str) -> Question:
    """Give the question of a form field, or of a stored answer: in a row it is called `section-row-question`."""
    return definition.questions[field.rpartition("-")[2]]


def list_answered(definition: Definition, answers: Mapping[str, object]) -> set[str]:
    """Give the questions that were answered, in whichever rows."""
    return {id_ for id_ in (key.rpartition("-")[2] for key in answers) if id_ in definition.questions} & {
        id_ for id_, question in definition.questions.items() if find_type(question.type).asks
    }


def list_words(round_: Round, field: str) -> dict[str, str]:
    """Give what the texts of a field's question pipe: the parameters, and in a row of the roster the entry's name."""
    section, row, _ = split(field)
    named = next((entry.name for entry in ROSTER.entries if entry.id == row), "")
    return {**round_.parameters, section: named}


def walk(definition: Definition, respondent: Respondent) -> Iterator[dict[str, Question]]:
    """Answer page by page up to the review, adding `ROWS` rows to every list; gives each page's fields."""
    for _ in range(100):
        if respondent.fields.get("section") == "review":
            return
        fields = {name: find_question(definition, name) for name in respondent.names}
        if respondent.lists_rows and (respondent.unfinished or len(respondent.rows) < ROWS):
            respondent.open_row(*respondent.unfinished[:1])
            continue
        yield {name: question for name, question in fields.items() if find_type(question.type).asks}
        respondent.send(**{name: answer(question) for name, question in fields.items()})
    raise AssertionError(f"the interview does not end: {respondent.text}")


def asked_in(definition: Definition, channel: str) -> set[str]:
    """Give the questions that this channel asks in its first conversation."""
    return {
        question.id
        for question in definition.questions.values()
        if find_type(question.type).asks and channel in question.channels and (channel != SMS or question.sms.part == 1)
    }


TEXTED = [(name, language) for name, language in IN_EVERY_LANGUAGE if asked_in(DEFINITIONS[name], SMS)]
"""Every instrument that asks something by text, in every language that it has."""


def say(text: Text | None, language: str, parameters: Mapping[str, str]) -> str:
    """Give a text as its readers see it, on one line."""
    assert text is not None
    return in_one_line(fill(text.in_(language), lambda name: parameters[name]))


def in_one_line(text: str) -> str:
    """Give a text with plain single spaces only."""
    return " ".join(text.split())
