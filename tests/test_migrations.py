"""Migrations make exactly the tables of `models`, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import surveyapp.migrations
from surveyapp.database import Database
from surveyapp.errors import ConfigurationError
from surveyapp.migrating import HEAD, check_revision, find_revision, upgrade
from surveyapp.models import Base


def test_the_migrated_tables_are_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_named_head_is_the_newest_revision() -> None:
    folder = Path(surveyapp.migrations.__path__[0])
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert upgrade(database) == HEAD
    assert find_revision(database) == HEAD


def test_an_empty_database_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(ConfigurationError) as refusal:
        check_revision(empty)
    assert "surveyapp db upgrade" in refusal.value.faults[0]
    empty.close()


def test_a_database_newer_than_the_code_is_refused_and_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (check_revision, upgrade):
        with pytest.raises(ConfigurationError) as refusal:
            attempt(database)
        assert "newer" in str(refusal.value)
    assert find_revision(database) == "9999"


def test_acknowledged_means_durable_on_sqlite(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'durable.db'}")
    with database.engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    database.close()


def test_acknowledged_means_durable_on_postgresql(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with database.engine.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    database.close()
