"""Results as they may be told: looked up without holding up anybody who answers, then kept in a moment."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from surveyapp.database import Database
from surveyapp.models import Round

if TYPE_CHECKING:
    from exports.responses import Study
    from exports.scorecards.filtering import Filters
    from exports.scorecards.results import Tables
    from exports.scorecards.scorecard import Scorecard
    from exports.scorecards.trend import Trend

_FILTERS: dict[Hashable, Filters] = {}
_FILTERS_KEPT = 8


def read_results(
    database: Database, round_id: int, now: datetime, *, weighted: bool = False, team: bool = False
) -> Tables:
    """Give the tables of a round as every page, file and feed tells them; `weighted`: groups by size of roster too.

    Working them out only reads. What is new is kept in a short write of its own, so that the next reader is told the
    same. `team`: with the panels that are for the coordinating team alone.
    """
    from exports.scorecards.published import without_weights

    tables = _add_comments(database, _read_tables(database, round_id, now), round_id, now)
    return _add_panels(database, tables if weighted else without_weights(tables), round_id, now, team=team)


def tell_results(database: Database, study: Study, round_id: int, now: datetime) -> Study:
    """Give a study that tells its results as they may be told: what writes files reads them from there.

    The panels are not among them: who writes the file knows whom it is for.
    """
    from exports.scorecards.published import without_weights

    return replace(
        study,
        told=lambda: without_weights(_read_tables(database, round_id, now)),
        change=lambda: read_trend(database, round_id, now),
    )


def read_change(
    database: Database, round_id: int, earlier_id: int, now: datetime, *, weighted: bool = False, team: bool = False
) -> Tables:
    """Give the tables of a closed round with what changed since an earlier one; see `publications.compare_rounds`."""
    from surveyapp.services.publications import compare_rounds

    with database.reading() as session:
        after, before = session.get_one(Round, round_id), session.get_one(Round, earlier_id)
        results = compare_rounds(session, after, before, now, weighted=weighted).results
    return _add_panels(database, _add_comments(database, results, round_id, now), round_id, now, team=team)


def add_beside(database: Database, tables: Tables, other_id: int, now: datetime) -> Tables:
    """Give the tables of a round with what its counterpart says of the same domains, each as it is told by itself.

    Which rounds are counterparts `surveyapp.services.pairs` knows.
    """
    from exports.scorecards.panels.beside import tell_beside

    return tell_beside(tables, _read_tables(database, other_id, now))


def read_filters(database: Database, round_id: int, now: datetime) -> Filters:
    """Give what the results of a closed round may be limited to, with the tables of each choice.

    They are worked out once for each state of the round, and kept by this process for the last few rounds.
    """
    from exports.scorecards.filtering import build_filters
    from surveyapp.services.exporting import build_study

    with database.reading() as session:
        study = build_study(session, session.get_one(Round, round_id), now)
        state = (study.round_code, study.closed, study.dated, study.round_name)
        if state not in _FILTERS:
            while len(_FILTERS) >= _FILTERS_KEPT:
                _FILTERS.pop(next(iter(_FILTERS)), None)
            _FILTERS[state] = build_filters(study)
        return _FILTERS[state]


def read_trend(database: Database, round_id: int, now: datetime) -> Trend | None:
    """Give what changed since the latest round that a closed round may be compared with; nothing without one."""
    from surveyapp.services.publications import compare_rounds, list_comparable

    with database.reading() as session:
        round_ = session.get_one(Round, round_id)
        comparable = list_comparable(session, round_, now)
        return compare_rounds(session, round_, comparable[0], now) if comparable else None


def read_earlier(database: Database, round_id: int, now: datetime) -> list[Scorecard]:
    """Give the scorecards of the rounds that a closed round may be compared with, oldest first, as they are told."""
    from exports.scorecards.published import without_weights
    from surveyapp.services.publications import list_comparable

    with database.reading() as session:
        comparable = list_comparable(session, session.get_one(Round, round_id), now)
    return [without_weights(_read_tables(database, one.id, now)).card for one in reversed(comparable)]


def _read_tables(database: Database, round_id: int, now: datetime) -> Tables:
    from surveyapp.services.publications import keep, look

    with database.reading() as session:
        looked = look(session, session.get_one(Round, round_id), now)
    if looked.row is None:
        return looked.tables
    with database.writing() as session:
        return keep(session, looked)


def _add_panels(database: Database, tables: Tables, round_id: int, now: datetime, *, team: bool) -> Tables:
    """Add the panels that the instrument feeds; only those read the answers again."""
    from exports.scorecards.panels import list_panels, tell_panels
    from surveyapp.services.exporting import build_study

    if not list_panels(tables.card.study.definition):
        return tables
    with database.reading() as session:
        study = build_study(session, session.get_one(Round, round_id), now)
        return tell_panels(tables, study, team=team)


def _add_comments(database: Database, tables: Tables, round_id: int, now: datetime) -> Tables:
    """Add what people wrote, as far as somebody has read it and let it pass."""
    from exports.comments import tell_comments
    from surveyapp.services.comments import find_passed

    with database.reading() as session:
        comments, passed = find_passed(session, session.get_one(Round, round_id), now)
    return replace(tables, comments=tuple(tell_comments(comments, passed, tables.card))) if passed else tables
