"""The keyhole: what a request needs of the process it runs in. The only reader of `current_app`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import current_app
from jinja2 import Environment
from sqlalchemy.orm import Session

from surveyapp.config import Settings
from surveyapp.database import Database

KEY = "surveyapp"


def find_utc_now() -> datetime:
    """Give the time, aware UTC: the one place where the service looks at the clock."""
    return datetime.now(UTC)


def start_thread(work: Callable[[], object]) -> None:
    """Begin some work in a thread of this process; if the process ends, the work ends with it."""
    threading.Thread(target=work, name="background", daemon=True).start()


@dataclass(frozen=True, slots=True)
class Runtime:
    """What one process holds for all its requests."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = find_utc_now
    background: Callable[[Callable[[], object]], None] = start_thread
    """Where work is begun that no request waits for."""


def runtime() -> Runtime:
    """Give the runtime of the running app."""
    return cast(Runtime, current_app.extensions[KEY])


def settings() -> Settings:
    """Give the settings of the running app."""
    return runtime().settings


def templates() -> Environment:
    """Give the templates of the running app."""
    return current_app.jinja_env


def reading() -> AbstractContextManager[Session]:
    """Give a session that changes nothing."""
    return runtime().database.reading()


def writing() -> AbstractContextManager[Session]:
    """Give a session that commits durably at the end of the block."""
    return runtime().database.writing()


def writing_together() -> AbstractContextManager[Session]:
    """Give a session like `writing()`, for short work that many do at once."""
    return runtime().database.writing_together()


def now() -> datetime:
    """Give the time by the running app's clock."""
    return runtime().clock()
