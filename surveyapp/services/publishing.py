"""Publishing a round: all checks and every fault at once, then definition, contacts and links, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forms.definition import SMS, Definition
from forms.errors import DefinitionError
from forms.loading import load_definition
from forms.question_types import find_type
from forms.sms.replies import RESERVED_WORDS
from forms.text import normalise
from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import Contact, Invitation, Round
from surveyapp.sending import Sending
from surveyapp.services.audit import record_act
from surveyapp.services.contact_keeping import keep_contacts
from surveyapp.services.contacts import ContactList, NewContact
from surveyapp.services.groups import find_given
from surveyapp.services.inviting import queue_invitations
from surveyapp.services.outlook import find_outlook
from surveyapp.services.partnerships import find_or_add_partnership
from surveyapp.services.preparing import LEASE, hold
from surveyapp.services.rosters import Roster, check_roster, dump_roster
from surveyapp.services.standings import INVITATIONS, PREPARING
from surveyapp.services.succession import check_succession
from surveyapp.services.tokens import derive_token, hash_token, make_nonce, make_round_code

NAMED = "named"
CONFIDENTIALITIES = (NAMED, "confidential", "anonymous")
KEYWORD = re.compile(r"[A-Z][A-Z0-9]{2,19}")
LINK_COLUMNS = ("name", "phone", "email", "group", "language", "organisation", "state", "link")
_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a coordinator wants of a new round. Times are aware; `parameters` by id; `keyword` in any case."""

    name: str
    partnership: str = ""
    parameters: Mapping[str, str]
    contacts: ContactList | None = None
    roster: Roster | None = None
    open_link: bool = False
    keyword: str | None = None
    confidentiality: str = "confidential"
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    timezone: str = "UTC"
    sample_data: bool = False
    budget_micros: int | None = None
    """What its texts may cost, in millionths of the price list's currency; nothing: no limit of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A round whose people still have to be invited: what doing so and publishing it takes."""

    code: str
    definition: Definition
    wishes: Wishes
    actor: str
    secret_key: str
    key: str | None
    sending: Sending | None
    hidden: bool


def publish_round(session: Session, *, contacts: ContactList | None = None, now: datetime, **wishes: Any) -> Round:
    """Publish a definition as a new round, with its invitations, in the caller's transaction.

    For everything else see `begin_round`; for long lists `surveyapp.publishing`.
    """
    draft = begin_round(session, contacts=contacts, now=now, **wishes)
    invited = invite_people(session, draft, contacts.contacts if contacts else (), now)
    return finish_round(session, draft, invited, now)


def begin_round(
    session: Session,
    *,
    definition: bytes | str,
    name: str,
    partnership: str = "",
    parameters: Mapping[str, str] | None = None,
    contacts: ContactList | None = None,
    roster: Roster | None = None,
    open_link: bool = False,
    keyword: str | None = None,
    confidentiality: str | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    timezone: str = "UTC",
    sample_data: bool = False,
    budget_micros: int | None = None,
    actor: str,
    secret_key: str,
    now: datetime,
    key: str | None = None,
    sending: Sending | None = None,
    hidden: bool = False,
) -> Draft:
    """Write a new round that nobody is invited to yet, after all checks, in the caller's transaction.

    With `sending` the first texts to all who may be texted are written when it is finished. `hidden`: nobody sees it
    before; it is prepared in several transactions.

    `partnership` names who asks (made when it is new; default: the parameter of that name, else "Our partnership").
    Raises `InvalidError` with every fault of definition, lists and wishes at once, a question among them that is no
    longer what this partnership was asked under the same major version; and `ConflictError` when the
    partnership has a round of this name already. `key` makes it idempotent: `audit.find_act` gives the act, and so the
    round, that was published under it.
    """
    parsed, faults = _read(definition)
    wishes = Wishes(
        name=normalise(name),
        partnership=normalise(partnership or (parameters or {}).get("partnership", "") or "Our partnership"),
        parameters={key: normalise(value) for key, value in (parameters or {}).items()},
        contacts=contacts,
        roster=roster,
        open_link=open_link,
        keyword="".join((keyword or "").split()).upper() or None,
        confidentiality=confidentiality or choose_confidentiality(parsed),
        opens_at=opens_at,
        closes_at=closes_at,
        timezone=timezone,
        sample_data=sample_data,
        budget_micros=budget_micros,
    )
    faults += check_wishes(wishes, parsed, now)
    faults += check_succession(session, wishes.partnership, parsed) if parsed is not None else []
    if faults or parsed is None:
        raise InvalidError("The round was not published.", faults)
    owner = find_or_add_partnership(session, wishes.partnership)
    round_ = _add_round(session, wishes, parsed, owner, now, hidden)
    return Draft(
        code=round_.code,
        definition=parsed,
        wishes=wishes,
        actor=actor,
        secret_key=secret_key,
        key=key,
        sending=sending,
        hidden=hidden,
    )


