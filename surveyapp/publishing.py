"""Publishing to a long list: in pieces between which others have their turn, and seen by nobody until it is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.models import Round
from surveyapp.services.contacts import NewContact
from surveyapp.services.preparing import PIECE, clear_piece, find_broken_off, give_up
from surveyapp.services.publishing import Draft, finish_round, invite_people

Clock = Callable[[], datetime]


def publish(
    database: Database,
    begin: Callable[..., Draft],
    people: Sequence[NewContact],
    clock: Clock,
    tell: Callable[[int], object] = lambda count: None,
) -> Round:
    """Publish a round to these people, all or nothing: of a round that broke off nobody sees anything.

    `begin` is `begin_round` with the wishes; `tell` hears of so many more people who are seen to. Raises what
    `begin_round` and `invite_people` do. A short list is published in one transaction.
    """
    hidden = len(people) > PIECE
    if hidden:
        clear_broken_off(database, clock)
    with database.writing() as session:
        draft = begin(session, hidden=hidden, now=clock())
        if not hidden:
            round_ = finish_round(session, draft, invite_people(session, draft, people, clock()), clock())
            tell(len(people))
            return round_
    try:
        invited = 0
        for start in range(0, len(people), PIECE):
            piece = people[start : start + PIECE]
            with database.writing() as session:
                invited += invite_people(session, draft, piece, clock())
            tell(len(piece))
        with database.writing() as session:
            return finish_round(session, draft, invited, clock())
    except BaseException:
        with database.writing() as session:
            give_up(session, draft.code)
        clear_broken_off(database, clock)
        raise


class _KeepNothingError(Exception):
    """Undoes what was only tried."""


def judge(database: Database, begin: Callable[..., Draft], clock: Clock) -> Draft:
    """Give what publishing would begin with, and keep nothing of it; raises what `begin_round` does."""
    draft: Draft | None = None
    with suppress(_KeepNothingError), database.writing() as session:
        draft = begin(session, now=clock())
        raise _KeepNothingError
    assert draft is not None
    return draft


def clear_broken_off(database: Database, clock: Clock) -> int:
    """Clear away the rounds whose preparation broke off, in pieces, and give how many."""
    cleared = 0
    while True:
        with database.writing() as session:
            round_ = find_broken_off(session, clock())
            if round_ is None:
                return cleared
            cleared += not clear_piece(session, round_)


def clear(database: Database, settings: Settings, clock: Clock) -> int:
    """Clear away what broke off, as a job."""
    return clear_broken_off(database, clock)
