"""Marking the cases that nobody can answer for: what staff know of a person that no answer says (scorecard C9)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from exports.dispositions import MARKS
from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.models import Contact, Invitation, Round, make_stamp
from surveyapp.services.audit import record_act
from surveyapp.services.cases import INELIGIBLE_MARKS
from surveyapp.services.outbox import OUTBOX, cancel_messages, restore_marked
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED, INTERVIEWS

WORDS = {
    "language": "Speaks none of the languages of the round",
    "illness": "Too ill to answer",
    "death": "Has died",
    "other": "Cannot answer for another reason",
    "duplicate": "Is on the list twice",
    "not_a_stakeholder": "Is no stakeholder",
    "wrong_person": "Somebody else owns the number or address",
}
"""Mark -> what staff say by it."""
SHORT_WORDS = {
    "language": "Language",
    "illness": "Illness",
    "death": "Death",
    "other": "Cannot answer",
    "duplicate": "Duplicate",
    "not_a_stakeholder": "No stakeholder",
    "wrong_person": "Wrong person",
}
TOLD_APART = (
    "This round is {}: once somebody has begun, taking their answers out of the results, or putting them in, "
    "would tell what they answered."
)
CLOSED_NOW = "The round is closed. Reopen it, change the mark, and close it again: the results change with it."
ANSWERED = "This person has answered, and answers outweigh this mark."


def list_marks(round_: Round, invitation: Invitation, now: datetime) -> dict[str, str]:
    """Give the marks that this person may get now, with their words; none where only an explanation is left."""
    return {mark: words for mark, words in WORDS.items() if find_hindrance(round_, invitation, mark, now) is None}


def find_hindrance(round_: Round, invitation: Invitation, mark: str | None, now: datetime) -> str | None:
    """Say why this person may not be marked so, or the mark (`None`) not be taken back; nothing where they may.

    Where names and answers may not meet, a mark must not move answers: results from before and after differ by one
    person's. In a named round they may move as long as results are not final.
    """
    begun = invitation.state != "invited"
    moves = mark in INELIGIBLE_MARKS or invitation.mark in INELIGIBLE_MARKS
    if begun and round_.confidentiality != "named" and (moves or mark is not None):
        return TOLD_APART.format(round_.confidentiality)
    if begun and moves and find_status(round_, now) == CLOSED:
        return CLOSED_NOW
    if mark is not None and not moves and invitation.state in ("finished", "declined"):
        return ANSWERED
    return None


def mark_case(
    session: Session, round_: Round, invitation_id: int, mark: str | None, *, actor: str, now: datetime
) -> Invitation:
    """Mark an invited person, or take the mark back (`None`); no text goes to a marked one, who can still answer.

    Raises `NotFoundError`, `InvalidError` for an unknown mark, and `ConflictError` with what stands in the way.
    """
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.round_id != round_.id:
        raise NotFoundError("There is no such person in this round.")
    if mark is not None and mark not in MARKS:
        raise InvalidError("Choose one of the marks.", [f"{mark!r} is none of: {', '.join(MARKS)}."])
    before = invitation.mark
    if mark == before:
        return invitation
    hindrance = find_hindrance(round_, invitation, mark, now)
    if hindrance is not None:
        raise ConflictError(hindrance)
    invitation.mark, invitation.marked_at = mark, now
    session.flush()
    # what became of the interview, if there is one, may be told otherwise now
    session.execute(update(INTERVIEWS).where(INTERVIEWS.c.invitation_id == invitation.id).values(stamp=make_stamp()))
    if mark is None:
        restore_marked(session, invitation.id, now)
    else:
        cancel_messages(session, OUTBOX.c.invitation_id == invitation.id, "marked", now)
    record_act(
        session,
        actor=actor,
        action="case.mark",
        now=now,
        round_=round_,
        detail={"invitation": invitation.id, "mark": mark, "before": before},
    )
    return invitation


def find_person(session: Session, round_: Round, *, phone: str | None = None, email: str | None = None) -> int:
    """Give the invitation of whoever has this number (E.164) or address; raises `NotFoundError`."""
    way = Contact.phone == phone if phone is not None else Contact.email == email
    query = select(Invitation.id).join(Contact, Contact.id == Invitation.contact_id)
    found = session.execute(query.where(Invitation.round_id == round_.id, way)).scalar()
    if found is None:
        raise NotFoundError("Nobody with this number or address was invited to the round.")
    return found
