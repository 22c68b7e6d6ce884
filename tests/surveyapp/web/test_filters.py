"""Results of only some people: on the page and in every file, named there, and refused in words."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from builders import NOON, find_token, publish
from invited import WEB, answer
from staff import enter
from surveyapp_command import run as run

from surveyapp.services.rounds import close_round, find_round

PEOPLE = [
    (f"{group}{language}{n}", group, language)
    for group in ("community", "government")
    for language in ("en", "fr")
    for n in range(6)
]
CONTACTS = "name,email,group,language\n" + "".join(f"{name},{name}@x.org,{g},{la}\n" for name, g, la in PEOPLE)


@pytest.fixture
def round_(database):
    """Two groups in two languages, six each, closed."""
    found = publish(database, contacts=CONTACTS)
    for number, (name, *_) in enumerate(PEOPLE):
        answer(database, find_token(database, found, name), {**WEB, "pf01": 1 + number % 5})
    with database.writing() as session:
        close_round(session, find_round(session, found.code), actor="a", now=NOON + timedelta(days=1))
    return found


def test_results_are_limited_to_a_language_on_the_page_and_in_every_file(visitor, database, round_):
    enter(visitor, database, "evaluator")
    path = f"/console/rounds/{round_.id}"
    page = visitor.get(f"{path}/results").text
    assert '<option value="language:fr">' in page
    assert '<option value="group:community">' in page
    assert "<b>Channel:</b> Everybody has the same channel." in page
    limited = visitor.get(f"{path}/results?only=language:fr").text
    assert "results of 12 people only (language: Français)" in limited
    assert "scorecard.csv?only=language:fr" in limited
    answer = visitor.get(f"{path}/scorecard.csv?only=language:fr")
    assert "scorecard-language_fr" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {(row["round"], row["group"]) for row in rows} == {("Spring 2026 (language: Français)", "all")}
    assert {row["n"] for row in rows if row["score"]} == {"12"}
    told = json.loads(visitor.get(f"{path}/scorecard.json?only=language:fr").text)
    assert {row["round"] for row in told["rows"]} == {"Spring 2026 (language: Français)"}
    for extension in ("html", "svg", "pdf", "xlsx"):
        file = visitor.get(f"{path}/scorecard.{extension}?only=language:fr")
        assert file.status_code == 200
        if extension in ("html", "svg"):
            assert "language: Français" in file.text


def test_a_group_alone_says_what_its_column_says(visitor, database, round_):
    enter(visitor, database, "evaluator")
    path = f"/console/rounds/{round_.id}/scorecard.csv"
    whole = list(csv.DictReader(io.StringIO(visitor.get(path).text)))
    alone = list(csv.DictReader(io.StringIO(visitor.get(f"{path}?only=group:community").text)))
    assert {(r["domain"], r["basis"]): r["score"] for r in alone} == {
        (r["domain"], r["basis"]): r["score"] for r in whole if r["group"] == "community"
    }


def test_what_cannot_be_chosen_is_refused_in_words(visitor, database, round_):
    enter(visitor, database)
    answer = visitor.get(f"/console/rounds/{round_.id}/results?only=channel:sms")
    assert (answer.status_code, "Everybody has the same channel." in answer.text) == (404, True)
    assert visitor.get(f"/console/rounds/{round_.id}/scorecard.csv?only=shoe:42").status_code == 404


def test_an_open_round_says_that_filters_come_with_the_close(visitor, database):
    round_ = publish(database, contacts=CONTACTS)
    enter(visitor, database)
    page = visitor.get(f"/console/rounds/{round_.id}/results").text
    assert page.count("Results can be filtered once the round is closed.") == 1
    assert visitor.get(f"/console/rounds/{round_.id}/results?only=language:fr").status_code == 404


def test_the_command_line_limits_results_too(visitor, database, round_, run, tmp_path):
    path = tmp_path / "fr.csv"
    assert run("scorecard", round_.code, "--only", "language:fr", "--format", "csv", "--output", path)[0] == 0
    assert "Spring 2026 (language: Français)" in path.read_text("utf-8")
    code, _, err = run("scorecard", round_.code, "--only", "channel:sms", "--format", "csv", "--output", path)
    assert (code, "channel: Everybody has the same channel." in err, "language:fr" in err) == (1, True, True)
