"""The people of a round: who was invited and where they stand. For coordinators and administrators only."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from forms.text import normalise
from surveyapp.runtime import reading
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_group_labels
from surveyapp.services.overview import list_invitations
from surveyapp.services.rounds import count_round
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, label_group, show_round

blueprint = Blueprint("contacts", __name__, url_prefix="/console")
STATE_WORDS = {"invited": "Not begun", "started": "Begun", "finished": "Finished", "declined": "Declined"}
FILTERS = {"missing": "Missing: not finished", **STATE_WORDS}


@blueprint.get("/rounds/<reference>/people")
@access(*COORDINATING)
def list_people(reference: str) -> ResponseReturnValue:
    """List the people of a round, fifty a page, by search, state and group."""
    search, state = normalise(request.args.get("q", ""))[:100], request.args.get("state", "")
    group = normalise(request.args.get("group", "*"))
    with reading() as session:
        round_ = find_own_round(session, reference)
        labels = find_group_labels(find_definition(session, round_.code))
        page = list_invitations(
            session,
            round_,
            search=search,
            state=state,
            group=None if group == "*" else group,
            page=request.args.get("page", 1, type=int),
        )
        groups = [(line.group or "", label_group(labels, line.group)) for line in count_round(session, round_).by_group]
        return show_round(
            session,
            round_,
            "people.html",
            page=page,
            search=search,
            state=state if state in FILTERS else "",
            states=STATE_WORDS,
            filters=FILTERS,
            group=group,
            groups=groups,
            label=lambda group_id: label_group(labels, group_id),
        )
