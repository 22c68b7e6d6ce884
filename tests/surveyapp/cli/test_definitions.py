"""The tools for authors on the command line: the checker's reports, and the preview."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from builders import FEEDBACK

from surveyapp.cli import main
from tests.forms.builders import as_json, choices, definition, question

SCALE = question("a", "scale", choices=choices((1, "Low"), (2, "High")))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Give a call that runs a command without any setting and gives (exit code, stdout, stderr)."""
    monkeypatch.delenv("SURVEYAPP_SECRET_KEY", raising=False)
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    def call(*words: Any) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        capsys.readouterr()
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as leave:
            code = leave.code if isinstance(leave.code, int) else 1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


def write(path: Path, *parts: dict[str, Any], **keys: Any) -> Path:
    path.write_bytes(as_json(definition(*parts, **keys)))
    return path


def test_the_four_reports_stand_in_the_json_beside_what_stood_there(run, tmp_path: Path) -> None:
    old = write(tmp_path / "old.json", SCALE)
    new = write(tmp_path / "new.json", SCALE, question("b", show_if="${a} = 1 and ${a} = 2"), version="1.1.0")
    code, out, _ = run("definition", "check", new, "--against", old, "--price", "0.01", "--json")
    (file,) = json.loads(out)["files"]
    assert code == 0
    assert list(file) == ["file", "id", "version", "faults", "findings", "reports"]
    reports = file["reports"]
    assert reports["channel_fit"]["interviews"][0]["price"]["longest"] == "0.03"
    assert reports["channel_fit"]["texts"][0]["text"].startswith("1/2 Question a?")
    assert reports["reachability"]["unreachable"] == ["b"]
    assert {one["question"]: one["status"] for one in reports["comparability"]["questions"]} == {
        "a": "same",
        "b": "new",
    }
    assert [column["name"] for column in reports["exportability"]["columns"]] == ["a", "b"]


def test_the_reports_are_told_in_plain_words_too(run, tmp_path: Path) -> None:
    old = write(tmp_path / "old.json", SCALE)
    new = write(tmp_path / "new.json", SCALE | {"label": "x" * 90}, question("b", show_if="${a} = 3"))
    out = run("definition", "check", new, "--against", old)[1]
    assert "channel fit: en: 3 segments an interview" in out
    assert "reachability: $.sections[0].questions[1]: no answers lead to `b`." in out
    assert "comparability: Against 1.0.0 in en: 1 reworded, 1 new." in out
    assert "exportability: Stata keeps 80 characters of a variable label: 1 is longer." in out


def test_a_file_with_faults_has_no_reports_and_the_others_have(run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    code, out, _ = run("definition", "check", FEEDBACK, bad, "--json")
    good, faulty = json.loads(out)["files"]
    assert code == 1
    assert good["reports"]
    assert faulty["reports"] is None


def test_an_earlier_version_of_something_else_is_refused(run, tmp_path: Path) -> None:
    other = write(tmp_path / "other.json", SCALE, id="other")
    code, _, err = run("definition", "check", FEEDBACK, "--against", other)
    assert code == 1
    assert "`other`" in err
    code, _, err = run("definition", "check", FEEDBACK, "--against", tmp_path / "none.json")
    assert code == 1
    assert "none.json" in err


@pytest.mark.parametrize("price", ["free", "-1", "NaN", "inf"])
def test_a_price_that_is_none_is_wrong_usage(run, price: str) -> None:
    code, _, err = run("definition", "check", FEEDBACK, "--price", price)
    assert code == 2
    assert "not a price" in err


def test_the_texts_are_shown_as_a_conversation_with_what_they_cost(run) -> None:
    code, out, _ = run(
        *("definition", "preview", FEEDBACK, "--channel", "sms", "--lang", "fr", "--param", "partnership=Rivière")
    )
    assert code == 0
    assert out.startswith("< Bonjour, Rivière")
    assert "\n> OUI\n" in out
    assert out.rstrip().endswith("segments")
    assert "(1 segment, " in out


def test_the_pages_are_one_file_that_needs_no_other_and_no_database(run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("definition", "preview", FEEDBACK, "--channel", "web", "--output", page)[0] == 0
    html = page.read_text(encoding="utf-8")
    assert html.count("<fieldset") == sum(
        question["type"] != "note"
        for section in json.loads(FEEDBACK.read_text(encoding="utf-8"))["sections"]
        for question in section["questions"]
    )
    assert 'rel="stylesheet" href="data:text/css;base64,' in html
    assert "<form" not in html
    assert "/static/" not in html


def test_an_unknown_language_or_parameter_is_one_line(run) -> None:
    code, _, err = run("definition", "preview", FEEDBACK, "--channel", "web", "--lang", "xx")
    assert (code, "does not speak `xx`" in err) == (1, True)
    code, _, err = run("definition", "preview", FEEDBACK, "--channel", "sms", "--param", "who=me")
    assert (code, "no parameter `who`" in err) == (1, True)


def test_an_instrument_that_is_not_texted_says_so(run, tmp_path: Path) -> None:
    silent = write(tmp_path / "silent.json", question("a", channels=["web"]))
    assert "asks nothing by text" in run("definition", "preview", silent, "--channel", "sms")[1]
    assert "Nothing is asked by text." in run("definition", "check", silent)[1]
