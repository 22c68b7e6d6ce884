"""SQLite as we use it: our own transactions instead of the driver's, durable commits, savepoints that cost little."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

DRIVER = "sqlite+surveyapp"
"""The name of the dialect in a database's URL."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class Embedded(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect, but what begins and what undoes is said to the driver at once.

    Every writer has a savepoint, and taking a few bare words through the whole of SQLAlchemy costs more than storing
    an answer; so does listening to its events with every statement.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin to read, unless whoever waited for a turn to write has begun already."""
        if not dbapi_connection.in_transaction:
            dbapi_connection.execute("BEGIN")

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


registry.register(DRIVER.replace("+", "."), __name__, Embedded.__name__)


def prepare(connection: sqlite3.Connection, _record: Any) -> None:
    """Make a new connection one of ours."""
    # The driver's own transactions are off: it would begin late and hold no lock while we read before we write.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def find_driver(connection: Connection) -> sqlite3.Connection:
    """Give the driver's own connection."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)
