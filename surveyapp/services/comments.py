"""Comments of a round: read by a person one by one, with names replaced, before anybody else is told of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, select, update
from sqlalchemy.orm import Session

from exports.comments import Comment, list_comments
from forms.text import normalise
from surveyapp.database import insert_once
from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.models import CommentReading, Contact, Invitation, Round
from surveyapp.services.audit import record_act
from surveyapp.services.exporting import build_study
from surveyapp.services.naming import collect_names, mask_names
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED, INTERVIEWS

READINGS = cast(Table, CommentReading.__table__)
SHOWN, KEPT_BACK = "shown", "kept_back"
UNREAD = "unread"
PAGE = 20
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class ReadComment:
    """One comment for whoever reads it: the words as they would be told, and what was decided, if anything was.

    `changed`: the words differ from what was written. No name, no group, no time.
    """

    key: str
    question_id: str
    text: str
    words: str
    outcome: str
    version: int

    @property
    def changed(self) -> bool:
        """Whether something was replaced in it."""
        return self.words != self.text


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of comments; `counts`: how many there are by outcome."""

    comments: tuple[ReadComment, ...]
    counts: Mapping[str, int]
    total: int
    number: int
    pages: int


def may_be_read(round_: Round, now: datetime) -> bool:
    """Whether comments are read already: of a named round at once, else after the close.

    Whoever sees a comment appear just after somebody has finished knows whose it is.
    """
    return round_.confidentiality == "named" or find_status(round_, now) == CLOSED


def list_to_read(
    session: Session, round_: Round, now: datetime, *, outcome: str = UNREAD, question: str = "", page: int = 1
) -> CommentPage:
    """Give one page of the comments of a round by what was decided of them, in an order that tells nothing."""
    found = sorted(_list_all(session, round_, now), key=lambda one: one.key)
    counts = {UNREAD: 0, SHOWN: 0, KEPT_BACK: 0}
    for one in found:
        counts[one.outcome] += 1
    wanted = [one for one in found if one.outcome == outcome and question in ("", one.question_id)]
    pages = max(1, -(-len(wanted) // PAGE))
    number = min(max(page, 1), pages)
    return CommentPage(tuple(wanted[(number - 1) * PAGE : number * PAGE]), counts, len(wanted), number, pages)


def decide_on_comment(
    session: Session,
    round_: Round,
    key: str,
    outcome: str,
    words: str,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Let a comment be shown, in these words, or keep it back; it can be decided anew at any time.

    Raises `NotFoundError`, `InvalidError` where there are no words, and `ConflictError` where somebody else has
    decided meanwhile.
    """
    if not may_be_read(round_, now):
        raise ConflictError("Comments of this round are read after its close.")
    words = normalise(words)
    if outcome not in (SHOWN, KEPT_BACK) or (outcome == SHOWN and not words):
        raise InvalidError("Leave some words to be shown, or keep the comment back.")
    if len(words) > LONGEST:
        raise InvalidError(f"It has {len(words):,} characters; at most {LONGEST:,} can be shown.")
    comment = next((one for one in list_comments(build_study(session, round_, now)) if one.key == key), None)
    if comment is None:
        raise NotFoundError("There is no such comment in this round.")
    interview = session.execute(
        select(INTERVIEWS.c.id).where(INTERVIEWS.c.response_id == comment.response_id)
    ).scalar_one()
    facts: dict[str, Any] = {
        "outcome": outcome,
        "words": words if outcome == SHOWN else "",
        "digest": _digest(comment.text),
        "read_by": actor,
        "read_at": now,
        "version": version + 1,
    }
    mine = {"interview_id": interview, "question": comment.question_id}
    new = version == 0 and insert_once(session, READINGS, mine | facts)
    if not new:
        where = [READINGS.c.interview_id == interview, READINGS.c.question == comment.question_id]
        changed = session.execute(update(READINGS).where(*where, READINGS.c.version == version).values(**facts))
        if cast(Any, changed).rowcount != 1:
            raise ConflictError("Somebody else has read this comment meanwhile. See what they decided, then decide.")
    record_act(
        session,
        actor=actor,
        action="comment.read",
        now=now,
        round_=round_,
        detail={"question": comment.question_id, "outcome": outcome},
    )


def find_passed(session: Session, round_: Round, now: datetime) -> tuple[list[Comment], dict[tuple[str, str], str]]:
    """Give the comments of a round, and the words of those that were let pass, by response and question."""
    read = _find_readings(session, round_)
    if not may_be_read(round_, now) or not any(row.outcome == SHOWN for row in read.values()):
        return [], {}
    comments = list(list_comments(build_study(session, round_, now)))
    passed = {}
    for one in comments:
        row = read.get((one.response_id, one.question_id))
        if row is not None and row.outcome == SHOWN and row.digest == _digest(one.text):
            passed[one.response_id, one.question_id] = str(row.words)
    return comments, passed


def _list_all(session: Session, round_: Round, now: datetime) -> Iterator[ReadComment]:
    if not may_be_read(round_, now):
        return
    read = _find_readings(session, round_)
    names = collect_names(_find_names(session, round_))
    for one in list_comments(build_study(session, round_, now)):
        row = read.get((one.response_id, one.question_id))
        if row is None or row.digest != _digest(one.text):
            # What was changed since somebody read it has to be read again.
            version = row.version if row is not None else 0
            yield ReadComment(one.key, one.question_id, one.text, mask_names(one.text, names), UNREAD, version)
        else:
            words = row.words or mask_names(one.text, names)
            yield ReadComment(one.key, one.question_id, one.text, words, row.outcome, row.version)


def _find_readings(session: Session, round_: Round) -> dict[tuple[str, str], Row[Any]]:
    rows = session.execute(
        select(READINGS, INTERVIEWS.c.response_id)
        .join(INTERVIEWS, INTERVIEWS.c.id == READINGS.c.interview_id)
        .where(INTERVIEWS.c.round_id == round_.id)
    )
    return {(row.response_id, row.question): row for row in rows}


def _find_names(session: Session, round_: Round) -> list[str]:
    people = select(Contact.name).join(Invitation, Invitation.contact_id == Contact.id)
    names = list(session.scalars(people.where(Invitation.round_id == round_.id)))
    return names + [str(entry.get("name", "")) for entry in round_.roster or ()]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
