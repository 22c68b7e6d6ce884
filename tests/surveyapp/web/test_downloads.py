"""Downloads at the console: asked for with a reason, made in the background, taken by those who may."""

import io
import re
import zipfile

import pytest
from builders import publish
from respondents import Respondent, ask, publish_small
from sqlalchemy import select
from staff import add_staff, download, enter, log_in, make_files, post

from surveyapp.models import AuditEntry, Export


@pytest.fixture
def answered(wsgi, database):
    """A round that one person has answered, and its address at the console."""
    questions = [ask("a", "scale", required=True), ask("b", "select_multiple"), ask("c", "text")]
    round_ = publish_small(database, {"id": "one", "questions": questions}, name="Fill")
    respondent = Respondent(wsgi.test_client(), f"/r/{round_.code}")
    respondent.send(a="2", b=["1", "3"], c="=1+1")
    respondent.send("submit")
    return f"/console/rounds/{round_.id}"


def test_a_file_is_asked_for_made_and_taken(visitor, database, answered):
    enter(visitor, database)
    file = download(visitor, answered, level="restricted", shown="labels", language="fr", multiple="joined")
    assert 'Label 2,"Label 1, Label 3",\'=1+1' in file.text
    name = re.search(r'filename="([^"]+)"', file.headers["Content-Disposition"])[1]
    assert re.fullmatch(r"fill_small_v1\.0\.0_labels_fr_\d{8}-\d{4}Z\.csv", name)
    assert (file.headers["Cache-Control"], file.headers["Content-Length"]) == ("no-store", str(len(file.data)))
    page = visitor.get(f"{answered}/downloads").text
    for words in (name, "Ready", "Restricted", "coordinator@example.org", "a test of the files", "bytes"):
        assert words in page


@pytest.mark.parametrize("format_", ["csv", "long", "xlsx", "sav", "dta", "parquet", "json", "pack"])
def test_every_format_can_be_had(visitor, database, answered, format_):
    enter(visitor, database)
    assert len(download(visitor, answered, format=format_).data) > 100


def test_the_rows_of_a_repeated_section_are_a_table_of_their_own(visitor, wsgi, database):
    goals = {"id": "goals", "repeat": {"over": "entries", "label": "goal"}, "questions": [ask("goal")]}
    round_ = publish_small(database, goals, name="Goals")
    respondent = Respondent(wsgi.test_client(), f"/r/{round_.code}")
    for place, row in enumerate("ab"):
        respondent.send(**{f"goals-{row}-goal": f"Goal {place}"})
    respondent.send()
    respondent.send("submit")
    enter(visitor, database)
    address = f"/console/rounds/{round_.id}"
    assert "a line for each row" in visitor.get(f"{address}/downloads").text
    file = download(visitor, address, level="restricted", section="goals")
    assert [line.split(",")[1:] for line in file.text.splitlines()] == [
        ["row", "row_name", "goal"],
        ["a", "", "Goal 0"],
        ["b", "", "Goal 1"],
    ]
    assert "_goals_codes_" in file.headers["Content-Disposition"]
    refused = post(visitor, f"{address}/downloads", format="csv", level="research", why="because", section="other")
    assert refused.status_code == 422


def test_a_csv_for_excel_begins_with_its_mark(visitor, database, answered):
    enter(visitor, database)
    assert download(visitor, answered, excel="1").data.startswith(b"\xef\xbb\xbfresponse_id")
    assert download(visitor, answered).data.startswith(b"response_id")


