"""Keeping a contact list: whoever is known is brought up to date, whoever is new is added, a thousand at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from surveyapp.errors import InvalidError
from surveyapp.models import Contact
from surveyapp.services.contacts import NewContact
from surveyapp.services.standings import CONTACTS

FACTS = ("name", "phone", "email", "group", "language", "timezone", "organisation", "consent")


def keep_contacts(
    session: Session, partnership_id: int, contacts: Sequence[NewContact], now: datetime
) -> Sequence[int]:
    """Give the ids of these contacts in their order: those of the same phone or e-mail address, or new ones.

    Raises `InvalidError` where phone and e-mail address belong to two different people.
    """
    known = _find_known(session, partnership_id, contacts)
    ids: list[int | None] = []
    fresh: list[NewContact] = []
    for new in contacts:
        own = {known[way].id: known[way] for way in (new.phone, new.email) if way is not None and way in known}
        if len(own) > 1:
            raise InvalidError(
                "The round was not published.",
                [f"Row {new.row}: phone and email belong to two different people who are known already."],
            )
        for contact in own.values():
            _bring_up_to_date(contact, new)
        ids.append(next(iter(own), None))
        if not own:
            fresh.append(new)
    session.flush()
    added = iter(_add(session, partnership_id, fresh, now))
    return [id_ if id_ is not None else next(added) for id_ in ids]


def _find_known(session: Session, partnership_id: int, contacts: Sequence[NewContact]) -> Mapping[str, Contact]:
    phones = [contact.phone for contact in contacts if contact.phone]
    emails = [contact.email for contact in contacts if contact.email]
    found = session.scalars(
        select(Contact).where(
            Contact.partnership_id == partnership_id, or_(Contact.phone.in_(phones), Contact.email.in_(emails))
        )
    ).all()
    return {way: contact for contact in found for way in (contact.phone, contact.email) if way}


def _bring_up_to_date(contact: Contact, new: NewContact) -> None:
    for name in FACTS:
        if value := getattr(new, name):
            setattr(contact, name, value)
    if new.attributes:
        contact.attributes = {**contact.attributes, **new.attributes}


def _add(session: Session, partnership_id: int, fresh: Sequence[NewContact], now: datetime) -> Sequence[int]:
    """Add new contacts and give their ids in their order; asking for them afterwards is far faster than one by one."""
    if not fresh:
        return ()
    rows: list[dict[str, Any]] = [
        {
            "partnership_id": partnership_id,
            "attributes": dict(new.attributes),
            "created_at": now,
            "group_name": new.group,
            **{name: getattr(new, name) for name in FACTS if name != "group"},
        }
        for new in fresh
    ]
    session.execute(insert(CONTACTS), rows)
    ids: dict[str, int] = {}
    for column in (CONTACTS.c.phone, CONTACTS.c.email):
        ways = [getattr(new, column.name) for new in fresh if getattr(new, column.name)]
        found = select(column, CONTACTS.c.id).where(CONTACTS.c.partnership_id == partnership_id, column.in_(ways))
        ids.update((way, id_) for way, id_ in session.execute(found))
    return [ids[new.phone or new.email or ""] for new in fresh]
