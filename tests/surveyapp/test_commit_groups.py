"""Many writers share a commit, and each of them is told the truth about its own work."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import cast

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from surveyapp.database import Database
from surveyapp.models import Partnership

WRITERS = 24


@pytest.fixture
def embedded(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database."""
    path = tmp_path / "surveyapp.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


def count_names(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Partnership)) or 0


def run_at_once(work: Callable[[int], None], writers: int = WRITERS) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write_together(database: Database, name: str) -> None:
    with database.writing_together() as session:
        session.add(Partnership(name=name))


def count_commits(database: Database) -> list[int]:
    commits = [0]

    def note(_connection: object) -> None:
        commits[0] += 1

    event.listen(database.engine, "commit", note)
    return commits


def test_whoever_has_written_finds_its_work_committed(embedded: Database) -> None:
    seen: list[bool] = []

    def work(number: int) -> None:
        write_together(embedded, f"name {number}")
        with embedded.reading() as session:
            seen.append(session.scalar(select(Partnership.id).where(Partnership.name == f"name {number}")) is not None)

    run_at_once(work)
    assert seen == [True] * WRITERS


def test_those_who_wait_share_a_commit(embedded: Database) -> None:
    commits = count_commits(embedded)
    first_is_in, all_wait = threading.Event(), threading.Event()

    def work(number: int) -> None:
        if number:
            first_is_in.wait()
            write_together(embedded, f"name {number}")
            return
        with embedded.writing_together() as session:
            first_is_in.set()
            all_wait.wait(5)
            session.add(Partnership(name="first"))

    threading.Timer(0.3, all_wait.set).start()
    run_at_once(work, 9)
    assert count_names(embedded) == 9
    assert commits[0] <= 3


def test_who_fails_undoes_its_own_work_alone(embedded: Database) -> None:
    failed: list[int] = []

    def work(number: int) -> None:
        try:
            with embedded.writing_together() as session:
                session.add(Partnership(name=f"name {number}"))
                session.flush()
                if number % 3 == 0:
                    session.add(Partnership(name=f"name {number}"))
        except IntegrityError:
            failed.append(number)

    run_at_once(work)
    assert sorted(failed) == list(range(0, WRITERS, 3))
    assert count_names(embedded) == WRITERS - len(failed)


def test_a_commit_that_fails_is_told_to_everybody_in_it(embedded: Database) -> None:
    def refuse(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(embedded.engine, "commit", refuse)
    told: list[str] = []

    def work(number: int) -> None:
        try:
            write_together(embedded, f"name {number}")
        except OSError as error:
            told.append(str(error))

    run_at_once(work, 6)
    event.remove(embedded.engine, "commit", refuse)
    assert told == ["the disk is full"] * 6
    assert count_names(embedded) == 0
    write_together(embedded, "afterwards")
    assert count_names(embedded) == 1


def test_work_that_went_under_with_the_whole_transaction_is_told_so(embedded: Database) -> None:
    """A full disk has SQLite undo everything, and its driver then commits nothing without a word."""
    first_is_in = threading.Event()
    told: dict[int, str] = {}

    def work(number: int) -> None:
        if number:
            first_is_in.wait()
        try:
            with embedded.writing_together() as session:
                session.add(Partnership(name=f"name {number}"))
                session.flush()
                if number:
                    cast(Connection, session.connection().connection.driver_connection).execute("ROLLBACK")
                    raise OSError("the disk is full")
                first_is_in.set()
                while not embedded._turns._in_line:
                    time.sleep(0.001)
        except OSError as error:
            told[number] = str(error)

    run_at_once(work, 2)
    assert told == {
        0: "the database has undone the transaction that this work was part of",
        1: "the disk is full",
    }
    assert count_names(embedded) == 0
    write_together(embedded, "afterwards")
    assert count_names(embedded) == 1


def test_long_work_has_a_transaction_of_its_own(embedded: Database) -> None:
    commits = count_commits(embedded)

    def work(number: int) -> None:
        if number % 2:
            write_together(embedded, f"name {number}")
            return
        with embedded.writing() as session:
            session.add(Partnership(name=f"name {number}"))
            session.flush()

    run_at_once(work)
    assert count_names(embedded) == WRITERS
    assert commits[0] >= WRITERS // 2


def test_work_of_its_own_that_fails_keeps_nothing_and_holds_nobody_up(embedded: Database) -> None:
    with pytest.raises(ZeroDivisionError), embedded.writing() as session:
        session.add(Partnership(name="lost"))
        session.flush()
        _ = 1 / 0
    write_together(embedded, "kept")
    assert count_names(embedded) == 1


def test_two_processes_take_turns(embedded: Database, tmp_path: Path) -> None:
    program = (
        "import sys, threading\n"
        "from surveyapp.database import Database\n"
        "from surveyapp.models import Partnership\n"
        "database = Database(sys.argv[1])\n"
        "def work(number):\n"
        "    for n in range(25):\n"
        "        with database.writing_together() as session:\n"
        "            session.add(Partnership(name=f'{sys.argv[2]} {number} {n}'))\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]\n"
        "[t.start() for t in threads]\n"
        "[t.join() for t in threads]\n"
    )
    url = str(embedded.engine.url)
    children = [subprocess.Popen([sys.executable, "-c", program, url, name]) for name in ("one", "two")]
    assert [child.wait(60) for child in children] == [0, 0]
    assert count_names(embedded) == 200


def test_a_process_stuck_in_the_turnstile_does_not_stop_the_others(embedded: Database, monkeypatch) -> None:
    database = Database(str(embedded.engine.url))
    monkeypatch.setattr(database._turns, "_patience", 0.2)
    path = embedded.engine.url.database
    program = (
        "import fcntl, sys, time\n"
        "file = open(sys.argv[1] + '-turn', 'ab')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('in', flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "in\n"
        write_together(database, "in spite of it")
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        database.close()
    assert count_names(embedded) == 1


def test_a_database_that_stays_locked_is_said_and_not_waited_for_for_ever(embedded: Database, monkeypatch) -> None:
    database = Database(str(embedded.engine.url))
    monkeypatch.setattr(database._turns, "_patience", 0.2)
    began = time.monotonic()
    with (
        embedded.writing(),
        pytest.raises(Exception, match="locked"),
        database.writing_together() as session,
    ):
        session.add(Partnership(name="never"))
    database.close()
    assert time.monotonic() - began < 10
    assert count_names(embedded) == 0
