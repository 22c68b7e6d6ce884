"""Results as they may be told: looked up without holding up anybody who answers, then kept in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from surveyapp.database import Database
from surveyapp.models import Round

if TYPE_CHECKING:
    from exports.responses import Study
    from exports.scorecards.results import Tables
    from exports.scorecards.scorecard import Scorecard
    from exports.scorecards.trend import TrendRow


def read_results(database: Database, round_id: int, now: datetime, *, weighted: bool = False) -> Tables:
    """Give the tables of a round as every page, file and feed tells them; `weighted`: groups by size of roster too.

    Working them out only reads. What is new is kept in a short write of its own, so that the next reader is told the
    same.
    """
    from exports.scorecards.published import without_weights
    from surveyapp.services.publications import keep, look

    with database.reading() as session:
        looked = look(session, session.get_one(Round, round_id), now)
    tables = looked.tables
    if looked.row is not None:
        with database.writing() as session:
            tables = keep(session, looked)
    return tables if weighted else without_weights(tables)


def tell_results(database: Database, study: Study, round_id: int, now: datetime) -> Study:
    """Give a study that tells its results as they may be told: what writes files reads them from there."""
    return replace(
        study,
        told=lambda: read_results(database, round_id, now),
        change=lambda: read_trend(database, round_id, now),
    )


def read_change(database: Database, round_id: int, earlier_id: int, now: datetime, *, weighted: bool = False) -> Tables:
    """Give the tables of a closed round with what changed since an earlier one; see `publications.compare_rounds`."""
    from surveyapp.services.publications import compare_rounds

    with database.reading() as session:
        after, before = session.get_one(Round, round_id), session.get_one(Round, earlier_id)
        return compare_rounds(session, after, before, now, weighted=weighted).results


def read_trend(database: Database, round_id: int, now: datetime) -> Sequence[TrendRow]:
    """Give what changed since the latest round that a closed round may be compared with; nothing without one."""
    from surveyapp.services.publications import compare_rounds, list_comparable

    with database.reading() as session:
        round_ = session.get_one(Round, round_id)
        comparable = list_comparable(session, round_, now)
        return compare_rounds(session, round_, comparable[0], now).rows if comparable else ()


def read_earlier(database: Database, round_id: int, now: datetime) -> list[Scorecard]:
    """Give the scorecards of the rounds that a closed round may be compared with, oldest first, as they are told."""
    from surveyapp.services.publications import list_comparable

    with database.reading() as session:
        comparable = list_comparable(session, session.get_one(Round, round_id), now)
    return [read_results(database, one.id, now).card for one in reversed(comparable)]
