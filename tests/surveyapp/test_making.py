"""Files are made whole or not at all, once, by whoever is alive, and not for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, publish
from sqlalchemy import select

from exports.errors import ExportError
from exports.formats.csv import Csv
from exports.options import Options
from surveyapp import making
from surveyapp.jobs import tick
from surveyapp.making import Maker
from surveyapp.models import Export
from surveyapp.services.downloads import (
    KEPT,
    LEASE,
    cancel_export,
    claim_export,
    note_done,
    note_progress,
    request_export,
)
from surveyapp.services.rounds import find_round


class Clock:
    """A clock that tests set."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def maker(database, tmp_path, clock):
    return Maker(database, tmp_path / "made", clock)


@pytest.fixture
def asked(database):
    """A file that was asked for; gives its id."""
    round_ = publish(database)
    with database.writing() as session:
        facts = {"why": "because", "actor": "ana@example.org", "role": "coordinator", "now": NOON}
        return request_export(session, find_round(session, round_.code), "csv", Options(), **facts).id


def find(database, number) -> Export:
    with database.reading() as session:
        return session.get_one(Export, number)


def test_a_file_is_made_once_and_readable_by_its_owner_only(database, maker, asked):
    assert (maker.make_due(), maker.make_due()) == (1, 0)
    export = find(database, asked)
    path = maker.folder / export.file
    assert (export.state, export.progress, export.size) == ("done", 100, path.stat().st_size)
    assert path.stat().st_mode & 0o777 == 0o600
    assert export.expires_at == NOON + KEPT


def test_a_file_whose_time_is_over_is_deleted(database, maker, clock, asked):
    maker.make_due()
    file = maker.folder / find(database, asked).file
    clock.now = NOON + KEPT + timedelta(seconds=1)
    maker.make_due()
    assert find(database, asked).state == "expired"
    assert not file.exists()


def test_what_a_crash_left_is_taken_up_again_but_not_for_ever(database, maker, clock, asked):
    for attempt in range(1, 4):
        with database.writing() as session:
            assert claim_export(session, clock()).attempts == attempt
            assert claim_export(session, clock()) is None
        clock.now += LEASE + timedelta(seconds=1)
    assert maker.make_due() == 0
    export = find(database, asked)
    assert (export.state, "three times" in export.error) == ("failed", True)


def test_the_minute_takes_it_up_again(database, settings, clock, asked):
    with database.writing() as session:
        claim_export(session, clock())
    clock.now += LEASE + timedelta(seconds=1)
    assert tick(database, settings, clock)["files"] == 1
    assert find(database, asked).state == "done"


def test_one_who_was_believed_dead_changes_nothing_any_more(database, clock, asked):
    with database.writing() as session:
        slow = claim_export(session, clock())
    with database.writing() as session:
        claim_export(session, clock() + LEASE + timedelta(seconds=1))
    with database.writing() as session:
        assert not note_progress(session, slow, 50, clock())
        assert not note_done(session, slow, "old.csv", 1, clock())
    assert find(database, asked).file is None


@pytest.mark.parametrize(
    ("error", "words"),
    [(ExportError("No font can show it."), "No font can show it."), (RuntimeError("boom 123"), "it is in its log")],
)
def test_why_there_is_no_file_is_said_and_nothing_is_left_of_it(database, maker, asked, monkeypatch, error, words):
    def fail(self, study, stream, options):
        stream.write(b"half")
        raise error

    monkeypatch.setattr(Csv, "write_told", fail)
    assert maker.make_due() == 1
    export = find(database, asked)
    assert (export.state, words in export.error) == ("failed", True)
    assert not [path for path in maker.folder.iterdir() if path.is_file()]


def test_who_calls_it_off_while_it_is_made_stops_it(database, maker, asked, monkeypatch):
    def read_on(self, study, stream, options):
        with database.writing() as session:
            round_ = find_round(session, study.round_code)
            cancel_export(session, round_, asked, role="coordinator", actor="ana@example.org", now=NOON)
        list(study.responses())

    monkeypatch.setattr(Csv, "write_told", read_on)
    monkeypatch.setattr(making, "BETWEEN_WORDS", 0)
    maker.make_due()
    assert find(database, asked).state == "cancelled"
    assert not [path for path in maker.folder.iterdir() if path.is_file()]


def test_progress_is_told_while_responses_are_read(database, maker, asked, monkeypatch):
    told = []
    monkeypatch.setattr(making, "BETWEEN_WORDS", 0)
    monkeypatch.setattr(making, "note_progress", lambda session, export, progress, now: told.append(progress) or True)
    export = find(database, asked)

    class Endless:
        pass

    with database.reading() as session:
        study = making.build_study(session, find_round(session, "1"), NOON)
    watched = maker._watch(replace(study, responses=lambda: iter([Endless()] * 4)), export, 8)
    assert len(list(watched.responses())) + len(list(watched.responses())) == 8
    assert told == [12, 25, 37, 50, 62, 75, 87, 99]


def test_a_job_reads_one_state_of_the_data_however_often_it_reads(database):
    publish(database)
    with database.snapshot() as session:
        before = list(session.scalars(select(Export.id)))
        round_ = find_round(session, "1")
        with database.writing() as other:
            facts = {"why": "because", "actor": "ana@example.org", "role": "coordinator", "now": NOON}
            request_export(other, find_round(other, round_.code), "csv", Options(), **facts)
        assert list(session.scalars(select(Export.id))) == before
