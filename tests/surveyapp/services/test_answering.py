"""Which page is due, and what a posted one changes; no HTTP in sight."""

from datetime import timedelta

import pytest
from builders import NOON, SECRET_KEY, find_token, publish
from phones import Phone
from respondents import ask, find_events, find_interviews, publish_small

from surveyapp.errors import InvalidError
from surveyapp.services.answering import REVIEW, Posted, find_percent, find_place, receive_page
from surveyapp.services.interviews import start_open_interview
from surveyapp.services.standings import find_interview, find_round_facts

FIRST = {"id": "first", "questions": [ask("one", required=True), ask("two")]}
SECOND = {"id": "second", "questions": [ask("three", "scale", required=True)]}


@pytest.fixture
def token(database) -> str:
    round_ = publish_small(database, FIRST, SECOND)
    with database.writing() as session:
        facts = find_round_facts(session, round_.code)
        return start_open_interview(session, facts, start_key="k", language="en", secret_key=SECRET_KEY, now=NOON)


def find(database, token):
    with database.reading() as session:
        return find_interview(session, token, NOON)


def send(database, token, section, action="next", revision=None, **fields):
    posted = Posted(
        section=section,
        action=action,
        fields={name: [value] for name, value in fields.items()},
        language="en",
        revision=revision,
    )
    with database.writing() as session:
        return receive_page(session, find_interview(session, token, NOON, lock=True), posted, NOON)


def test_a_page_leads_to_the_next_and_the_last_to_the_review(database, token):
    assert find_place(find(database, token).interview) == "first"
    assert send(database, token, "first", one="a").place == "second"
    assert send(database, token, "second", three="2").place == REVIEW


def test_a_page_that_brings_nothing_new_is_no_event(database, token):
    send(database, token, "first", one="a")
    assert send(database, token, "first", one="a").place == "second"
    assert len(find_events(database)) == 1


def test_a_page_without_its_revision_is_still_stored_once(database, token):
    for _ in range(3):
        send(database, token, "first", one="a")
    assert len(find_events(database)) == 1
    send(database, token, "first", one="b")
    send(database, token, "first", one="a")
    assert find_interviews(database)[0].answers["one"] == "a"


def test_the_event_keeps_what_was_sent_beside_what_was_read(database, token):
    send(database, token, "first", one="a")
    send(database, token, "second", three="3")
    [first, second] = find_events(database)
    assert first.changes["one"] == {"value": "a", "raw": "a", "rule": "form", "certainty": 1.0}
    assert first.changes["two"]["value"] is None
    assert (second.section, second.changes["three"]["raw"]) == ("second", "3")


def test_a_number_written_otherwise_is_another_answer_only_if_its_value_is(database):
    amount = {"id": "first", "questions": [ask("sum", "decimal", required=True)]}
    round_ = publish_small(database, amount, SECOND)
    with database.writing() as session:
        facts = find_round_facts(session, round_.code)
        token = start_open_interview(session, facts, start_key="k2", language="en", secret_key=SECRET_KEY, now=NOON)
    for written in ("1.50", "1.50", "1.5"):
        send(database, token, "first", sum=written)
    assert len(find_events(database)) == 2


def test_how_far_along_a_place_is(database, token):
    interview = find(database, token).interview
    assert [find_percent(interview, place) for place in ("first", "second", REVIEW)] == [33, 67, 100]


@pytest.mark.parametrize("wish", ["second", REVIEW, "nowhere", None])
def test_no_wish_leads_past_what_is_due(database, token, wish):
    assert find_place(find(database, token).interview, wish) == "first"


def test_a_page_of_another_survey_is_refused(database, token):
    with pytest.raises(InvalidError):
        send(database, token, "elsewhere", one="a")


def test_a_question_skipped_by_text_is_not_asked_again_by_force(database):
    round_ = publish(database)
    phone = Phone(database, "+12025550101")
    phone.text("hello")
    phone.text("YES")
    phone.text("SKIP")
    token = find_token(database, round_, "Amina")
    later = NOON + timedelta(hours=1)
    with database.writing() as session:
        standing = find_interview(session, token, later, lock=True)
        fields = {name: ["2"] for name in ("pf02", "pf03", "pf04")}
        posted = Posted(section="goals", action="next", fields=fields, language="en")
        outcome = receive_page(session, standing, posted, later)
    assert outcome.reading is None
    assert outcome.place != "goals"
    answers = find_interviews(database)[0].answers
    assert answers["pf01"] == {"missing": -99}
    assert answers["pf02"] == 2


def test_going_on_by_the_link_after_stop_is_the_persons_own_wish(database):
    round_ = publish(database)
    phone = Phone(database, "+12025550101")
    for text in ("hello", "YES", "3", "STOP"):
        phone.text(text)
    assert find_interviews(database)[0].state == "stopped"
    fields = dict.fromkeys(("pf01", "pf02", "pf03", "pf04"), "2")
    send(database, find_token(database, round_, "Amina"), "goals", **fields)
    assert find_interviews(database)[0].state == "started"
