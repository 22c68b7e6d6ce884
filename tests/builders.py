"""Builders of what tests stand on: published rounds, contacts, personal links."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from surveyapp.database import Database
from surveyapp.models import Contact, Invitation, Round
from surveyapp.services.contacts import read_contacts
from surveyapp.services.publishing import publish_round
from surveyapp.services.tokens import derive_token

SECRET_KEY = "a secret key that only the tests know"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INSTRUMENTS = Path(__file__).parent.parent / "survey_definitions"
FEEDBACK = INSTRUMENTS / "partnership_feedback.json"
THREE_PEOPLE = """name,phone,email,group,language
Amina,+12025550101,,community,en
Bruno,,bruno@example.org,government,fr
Chiara,+12025550103,chiara@example.org,ngo,en
"""


def publish(database: Database, *, contacts: str | None = THREE_PEOPLE, **wishes: Any) -> Round:
    """Publish a round of the feedback survey (or of `definition`, JSON text) and give it."""
    wishes.setdefault("definition", FEEDBACK.read_bytes())
    wishes.setdefault("name", "Spring 2026")
    wishes.setdefault("partnership", "River Valley")
    wishes.setdefault("parameters", {"partnership": "River Valley"})
    wishes.setdefault("now", NOON)
    with database.writing() as session:
        return publish_round(
            session,
            contacts=read_contacts(contacts) if contacts else None,
            actor="coordinator@example.org",
            secret_key=SECRET_KEY,
            **wishes,
        )


def find_token(database: Database, round_: Round, name: str) -> str:
    """Give the personal token of the contact of this name."""
    with database.reading() as session:
        nonce = session.execute(
            select(Invitation.nonce)
            .join(Contact, Contact.id == Invitation.contact_id)
            .where(Invitation.round_id == round_.id, Contact.name == name)
        ).scalar_one()
    return derive_token(SECRET_KEY, nonce)
