"""The course of answering, shared by web and SMS: find it, begin it, record answers, finish it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, Table, bindparam, select, update
from sqlalchemy.orm import Session

from forms.definition import SMS, Definition
from forms.interview import Interview
from forms.question_types import find_type
from forms.values import Answers, Value
from surveyapp.database import insert_once
from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.models import AnswerEvent, Contact, Invitation, Partnership, Round
from surveyapp.models import Interview as InterviewRow
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_given
from surveyapp.services.tokens import derive_token, hash_token, make_nonce, make_reference, make_response_id

INTERVIEWS = cast(Table, InterviewRow.__table__)
EVENTS = cast(Table, AnswerEvent.__table__)
INVITATIONS = cast(Table, Invitation.__table__)
ROUNDS = cast(Table, Round.__table__)
PARTNERSHIPS = cast(Table, Partnership.__table__)
CONTACTS = cast(Table, Contact.__table__)

SCHEDULED, OPEN, CLOSED = "scheduled", "open", "closed"


def find_status(state: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> str:
    """Give `scheduled`, `open` or `closed`: what people decided, and what the clock says."""
    if state == CLOSED or (closes_at is not None and now >= closes_at):
        return CLOSED
    return SCHEDULED if opens_at is not None and now < opens_at else OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What an interview needs to know of its round."""

    id: int
    code: str
    name: str
    partnership: str
    definition: Definition
    parameters: Mapping[str, str]
    confidentiality: str
    open_link: bool
    keyword: str | None
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    timezone: str
    sample_data: bool

    def find_status(self, now: datetime) -> str:
        """Give `scheduled`, `open` or `closed` at this time."""
        return find_status(self.state, self.opens_at, self.closes_at, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one interview stands. `id` is `None` and `state` is `invited` while nobody has begun.

    `interview` is the engine's view of it. An anonymous interview that is finished by its invitation has `id` `None`,
    no answers, `state` `finished`, and only its receipt.
    """

    round: RoundFacts
    interview: Interview
    state: str
    language: str
    nonce: str
    token_hash: str
    id: int | None = None
    invitation_id: int | None = None
    group: str | None = None
    phone: str | None = None
    revision: int = 0
    progress: int = 0
    reference: str = ""
    channel_first: str = ""
    channel_last: str = ""
    asked: str | None = None
    reprompts: int = 0
    started_at: datetime | None = None
    updated_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is asked: finished or declined."""
        return self.state in ("finished", "declined")


@dataclass(frozen=True, slots=True)
class Change:
    """One answer as it came: the value, what was typed or texted, the rule that read it, and how certain that is."""

    value: Value
    raw: str = ""
    rule: str = "form"
    certainty: float = 1.0


_ROUND_COLUMNS = (
    ROUNDS.c.id.label("round_key"),
    ROUNDS.c.code,
    ROUNDS.c.name,
    PARTNERSHIPS.c.name.label("partnership"),
    ROUNDS.c.parameters,
    ROUNDS.c.confidentiality,
    ROUNDS.c.open_link,
    ROUNDS.c.keyword,
    ROUNDS.c.state.label("round_state"),
    ROUNDS.c.opens_at,
    ROUNDS.c.closes_at,
    ROUNDS.c.timezone,
    ROUNDS.c.sample_data,
)
_FIND_INTERVIEW = (
    select(INTERVIEWS, *_ROUND_COLUMNS)
    .join(ROUNDS, ROUNDS.c.id == INTERVIEWS.c.round_id)
    .join(PARTNERSHIPS, PARTNERSHIPS.c.id == ROUNDS.c.partnership_id)
)
_FIND_INVITATION = (
    select(INVITATIONS, CONTACTS.c.group_name, CONTACTS.c.phone, *_ROUND_COLUMNS)
    .join(ROUNDS, ROUNDS.c.id == INVITATIONS.c.round_id)
    .join(PARTNERSHIPS, PARTNERSHIPS.c.id == ROUNDS.c.partnership_id)
    .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
)
# Built once: putting a statement together costs more than running it.
_BY_HASH = _FIND_INTERVIEW.where(INTERVIEWS.c.token_hash == bindparam("wanted"))
_BY_HASH_LOCKED = _BY_HASH.with_for_update(of=INTERVIEWS)
_CHANGE_INTERVIEW = update(INTERVIEWS).where(INTERVIEWS.c.id == bindparam("wanted"))
_FIND_ROUND: Select[Any] = select(*_ROUND_COLUMNS).join(PARTNERSHIPS, PARTNERSHIPS.c.id == ROUNDS.c.partnership_id)


def find_interview(session: Session, token: str, now: datetime, *, lock: bool = False) -> Standing:
    """Give the interview of a personal token, begun or not; unknown tokens raise `NotFoundError`.

    `lock` holds it until the transaction ends: use it wherever something will be stored.
    """
    return find_by_hash(session, hash_token(token), now, lock=lock)


def find_by_hash(session: Session, token_hash: str, now: datetime, *, lock: bool = False) -> Standing:
    """Give the interview of a token's hash; see `find_interview`."""
    wanted = {"wanted": token_hash}
    row = session.execute(_BY_HASH_LOCKED if lock else _BY_HASH, wanted).first()
    if row is None:
        asked = _FIND_INVITATION.where(INVITATIONS.c.token_hash == token_hash)
        invitation = session.execute(asked.with_for_update(of=INVITATIONS) if lock else asked).first()
        if invitation is None:
            raise NotFoundError("This link is not known here.")
        # Somebody may have begun it while we waited for the lock.
        row = session.execute(_BY_HASH, wanted).first() if lock else None
        if row is None:
            return _standing_of_invitation(session, invitation, now)
    return _standing_of_interview(session, row, now)


def find_by_id(session: Session, interview_id: int, now: datetime, *, lock: bool = False) -> Standing:
    """Give the interview of this id; see `find_interview`."""
    query = _FIND_INTERVIEW.where(INTERVIEWS.c.id == interview_id)
    row = session.execute(query.with_for_update(of=INTERVIEWS) if lock else query).first()
    if row is None:
        raise NotFoundError("There is no such interview.")
    return _standing_of_interview(session, row, now)


def find_round_facts(session: Session, code: str) -> RoundFacts:
    """Give the round of this code, as an interview sees it; unknown codes raise `NotFoundError`."""
    row = session.execute(_FIND_ROUND.where(ROUNDS.c.code == code)).first()
    if row is None:
        raise NotFoundError("This link is not known here.")
    return _facts(session, row)


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
    query = _FIND_INTERVIEW.where(INTERVIEWS.c.round_id == round_.id, INTERVIEWS.c.phone == phone)
    return _standing_of_interview(session, session.execute(query.with_for_update(of=INTERVIEWS)).one(), now)


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
    }
    if insert_once(session, INTERVIEWS, values):
        mark = update(INVITATIONS).where(INVITATIONS.c.id == standing.invitation_id).values(state="started")
        session.execute(mark)
    return find_by_hash(session, standing.token_hash, now, lock=True)


