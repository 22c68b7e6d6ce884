"""The people of a round in the console: marked there, and every rate follows."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from builders import NOON, find_token, publish
from invited import SCALES, WEB, answer
from sqlalchemy import update
from staff import enter, post
from vectors_file import PLACES, VECTORS

from exports.scorecards.people import gather
from exports.scorecards.responding import build_rates
from surveyapp.models import OutboundMessage
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.texting_rounds import invite_by_text

PARTIAL = {"pfc": 1, **dict.fromkeys(SCALES, 4), "pf07": 9, **{f"pf{n:02}": 4 for n in (9, 10, 11)}}


def find_seats(page: str) -> dict[str, str]:
    """Give name -> invitation of the people that a page lists."""
    return {name: seat for seat, name in re.findall(r'people/(\d+)">([^<]+)</a>', page)}


def list_seats(visitor, round_) -> dict[str, str]:
    return {
        name: seat
        for page in (1, 2, 3)
        for name, seat in find_seats(visitor.get(f"/console/rounds/{round_.id}/people?page={page}").text).items()
    }


def test_cases_marked_in_the_console_give_the_worked_rates_of_the_scorecard(visitor, database, settings):
    counts, wanted = VECTORS["V09"]["counts"], VECTORS["V09"]
    names = [f"{class_}{n:02}" for class_, count in counts.items() for n in range(count)]
    lines = [
        f"{name},+12025550{100 + place},,community,yes" if name.startswith("UO") else f"{name},,{name}@x.org,community,"
        for place, name in enumerate(names)
    ]
    round_ = publish(database, contacts="name,phone,email,group,consent\n" + "\n".join(lines))
    with database.writing() as session:
        invite_by_text(session, round_, settings.sending, actor="a", now=NOON)
        session.execute(update(OutboundMessage).values(state="failed", settled_at=NOON))
    for name in names:
        token = find_token(database, round_, name)
        if name[:-2] == "I":
            answer(database, token, WEB)
        elif name[:-2] == "P":
            answer(database, token, PARTIAL)
        elif name[:-2] == "R":
            answer(database, token, {"pfc": 1}, finish=False, stop=True)
    enter(visitor, database)
    seats = list_seats(visitor, round_)
    path = f"/console/rounds/{round_.id}/people/mark"
    for class_, mark in (("O", "illness"), ("NE", "not_a_stakeholder")):
        who = [seats[f"{class_}{n:02}"] for n in range(counts[class_])]
        assert post(visitor, path, who=who, mark=mark).status_code == 303
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON + timedelta(days=1))
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), NOON + timedelta(days=2))
        (rates, *_) = build_rates(gather(study))
        cases = [case.disposition for case in study.cases()]
    assert {name: rates.cases.get(name, 0) for name in counts} == counts
    assert {name: cases.count(name) for name in counts} == counts
    told = (rates.eligible_share, rates.rr1, rates.rr2, rates.rr3, rates.rr4, rates.coop1, rates.ref1, rates.con1)
    expected = [wanted[name] for name in ("e", "RR1", "RR2", "RR3", "RR4", "COOP1", "REF1", "CON1")]
    assert told == pytest.approx(expected, abs=PLACES)
    file = visitor.get(f"/console/rounds/{round_.id}/scorecard.csv").text
    rows = [row for row in csv.DictReader(io.StringIO(file)) if (row["domain"], row["group"]) == ("overall", "all")]
    assert rows
    for row in rows:
        assert (float(row["rr2"]), row["n_eligible"]) == (pytest.approx(wanted["RR2"], abs=PLACES), "120")


def test_a_person_is_marked_on_their_page_and_the_mark_taken_back_there(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    seat = list_seats(visitor, round_)["Amina"]
    person, path = f"/console/rounds/{round_.id}/people/{seat}", f"/console/rounds/{round_.id}/people/mark"
    assert "Too ill to answer" in visitor.get(person).text
    done = post(visitor, path, who=seat, mark="illness", back="person")
    assert done.location == f"{person}#mark"
    page = visitor.get(person).text
    assert "<b>Too ill to answer.</b>" in page
    assert "Marked by staff: 1&nbsp;illness" in visitor.get(f"/console/rounds/{round_.id}").text
    post(visitor, path, who=seat, mark="none", back="person")
    assert "Take the mark back" not in visitor.get(person).text


def test_several_people_are_marked_together_or_none_of_them(visitor, database):
    round_ = publish(database)
    answer(database, find_token(database, round_, "Bruno"), WEB)
    enter(visitor, database)
    seats, path = list_seats(visitor, round_), f"/console/rounds/{round_.id}/people/mark"
    refused = post(visitor, path, who=[seats["Amina"], seats["Bruno"]], mark="duplicate", state="", q="a")
    assert refused.status_code == 409
    assert "Bruno: This round is confidential" in refused.text
    assert "badge marked" not in visitor.get(f"/console/rounds/{round_.id}/people").text
    done = post(visitor, path, who=[seats["Amina"], seats["Chiara"]], mark="duplicate", state="missing")
    assert "state=missing" in done.location
    page = visitor.get(f"/console/rounds/{round_.id}/people?state=marked").text
    assert list(find_seats(page)) == ["Amina", "Chiara"]


def test_nobody_ticked_and_nothing_chosen_is_said_in_words(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    path = f"/console/rounds/{round_.id}/people/mark"
    assert "Tick the people" in post(visitor, path, mark="illness").text
    seat = list_seats(visitor, round_)["Amina"]
    answer = post(visitor, path, who=seat, mark="")
    assert (answer.status_code, "Choose what" in answer.text) == (422, True)
    assert f'value="{seat}" checked' in answer.text


def test_evaluators_mark_nobody(visitor, database):
    round_ = publish(database)
    enter(visitor, database, "evaluator")
    assert post(visitor, f"/console/rounds/{round_.id}/people/mark", who="1", mark="illness").status_code == 403


def test_people_are_sorted_by_what_their_column_head_says_and_back_again(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    path = f"/console/rounds/{round_.id}/people"
    page = visitor.get(path).text
    assert 'aria-sort="ascending"' in page
    assert list(find_seats(page)) == ["Amina", "Bruno", "Chiara"]
    assert list(find_seats(visitor.get(f"{path}?sort=-name").text)) == ["Chiara", "Bruno", "Amina"]
    by_language = visitor.get(f"{path}?sort=language&q=a").text
    assert "sort=-language" in by_language
    assert "q=a" in by_language
    assert visitor.get(f"{path}?sort=-nonsense").status_code == 200
