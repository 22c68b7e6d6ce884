"""The course of answering, shared by web and SMS: begin it, record answers, finish it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from forms.definition import IMPORT, SMS, Definition
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import find_question
from forms.values import Value
from surveyapp.database import insert_once
from surveyapp.errors import ConflictError
from surveyapp.models import AnswerEvent
from surveyapp.services.standings import (
    INTERVIEWS,
    INVITATIONS,
    RoundFacts,
    Standing,
    dump_answers,
    find_by_hash,
    find_by_phone,
)
from surveyapp.services.tokens import derive_token, hash_token, make_nonce, make_reference, make_response_id

EVENTS = cast(Table, AnswerEvent.__table__)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer as it came: the value, what was typed or texted, the rule that read it, and how certain that is."""

    value: Value
    raw: str = ""
    rule: str = "form"
    certainty: float = 1.0


_CHANGE_INTERVIEW = update(INTERVIEWS).where(INTERVIEWS.c.id == bindparam("wanted"))


def start_open_interview(
    session: Session, round_: RoundFacts, *, start_key: str, language: str, secret_key: str, now: datetime
) -> str:
    """Begin an interview by the open link and give its token; the same `start_key` gives the same token again."""
    key = "open:" + hashlib.sha256(f"{round_.id}:{start_key}".encode()).hexdigest()
    nonce = make_nonce()
    values = _new_row(round_, key, nonce, derive_token(secret_key, nonce), "open_link", language, "web", now)
    if not insert_once(session, INTERVIEWS, values):
        nonce = session.execute(select(INTERVIEWS.c.nonce).where(INTERVIEWS.c.start_key == key)).scalar_one()
    return derive_token(secret_key, nonce)


def start_phone_interview(
    session: Session, round_: RoundFacts, phone: str, *, language: str, secret_key: str, now: datetime
) -> Standing:
    """Begin an interview by a keyword from this phone, or give the one that this phone has in the round."""
    key = "phone:" + hashlib.sha256(f"{round_.id}:{phone}".encode()).hexdigest()
    nonce = make_nonce()
    values = _new_row(round_, key, nonce, derive_token(secret_key, nonce), "keyword", language, SMS, now)
    insert_once(session, INTERVIEWS, {**values, "phone": phone})
    return find_by_phone(session, round_.id, phone, now)


def start_imported_interview(
    session: Session,
    round_: RoundFacts,
    start_key: str,
    *,
    language: str,
    channel: str,
    secret_key: str,
    now: datetime,
    **facts: Any,
) -> Standing:
    """Begin the interview of answers that were collected elsewhere, at the time at which somebody gave them.

    `facts` are further columns (`group_id`, `given`, `own_entry`). Nobody ever gets its token, unless they are of an
    invited contact, whose own one is among the facts (`invitation_id`, `nonce`, `token_hash`).
    """
    nonce = make_nonce()
    values = _new_row(round_, start_key, nonce, derive_token(secret_key, nonce), IMPORT, language, channel, now) | facts
    insert_once(session, INTERVIEWS, values)
    return find_by_hash(session, values["token_hash"], now, lock=True)


def begin_invited(
    session: Session, standing: Standing, *, channel: str, now: datetime, language: str | None = None
) -> Standing:
    """Begin the interview of an invitation (found with `lock`); one that has begun is given as it is."""
    if standing.id is not None or standing.state != "invited":
        return standing
    key = f"invitation:{standing.invitation_id}"
    values = _new_row(
        standing.round, key, standing.nonce, None, "invitation", language or standing.language, channel, now
    )
    values |= {
        "token_hash": standing.token_hash,
        "invitation_id": standing.invitation_id,
        "group_id": standing.group,
        "given": dump_answers(standing.round.definition, standing.interview.given),
        "phone": _free_phone(session, standing),
        "own_entry": standing.own_entry,
    }
    if insert_once(session, INTERVIEWS, values):
        mark = update(INVITATIONS).where(INVITATIONS.c.id == standing.invitation_id).values(state="started")
        session.execute(mark)
    return find_by_hash(session, standing.token_hash, now, lock=True)


def look_ahead(standing: Standing, changes: Mapping[str, Change]) -> Interview:
    """Give the engine's view of the interview as these answers leave it."""
    return standing.interview.with_answers({id_: change.value for id_, change in changes.items()})


def record_answers(
    session: Session,
    standing: Standing,
    changes: Mapping[str, Change],
    *,
    channel: str,
    key: str,
    now: datetime,
    section: str | None = None,
    ahead: Interview | None = None,
    **facts: Any,
) -> Standing:
    """Store answers that one page or one text brought, under its idempotency key, and give the new standing.

    `ahead` is `look_ahead(standing, changes)`, where that has been asked already what comes next. `facts` are further
    columns that change with it (`language`, `progress`, `asked`, `reprompts`, `state`).
    A key that was stored before changes nothing. The standing must have been found with `lock`.
    Raises `ConflictError` when the interview is over.
    """
    if standing.id is None or standing.over:
        raise ConflictError("These answers were already sent.")
    definition = standing.round.definition
    event = {
        "interview_id": standing.id,
        "key": key,
        "channel": channel,
        "section": section,
        "at": now,
        "changes": _dump_changes(definition, changes),
    }
    if not insert_once(session, EVENTS, event):
        return standing
    interview = ahead or look_ahead(standing, changes)
    # Only what changes is written: naming a column of an index costs a page of it, changed or not.
    changed = {
        name: value for name, value in {"channel_last": channel, **facts}.items() if getattr(standing, name) != value
    }
    columns = {
        "answers": dump_answers(definition, interview.answers),
        "revision": standing.revision + 1,
        "updated_at": now,
        **changed,
    }
    session.execute(_CHANGE_INTERVIEW, {"wanted": standing.id, **columns})
    kept = {name: value for name, value in columns.items() if name != "answers"}
    return replace(standing, interview=interview, **kept)