def invite_people(session: Session, draft: Draft, people: Sequence[NewContact], now: datetime) -> int:
    """Keep these people and invite them, in the caller's transaction, and give how many.

    Raises `ConflictError` where the preparation of the round was given up meanwhile, and `InvalidError` where phone and
    e-mail address of one row belong to two people.
    """
    round_ = _find(session, draft, now)
    find_group = cache(lambda text: find_given(draft.definition, text)[0])  # many people, few groups
    remaining = iter(people)
    count = 0
    while batch := list(islice(remaining, _BATCH)):
        ids = keep_contacts(session, round_.partnership_id, batch, round_.created_at)
        rows = [
            _new_invitation(round_, contact_id, find_group(contact.group), contact, draft)
            for contact_id, contact in zip(ids, batch, strict=True)
        ]
        session.execute(insert(INVITATIONS), rows)
        count += len(rows)
    return count


def finish_round(session: Session, draft: Draft, invited: int, now: datetime) -> Round:
    """Publish a round to the people who are invited, with the first texts to those who may be texted.

    Raises `ConflictError` where its preparation was given up, or another round has its keyword by now, and
    `InvalidError` where nobody could keep its budget.
    """
    round_ = _find(session, draft, now)
    if draft.hidden:
        _refuse_taken_keyword(session, draft.wishes.keyword)
        round_.state, round_.keyword, round_.preparing_until = "published", draft.wishes.keyword, None
        session.flush()
    record_act(
        session,
        actor=draft.actor,
        action="round.publish",
        now=now,
        round_=round_,
        detail={"definition": draft.definition.id, "version": draft.definition.version, "invitations": invited},
        key=draft.key,
    )
    if draft.sending is not None and invited:
        queue_invitations(session, round_, draft.sending, now)
        _check_budget(session, round_, draft.sending)
    return round_


def check_wishes(wishes: Wishes, definition: Definition | None, now: datetime) -> list[str]:
    """Give every fault of the wishes, one sentence each; `definition` is `None` when it has faults itself."""
    faults = []
    if not 1 <= len(wishes.name) <= 120:
        faults.append("Name: give the round a name of 1 to 120 characters.")
    if not 1 <= len(wishes.partnership) <= 200:
        faults.append("Partnership: its name may have 1 to 200 characters.")
    if wishes.confidentiality not in CONFIDENTIALITIES:
        faults.append(f"Confidentiality: {wishes.confidentiality!r} is not one of {', '.join(CONFIDENTIALITIES)}.")
    if wishes.timezone != "UTC":
        try:
            ZoneInfo(wishes.timezone)
        except (KeyError, ValueError, OSError):
            faults.append(f"Time zone: {wishes.timezone!r} is not known; write it as Africa/Nairobi.")
    if wishes.closes_at is not None and wishes.closes_at <= (wishes.opens_at or now):
        faults.append("Closing time: it must lie after the opening time and in the future.")
    has_people = wishes.contacts is not None and bool(wishes.contacts.contacts)
    if not (has_people or wishes.open_link or wishes.keyword or (wishes.contacts and wishes.contacts.faults)):
        faults.append("People: nobody could answer. Give contacts, an open link or a keyword.")
    faults += [fault.sentence() for fault in (wishes.contacts.faults if wishes.contacts else ())]
    faults += _check_keyword(wishes, definition)
    if definition is not None:
        faults += _check_parameters(wishes.parameters, definition)
        faults += check_roster(wishes.roster, definition)
        if wishes.confidentiality in CONFIDENTIALITIES and wishes.confidentiality != NAMED and names_peers(definition):
            faults.append(
                "Confidentiality: organisations answer here about one another, under their names, and the question for "
                "consent says so. Publish it as named; a round that promises more would break its word."
            )
    return faults


def names_peers(definition: Definition) -> bool:
    """Whether the listed organisations rate one another, so that whose answers they are is what is asked."""
    return definition.kind == "stakeholder_map" and definition.needs_roster


def choose_confidentiality(definition: Definition | None) -> str:
    """Give what a round of this definition promises where nothing else is wished."""
    return NAMED if definition is not None and names_peers(definition) else "confidential"


def build_links(session: Session, round_: Round, *, secret_key: str, public_url: str) -> Iterator[dict[str, str]]:
    """Stream one row for each invitation: name, phone, email, group, language, organisation, state, link."""
    rows = session.execute(
        select(Invitation.nonce, Invitation.state, Contact)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(Invitation.round_id == round_.id)
        .order_by(Invitation.id)
        .execution_options(yield_per=_BATCH)
    )
    for nonce, state, contact in rows:
        yield {
            "name": contact.name,
            "phone": contact.phone or "",
            "email": contact.email or "",
            "group": contact.group or "",
            "language": contact.language or "",
            "organisation": contact.organisation or "",
            "state": state,
            "link": f"{public_url}/a/{derive_token(secret_key, nonce)}",
        }


