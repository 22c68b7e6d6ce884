"""Every instrument that comes along: no fault, no warning, no word left untranslated, and answered to the end."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import INSTRUMENTS, publish
from phones import Phone
from respondents import Respondent, find_interviews

from exports.formats import FORMATS
from exports.scorecards.formats import scorecard_html
from exports.scorecards.scorecard import build_scorecard
from forms.checks import WARNING, check_definition
from forms.checks.finding import walk_texts
from forms.definition import SMS, WEB, Definition, Question, Text
from forms.loading import load_definition
from forms.piping import fill, find_references
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.sms.segments import GSM_7, count_segments
from surveyapp.database import Database
from surveyapp.models import Round
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import find_round
from surveyapp.services.turns import OWN_CONSENT

PATHS = sorted(path for path in INSTRUMENTS.glob("*.json") if not path.name.endswith(".schema.json"))
DEFINITIONS = {path.stem: load_definition(path.read_bytes(), path.name) for path in PATHS}
IN_EVERY_LANGUAGE = [(name, language) for name, read in DEFINITIONS.items() for language in read.languages]
TEXTED = [
    (name, code)
    for name, code in IN_EVERY_LANGUAGE
    if any(SMS in q.channels for q in DEFINITIONS[name].questions.values())
]
YES = {"en": "YES", "fr": "OUI", "es": "SI", "sw": "NDIYO", "ar": "نعم"}
LEADS_ON = {"fc17": 2}
"""Question -> the code that opens the questions behind it, where that is not the highest."""


def test_the_instruments_that_are_promised_are_there():
    promised = {"partnership_feedback", "formation_checklist", "legal_financial_checklist", "community_voice"}
    assert promised <= set(DEFINITIONS)
    assert [name for name, definition in DEFINITIONS.items() if name != definition.id] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_an_instrument_draws_no_warning(path: Path):
    findings = check_definition(load_definition(path.read_bytes(), path.name))
    assert [finding.sentence() for finding in findings if finding.level == WARNING] == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_everything_that_people_read_is_there_in_every_language(name: str):
    definition = DEFINITIONS[name]
    lacking = [path for path, text in walk_texts(definition) if set(text.by_language) != set(definition.languages)]
    assert lacking == []


@pytest.mark.parametrize(("name", "language"), IN_EVERY_LANGUAGE)
def test_a_translation_says_the_same_of_the_same_things_in_other_words(name: str, language: str):
    for path, text in walk_texts(DEFINITIONS[name]):
        default, words = text.by_language[text.default_language], text.by_language[language]
        assert sorted(find_references(words)) == sorted(find_references(default)), path
        if language != text.default_language and len(re.findall(r"\w+", default)) > 3:
            assert words != default, path


@pytest.mark.parametrize(("name", "language"), IN_EVERY_LANGUAGE)
def test_an_instrument_is_answered_to_the_end_on_the_web(database: Database, app, name: str, language: str):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    parameters, asked = round_.parameters, []
    respondent = Respondent(app.test_client(), f"/r/{round_.code}", **{"Accept-Language": language})
    assert in_one_line(definition.title.in_(language)) in in_one_line(respondent.page.text)
    for _ in range(60):
        if respondent.fields.get("section") == "review":
            break
        on_page = [definition.questions[id_] for id_ in respondent.names]
        for question in on_page:
            assert say(question.label, language, parameters) in respondent.text
        asked += [question.id for question in on_page if question.id not in asked]
        respondent.send(**{question.id: answer(question) for question in on_page})
    respondent.send("submit")
    assert 'id="receipt"' in respondent.page.text
    assert asked_in(definition, WEB) == set(asked)
    [interview] = find_interviews(database)
    assert (interview.state, interview.language) == ("finished", language)
    assert set(interview.answers) == set(asked)


@pytest.mark.parametrize(("name", "language"), TEXTED)
def test_an_instrument_is_answered_to_the_end_by_text(database: Database, name: str, language: str):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    phone, asked = Phone(database, now=datetime.now(UTC)), []
    phone.text(round_.keyword)
    prompt = phone.text(f"LANG {language}")
    for _ in range(60):
        [interview] = find_interviews(database)
        if interview.state == "finished":
            break
        cost = count_segments(prompt)
        assert cost.segments <= (1 if cost.encoding == GSM_7 else 3), prompt
        assert cost.encoding == GSM_7 or language == "ar", prompt
        if interview.asked == OWN_CONSENT:
            prompt = phone.text(YES[language])
            continue
        question = definition.questions[interview.asked]
        assert say(question.sms.label or question.label, language, round_.parameters) in in_one_line(prompt)
        asked.append(question.id)
        prompt = phone.text(YES[language] if question.type == "consent" else answer(question))
    assert interview.state == "finished"
    assert interview.language == language
    assert interview.reference in prompt
    assert asked_in(definition, SMS) == set(asked) == set(interview.answers)
    assert len(asked) == len(set(asked)), "nothing was asked twice"


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


@pytest.mark.parametrize("name", DEFINITIONS)
@pytest.mark.parametrize("people", [1, 6])
def test_answers_to_an_instrument_become_a_table_and_a_scorecard(database: Database, app, name: str, people: int):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    for _ in range(people):
        respondent = Respondent(app.test_client(), f"/r/{round_.code}")
        while respondent.fields.get("section") != "review":
            respondent.send(**{id_: answer(definition.questions[id_]) for id_ in respondent.names})
        respondent.send("submit")
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), datetime.now(UTC))
        table = io.StringIO()
        FORMATS["csv"].write(study, table)
        page = in_one_line(html.unescape(scorecard_html(build_scorecard(study))))
    rows = list(csv.DictReader(io.StringIO(table.getvalue().removeprefix("\ufeff"))))
    assert [row["disposition"] for row in rows] == ["I"] * people
    assert definition.scorecard
    for domain in definition.scorecard.domains:
        assert domain.label.in_("en") in page
    assert ("n<5" in page) is (people < 5)
