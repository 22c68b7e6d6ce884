"""Frozen definitions, loaded once per process: a published definition never changes."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.definition import Definition
from forms.loading import load_definition
from surveyapp.models import Round

_BY_ROUND: dict[str, Definition] = {}
_KEPT = 200


@lru_cache(maxsize=64)
def read_definition(text: str) -> Definition:
    """Give the definition of this JSON text; loading the same text again costs nothing. Raises `DefinitionError`."""
    return load_definition(text)


def find_definition(session: Session, round_code: str) -> Definition:
    """Give the definition frozen into a round. The text is read once per process, not with every request."""
    definition = _BY_ROUND.get(round_code)
    if definition is None:
        text = session.execute(select(Round.definition).where(Round.code == round_code)).scalar_one()
        while len(_BY_ROUND) >= _KEPT:
            _BY_ROUND.pop(next(iter(_BY_ROUND)))
        definition = _BY_ROUND[round_code] = read_definition(text)
    return definition
