"""The command line as people script against it: exit codes, JSON, one clear line for each fault, no traceback."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from builders import FEEDBACK, THREE_PEOPLE, publish
from sqlalchemy import select
from surveyapp_command import run as run

from surveyapp.models import Round

PARAMETER = "partnership=River Valley"


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.csv"
    path.write_text(THREE_PEOPLE, encoding="utf-8")
    return path


def test_publishing_prints_the_round_its_code_its_open_link_and_its_invitations(run, contacts: Path) -> None:
    code, out, _ = run(
        *("round", "publish", FEEDBACK, "--name", "Spring", "--param", PARAMETER),
        *("--contacts", contacts, "--open-link", "--json"),
    )
    report = json.loads(out)
    assert code == 0
    assert report["invitations"] == 3
    assert report["open_url"] == f"https://survey.example.org/r/{report['code']}"
    code, out, _ = run("round", "show", str(report["round"]), "--json")
    assert json.loads(out)["status"] == "open"


def test_every_fault_of_publishing_is_a_line_and_nothing_changes(run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("name,phone\nA,12\n", encoding="utf-8")
    code, out, err = run("round", "publish", FEEDBACK, "--name", "Spring", "--keyword", "stop", "--contacts", bad)
    assert (code, out) == (1, "")
    for word in ("row 2", "STOP", "partnership"):
        assert word in err
    assert "no rounds yet" in run("round", "list")[1]


def test_a_roster_is_published_with_the_round_or_its_faults_are_said(run, tmp_path: Path) -> None:
    network, roster = FEEDBACK.with_name("stakeholder_network.json"), tmp_path / "roster.csv"
    words = ("round", "publish", network, "--name", "Ties", "--param", PARAMETER, "--open-link", "--roster", roster)
    roster.write_text("name\nA\na\n", encoding="utf-8")
    code, _, err = run(*words)
    assert (code, "row 3, name: “a” stands in row 2 already" in err) == (1, True)
    roster.write_text("name\nA\nB\n", encoding="utf-8")
    assert run(*words)[0] == 0
    assert run("round", "publish", network, "--name", "Other", "--param", PARAMETER, "--open-link")[0] == 1


def test_a_network_of_named_organisations_is_published_as_named_and_as_nothing_else(
    run, tmp_path: Path, database
) -> None:
    network, roster = FEEDBACK.with_name("stakeholder_network.json"), tmp_path / "roster.csv"
    roster.write_text("name\nA\nB\n", encoding="utf-8")
    words = ("round", "publish", network, "--name", "Ties", "--param", PARAMETER, "--open-link", "--roster", roster)
    for wish in ("confidential", "anonymous"):
        code, _, err = run(*words, "--confidentiality", wish)
        assert (code, "Confidentiality: organisations answer here about one another" in err) == (1, True)
    assert run(*words)[0] == 0
    with database.reading() as session:
        assert session.scalars(select(Round.confidentiality)).all() == ["named"]


def test_a_file_that_is_not_there_is_one_line(run) -> None:
    code, _, err = run("round", "publish", "nowhere.json", "--name", "Spring")
    assert (code, err) == (1, "nowhere.json: No such file or directory\n")


def test_wrong_usage_exits_with_two(run) -> None:
    assert run("round", "publish")[0] == 2
    assert run("export", "1", "--format", "floppy", "--output", "x")[0] == 2
    assert run("round", "publish", FEEDBACK, "--name", "N", "--opens", "tomorrow")[0] == 2


def test_links_export_and_scorecard_can_be_written(run, contacts: Path, tmp_path: Path) -> None:
    from exports.scorecards.formats import FORMATS
    from surveyapp.cli.results import SCORECARD_FORMATS

    run("round", "publish", FEEDBACK, "--name", "Spring", "--param", PARAMETER, "--contacts", contacts)
    assert run("round", "links", "Spring", "--output", tmp_path / "links.csv")[0] == 0
    with (tmp_path / "links.csv").open(newline="", encoding="utf-8") as stream:
        links = [row["link"] for row in csv.DictReader(stream)]
    assert len(set(links)) == 3
    assert all(link.startswith("https://survey.example.org/a/") for link in links)
    code, out, _ = run("export", "Spring", "--format", "csv", "--output", "-")
    assert code == 0
    header = next(csv.reader(io.StringIO(out)))
    assert header[:4] == ["response_id", "round", "definition_version", "group"]
    assert header[4:8] == ["channel_first", "channel_last", "language", "disposition"]
    assert header[8:10] == ["started_at", "finished_at"]
    assert header[10] == "pfc"
    code, out, _ = run("scorecard", "Spring", "--format", "json", "--output", "-")
    assert json.loads(out)["definition"] == "partnership_feedback"
    code, out, _ = run("scorecard", "Spring", "--format", "html", "--output", tmp_path / "card.html")
    assert (tmp_path / "card.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert tuple(FORMATS) == SCORECARD_FORMATS
    for name, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("svg", b"<svg ")):
        code, out, _ = run("scorecard", "Spring", "--format", name, "--output", tmp_path / f"card.{name}")
        assert code == 0
        assert (tmp_path / f"card.{name}").read_bytes().startswith(begins)


def test_a_round_is_compared_with_an_earlier_one_after_both_are_closed(run, contacts: Path) -> None:
    for name in ("Spring", "Autumn"):
        run("round", "publish", FEEDBACK, "--name", name, "--param", PARAMETER, "--contacts", contacts)
    words = ("scorecard", "Autumn", "--compare", "Spring", "--format", "json", "--output", "-")
    code, _, said = run(*words)
    assert (code, "not closed yet" in said) == (1, True)
    for name in ("Spring", "Autumn"):
        run("round", "close", name)
    code, out, _ = run(*words)
    assert code == 0
    assert {row["delta"] for row in json.loads(out)["rows"]} == {None}
    assert run("scorecard", "Autumn", "--compare", "Nowhere", "--output", "-")[0] == 1


def test_an_unknown_round_is_one_line(run) -> None:
    for words in (("round", "close", "x"), ("export", "x", "--output", "-"), ("scorecard", "x", "--output", "-")):
        assert run(*words)[0::2] == (1, "There is no round 'x'.\n")


def test_a_file_that_cannot_be_written_leaves_nothing_half_done(run, contacts: Path, tmp_path: Path) -> None:
    run("round", "publish", FEEDBACK, "--name", "Spring", "--param", PARAMETER, "--contacts", contacts)
    code, _, err = run("export", "Spring", "--output", tmp_path / "missing" / "out.csv")
    assert code == 1
    assert "missing" in err
    assert list(tmp_path.glob("**/*.part")) == []


def test_a_round_is_closed_and_opened_again(run, contacts: Path) -> None:
    run("round", "publish", FEEDBACK, "--name", "Spring", "--param", PARAMETER, "--contacts", contacts)
    run("round", "close", "Spring")
    assert json.loads(run("round", "show", "Spring", "--json")[1])["status"] == "closed"
    run("round", "reopen", "Spring")
    assert json.loads(run("round", "list", "--json")[1])["rounds"][0]["status"] == "open"


def test_staff_are_added_with_a_password_from_standard_input(run) -> None:
    words = ("user", "add", "ana@example.org", "--role", "coordinator", "--password-stdin")
    assert run(*words, stdin="a long enough password\n")[:2] == (0, "ana@example.org can log in as coordinator.\n")
    code, _, err = run(*words, stdin="a long enough password\n")
    assert (code, "already" in err) == (1, True)
    assert run(*words, stdin="x\n")[0] == 1


def test_checking_a_definition_reports_as_lines_and_as_json(run, tmp_path: Path) -> None:
    assert run("definition", "check", FEEDBACK)[0] == 0
    bad = tmp_path / "bad.json"
    bad.write_text(FEEDBACK.read_text(encoding="utf-8").replace('"sections"', '"sectoins"'), encoding="utf-8")
    code, _, err = run("definition", "check", FEEDBACK, bad, tmp_path / "none.json")
    assert code == 1
    assert "sectoins" in err
    assert "sections" in err
    assert "none.json" in err
    report = json.loads(run("definition", "check", bad, "--json")[1])
    assert report["files"][0]["faults"]


def test_missing_settings_are_listed(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SURVEYAPP_SECRET_KEY")
    monkeypatch.setenv("SURVEYAPP_SMS_GATEWAY", "pigeon")
    code, _, err = run("check")
    assert code == 1
    assert "SURVEYAPP_SECRET_KEY" in err
    assert "pigeon" in err


def test_a_database_that_is_not_there_is_one_line(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    code, _, err = run("check")
    assert code == 1
    assert "did not answer" in err


def test_every_route_says_who_may_use_it(run) -> None:
    routes = json.loads(run("routes", "--json")[1])["routes"]
    assert all(route["roles"] for route in routes)
    assert {"/a/<token>", "/r/<code>", "/console", "/login"} <= {route["path"] for route in routes}


def test_the_check_of_a_sound_installation_says_so(run) -> None:
    code, out, _ = run("check")
    assert code == 0
    assert "Database:" in out


def test_the_schema_is_printed_as_json_and_nothing_else(run) -> None:
    code, out, err = run("definition", "schema")
    assert (code, err) == (0, "")
    assert json.loads(out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_checking_a_whole_folder_passes_over_the_schema_in_it(run) -> None:
    schema = FEEDBACK.parent / "definition.schema.json"
    code, out, err = run("definition", "check", FEEDBACK, schema)
    assert (code, err) == (0, "")
    assert "schema" not in out


def test_every_export_format_can_be_asked_for_and_a_table_has_no_summary(run, contacts: Path, tmp_path: Path) -> None:
    from exports.formats import FORMATS
    from surveyapp.cli.results import EXPORT_FORMATS

    assert tuple(FORMATS) == EXPORT_FORMATS
    run("round", "publish", FEEDBACK, "--name", "Spring", "--param", PARAMETER, "--contacts", contacts)
    for name in EXPORT_FORMATS:
        assert run("export", "Spring", "--format", name, "--output", tmp_path / name)[0] == 0
        assert (tmp_path / name).stat().st_size > 0
    code, _, err = run("export", "Spring", "--level", "summary", "--output", tmp_path / "none.csv")
    assert (code, "A summary has no rows" in err) == (1, True)
    assert not (tmp_path / "none.csv").exists()


def test_somebody_is_marked_by_number_or_address_and_the_mark_taken_back(run, database):
    round_ = publish(database)
    code, out, _ = run("round", "mark", round_.code, "--phone", "+1 202 555 0101", "--as", "duplicate")
    assert (code, out) == (0, "Marked: duplicate.\n")
    assert run("round", "mark", round_.code, "--email", "bruno@example.org", "--as", "illness")[0] == 0
    assert json.loads(run("round", "show", round_.code, "--json")[1])["marked"] == {"duplicate": 1, "illness": 1}
    assert run("round", "mark", round_.code, "--phone", "+12025550101", "--as", "none")[:2] == (
        0,
        "The mark was taken back.\n",
    )
    assert run("round", "mark", round_.code, "--email", "nobody@example.org", "--as", "illness")[0] == 1
    assert run("round", "mark", round_.code, "--phone", "12", "--as", "illness")[0] == 1
    assert run("round", "mark", round_.code, "--as", "illness")[0] == 2
