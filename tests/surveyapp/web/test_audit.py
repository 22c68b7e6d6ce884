"""The log: who did what in a round, and for administrators everywhere."""

from __future__ import annotations

from builders import NOON, publish
from staff import enter, post

from surveyapp.services.audit import record_act
from surveyapp.web.audit import WORDS


def test_a_round_shows_what_staff_did_in_it_and_nobody_elses_acts(visitor, database):
    round_, other = publish(database), publish(database, name="Other")
    enter(visitor, database)
    post(visitor, f"/console/rounds/{round_.id}/close", name=round_.name)
    page = visitor.get(f"/console/rounds/{round_.id}/log").text
    assert page.index("Closed the round") < page.index("Published the round")
    assert "coordinator@example.org" in page
    assert "Closed the round" not in visitor.get(f"/console/rounds/{other.id}/log").text


def test_a_long_log_has_pages(visitor, database):
    round_ = publish(database)
    with database.writing() as session:
        for _ in range(60):
            record_act(session, actor="a", action="case.mark", now=NOON, round_=round_, detail={"mark": "other"})
    enter(visitor, database)
    page = visitor.get(f"/console/rounds/{round_.id}/log").text
    assert ("61 acts, newest first, page 1 of 2" in page, page.count("mark: other")) == (True, 50)
    assert visitor.get(f"/console/rounds/{round_.id}/log?page=2").text.count("mark: other") == 10


def test_administrators_see_everything_or_what_one_person_did(visitor, database):
    publish(database)
    with database.writing() as session:
        record_act(session, actor="somebody@example.org", action="sending.pause_all", now=NOON)
    enter(visitor, database, "admin", None)
    page = visitor.get("/console/log").text
    assert "Paused all texts" in page
    assert "Spring 2026</a>" in page
    alone = visitor.get("/console/log?actor=somebody@example.org").text
    assert "1 act, newest first" in alone
    assert "Published the round" not in alone


def test_the_log_is_for_those_who_run_the_round(visitor, database):
    round_ = publish(database)
    enter(visitor, database, "evaluator")
    assert visitor.get(f"/console/rounds/{round_.id}/log").status_code == 403
    assert visitor.get("/console/log").status_code == 403
    assert '/log"' not in visitor.get(f"/console/rounds/{round_.id}").text


def test_every_act_has_its_words():
    assert all(words[0].isupper() for words in WORDS.values())
