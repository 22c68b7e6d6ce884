"""Times are aware UTC on both databases, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from surveyapp.database import Database
from surveyapp.models import OptOut

NAIROBI = timezone(timedelta(hours=3))
TIMES = [
    datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 1, 0, 30, 5, 7, NAIROBI),
    datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC),
]


@pytest.mark.parametrize("moment", TIMES)
def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database, moment: datetime) -> None:
    with database.writing() as session:
        session.execute(insert(OptOut).values(phone="+12025550142", at=moment))
    with database.reading() as session:
        found = session.execute(select(OptOut.at).where(OptOut.at == moment)).scalar_one()
    assert (found, found.utcoffset()) == (moment, timedelta(0))


def test_sqlite_keeps_times_as_text_that_sorts(database: Database) -> None:
    with database.writing() as session:
        for number, moment in enumerate(TIMES):
            session.execute(insert(OptOut).values(phone=f"+1202555014{number}", at=moment))
        stored = session.execute(text("SELECT at FROM opt_outs ORDER BY at")).scalars().all()
    if database.is_sqlite:
        assert stored == ["1999-12-31 23:59:59.999999", "2026-02-28 21:30:05.000007", "2026-03-01 12:00:00.000000"]
    else:
        assert stored == sorted(TIMES)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="no zone"), database.writing() as session:
        session.execute(insert(OptOut).values(phone="+12025550142", at=datetime(2026, 3, 1)))