def test_a_summary_of_the_pack_needs_no_reason(visitor, database, answered):
    enter(visitor, database, "evaluator")
    file = download(visitor, answered, format="pack", level="summary", why="")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "README.txt" in archive.namelist()
        assert "data/responses_wide.csv" not in archive.namelist()


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"level": "research", "why": " "}, "Say what you need single responses for"),
        ({"level": "summary", "format": "csv"}, "A summary has no rows"),
        ({"level": "research", "format": "floppy"}, "Choose one of the formats"),
        ({"level": "everything"}, "is none of"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_is_queued(visitor, database, answered, wishes, words):
    enter(visitor, database)
    answer = post(visitor, f"{answered}/downloads", **{"format": "csv", "why": "because", "shown": "both", **wishes})
    assert answer.status_code == 422
    assert words in answer.text
    assert "There is something to mend" in answer.text
    assert 'value="both" checked' in answer.text
    assert "No file has been asked for yet" in answer.text


def test_evaluators_get_no_restricted_file_neither_by_asking_nor_by_taking(wsgi, database, answered):
    coordinator, evaluator = enter(wsgi.test_client(), database), enter(wsgi.test_client(), database, "evaluator")
    assert "restricted" not in evaluator.get(f"{answered}/downloads").text
    wishes = {"format": "csv", "level": "restricted", "why": "curiosity"}
    assert post(evaluator, f"{answered}/downloads", **wishes).status_code == 403
    download(coordinator, answered, level="restricted")
    assert post(evaluator, f"{answered}/downloads/1/file").status_code == 403
    assert "/downloads/1/file" not in evaluator.get(f"{answered}/downloads").text


def test_research_is_for_the_evaluator_who_asked_for_it(wsgi, database, answered):
    one = enter(wsgi.test_client(), database, "evaluator")
    assert "=1+1" not in download(one, answered, level="research").text
    other = wsgi.test_client()
    log_in(other, add_staff(database, "evaluator", email="other@example.org"))
    page = other.get(f"{answered}/downloads").text
    assert "For evaluator@example.org only" in page
    assert post(other, f"{answered}/downloads/1/file").status_code == 403
    assert post(enter(wsgi.test_client(), database), f"{answered}/downloads/1/file").status_code == 200


def test_another_partnerships_files_are_not_found(wsgi, database, answered):
    download(enter(wsgi.test_client(), database), answered)
    publish(database, name="Elsewhere", partnership="Hill")
    stranger = wsgi.test_client()
    log_in(stranger, add_staff(database, "coordinator", "Hill", "hill@example.org"))
    assert stranger.get(f"{answered}/downloads").status_code == 404
    assert post(stranger, f"{answered}/downloads/1/file").status_code == 404


def test_who_asked_and_who_took_what_and_why_is_in_the_audit(visitor, database, answered):
    enter(visitor, database)
    download(visitor, answered, level="restricted", why="check of the totals")
    with database.reading() as session:
        acts = {entry.action: entry for entry in session.scalars(select(AuditEntry))}
    assert acts["export.csv"].detail["why"] == "check of the totals"
    assert (acts["export.csv"].detail["level"], acts["export.taken"].actor) == ("restricted", "coordinator@example.org")


def test_what_waits_can_be_called_off_and_is_not_made(visitor, database, answered):
    enter(visitor, database)
    post(visitor, f"{answered}/downloads", format="csv", level="research", why="because")
    page = visitor.get(f"{answered}/downloads").text
    assert "Waiting" in page
    assert "<progress" in page
    assert post(visitor, f"{answered}/downloads/1/cancel").status_code == 303
    assert make_files(visitor) == 0
    assert "Called off" in visitor.get(f"{answered}/downloads").text
    assert post(visitor, f"{answered}/downloads/1/file").status_code == 409


def test_a_file_that_is_gone_is_said_to_be_gone(visitor, database, answered, settings):
    enter(visitor, database)
    download(visitor, answered)
    for file in (settings.data_dir / "exports").iterdir():
        if file.is_file():
            file.unlink()
    assert post(visitor, f"{answered}/downloads/1/file").status_code == 410


def test_what_was_asked_for_is_begun_only_when_it_is_committed(wsgi, visitor, database, answered):
    begun = []

    def look(work):
        with database.reading() as session:
            begun.append([export.state for export in session.scalars(select(Export))])

    from dataclasses import replace

    wsgi.extensions["surveyapp"] = replace(wsgi.extensions["surveyapp"], background=look)
    enter(visitor, database)
    post(visitor, f"{answered}/downloads", format="csv", level="research", why="because")
    assert begun == [["queued"]]
