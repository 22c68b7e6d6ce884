"""Workbooks on the command line: what is written, what is said, and that nothing is written over."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from builders import FEEDBACK
from canonical_forms import canonical
from workbooks import build, row

from surveyapp.cli import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Give a call that runs a command of `definition` and gives (exit code, stdout, stderr)."""
    monkeypatch.delenv("SURVEYAPP_SECRET_KEY", raising=False)

    def call(*words: Any) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        capsys.readouterr()
        code = 0
        try:
            main(["definition", *(str(word) for word in words)])
        except SystemExit as leave:
            code = leave.code if isinstance(leave.code, int) else 1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


def test_an_instrument_goes_out_and_comes_back(run, tmp_path: Path) -> None:
    form, back = tmp_path / "form.xlsx", tmp_path / "back.json"
    assert run("export", FEEDBACK, form)[0] == 0
    code, out, err = run("import", form, back)
    assert (code, err) == (0, "")
    assert out == f"{back}: partnership_feedback 1.0.0, 19 questions, 0 remarks.\n"
    assert canonical(back.read_text(encoding="utf-8")) == canonical(FEEDBACK.read_text(encoding="utf-8"))
    assert run("check", back)[0] == 0


def test_what_has_no_equivalent_is_listed_in_lines_and_as_json(run, tmp_path: Path) -> None:
    settings = [{"form_id": "f", "form_title": "F", "version": "1", "default_language": "English (en)"}]
    survey = [row("text", "a"), row("geopoint", "g"), row("text", "b", relevant="${g} != ''")]
    form = build(tmp_path / "form.xlsx", survey=survey, settings=settings)
    code, out, _ = run("import", form, tmp_path / "one.json")
    assert code == 0
    assert out.splitlines()[0] == (
        f"{form}: survey!A3: `g` is a place on the map, which has no equivalent. The question was left out."
    )
    code, out, _ = run("import", form, tmp_path / "two.json", "--json")
    said = json.loads(out)
    assert (code, said["id"], [one["where"] for one in said["remarks"]]) == (0, "f", ["survey!A3", "survey!D4"])
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_file_that_is_there_is_written_over_only_by_force(run, tmp_path: Path) -> None:
    form = build(tmp_path / "form.xlsx", survey=[row("text", "a")])
    kept = tmp_path / "kept.json"
    kept.write_text("mine", encoding="utf-8")
    for words in (("import", form, kept), ("export", FEEDBACK, kept)):
        code, _, err = run(*words)
        assert (code, kept.read_text(encoding="utf-8")) == (1, "mine")
        assert "--force" in err
    assert run("import", form, kept, "--force")[0] == 0
    assert json.loads(kept.read_text(encoding="utf-8"))["id"] == "form"


def test_a_workbook_that_cannot_be_used_writes_nothing(run, tmp_path: Path) -> None:
    form = build(tmp_path / "form.xlsx", survey=[row("text", "a", relevant="${a} = 1")])
    code, _, err = run("import", form, tmp_path / "out.json")
    assert (code, (tmp_path / "out.json").exists()) == (1, False)
    assert f"{form}: survey!B2: Conditions or calculations go in a circle" in err


def test_a_file_that_cannot_be_read_or_written_is_named(run, tmp_path: Path) -> None:
    code, _, err = run("import", tmp_path / "none.xlsx", tmp_path / "out.json")
    assert (code, err.startswith(str(tmp_path / "none.xlsx"))) == (1, True)
    code, _, err = run("export", FEEDBACK, tmp_path / "none" / "out.xlsx")
    assert (code, err.strip()) == (1, f"{tmp_path / 'none' / 'out.xlsx'}: No such file or directory")


def test_a_definition_that_cannot_be_used_is_not_exported(run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    code, _, err = run("export", tmp_path / "bad.json", tmp_path / "out.xlsx")
    assert (code, (tmp_path / "out.xlsx").exists()) == (1, False)
    assert "$.id: This key is missing." in err
