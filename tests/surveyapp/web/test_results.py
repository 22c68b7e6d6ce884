"""Results at the console: files with honest names, written whole, without anybody's identity."""

import re
from datetime import UTC, datetime

import pytest
from builders import publish
from respondents import Respondent, ask, publish_small
from staff import enter

from surveyapp.models import Round
from surveyapp.services.downloads import name_file

AT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


def fill(wsgi, database, number: int = 1) -> Round:
    round_ = publish_small(
        database,
        {"id": "one", "questions": [ask("a", "scale", required=True), ask("b", "scale"), ask("c", "text")]},
        name="Fill",
    )
    for _ in range(number):
        respondent = Respondent(wsgi.test_client(), f"/r/{round_.code}")
        respondent.send(a="2", b="3", c="=1+1")
        respondent.send("submit")
    return round_


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Spring 2026", "spring_2026_"),
        ("Été à l'œuvre/../..", "ete_a_l_uvre_"),
        ("مراجعة", ""),
        ('"; rm -rf', "rm_rf_"),
    ],
)
def test_a_file_name_is_ascii_and_says_what_is_in_it(name, begins):
    round_ = Round(name=name, code="abcd2345", definition_id="d", definition_version="1.0 β\r\n")
    made = name_file(round_, "codes", "fr", AT, "csv")
    assert made.isascii()
    assert re.fullmatch(r"[a-z0-9_]+_d_v[\w.-]+_codes_fr_20260302-0905Z\.csv", made)
    assert made.startswith(begins)


def test_a_name_without_latin_letters_gives_way_to_the_code():
    round_ = Round(name="参加者", code="abcd2345", definition_id="d", definition_version="1")
    assert name_file(round_, "labels", "en", AT, "csv").startswith("abcd2345_d_v1_")


def test_files_are_downloads_and_are_not_kept_by_the_browser(wsgi, visitor, database):
    round_ = fill(wsgi, database)
    enter(visitor, database, "evaluator")
    for name in (f"scorecard.{name}" for name in ("html", "pdf", "xlsx", "csv", "json", "svg")):
        answer = visitor.get(f"/console/rounds/{round_.id}/{name}")
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_report_that_cannot_be_made_says_why(wsgi, visitor, database):
    round_ = publish(database, name="\N{CUNEIFORM SIGN AN}")
    enter(visitor, database, "evaluator")
    answer = visitor.get(f"/console/rounds/{round_.id}/scorecard.pdf")
    assert answer.status_code == 409
    assert "no font on this machine can show Cuneiform" in answer.text


def test_the_results_page_has_no_inline_style_or_script(visitor, database):
    round_ = publish(database)
    enter(visitor, database, "evaluator")
    page = visitor.get(f"/console/rounds/{round_.id}/results").text
    assert " style=" not in page
    assert "<style" not in page
    assert re.findall("<script(?! src=)", page) == []
    assert visitor.get("/console/scorecard.css").mimetype == "text/css"


def test_sample_data_is_marked_on_every_page_of_the_round(visitor, database):
    round_ = publish(database, sample_data=True)
    enter(visitor, database, "evaluator")
    for path in ("/console", f"/console/rounds/{round_.id}", f"/console/rounds/{round_.id}/results"):
        assert "Sample data" in visitor.get(path).text


def test_a_closed_round_is_compared_with_an_earlier_one_on_the_page_and_in_its_files(wsgi, visitor, database):
    from surveyapp.services.rounds import close_round, find_round

    definition = {"id": "one", "questions": [ask("a", "scale", required=True)]}
    rounds = [publish_small(database, definition, name=name) for name in ("Spring", "Autumn")]
    enter(visitor, database, "evaluator")
    spring, autumn = (f"/console/rounds/{round_.id}" for round_ in rounds)
    assert "Compare with an earlier round" not in visitor.get(f"{autumn}/results").text
    assert visitor.get(f"{autumn}/scorecard.csv?compare={rounds[0].id}").status_code == 409
    with database.writing() as session:
        for round_ in rounds:
            close_round(session, find_round(session, round_.code), actor="c@example.org", now=AT)
    page = visitor.get(f"{autumn}/results").text
    assert "Compare with an earlier round" in page
    assert "Compare with an earlier round" not in visitor.get(f"{spring}/results").text
    compared = visitor.get(f"{autumn}/results?compare={rounds[0].id}")
    assert compared.status_code == 200
    assert f"scorecard.csv?compare={rounds[0].id}" in compared.text
    assert visitor.get(f"{autumn}/scorecard.csv?compare={rounds[0].id}").status_code == 200
    assert visitor.get(f"{autumn}/results?compare=nothing-of-ours").status_code == 404
