"""What law or money stops: the gates of a partnership's latest legal and financial checklist that were answered no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from exports.responses import Response, Study
from surveyapp.models import Round
from surveyapp.services.definitions import find_definition
from surveyapp.services.rounds import list_rounds

OPINIONS = ("feedback", "assessment")
"""Kinds of instrument whose overall a failed gate holds back."""


def find_failed_gates(
    session: Session, round_: Round, as_of: datetime, build: Callable[[Round], Study]
) -> tuple[str, ...]:
    """Give the gates in words, as the checklist stood at `as_of`, when anything of this round last changed.

    So the same answers are told alike for ever, on the page and in files made later. `build` gives a round's study.
    """
    if find_definition(session, round_.code).kind not in OPINIONS:
        return ()
    for other in list_rounds(session, partnership_id=round_.partnership_id):
        definition = find_definition(session, other.code)
        if definition.kind != "checklist":
            continue
        from exports.scorecards.panels.checklists import is_compliance, list_failed

        if is_compliance(definition):
            failed = list_failed(_look_back(build(other), as_of))
            if failed is not None:
                return failed
    return ()


def _look_back(study: Study, as_of: datetime) -> Study:
    """Give the study with what was finished by then."""

    def responses() -> Iterator[Response]:
        for response in study.responses():
            at = response.finished_at
            if isinstance(at, datetime) and at <= as_of:
                yield response

    return study.with_responses(responses)
