"""How a conversation by text begins: by a round's keyword, by an invitation, or where the web has left off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Select, Table, bindparam, delete, select

from forms.definition import SMS
from surveyapp.models import WaitingRound
from surveyapp.services.incoming import Incoming
from surveyapp.services.interviews import begin_invited, note_standing, start_phone_interview
from surveyapp.services.outbox import find_texted
from surveyapp.services.standings import (
    CONTACTS,
    INTERVIEWS,
    INVITATIONS,
    OPEN,
    ROUNDS,
    RoundFacts,
    Standing,
    find_by_hash,
    find_by_id,
    find_round_facts,
    is_open,
)
from surveyapp.services.turns import ask_first, take_turn

WAITING = cast(Table, WaitingRound.__table__)

OF_PHONE = (
    select(INTERVIEWS.c.id)
    .join(ROUNDS, ROUNDS.c.id == INTERVIEWS.c.round_id)
    .where(INTERVIEWS.c.phone == bindparam("phone"))
    .order_by(INTERVIEWS.c.updated_at.desc(), INTERVIEWS.c.id.desc())
    .limit(1)
)
_UNDER_WAY = OF_PHONE.where(INTERVIEWS.c.state == "started", is_open(bindparam("now", type_=ROUNDS.c.opens_at.type)))


@dataclass(frozen=True, slots=True)
class Turn:
    """What is texted back (`None`: silence), and the interview that it belongs to.

    `offered`: the interviews between which it lets the sender choose.
    """

    reply: str | None
    interview_id: int | None = None
    offered: tuple[int, ...] = ()


def begin_by_keyword(incoming: Incoming, round_: RoundFacts) -> Turn | None:
    """Begin the round of a keyword, or take it up again; nothing where it is over for this phone or not open."""
    if round_.find_status(incoming.now) != OPEN:
        return None
    session = incoming.session
    standing = find_one(incoming, OF_PHONE.where(INTERVIEWS.c.round_id == round_.id))
    if standing is None:
        invited = session.execute(list_invitations(incoming).where(ROUNDS.c.id == round_.id)).scalar()
        if invited is not None:
            standing = find_by_hash(session, invited, incoming.now, lock=True)
    if standing is None:
        language = round_.definition.choose_language(find_spoken(incoming))
        standing = start_phone_interview(
            session,
            round_,
            incoming.phone,
            language=language,
            secret_key=incoming.secret_key,
            now=incoming.now,
        )
    return None if standing.over else begin(incoming, standing)


def begin_next(incoming: Incoming) -> Turn | None:
    """Begin what waited for the end of an interview: a round asked for by keyword, else one with an invitation."""
    waiting = select(ROUNDS.c.id, ROUNDS.c.code).join(WAITING, WAITING.c.round_id == ROUNDS.c.id)
    mine = waiting.where(WAITING.c.phone == incoming.phone).order_by(WAITING.c.at, ROUNDS.c.id)
    for row in incoming.session.execute(mine).all():
        done = delete(WAITING).where(WAITING.c.phone == incoming.phone, WAITING.c.round_id == row.id)
        incoming.session.execute(done)
        begun = begin_by_keyword(incoming, find_round_facts(incoming.session, row.code))
        if begun is not None:
            return begun
    return _begin_invitation(incoming)


def begin_waiting(incoming: Incoming) -> Turn | None:
    """Begin the first open round that this phone is invited to, or take up by text what it began on the web."""
    standing = find_one(incoming, _UNDER_WAY)
    if standing is not None:
        return begin(incoming, standing)
    return _answer_first_text(incoming) or _begin_invitation(incoming)


def list_invitations(incoming: Incoming) -> Select[str]:
    """Invitations of this phone; anonymous rounds are never texted, since the number is known."""
    return (
        select(INVITATIONS.c.token_hash)
        .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .join(ROUNDS, ROUNDS.c.id == INVITATIONS.c.round_id)
        .where(CONTACTS.c.phone == incoming.phone, ROUNDS.c.confidentiality != "anonymous")
        .order_by(INVITATIONS.c.id)
    )


def find_one(incoming: Incoming, query: Select[int]) -> Standing | None:
    """Give the interview that the query finds, held until the transaction ends."""
    found = incoming.session.execute(query, {"phone": incoming.phone, "now": incoming.now}).scalar()
    return None if found is None else find_by_id(incoming.session, found, incoming.now, lock=True)


def find_spoken(incoming: Incoming) -> str | None:
    """Give the language in which this phone was spoken to last, else the one of a contact list, else nothing."""
    spoken = select(INTERVIEWS.c.language).where(INTERVIEWS.c.phone == incoming.phone)
    found = incoming.session.execute(spoken.order_by(INTERVIEWS.c.id.desc()).limit(1)).scalar()
    if found is None:
        listed = select(CONTACTS.c.language).where(CONTACTS.c.phone == incoming.phone, CONTACTS.c.language.is_not(None))
        found = incoming.session.execute(listed.order_by(CONTACTS.c.id).limit(1)).scalar()
    return found


def _answer_first_text(incoming: Incoming) -> Turn | None:
    """Take the text as the answer to what we asked first: the invitation that was texted last is what it speaks of."""
    for invitation_id in find_texted(incoming.session, incoming.phone):
        waiting = list_invitations(incoming).where(
            INVITATIONS.c.id == invitation_id, INVITATIONS.c.state == "invited", is_open(incoming.now)
        )
        token_hash = incoming.session.execute(waiting).scalar()
        if token_hash is not None:
            standing = find_by_hash(incoming.session, token_hash, incoming.now, lock=True)
            standing = begin_invited(incoming.session, standing, channel=SMS, now=incoming.now)
            _, standing = ask_first(incoming, standing)
            reply, standing = take_turn(incoming, standing)
            return Turn(reply, standing.id)
    return None


def _begin_invitation(incoming: Incoming) -> Turn | None:
    """Begin the first open round that this phone is invited to and nobody has begun."""
    waiting = list_invitations(incoming).where(INVITATIONS.c.state == "invited", is_open(incoming.now))
    for token_hash in incoming.session.execute(waiting).scalars():
        standing = find_by_hash(incoming.session, token_hash, incoming.now, lock=True)
        if any(question.type != "consent" for question in standing.interview.questions_in(SMS)):
            return begin(incoming, standing)
    return None


def begin(incoming: Incoming, standing: Standing) -> Turn:
    """Begin to text in this interview (found with `lock`), or take up by text what was begun elsewhere."""
    standing = begin_invited(incoming.session, standing, channel=SMS, now=incoming.now)
    if standing.state == "stopped":
        standing = note_standing(incoming.session, standing, state="started")
    reply, standing = ask_first(incoming, standing)
    return Turn(reply, standing.id)
