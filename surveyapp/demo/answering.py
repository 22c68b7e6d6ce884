"""Synthetic people answer by the real doors: the pages of the web and the simulator's webhook."""

from __future__ import annotations

import re
from random import Random
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from forms.definition import Definition, Question
from forms.question_types import find_type
from forms.values import Missing, Value
from surveyapp.demo.people import Person, choose_answer

_FIELD = re.compile(r'<input[^>]*\bname="(csrf_token|section|revision)"[^>]*\bvalue="([^"]*)"')
_CONSENT_WORDS = {"en": "YES", "fr": "OUI"}


def answer_on_web(
    client: FlaskClient, path: str, definition: Definition, person: Person, progress: float, dice: Random, stop_at: int
) -> None:
    """Fill in the pages behind a personal link; after `stop_at` pages the person gives up."""
    for _ in range(stop_at):
        page = client.get(path).get_data(as_text=True)
        fields: dict[str, str | list[str]] = dict(_FIELD.findall(page))
        section = definition.find_section(str(fields.get("section", "")))
        fields["action"] = "next" if section else "submit"
        for question in section.questions if section else ():
            fields |= _fill(question, choose_answer(question, person, progress, dice))
        response = client.post(path, data=fields)
        if response.status_code != 303:
            raise RuntimeError(f"a sample answer was refused with {response.status_code} at {fields.get('section')}")
        location = urlsplit(response.headers["Location"])
        if location.path.endswith("/done"):
            return
        path = location.path + (f"?{location.query}" if location.query else "")


def answer_by_text(
    client: FlaskClient,
    our_number: str,
    definition: Definition,
    person: Person,
    progress: float,
    dice: Random,
    stop_at: int,
) -> None:
    """Hold the whole conversation by text, one reply for each question; after `stop_at` replies the phone is silent."""
    texted = [q for q in definition.questions.values() if "sms" in q.channels and q.sms.part == 1]
    asked = [q for q in texted if find_type(q.type).asks and q.id != _group_question(definition)]
    replies = ["Hello", _CONSENT_WORDS[person.language]]
    replies += [_word(choose_answer(q, person, progress, dice)) for q in asked if q.type != "consent"]
    for number, reply in enumerate(replies[:stop_at]):
        form = {
            "MessageSid": f"sample-{person.phone}-{dice.getrandbits(64):x}-{number}",
            "From": person.phone,
            "To": our_number,
            "Body": reply,
        }
        response = client.post("/sms/simulator/inbound", data=form)
        if response.status_code != 200:
            raise RuntimeError(f"a sample text was refused with {response.status_code}")


def _group_question(definition: Definition) -> str | None:
    return definition.scorecard.group_by if definition.scorecard else None


def _fill(question: Question, value: Value) -> dict[str, str | list[str]]:
    if isinstance(value, Missing):
        free = not find_type(question.type).choices(question)
        return {f"{question.id}__st" if free else question.id: str(value.value)}
    return {question.id: list(find_type(question.type).form_values(value))}


def _word(value: Value) -> str:
    if isinstance(value, Missing):
        return "D"
    if value is None:
        return "SKIP"
    return ",".join(str(code) for code in value) if isinstance(value, tuple) else str(value)
