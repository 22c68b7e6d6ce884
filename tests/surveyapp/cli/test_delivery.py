"""Texts by the command line: publish says what it costs, invite and remind say whom, deliver sends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import FEEDBACK
from surveyapp_command import run as run

PARAMETER = "partnership=River Valley"
PEOPLE = "name,phone,consent\nAmina,+12025550142,yes\nBruno,+12025550143,\nChiara,+12025550144,yes\n"


@pytest.fixture
def publish(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give a call that publishes a round with people who agreed to be texted."""
    monkeypatch.setenv("SURVEYAPP_SMS_HOURS", "0-24")
    monkeypatch.setenv("SURVEYAPP_SMS_RATE", "100")
    contacts = tmp_path / "people.csv"
    contacts.write_text(PEOPLE, encoding="utf-8")

    def call(*words: str) -> tuple[int, str, str]:
        start = ("round", "publish", FEEDBACK, "--name", "Spring", "--param", PARAMETER, "--contacts", contacts)
        return run(*start, *words)

    return call


def test_publishing_says_texts_segments_cost_and_time(publish, monkeypatch):
    monkeypatch.setenv("SURVEYAPP_SMS_PRICE", "0.01")
    monkeypatch.setenv("SURVEYAPP_SMS_RATE", "0.5")
    report = json.loads(publish("--json", "--budget", "5")[1])
    assert report["left_out"] == {"no_consent": 1}
    assert (report["texts"], report["segments"], report["cost"], report["seconds"]) == (2, 2, 0.02, 4.0)


def test_a_dry_run_says_what_publishing_would_cost_and_stores_nothing(run, publish, monkeypatch):
    monkeypatch.setenv("SURVEYAPP_SMS_PRICE", "0.01")
    code, out, err = publish("--dry-run", "--budget", "0.015")
    assert code == 0
    assert "2 people are invited by text: 2 segments, about 0.02" in out
    assert "Not texted: 1 without consent" in out
    assert "does not do for the first texts" in err
    report = json.loads(publish("--dry-run", "--json")[1])
    assert (report["texts"], report["cost"], report["left_out"]) == (2, 0.02, {"no_consent": 1})
    assert report["in_all"]["segments"] > 10
    assert publish("--dry-run", "--closes", "2001-01-01")[0] == 1
    assert json.loads(run("round", "list", "--json")[1])["rounds"] == []


def test_a_budget_that_nobody_could_keep_is_refused_before_anything_is_stored(run, publish):
    code, _, err = publish("--budget", "5")
    assert code == 1
    assert "SURVEYAPP_SMS_PRICE" in err
    assert json.loads(run("round", "list", "--json")[1])["rounds"] == []


def test_a_budget_that_is_no_amount_is_wrong_usage(publish):
    assert publish("--budget", "much")[0] == 2


def test_without_texts_nobody_is_texted_until_they_are_invited(run, publish):
    assert "Nothing is queued." in publish("--no-texts")[1]
    assert json.loads(run("deliver", "--json")[1]) == {}
    report = json.loads(run("round", "invite", "Spring", "--json")[1])
    assert (report["invited"], report["left_out"]) == (2, {"no_consent": 1})
    assert json.loads(run("deliver", "--json")[1]) == {"sent": 2}
    assert json.loads(run("round", "invite", "Spring", "--json")[1])["invited"] == 0
    report = json.loads(run("round", "remind", "Spring", "--json")[1])
    assert (report["reminded"], report["left_out"]) == (0, {"recent": 2, "never_texted": 1})
    assert "Not reminded: 2 texted, or heard of, less than 12 hours ago" in run("round", "remind", "Spring")[1]
    assert run("deliver")[1] == "Nothing is due.\n"


def test_a_budget_that_will_not_do_is_told_before_anything_goes(publish, monkeypatch):
    monkeypatch.setenv("SURVEYAPP_SMS_PRICE", "0.01")
    _, out, err = publish("--budget", "0.015")
    assert "Warning: The budget of 0.015 will not do" in err
    assert "Not texted: 1 without consent" in out


def test_a_closed_round_invites_nobody(run, publish):
    publish("--no-texts")
    run("round", "close", "Spring")
    code, _, err = run("round", "invite", "Spring")
    assert (code, "Reopen it first" in err) == (1, True)


def test_tick_says_what_it_did(run, publish):
    publish()
    done = json.loads(run("tick", "--json")[1])
    assert (done["invitations"], done["reminders"], done["looked for"]) == (0, 0, 0)
