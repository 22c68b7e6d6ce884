"""What was last told of a round's results, and when it may be told anew (scorecard C10.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from exports.disclosure import ALL
from exports.scorecards.people import gather
from exports.scorecards.published import (
    Publication as Told,
)
from exports.scorecards.published import (
    count_groups,
    dump_publication,
    load_publication,
    may_replace,
)
from exports.scorecards.results import Tables, build_results
from exports.scorecards.trend import Trend, compare_results
from surveyapp.errors import ConflictError
from surveyapp.models import Interview, Publication, Round
from surveyapp.services.definitions import find_definition
from surveyapp.services.exporting import build_study, find_last_change
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED

SHAPE = 1
"""Counts up when what is kept changes its shape: older publications of closed rounds are then made anew."""
_OVER = ("finished", "stopped", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A look at a round: the tables to tell, and what is to be kept of it, if anything is.

    `row` is the publication that is to stand now. `seen` is the version that the look was made on, 0 where none.
    """

    tables: Tables
    row: Publication | None = None
    seen: int = 0


def look(session: Session, round_: Round, now: datetime) -> Looked:
    """Give the results that may be told now; this only reads, `keep` then keeps what is new.

    Of a closed round they are always the latest. Of an open one they are what was told last, until k more have
    answered and those can stand alone (`exports.scorecards.published.may_replace`).
    """
    closed, as_of = find_status(round_, now) == CLOSED, find_last_change(session, round_, now)
    row = session.get(Publication, round_.id)
    if row is not None and row.content.get("shape") != SHAPE:
        row = None
    last = load_publication(row.content, find_definition(session, round_.code)) if row is not None else None
    over = count_over(session, round_)
    if row is not None and last is not None and _stands(row, last, round_, closed, as_of, over):
        return Looked(tables=last.tables)
    told, k = _make(session, round_, now, as_of, None if closed or last is None else last)
    seen = row.version if row is not None else 0
    if closed or last is None or may_replace(last, told, k):
        wait = over + k
    else:
        told, wait = last, over + 1
    if not closed and ALL not in told.tables.card.reach:
        return Looked(tables=told.tables)
    kept = Publication(
        round_id=round_.id,
        content=dump_publication(told) | {"shape": SHAPE},
        final=closed,
        as_of=as_of,
        next_look=wait,
        at=now,
    )
    return Looked(tables=told.tables, row=kept, seen=seen)


def keep(session: Session, looked: Looked) -> Tables:
    """Keep what a look found and give what may be told; if another look was faster, what that one found."""
    row = looked.row
    if row is None:
        return looked.tables
    round_ = session.get_one(Round, row.round_id, with_for_update=True)
    stands = session.get(Publication, row.round_id)
    if stands is not None and stands.version != looked.seen and stands.content.get("shape") == SHAPE:
        return load_publication(stands.content, find_definition(session, round_.code)).tables
    if stands is None:
        session.add(row)
    else:
        stands.content, stands.final, stands.as_of = row.content, row.final, row.as_of
        stands.next_look, stands.at, stands.version = row.next_look, row.at, stands.version + 1
    session.flush()
    return looked.tables


def compare_rounds(session: Session, round_: Round, earlier: Round, now: datetime, *, weighted: bool = False) -> Trend:
    """Compare a round with an earlier one of the same instrument and partnership; both are closed.

    Raises `ConflictError` where they are not: what is still coming in has no trend.
    """
    if (round_.partnership_id, round_.definition_id) != (earlier.partnership_id, earlier.definition_id):
        raise ConflictError("Only rounds of the same instrument and partnership can be compared.")
    if earlier.id == round_.id:
        raise ConflictError("Choose an earlier round to compare with.")
    for one in (earlier, round_):
        if find_status(one, now) != CLOSED:
            raise ConflictError(f"The round {one.name!r} is not closed yet; a change is told after the close.")
    before, after = (build_results(build_study(session, one, now), weighted=weighted) for one in (earlier, round_))
    return compare_results(before, after)


def list_comparable(session: Session, round_: Round, now: datetime) -> Sequence[Round]:
    """Give the closed rounds that a closed round may be compared with, the latest first; none while it is open."""
    if find_status(round_, now) != CLOSED:
        return ()
    found = session.scalars(
        select(Round)
        .where(
            Round.partnership_id == round_.partnership_id,
            Round.definition_id == round_.definition_id,
            or_(
                Round.created_at < round_.created_at,
                and_(Round.created_at == round_.created_at, Round.id < round_.id),
            ),
        )
        .order_by(Round.created_at.desc(), Round.id.desc())
    ).all()
    return [one for one in found if find_status(one, now) == CLOSED]


def count_over(session: Session, round_: Round) -> int:
    """Count the interviews that are over, whatever came of them."""
    counted = select(func.count()).where(Interview.round_id == round_.id, Interview.state.in_(_OVER))
    return session.execute(counted).scalar_one()


def _stands(row: Publication, last: Told, round_: Round, closed: bool, as_of: datetime, over: int) -> bool:
    """Whether what was told last is what may be told now."""
    if closed:
        return row.final and row.as_of == as_of and last.tables.card.study.round_name == round_.name
    return not row.final and over < row.next_look


def _make(session: Session, round_: Round, now: datetime, as_of: datetime, last: Told | None) -> tuple[Told, int]:
    study = build_study(session, round_, now, as_of)
    people = gather(study, last.suppression.breakdown if last else None)
    results = build_results(study, people, weighted=True, earlier=last.suppression if last else None)
    tables = Tables(
        card=results.card,
        items=results.items,
        reliability=results.reliability,
        groups=results.groups,
        rates=results.rates,
    )
    return Told(tables, count_groups(people)), people.plan.k
