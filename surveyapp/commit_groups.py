"""Turns and group commit on SQLite: the writers of a process share a transaction, and one sync keeps all their work.

SQLite has one writer, and whoever waits for it sleeps longer and longer and is overtaken. Here whoever waits within a
process is woken at once, works within a savepoint of its own, and shares the commit with all who came meanwhile;
processes take turns. Nobody is told "stored" before the commit that holds it is durable.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, RootTransaction
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from surveyapp.embedded import find_driver

MOST_TOGETHER = 64
LONGEST_SECONDS = 0.05
"""How long a group takes further writers in, counted from its first."""
PAUSE_SECONDS = 0.0002
"""Between two tries to be the process that writes: nobody writes meanwhile, and a try costs a fraction of it."""

_BEGIN = "BEGIN IMMEDIATE"


class CommitGroups:
    """The writers of one process.

    `turnstile` is a file that all processes of the database share. Whoever has waited `patience` seconds for a turn
    gets a `TimeoutError`, or what the database says by then.
    """

    def __init__(self, engine: Engine, turnstile: Path, patience: float) -> None:
        self._engine = engine
        self._turnstile = _Turnstile(turnstile)
        self._patience = patience
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._in_line = 0
        self._group: _Group | None = None

    @contextmanager
    def writing_together(self) -> Iterator[Session]:
        """Give a session whose work is durable when the block has ended; when it raises, its own work alone is undone.

        Raises what the database raised where the group could not be committed: then nothing of it is stored.
        """
        with self._taking_turn(joins=True) as until:
            group = self._group = self._group or self._begin_group(until)
            try:
                with (
                    Session(
                        group.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
                    ) as session,
                    session.begin(),
                ):
                    yield session
            finally:
                group.members += 1
                if not self._in_line or group.is_full() or group.is_lost():
                    self._end_group()
        group.wait()

    @contextmanager
    def writing_alone(self) -> Iterator[Session]:
        """Give a session with a transaction of its own, for work that nobody should have to wait for."""
        with self._taking_turn(joins=False) as until:
            self._end_group()
            group = self._begin_group(until)
            try:
                with (
                    Session(group.connection, join_transaction_mode="control_fully", expire_on_commit=False) as session,
                    session.begin(),
                ):
                    yield session
            finally:
                group.connection.close()

    @contextmanager
    def _taking_turn(self, *, joins: bool) -> Iterator[float]:
        """Hold the turn; gives until when to wait for the database. `joins`: the group before may wait for this one."""
        until = time.monotonic() + self._patience
        with self._counting:
            self._in_line += joins
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise TimeoutError("the database is busy: no turn to write came")
        finally:
            with self._counting:
                self._in_line -= joins
        try:
            yield until
        finally:
            self._turn.release()

    def _begin_group(self, until: float) -> _Group:
        connection = self._engine.connect()
        try:
            with self._turnstile.passing(until):
                return _Group(connection, begin(connection, until))
        except BaseException:
            connection.close()
            raise

    def _end_group(self) -> None:
        group, self._group = self._group, None
        if group is not None:
            group.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._turnstile.close()


class _Group:
    """One transaction shared by those who came while it was open."""

    def __init__(self, connection: Connection, transaction: RootTransaction) -> None:
        self.connection = connection
        self.members = 0
        self._transaction = transaction
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._error: BaseException | None = None

    def is_full(self) -> bool:
        return self.members >= MOST_TOGETHER or time.monotonic() - self._began > LONGEST_SECONDS

    def is_lost(self) -> bool:
        """Whether SQLite has undone the whole transaction by itself, as it does when the disk is full."""
        return not find_driver(self.connection).in_transaction

    def commit(self) -> None:
        try:
            if self.is_lost():  # the driver would commit nothing, and call that a success
                raise OSError("the database has undone the transaction that this work was part of")
            self._transaction.commit()
        except BaseException as error:
            self._error = error
            self.connection.invalidate()  # whatever state it is in, nobody else gets it
        finally:
            self.connection.close()
            self._ended.set()

    def wait(self) -> None:
        self._ended.wait()
        if self._error is not None:
            raise self._error


def begin(connection: Connection, until: float) -> RootTransaction:
    """Begin a writing transaction as soon as nobody else writes, and wait for it `until` then at most.

    It holds the database at once: one that reads first and writes later could lose updates or fail as locked.
    """
    raw = find_driver(connection)
    (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while not _try_to_begin(raw, until):
            time.sleep(PAUSE_SECONDS)
        return connection.begin()
    finally:
        raw.execute(f"PRAGMA busy_timeout = {usual}")


def _try_to_begin(raw: sqlite3.Connection, until: float) -> bool:
    """Begin unless somebody else writes; by the driver, since a try through SQLAlchemy takes ten times as long."""
    try:
        raw.execute(_BEGIN)
    except sqlite3.OperationalError as error:
        is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        if not is_busy or time.monotonic() > until:
            raise OperationalError(_BEGIN, None, error) from error
        return False
    return True


class _Turnstile:
    """Where the process waits that writes next: a lock on a file beside the database.

    Without it a busy process would begin again before the others had noticed that it had ended.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._owner = 0

    @contextmanager
    def passing(self, until: float) -> Iterator[None]:
        if self._file is None or self._owner != os.getpid():  # a lock would be shared across a fork
            self._file, self._owner = self._path.open("ab"), os.getpid()
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    break  # somebody is stuck in it: then the database alone decides who writes
            time.sleep(PAUSE_SECONDS)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