def _check_budget(session: Session, round_: Round, sending: Sending) -> None:
    """Refuse a budget that nobody could keep: what a text costs has to be known."""
    unpriced = find_outlook(session, round_, sending).unpriced
    if round_.budget_micros is not None and unpriced:
        fault = f"Budget: no price is known for {unpriced} of the texts. Set SURVEYAPP_SMS_PRICE, or leave the budget."
        raise InvalidError("The round was not published.", [fault])


def _read(definition: bytes | str) -> tuple[Definition | None, list[str]]:
    try:
        return load_definition(definition), []
    except DefinitionError as error:
        return None, [f"Definition: {fault.sentence()}" for fault in error.faults]


def _check_keyword(wishes: Wishes, definition: Definition | None) -> list[str]:
    if wishes.keyword is None:
        return []
    faults = []
    if not KEYWORD.fullmatch(wishes.keyword):
        faults.append(f"Keyword: {wishes.keyword!r} must be 3 to 20 letters A-Z and digits, beginning with a letter.")
    if wishes.keyword in RESERVED_WORDS:
        faults.append(f"Keyword: {wishes.keyword} is a word that phone companies or we obey; choose another.")
    if wishes.confidentiality == "anonymous":
        faults.append("Keyword: an anonymous round cannot be answered by text, because the phone number is known.")
    if definition is not None and not any(
        SMS in q.channels for q in definition.questions.values() if find_type(q.type).asks
    ):
        faults.append("Keyword: no question of this definition is asked by text.")
    return faults


def _check_parameters(given: Mapping[str, str], definition: Definition) -> list[str]:
    known = {parameter.id: parameter for parameter in definition.parameters}
    faults = [f"Parameter {name}: this definition has none of that name." for name in given if name not in known]
    for parameter in definition.parameters:
        value = given.get(parameter.id, "")
        if not value:
            label = parameter.label.in_(definition.default_language)
            faults.append(f"Parameter {parameter.id}: is missing ({label}).")
        elif len(value) > parameter.max_length:
            faults.append(
                f"Parameter {parameter.id}: {len(value)} characters, and {parameter.max_length} fit into the texts."
            )
    return faults


def _find(session: Session, draft: Draft, now: datetime) -> Round:
    if draft.hidden:
        return hold(session, draft.code, now)
    return session.scalars(select(Round).where(Round.code == draft.code)).one()


def _refuse_taken_keyword(session: Session, keyword: str | None) -> None:
    same_word = select(Round.id).where(Round.keyword == keyword, Round.state == "published")
    if keyword and session.execute(same_word).first():
        raise ConflictError(f"Another open round answers to the keyword {keyword}; choose another word.")


def _add_round(
    session: Session, wishes: Wishes, definition: Definition, owner: int, now: datetime, hidden: bool
) -> Round:
    same_name = select(Round.state).where(Round.partnership_id == owner, Round.name == wishes.name)
    taken = session.scalars(same_name).first()
    if taken == PREPARING:
        raise ConflictError(
            f"{wishes.name!r} is being published at this moment. Look for it in a minute; if that was broken off, "
            "publish it again then."
        )
    if taken is not None:
        raise ConflictError(f"{wishes.partnership} has a round called {wishes.name!r} already; choose another name.")
    _refuse_taken_keyword(session, wishes.keyword)
    round_ = Round(
        code=make_round_code(),
        partnership_id=owner,
        name=wishes.name,
        definition_id=definition.id,
        definition_version=definition.version,
        definition=definition.source,
        parameters=dict(wishes.parameters),
        roster=dump_roster(wishes.roster),
        confidentiality=wishes.confidentiality,
        open_link=wishes.open_link,
        keyword=None if hidden else wishes.keyword,
        state=PREPARING if hidden else "published",
        preparing_until=now + LEASE if hidden else None,
        sample_data=wishes.sample_data,
        timezone=wishes.timezone,
        budget_micros=wishes.budget_micros,
        opens_at=wishes.opens_at,
        closes_at=wishes.closes_at,
        created_at=now,
    )
    session.add(round_)
    session.flush()
    return round_


def _new_invitation(
    round_: Round, contact_id: int, group: str | None, contact: NewContact, draft: Draft
) -> dict[str, Any]:
    nonce = make_nonce()
    return {
        "round_id": round_.id,
        "contact_id": contact_id,
        "nonce": nonce,
        "token_hash": hash_token(derive_token(draft.secret_key, nonce)),
        "group_id": group,
        "language": draft.definition.choose_language(contact.language),
        "state": "invited",
        "created_at": round_.created_at,
    }