def correct_answers(
    session: Session, standing: Standing, changes: Mapping[str, Change], *, key: str, now: datetime
) -> Standing:
    """Store what staff made of an answer, in an interview (found with `lock`) that may be over, and give its standing.

    What was there before stays in the events. The course of the interview goes on as it was.
    """
    facts = {"interview_id": standing.id, "key": key, "channel": standing.channel_last, "section": None, "at": now}
    definition = standing.round.definition
    if not insert_once(session, EVENTS, facts | {"changes": _dump_changes(definition, changes)}):
        return standing
    interview = look_ahead(standing, changes)
    columns = {
        "answers": dump_answers(definition, interview.answers),
        "revision": standing.revision + 1,
        "updated_at": now,
    }
    session.execute(_CHANGE_INTERVIEW, {"wanted": standing.id, **columns})
    return replace(standing, interview=interview, revision=standing.revision + 1, updated_at=now)


def note_standing(session: Session, standing: Standing, **facts: Any) -> Standing:
    """Change facts of an interview that are no answers (`asked`, `reprompts`, `language`, `state`)."""
    session.execute(_CHANGE_INTERVIEW, {"wanted": standing.id, **facts})
    return replace(standing, **facts)


def finish_interview(
    session: Session, standing: Standing, *, channel: str, now: datetime, declined: bool = False
) -> Standing:
    """End the interview: `finished`, or `declined` where consent was refused. Ending it twice changes nothing.

    `declined`: our own question for consent, which is not in the definition, was answered with no.

    In an anonymous round the link between invitation and answers is cut here for good, and times become days.
    """
    if standing.id is None or standing.over:
        return standing
    state = "declined" if declined or standing.interview.declined else "finished"
    facts: dict[str, Any] = {
        "state": state,
        "finished_at": now,
        "updated_at": now,
        "channel_last": channel,
        "asked": None,
    }
    receipt = None
    if standing.round.confidentiality == "anonymous":
        facts |= cut_link(session, standing.id, standing.invitation_id, standing.started_at or now, now)
        receipt = {"reference": standing.reference, "at": facts["finished_at"].isoformat()}
    session.execute(_CHANGE_INTERVIEW, {"wanted": standing.id, **facts})
    if standing.invitation_id is not None:
        # Without the link nobody can say any more whose answers a mark would be about.
        lifted = {"mark": None} if standing.round.confidentiality == "anonymous" else {}
        invitation = update(INVITATIONS).where(INVITATIONS.c.id == standing.invitation_id)
        session.execute(invitation.values(state=state, receipt=receipt, **lifted))
    return replace(standing, state=state, finished_at=facts["finished_at"], channel_last=channel, asked=None)


def cut_link(
    session: Session, interview_id: int, invitation_id: int | None, started_at: datetime, now: datetime
) -> dict[str, Any]:
    """Give the columns that make an interview anonymous, and blunt its events: no person, days instead of times."""
    day = _day(now)
    session.execute(update(EVENTS).where(EVENTS.c.interview_id == interview_id).values(at=_day(started_at)))
    facts: dict[str, Any] = {
        "started_at": _day(started_at),
        "updated_at": day,
        "finished_at": day,
        "phone": None,
    }
    if invitation_id is not None:
        nonce = make_nonce()
        facts |= {
            "invitation_id": None,
            "nonce": nonce,
            "token_hash": hash_token(nonce),
            "start_key": f"cut:{nonce}",
        }
    return facts


def _dump_changes(definition: Definition, changes: Mapping[str, Change]) -> dict[str, dict[str, Any]]:
    return {
        id_: {
            "value": find_type(find_question(definition, id_).type).dump(change.value),
            "raw": change.raw,
            "rule": change.rule,
            "certainty": change.certainty,
        }
        for id_, change in changes.items()
    }


def _day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time(0), UTC)


def _free_phone(session: Session, standing: Standing) -> str | None:
    # A phone that began by keyword keeps that interview; its invitation is then answered on the web alone.
    if standing.phone is None or standing.round.confidentiality == "anonymous":
        return None
    taken = select(INTERVIEWS.c.id).where(
        INTERVIEWS.c.round_id == standing.round.id, INTERVIEWS.c.phone == standing.phone
    )
    return None if session.execute(taken).first() else standing.phone


def _new_row(
    round_: RoundFacts,
    key: str,
    nonce: str,
    token: str | None,
    entry: str,
    language: str,
    channel: str,
    now: datetime,
) -> dict[str, Any]:
    return {
        "round_id": round_.id,
        "entry": entry,
        "start_key": key,
        "nonce": nonce,
        "token_hash": hash_token(token) if token else "",
        "response_id": make_response_id(),
        "reference": make_reference(),
        "language": language,
        "state": "started",
        "channel_first": channel,
        "channel_last": channel,
        "answers": {},
        "given": {},
        "revision": 0,
        "progress": 0,
        "reprompts": 0,
        "part": 1,
        "started_at": now,
        "updated_at": now,
    }
