"""The instruments on offer: grouped by what they are for, each told in a sentence and a few facts."""

from __future__ import annotations

from instruments import DEFINITIONS
from respondents import ask, build_definition
from staff import enter

from forms.definition import KINDS
from forms.loading import load_definition
from surveyapp.web.offering import HEADINGS, describe, group_instruments


def test_every_kind_has_a_heading():
    assert tuple(HEADINGS) == KINDS


def test_instruments_stand_under_what_they_are_for():
    groups = {group.kind: [offer.title for offer in group.offers] for group in group_instruments(DEFINITIONS)}
    assert groups == {
        "feedback": ["Partnership feedback"],
        "stakeholder_map": ["Stakeholder mapping", "Stakeholder network"],
        "impact": ["Community voice", "Impact assessment"],
        "assessment": ["Sustainability planning"],
        "checklist": ["Legal and financial checklist", "Partnership formation checklist"],
        "register": ["Joint action plan", "Resource directory", "Resource mobilization plan"],
    }


def test_a_kind_without_instruments_has_no_heading():
    assert group_instruments({}) == ()


def test_an_instrument_is_told_in_the_first_sentence_of_its_introduction():
    sentence = describe("formation_checklist", DEFINITIONS["formation_checklist"]).sentence
    before = "For coordinators: go through this before you agree to work with [cand]"
    assert sentence == f"{before}, once for each candidate."


def test_a_long_sentence_is_cut_and_none_is_needed():
    long = load_definition(build_definition({"id": "a", "questions": [ask("q")]}, introduction="word " * 90))
    assert len(describe("small", long).sentence) <= 240
    assert describe("small", load_definition(build_definition({"id": "a", "questions": [ask("q")]}))).sentence == ""


def test_what_it_takes_to_answer_is_told_with_its_lists_and_its_roster():
    told = {name: describe(name, definition).facts for name, definition in DEFINITIONS.items()}
    assert told["partnership_feedback"] == (
        "19 questions",
        "by web and text",
        "English, Français, Español, Kiswahili, العربية",
    )
    assert told["sustainability_planning"][:2] == (
        "33 questions, 2 lists with 7 and 7 questions an entry",
        "by web, 12 of them by text",
    )
    assert told["stakeholder_network"][:2] == (
        "2 questions, 4 questions about each entry of a roster",
        "by web and text",
    )
    assert told["stakeholder_mapping"][:2] == ("1 list with 14 questions an entry", "by web")
    assert told["joint_action_plan"][:2] == ("1 list with 10 questions an entry", "by web")


def test_the_page_offers_each_instrument_once_with_its_previews(visitor, database):
    enter(visitor, database)
    page = visitor.get("/console/rounds/new").text
    for name in DEFINITIONS:
        assert page.count(f'href="/console/rounds/new/{name}"') == 1
        assert page.count(f'href="/console/instruments/{name}/pages"') == 1
    assert page.index("Registers") > page.index("Checklists") > page.index("Feedback")
