"""Partnerships: who asks. One is made the first time that it is named."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from forms.text import normalise
from surveyapp.database import insert_once
from surveyapp.errors import NotFoundError
from surveyapp.models import Partnership


def find_or_add_partnership(session: Session, name: str) -> int:
    """Give the id of the partnership of this name, made now when it is new."""
    name = normalise(name)
    insert_once(session, cast(Table, Partnership.__table__), {"name": name})
    return session.execute(select(Partnership.id).where(Partnership.name == name)).scalar_one()


def find_partnership(session: Session, name: str) -> int:
    """Give the id of the partnership of this name; raises `NotFoundError`."""
    found = session.execute(select(Partnership.id).where(Partnership.name == normalise(name))).scalar()
    if found is None:
        raise NotFoundError(f"There is no partnership {name!r}.")
    return found
