"""The two databases made to behave the same: durable commits, one writer at a time on SQLite, UTC everywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, RootTransaction, Table, create_engine, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from surveyapp import embedded
from surveyapp.commit_groups import CommitGroups, begin

BUSY_SECONDS = 15
COPIES = "copies"
"""Where `Session.info` names the folder in which copies may be kept, if there is one."""


class Database:
    """An engine and the ways to use it: `reading()`, `writing()` and, for short work, `writing_together()`.

    On SQLite: WAL, synchronous=FULL, foreign keys on, secure_delete on, and every writing transaction starts with
    BEGIN IMMEDIATE, since a read that later turns into a write would lose updates or fail as locked; writers take
    turns (`surveyapp.commit_groups`).
    On PostgreSQL: synchronous_commit=on, times in UTC.
    `copies`: the folder in which readers may keep copies of what they read (`services.blocks`).
    """

    def __init__(self, url: str, copies: Path | None = None) -> None:
        self._info = {} if copies is None else {COPIES: copies}
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_engine(
                parsed.set(drivername=embedded.DRIVER),
                connect_args={"timeout": BUSY_SECONDS},
                pool_size=32,
                max_overflow=32,
                hide_parameters=True,  # an error in the log names no number and no answer
            )
            event.listen(self.engine, "connect", embedded.prepare)
        else:
            self.engine = create_engine(
                url,
                pool_pre_ping=True,
                pool_size=16,
                max_overflow=32,
                connect_args={"options": "-c synchronous_commit=on -c timezone=UTC"},
                hide_parameters=True,
            )
        turnstile = Path(f"{parsed.database}-turn")
        self._turns = CommitGroups(self.engine, turnstile, BUSY_SECONDS) if self.is_sqlite else None

    def reading(self) -> Session:
        """Give a session whose work is rolled back at the end: a GET changes nothing."""
        return Session(self.engine, expire_on_commit=False, info=self._info)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session like `reading()` that sees one state of the data to its end, however often it reads."""
        with self.reading() as session:
            if not self.is_sqlite:  # there a reading transaction is one by itself
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session that commits durably when the block ends, and keeps nothing when it raises."""
        return self._turns.writing_alone() if self._turns else self._write_by_itself()

    def writing_together(self) -> AbstractContextManager[Session]:
        """Give a session like `writing()`, for short work that many do at once: on SQLite they share commits."""
        return self._turns.writing_together() if self._turns else self._write_by_itself()

    @contextmanager
    def _write_by_itself(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def begin(self, connection: Connection) -> RootTransaction:
        """Begin a writing transaction on a connection of the caller's own, for what no session can do."""
        return begin(connection, time.monotonic() + BUSY_SECONDS) if self.is_sqlite else connection.begin()

    def close(self) -> None:
        """Let go of every connection."""
        if self._turns:
            self._turns.close()
        self.engine.dispose()


def insert_once(session: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique constraint says that it is there; a twin in flight is waited for.

    Gives whether this call inserted it. This is how every idempotency key is taken.
    """
    result = session.execute(_build_insert(table, session.get_bind().dialect.name), dict(values))
    return cast("CursorResult[Any]", result).rowcount == 1


def insert_new(session: Session, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row as `insert_once` does and give its id; nothing where it is there already."""
    statement = _build_insert(table, session.get_bind().dialect.name, returning=True)
    return cast("int | None", session.execute(statement, dict(values)).scalar())


@cache
def _build_insert(table: Table, dialect: str, *, returning: bool = False) -> Executable:
    # Built once: putting a statement together costs more than running it.
    insert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    statement = insert(table).on_conflict_do_nothing()
    return statement.returning(table.c.id) if returning else statement.execution_options(preserve_rowcount=True)
