"""Which rounds stand side by side: what stakeholders say, and what coordinators of the same partnership say."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError
from surveyapp.models import Round
from surveyapp.services.definitions import find_definition
from surveyapp.services.rounds import find_round, list_rounds


def list_counterparts(session: Session, round_: Round) -> Sequence[Round]:
    """Give the rounds of the same partnership that may stand beside this one, the newest first."""
    rounds = list_rounds(session, partnership_id=round_.partnership_id)
    return [one for one in rounds if _is_pair(session, round_, one)]


def find_counterpart(session: Session, round_: Round, reference: str) -> Round:
    """Give the round of the same partnership to stand beside this one.

    Raises `NotFoundError` where there is none, and `ConflictError` where the two are not what stakeholders say and
    what coordinators say of themselves.
    """
    found = find_round(session, reference, partnership_id=round_.partnership_id)
    if not _is_pair(session, round_, found):
        raise ConflictError("Only what stakeholders say and a self-rating of the same domains stand side by side.")
    return found


def _is_pair(session: Session, one: Round, other: Round) -> bool:
    from exports.scorecards.panels.beside import is_pair

    return is_pair(find_definition(session, one.code), find_definition(session, other.code))