def record_answers(
    session: Session,
    standing: Standing,
    changes: Mapping[str, Change],
    *,
    channel: str,
    key: str,
    now: datetime,
    section: str | None = None,
    **facts: Any,
) -> Standing:
    """Store answers that one page or one text brought, under its idempotency key, and give the new standing.

    `facts` are further columns that change with it (`language`, `progress`, `asked`, `reprompts`, `state`).
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
        "changes": {
            id_: {
                "value": find_type(definition.questions[id_].type).dump(change.value),
                "raw": change.raw,
                "rule": change.rule,
                "certainty": change.certainty,
            }
            for id_, change in changes.items()
        },
    }
    if not insert_once(session, EVENTS, event):
        return standing
    interview = standing.interview.with_answers({id_: change.value for id_, change in changes.items()})
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
        mark = update(INVITATIONS).where(INVITATIONS.c.id == standing.invitation_id)
        session.execute(mark.values(state=state, receipt=receipt))
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


def dump_answers(definition: Definition, answers: Answers) -> dict[str, Any]:
    """Give answers as the database keeps them."""
    return {id_: find_type(definition.questions[id_].type).dump(value) for id_, value in answers.items()}


def load_answers(definition: Definition, stored: Mapping[str, Any]) -> dict[str, Value]:
    """Give back what `dump_answers` kept."""
    questions = definition.questions
    return {id_: find_type(questions[id_].type).load(value) for id_, value in stored.items()}


def build_engine_view(round_: RoundFacts, answers: Answers, given: Answers, now: datetime) -> Interview:
    """Give the engine's view of an interview of this round; today is a day in the round's time zone."""
    today = now.astimezone(ZoneInfo(round_.timezone)).date()
    return Interview(round_.definition, answers, today, given, round_.parameters)


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
        "started_at": now,
        "updated_at": now,
    }


def _facts(session: Session, row: Row[Any]) -> RoundFacts:
    return RoundFacts(
        id=row.round_key,
        code=row.code,
        name=row.name,
        partnership=row.partnership,
        definition=find_definition(session, row.code),
        parameters=row.parameters,
        confidentiality=row.confidentiality,
        open_link=row.open_link,
        keyword=row.keyword,
        state=row.round_state,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        timezone=row.timezone,
        sample_data=row.sample_data,
    )


def _standing_of_interview(session: Session, row: Row[Any], now: datetime) -> Standing:
    round_ = _facts(session, row)
    answers = load_answers(round_.definition, row.answers)
    given = load_answers(round_.definition, row.given)
    return Standing(
        round=round_,
        interview=build_engine_view(round_, answers, given, now),
        state=row.state,
        language=row.language,
        nonce=row.nonce,
        token_hash=row.token_hash,
        id=row.id,
        invitation_id=row.invitation_id,
        group=row.group_id,
        phone=row.phone,
        revision=row.revision,
        progress=row.progress,
        reference=row.reference,
        channel_first=row.channel_first,
        channel_last=row.channel_last,
        asked=row.asked,
        reprompts=row.reprompts,
        started_at=row.started_at,
        updated_at=row.updated_at,
        finished_at=row.finished_at,
    )


def _standing_of_invitation(session: Session, row: Row[Any], now: datetime) -> Standing:
    round_ = _facts(session, row)
    _, given = find_given(round_.definition, row.group_name)
    receipt = row.receipt or {}
    return Standing(
        round=round_,
        interview=build_engine_view(round_, {}, given, now),
        state=row.state,
        language=round_.definition.choose_language(row.language),
        nonce=row.nonce,
        token_hash=row.token_hash,
        invitation_id=row.id,
        group=row.group_id,
        phone=row.phone,
        reference=receipt.get("reference", ""),
        finished_at=datetime.fromisoformat(receipt["at"]) if "at" in receipt else None,
    )
