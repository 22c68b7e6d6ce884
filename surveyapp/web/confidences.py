"""What was told in confidence in a round. For coordinators and administrators only, and nowhere to download."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from surveyapp.runtime import now, reading
from surveyapp.services.confidences import MOST_SHOWN, list_confidences
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, show_round

blueprint = Blueprint("confidences", __name__, url_prefix="/console")


@blueprint.get("/rounds/<reference>/confidences")
@access(*COORDINATING)
def show(reference: str) -> ResponseReturnValue:
    """List what people told in confidence, newest first, without names."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        told = list_confidences(session, round_, now())
        return show_round(session, round_, "confidences.html", told=told, most=MOST_SHOWN)
