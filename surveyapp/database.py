"""The two databases made to behave the same: durable commits, one writer at a time on SQLite, UTC everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, Table, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from surveyapp.commit_groups import CommitGroups, find_driver

BUSY_SECONDS = 15


class PlainSavepoints(SQLiteDialect_pysqlite):
    """SQLite as SQLAlchemy knows it, but savepoints go straight to the driver.

    Every writer has one, and taking three bare words through the whole engine costs more than storing an answer.
    """

    supports_statement_cache = True

    def do_savepoint(self, connection: Connection, name: str) -> None:
        """Begin a savepoint."""
        find_driver(connection).execute(f"SAVEPOINT {name}")

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        """Undo what was done since, unless SQLite has undone everything, as it does when the disk is full."""
        if find_driver(connection).in_transaction:
            find_driver(connection).execute(f"ROLLBACK TO {name}")

    def do_release_savepoint(self, connection: Connection, name: str) -> None:
        """Keep what was done since, until the transaction ends."""
        find_driver(connection).execute(f"RELEASE {name}")


registry.register("sqlite.surveyapp", __name__, PlainSavepoints.__name__)


class Database:
    """An engine and the ways to use it: `reading()`, `writing()` and, for short work, `writing_together()`.

    On SQLite: WAL, synchronous=FULL, foreign keys on, secure_delete on, and every writing transaction starts with
    BEGIN IMMEDIATE, since a read that later turns into a write would lose updates or fail as locked; writers take
    turns (`surveyapp.commit_groups`).
    On PostgreSQL: synchronous_commit=on, times in UTC.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_engine(
                parsed.set(drivername="sqlite+surveyapp"),
                connect_args={"timeout": BUSY_SECONDS},
                pool_size=32,
                max_overflow=32,
                hide_parameters=True,  # an error in the log names no number and no answer
            )
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(
                url,
                pool_pre_ping=True,
                pool_size=16,
                max_overflow=32,
                connect_args={"options": "-c synchronous_commit=on -c timezone=UTC"},
                hide_parameters=True,
            )
        self._writer: Engine = self.engine.execution_options(surveyapp_writes=True)
        self._turns = (
            CommitGroups(self._writer, Path(f"{parsed.database}-turn"), BUSY_SECONDS) if self.is_sqlite else None
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose work is rolled back at the end: a GET changes nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session like `reading()` that sees one state of the data to its end, however often it reads."""
        with self.reading() as session:
            if not self.is_sqlite:  # there a reading transaction is one by itself
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits durably when the block ends, and keeps nothing when it raises."""
        with self._turns.writing_alone() if self._turns else self._write_by_itself() as session:
            yield session

    @contextmanager
    def writing_together(self) -> Iterator[Session]:
        """Give a session like `writing()`, for short work that many do at once: on SQLite they share commits."""
        with self._turns.writing_together() if self._turns else self._write_by_itself() as session:
            yield session

    @contextmanager
    def _write_by_itself(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        if self._turns:
            self._turns.close()
        self.engine.dispose()


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    # The driver's own transactions are off: it would begin late and hold no lock while we read before we write.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if find_driver(connection).in_transaction:  # whoever waited for its turn has begun already
        return
    writes = connection.get_execution_options().get("surveyapp_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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
