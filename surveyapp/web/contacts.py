"""The people of a round: who was invited, where they stand, and who cannot answer. For those who run the round only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from forms.text import normalise
from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import Contact, Invitation, Round
from surveyapp.runtime import now, reading, writing
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_group_labels
from surveyapp.services.marking import SHORT_WORDS, WORDS, mark_case
from surveyapp.services.overview import MARKED, MISSING, UNDELIVERED, list_invitations
from surveyapp.services.rounds import count_round
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, label_group, show_round
from surveyapp.web.login import find_staff

blueprint = Blueprint("contacts", __name__, url_prefix="/console")
STATE_WORDS = {"invited": "Not begun", "started": "Begun", "finished": "Finished", "declined": "Declined"}
FILTERS = {
    MISSING: "Missing: may still answer",
    **STATE_WORDS,
    MARKED: "Marked by staff",
    UNDELIVERED: "No text arrived",
}
NO_MARK = "none"


@blueprint.get("/rounds/<reference>/people")
@access(*COORDINATING)
def list_people(reference: str) -> ResponseReturnValue:
    """List the people of a round, fifty a page, by search, state and group."""
    with reading() as session:
        return _show(session, find_own_round(session, reference))


@blueprint.post("/rounds/<reference>/people/mark")
@access(*COORDINATING)
def mark_people(reference: str) -> ResponseReturnValue:
    """Mark the people that were ticked, or take their marks back: all of them, or none with the reason."""
    who, mark = request.form.getlist("who", type=int), request.form.get("mark", "")
    actor, moment, name = find_staff().email, now(), ""
    try:
        if not who or mark not in (*WORDS, NO_MARK):
            what = (
                "Tick the people whom it is about." if mark else "Choose what is to be said of the people you ticked."
            )
            raise InvalidError(what)
        with writing() as session:
            round_ = find_own_round(session, reference)
            for invitation_id in who:
                name = _find_name(session, invitation_id)
                wish = None if mark == NO_MARK else mark
                mark_case(session, round_, invitation_id, wish, actor=actor, now=moment)
    except (ConflictError, InvalidError) as error:
        with reading() as session:
            fault = f"{name}: {error.message} Nothing was changed." if name else error.message
            return _show(session, find_own_round(session, reference), fault=fault), error.status
    if request.form.get("back") == "person":
        return redirect(url_for("unread.show_person", reference=reference, invitation_id=who[0], _anchor="mark"), 303)
    kept: dict[str, Any] = {
        name: request.form[name] for name in ("q", "state", "group", "sort", "page") if request.form.get(name)
    }
    return redirect(url_for("contacts.list_people", reference=reference, **kept, _anchor="people"), 303)


def _show(session: Session, round_: Round, fault: str = "") -> str:
    wishes = request.values
    search, state = normalise(wishes.get("q", ""))[:100], wishes.get("state", "")
    group, sort = normalise(wishes.get("group", "*")), wishes.get("sort", "name")[:20]
    labels = find_group_labels(find_definition(session, round_.code))
    page = list_invitations(
        session,
        round_,
        search=search,
        state=state,
        group=None if group == "*" else group,
        sort=sort,
        page=wishes.get("page", 1, type=int),
    )
    counts = count_round(session, round_)
    words: dict[str, Any] = {"states": STATE_WORDS, "filters": FILTERS, "marks": WORDS, "short_marks": SHORT_WORDS}
    return show_round(
        session,
        round_,
        "people.html",
        page=page,
        search=search,
        state=state if state in FILTERS else "",
        group=group,
        sort=sort,
        groups=[(line.group or "", label_group(labels, line.group)) for line in counts.by_group],
        label=lambda group_id: label_group(labels, group_id),
        ticked=frozenset(request.form.getlist("who", type=int)),
        fault=fault,
        **words,
    )


def _find_name(session: Session, invitation_id: int) -> str:
    """Give how staff call the person in a fault."""
    invitation = session.get(Invitation, invitation_id)
    contact = session.get(Contact, invitation.contact_id) if invitation is not None else None
    return (contact.name or "No name") if contact is not None else ""
