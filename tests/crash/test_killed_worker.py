"""kill -9 of workers at the gateway's accept, on both databases; the full thousand: README, "How texts go out"."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.crash

SCRIPT = Path(__file__).parent / "killing_workers.py"
KILLS = 40


def kill(database_url: str, *words: str) -> dict[str, int]:
    """Run it in a process of its own, which may fork, and give its report."""
    command = [sys.executable, str(SCRIPT), "--database", database_url, *words]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout)


def test_workers_killed_at_the_gateways_accept_lose_and_double_nothing(database_url: str) -> None:
    report = kill(database_url, "--kills", str(KILLS), "--processes", "2")
    assert (report["killed"], report["accepted"], report["sent"]) == (KILLS, KILLS, KILLS)
    assert (report["lost"], report["doubled"]) == (0, 0)


def test_while_the_list_is_out_of_reach_each_doubtful_text_is_held_and_none_goes_twice(database_url: str) -> None:
    report = kill(database_url, "--kills", "10", "--no-list")
    assert (report["killed"], report["unknown"], report["doubled"]) == (10, 10, 0)


def test_workers_killed_at_any_moment_lose_and_double_nothing(database_url: str) -> None:
    report = kill(database_url, "--kills", str(KILLS), "--anywhere")
    assert (report["accepted"], report["sent"], report["lost"], report["doubled"]) == (KILLS, KILLS, 0, 0)
