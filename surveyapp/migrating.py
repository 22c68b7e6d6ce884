"""Migrations, run by our own command on the database that the service uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from surveyapp.database import Database
from surveyapp.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0018"
"""The newest revision; a test holds that it is the one in `migrations/versions`."""
_LOCK = 7_265_118


def find_revision(database: Database) -> str | None:
    """Give the revision the database stands at, or nothing where it has no tables yet."""
    with database.engine.connect() as connection:
        return _read_revision(connection)


def upgrade(database: Database) -> str:
    """Bring the tables up to this code and give the revision; twins wait for each other.

    Raises `ConfigurationError` when the database is newer than the code.
    """
    from alembic import command

    with (
        database.engine.connect() as connection,
        _letting_tables_go(connection) if database.is_sqlite else nullcontext(),
        database.begin(connection),
    ):
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _refuse_newer(_read_revision(connection))
        command.upgrade(_build_config(connection), "head")
        if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("The migration would leave rows that point to nothing; nothing was changed.")
    return HEAD


@contextmanager
def _letting_tables_go(connection: Connection) -> Iterator[None]:
    """Let a table be dropped that others point to: SQLite changes one by making it anew and dropping the old one.

    With foreign keys on, that would be refused, or take along the rows that point to it. The switch does nothing
    inside a transaction, so it stands around it.
    """
    raw = connection.connection
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.cursor().execute("PRAGMA foreign_keys=ON")


def check_revision(database: Database) -> None:
    """Raise `ConfigurationError` unless the tables are those of this code."""
    revision = find_revision(database)
    _refuse_newer(revision)
    if revision != HEAD:
        state = "has no tables yet" if revision is None else f"stands at {revision} and this code needs {HEAD}"
        raise ConfigurationError("The database is not ready.", [f"The database {state}. Run: surveyapp db upgrade"])


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision > HEAD:
        raise ConfigurationError(
            "The database is newer than the code.",
            [f"The database stands at {revision}, this code knows {HEAD}. Install the newer surveyapp."],
        )


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _build_config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
