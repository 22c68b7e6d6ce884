"""The command line in tests: a call that runs a command on the database under test."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from builders import SECRET_KEY

from surveyapp.cli import main


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Give a call that runs a command on the database under test and gives (exit code, stdout, stderr)."""
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", database_url)
    monkeypatch.setenv("SURVEYAPP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SURVEYAPP_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("SURVEYAPP_PUBLIC_URL", "https://survey.example.org")

    def call(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
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
