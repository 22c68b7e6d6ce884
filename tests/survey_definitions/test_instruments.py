"""Every instrument that comes along: no fault, no warning, no word left untranslated, and answered to the end."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from instruments import (
    DEFINITIONS,
    IN_EVERY_LANGUAGE,
    PATHS,
    ROWS,
    TEXTED,
    YES,
    answer,
    asked_in,
    find_question,
    in_one_line,
    list_answered,
    list_words,
    publish_instrument,
    say,
    walk,
)
from phones import SimulatedPhone
from respondents import Respondent, find_interviews

from exports.formats import FORMATS
from exports.options import Options
from exports.responses import Study
from exports.scorecards.formats import scorecard_html
from exports.scorecards.results import build_results
from forms.checks import WARNING, check_definition
from forms.checks.finding import walk_texts
from forms.definition import SMS, WEB
from forms.loading import load_definition
from forms.piping import find_references
from forms.sms.segments import GSM_7, count_segments
from forms.wording import list_languages, words
from surveyapp.database import Database
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import find_round
from surveyapp.services.turns import OWN_CONSENT


def test_the_instruments_that_are_promised_are_there():
    assert set(DEFINITIONS) == {
        "community_voice",
        "formation_checklist",
        "impact_assessment",
        "joint_action_plan",
        "legal_financial_checklist",
        "partnership_feedback",
        "resource_directory",
        "resource_mobilization_plan",
        "stakeholder_mapping",
        "stakeholder_network",
        "sustainability_planning",
    }
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


@pytest.mark.parametrize("language", [code for code in ("en", "fr", "es") if code in list_languages()])
@pytest.mark.parametrize("name", ["formation_checklist", "legal_financial_checklist"])
def test_a_hint_calls_an_answer_what_the_page_calls_it(name: str, language: str):
    hints = [q.hint for q in DEFINITIONS[name].questions.values() if q.score and q.not_applicable]
    assert hints
    for hint in hints:
        assert hint is not None
        assert words(language).gettext("Not applicable") in hint.in_(language)


@pytest.mark.parametrize(("name", "language"), IN_EVERY_LANGUAGE)
def test_an_instrument_is_answered_to_the_end_on_the_web(database: Database, app, name: str, language: str):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    asked = set()
    respondent = Respondent(app.test_client(), f"/r/{round_.code}", **{"Accept-Language": language})
    assert in_one_line(definition.title.in_(language)) in in_one_line(respondent.page.text)
    for fields in walk(definition, respondent):
        for field, question in fields.items():
            assert say(question.label, language, list_words(round_, field)) in respondent.text
        asked |= {question.id for question in fields.values()}
    respondent.send("submit")
    assert 'id="receipt"' in respondent.page.text
    assert asked_in(definition, WEB) == asked
    [interview] = find_interviews(database)
    assert (interview.state, interview.language) == ("finished", language)
    assert list_answered(definition, interview.answers) == asked


@pytest.mark.parametrize(("name", "language"), TEXTED)
def test_an_instrument_is_answered_to_the_end_by_text_in_the_simulator(
    database: Database, app, name: str, language: str
):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    phone, asked = SimulatedPhone(app.test_client()), []
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
        question = find_question(definition, interview.asked)
        words_ = list_words(round_, interview.asked)
        assert say(question.sms.label or question.label, language, words_) in in_one_line(prompt)
        asked.append(interview.asked)
        prompt = phone.text(YES[language] if question.type == "consent" else answer(question))
    assert interview.state == "finished"
    assert interview.language == language
    assert interview.reference in prompt
    assert asked_in(definition, SMS) == list_answered(definition, dict.fromkeys(asked))
    assert set(asked) == set(interview.answers)
    assert len(asked) == len(set(asked)), "nothing was asked twice"


def read_table(study: Study, section: str) -> list[dict[str, str]]:
    """Give the lines of a CSV file: of the responses, or of the rows of a repeated section."""
    file = io.BytesIO()
    FORMATS["csv"].write(study, file, Options(section=section))
    return list(csv.DictReader(io.StringIO(file.getvalue().decode())))


@pytest.mark.parametrize("name", DEFINITIONS)
@pytest.mark.parametrize("people", [1, 6])
def test_answers_to_an_instrument_become_a_table_and_a_scorecard(database: Database, app, name: str, people: int):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    for _ in range(people):
        respondent = Respondent(app.test_client(), f"/r/{round_.code}")
        for _ in walk(definition, respondent):
            pass
        respondent.send("submit")
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), datetime.now(UTC))
        tables = {part: read_table(study, part) for part in ("", *(section.id for section in definition.repeats))}
        page = in_one_line(html.unescape(scorecard_html(build_results(study))))
    assert [line["disposition"] for line in tables.pop("")] == ["I"] * people
    for section, lines in tables.items():
        assert len(lines) == people * ROWS
        assert len({(line["response_id"], line["row"]) for line in lines}) == len(lines)
        assert {question.id for question in definition.find_section(section).questions} <= {
            column.partition("__")[0] for column in lines[0]
        }
    for domain in definition.scorecard.domains if definition.scorecard else ():
        assert domain.label.in_("en") in page
    if definition.scorecard:
        least = definition.scorecard.k
        assert (f"n<{least}" in page) is (people < least)
