"""What commands begin with: the settings, a migrated database, times and rounds as people write them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from surveyapp.config import Settings
    from surveyapp.database import Database

ACTOR = "command line"


def find_now() -> datetime:
    """Give the time, aware UTC."""
    return datetime.now(UTC)


@contextmanager
def open_service() -> Iterator[tuple[Settings, Database]]:
    """Give settings and database, or say at once everything that is wrong with them."""
    from surveyapp.config import read_settings
    from surveyapp.database import Database
    from surveyapp.migrating import check_revision

    settings = read_settings()
    database = Database(settings.database_url, settings.kept_dir)
    try:
        check_revision(database)
        yield settings, database
    finally:
        database.close()


@contextmanager
def show_progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal while the block lasts; what it gives is told of each so many more."""
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update


def read_time(text: str | None, timezone: str) -> datetime | None:
    """Read `2026-12-01`, `2026-12-01 18:00` or a time with an offset; without one it is the round's own zone.

    Raises `click.BadParameter` for anything else.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        zone = ZoneInfo(timezone)
    except (ValueError, OSError):
        raise click.BadParameter(f"{text!r} in {timezone} is no time; write it as 2026-12-01T18:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
