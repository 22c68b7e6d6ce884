"""Where an interview stands: looked up by token, id or phone, with the engine's view of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from forms.definition import Definition, RosterEntry
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import find_question
from forms.values import Answers, Value
from surveyapp.errors import NotFoundError
from surveyapp.models import Contact, Invitation, Partnership, Round
from surveyapp.models import Interview as InterviewRow
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_given
from surveyapp.services.rosters import find_own_entry, find_roster
from surveyapp.services.tokens import hash_token

INTERVIEWS = cast(Table, InterviewRow.__table__)
INVITATIONS = cast(Table, Invitation.__table__)
ROUNDS = cast(Table, Round.__table__)
PARTNERSHIPS = cast(Table, Partnership.__table__)
CONTACTS = cast(Table, Contact.__table__)

FOLLOW_UP_PART = 2
ENDED = "+ended"
"""Stands in `interviews.asked` once a text after the end has got its one polite reply."""
SCHEDULED, OPEN, CLOSED = "scheduled", "open", "closed"
PREPARING = "preparing"
"""The state of a round that is not whole yet: see `services.preparing`."""


def find_status(state: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> str:
    """Give `scheduled`, `open` or `closed`: what people decided, and what the clock says."""
    if state != "published" or (closes_at is not None and now >= closes_at):
        return CLOSED
    return SCHEDULED if opens_at is not None and now < opens_at else OPEN


def is_open(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Give the SQL of `find_status(...) == OPEN`."""
    # A literal: the partial index on this state has SQLite plan a statement anew with each value that is bound to it.
    return and_(
        ROUNDS.c.state == literal_column("'published'"),
        or_(ROUNDS.c.opens_at.is_(None), ROUNDS.c.opens_at <= now),
        or_(ROUNDS.c.closes_at.is_(None), ROUNDS.c.closes_at > now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What an interview needs to know of its round."""

    id: int
    code: str
    name: str
    partnership: str
    definition: Definition
    parameters: Mapping[str, str]
    roster: tuple[RosterEntry, ...]
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
    own_entry: str | None = None
    revision: int = 0
    progress: int = 0
    reference: str = ""
    channel_first: str = ""
    channel_last: str = ""
    asked: str | None = None
    asked_at: datetime | None = None
    reprompts: int = 0
    part: int = 1
    started_at: datetime | None = None
    updated_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is asked: declined, or finished and not in the middle of a follow-up."""
        follows_up = self.part == FOLLOW_UP_PART and self.asked not in (None, ENDED)
        return self.state == "declined" or (self.state == "finished" and not follows_up)


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
    select(INVITATIONS, CONTACTS.c.group_name, CONTACTS.c.phone, CONTACTS.c.organisation, *_ROUND_COLUMNS)
    .join(ROUNDS, ROUNDS.c.id == INVITATIONS.c.round_id)
    .join(PARTNERSHIPS, PARTNERSHIPS.c.id == ROUNDS.c.partnership_id)
    .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
)
# Built once: putting a statement together costs more than running it.
_BY_HASH = _FIND_INTERVIEW.where(INTERVIEWS.c.token_hash == bindparam("wanted"))
_BY_HASH_LOCKED = _BY_HASH.with_for_update(of=INTERVIEWS)
_ASKED = (
    _FIND_INTERVIEW.where(
        INTERVIEWS.c.phone == bindparam("phone"),
        or_(
            INTERVIEWS.c.state == "started",
            and_(INTERVIEWS.c.state == "finished", INTERVIEWS.c.part == FOLLOW_UP_PART, INTERVIEWS.c.asked != ENDED),
        ),
        INTERVIEWS.c.asked.is_not(None),
        is_open(bindparam("now", type_=ROUNDS.c.opens_at.type)),
    )
    .order_by(func.coalesce(INTERVIEWS.c.asked_at, INTERVIEWS.c.updated_at).desc(), INTERVIEWS.c.id.desc())
    .limit(5)
    .with_for_update(of=INTERVIEWS)
)
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


def list_asked(session: Session, phone: str, now: datetime) -> tuple[Standing, ...]:
    """Give the interviews of a phone whose question waits for an answer, the one asked last first.

    They are held until the transaction ends; at most five.
    """
    rows = session.execute(_ASKED, {"phone": phone, "now": now}).all()
    return tuple(_standing_of_interview(session, row, now) for row in rows)


def find_by_phone(session: Session, round_id: int, phone: str, now: datetime) -> Standing:
    """Give the interview of a phone in a round, held until the transaction ends; see `find_interview`."""
    query = _FIND_INTERVIEW.where(INTERVIEWS.c.round_id == round_id, INTERVIEWS.c.phone == phone)
    row = session.execute(query.with_for_update(of=INTERVIEWS)).first()
    if row is None:
        raise NotFoundError("There is no such interview.")
    return _standing_of_interview(session, row, now)


def find_round_facts(session: Session, code: str) -> RoundFacts:
    """Give the round of this code, as an interview sees it; unknown codes raise `NotFoundError`."""
    row = session.execute(_FIND_ROUND.where(ROUNDS.c.code == code)).first()
    if row is None:
        raise NotFoundError("This link is not known here.")
    return _facts(session, row)


def dump_answers(definition: Definition, answers: Answers) -> dict[str, Any]:
    """Give answers as the database keeps them."""
    return {id_: find_type(find_question(definition, id_).type).dump(value) for id_, value in answers.items()}


def load_answers(definition: Definition, stored: Mapping[str, Any]) -> dict[str, Value]:
    """Give back what `dump_answers` kept."""
    return {id_: find_type(find_question(definition, id_).type).load(value) for id_, value in stored.items()}


def build_engine_view(
    round_: RoundFacts, answers: Answers, given: Answers, now: datetime, own_entry: str | None = None
) -> Interview:
    """Give the engine's view of an interview of this round; today is a day in the round's time zone.

    `own_entry`: the roster entry that the respondent belongs to, and is not asked about.
    """
    today = now.astimezone(ZoneInfo(round_.timezone)).date()
    roster = tuple(entry for entry in round_.roster if entry.id != own_entry)
    return Interview(round_.definition, answers, today, given, round_.parameters, roster)


def _facts(session: Session, row: Row[Any]) -> RoundFacts:
    definition = find_definition(session, row.code)
    return RoundFacts(
        id=row.round_key,
        code=row.code,
        name=row.name,
        partnership=row.partnership,
        definition=definition,
        parameters=row.parameters,
        roster=find_roster(session, definition, row.code),
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
        interview=build_engine_view(round_, answers, given, now, row.own_entry),
        own_entry=row.own_entry,
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
        asked_at=row.asked_at,
        reprompts=row.reprompts,
        part=row.part,
        started_at=row.started_at,
        updated_at=row.updated_at,
        finished_at=row.finished_at,
    )


def _standing_of_invitation(session: Session, row: Row[Any], now: datetime) -> Standing:
    round_ = _facts(session, row)
    _, given = find_given(round_.definition, row.group_name)
    own_entry = find_own_entry(round_.roster, row.organisation, round_.confidentiality)
    receipt = row.receipt or {}
    return Standing(
        round=round_,
        interview=build_engine_view(round_, {}, given, now, own_entry),
        own_entry=own_entry,
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
