"""Publishing an instrument again: what this partnership was asked before under the same name must stay comparable."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.checks.reports.succession import find_refusals_after
from forms.definition import Definition
from forms.errors import DefinitionError
from forms.text import normalise
from surveyapp.models import Partnership, Round
from surveyapp.services.definitions import read_definition
from surveyapp.services.rounds import IS_WHOLE

_MOST_VERSIONS = 50


def find_published(session: Session, partnership: str, definition_id: str) -> tuple[Definition, ...]:
    """Give every content under which a partnership has published an instrument, the newest first."""
    newest = func.max(Round.id)
    texts = session.scalars(
        select(Round.definition)
        .join(Partnership, Partnership.id == Round.partnership_id)
        .where(Partnership.name == normalise(partnership), Round.definition_id == definition_id, IS_WHOLE)
        .group_by(Round.definition)
        .order_by(newest.desc())
        .limit(_MOST_VERSIONS)
    )
    return tuple(read for text in texts if (read := _read(text)) is not None)


def check_succession(session: Session, partnership: str, definition: Definition) -> list[str]:
    """Give why a definition cannot be published as the instrument that this partnership knows, a sentence each."""
    refusals = find_refusals_after(definition, find_published(session, partnership, definition.id))
    return [f"Definition: {sentence}" for sentence in refusals]


def _read(text: str) -> Definition | None:
    """Give a published definition, or nothing where this version of the service can no longer read it."""
    try:
        return read_definition(text)
    except DefinitionError:
        return None
