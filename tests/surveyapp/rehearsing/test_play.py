"""The dress rehearsal: everything that can happen does, the same seed plays the same, and nothing of it is left."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from random import Random

import pytest
from builders import publish
from click.testing import CliRunner
from sqlalchemy import func, select

from surveyapp.cli import commands
from surveyapp.database import Database
from surveyapp.errors import SurveyAppError
from surveyapp.models import Base, Round
from surveyapp.rehearsing.carrier import Carrier
from surveyapp.rehearsing.play import Play
from surveyapp.rehearsing.report import Report, list_lines, write_report
from surveyapp.rehearsing.stage import read_original, set_stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The stage is SQLite whatever the service stands on, which it only reads one round from."""


def rehearse(settings, database: Database, round_: Round, respondents: int = 25, seed: int = 7) -> Report:
    with database.reading() as session:
        original = read_original(session, round_.code)
    with set_stage(settings, original, respondents, seed) as stage:
        play = Play(stage, Random(seed))
        carrier = play.run()
        with stage.database.reading() as there:
            return write_report(there, stage, play, carrier.errors, seed)


def count_rows(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def test_the_same_seed_plays_the_same_and_nothing_of_it_is_left(settings, database, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "play"))
    Path(tmp_path, "play").mkdir()
    round_ = publish(database)
    before = count_rows(database)
    first = rehearse(settings, database, round_)
    assert rehearse(settings, database, round_) == first
    assert rehearse(settings, database, round_, seed=8) != first
    assert count_rows(database) == before
    assert list(Path(tmp_path, "play").iterdir()) == []


def test_a_long_list_is_invited_to_its_end(settings, database, monkeypatch):
    round_ = publish(database)
    whole = rehearse(settings, database, round_)
    monkeypatch.setattr("surveyapp.services.inviting._BATCH", 2)
    monkeypatch.setattr("surveyapp.services.inviting.MOST_AT_ONCE", 4)
    assert rehearse(settings, database, round_) == whole


def test_everybody_is_counted_once_and_both_channels_are_played(settings, database):
    report = rehearse(settings, database, publish(database), respondents=80)
    assert report.not_begun + sum(report.interviews.values()) == report.respondents == 80
    assert report.interviews["finished by sms"] > 10
    assert report.interviews["finished by web"] > 5
    assert report.texts_received >= report.replies > 100
    assert report.segments >= report.texts_sent + report.replies
    assert report.carrier_errors
    assert report.happened["reminders queued"] > 0
    assert report.never_reached == ("pf00",), "the group of everybody is known from the list"
    assert report.happened["follow-ups queued"] > 0
    assert [line.sms > 0 for line in report.questions if line.id == "pf09"] == [True], "part 2 is texted a week later"
    assert 24 * 7 < report.hours < 24 * 28
    assert list(list_lines(report))[-1] == "Never reached: pf00"


def test_an_anonymous_round_is_played_on_the_web_alone(settings, database):
    report = rehearse(settings, database, publish(database, confidentiality="anonymous"), respondents=30)
    assert (report.texts_sent, report.texts_received) == (0, 0)
    assert report.interviews["finished by web"] > 0


def test_too_many_people_are_refused(settings, database):
    with pytest.raises(SurveyAppError, match=r"100,000"):
        rehearse(settings, database, publish(database), respondents=100_001)


def test_the_command_prints_the_report(settings, database, monkeypatch):
    publish(database)
    monkeypatch.setenv("SURVEYAPP_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("SURVEYAPP_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SURVEYAPP_SMS_PRICE", "0.01")
    readers = []

    def ask_for_readers(self: Play, *args: object) -> Carrier:
        with database.engine.connect() as connection:
            connection.rollback()  # outside any transaction of our own
            busy = connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            readers.append(busy)
        return play(self, *args)

    play = Play.run
    monkeypatch.setattr(Play, "run", ask_for_readers)
    done = CliRunner().invoke(commands, ["simulate", "Spring 2026", "--respondents", "20", "--json"])
    assert done.exit_code == 0, done.output
    assert readers == [0], "nothing of the real database is held while the play lasts"
    report = json.loads(done.stdout)
    assert report["respondents"] == 20
    assert report["cost_micros"] == report["segments"] * 10_000
