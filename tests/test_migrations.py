"""Migrations make exactly the tables of `models`, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import DATETIME, JSON, VARCHAR, inspect, text

import surveyapp.migrations
from surveyapp import migrating
from surveyapp.database import Database
from surveyapp.errors import ConfigurationError
from surveyapp.migrating import HEAD, check_revision, find_revision, upgrade
from surveyapp.models import Base

OLD = {
    DATETIME: "2026-01-01 00:00:00.000000",
    VARCHAR: "started",
    JSON: "{}",
    "entry": "open_link",
    "confidentiality": "named",
    "rounds.state": "published",
}
"""Type, or name -> what a row of old has in such a column."""


def test_the_migrated_tables_are_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_named_head_is_the_newest_revision() -> None:
    folder = Path(surveyapp.migrations.__path__[0])
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert upgrade(database) == HEAD
    assert find_revision(database) == HEAD


TABLES = ("partnerships", "rounds", "contacts", "invitations", "interviews", "answer_events")


def test_tables_that_others_point_to_are_made_anew_without_losing_a_row(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.begin() as connection:
        command.upgrade(migrating._build_config(connection), "0001")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for table in TABLES:
            columns = [column for column in inspect(connection).get_columns(table) if not column["nullable"]]
            values = {
                one["name"]: OLD.get(f"{table}.{one['name']}", OLD.get(one["name"], OLD.get(type(one["type"]), 1)))
                for one in columns
            }
            names = ", ".join(values)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(values)})"), values)
        connection.commit()
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    assert upgrade(database) == HEAD
    with database.engine.connect() as connection:
        for table in TABLES:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1, table
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    database.close()


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
