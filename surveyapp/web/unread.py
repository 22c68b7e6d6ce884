"""Texts that a person must read, and what was texted with whom. For coordinators and administrators only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from forms.definition import Question
from forms.errors import AnswerError
from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.models import Contact, Invitation, Round
from surveyapp.runtime import now, reading, writing
from surveyapp.services import unread
from surveyapp.services.cases import INELIGIBLE_MARKS
from surveyapp.services.flags import LOOP, PEACE, UNREADABLE
from surveyapp.services.marking import WORDS, find_hindrance, list_marks
from surveyapp.services.standings import Standing, find_by_id
from surveyapp.services.transcripts import STAFF, find_interview_of, find_response_of, read_transcript, read_unanswered
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, mask, show_round
from surveyapp.web.login import find_staff
from surveyapp.web.reading_answers import list_choices, list_missing, read_raw

blueprint = Blueprint("unread", __name__, url_prefix="/console")

KIND_WORDS = {
    UNREADABLE: "Could not be read",
    PEACE: "Seems to want no more texts",
    LOOP: "Texts too fast, perhaps a robot",
}
OUTCOME_WORDS = {
    "read": "Read by a person",
    "kept": "Kept as unreadable",
    "stopped": "Texts ended",
    "seen": "Seen, nothing changed",
}
RULE_WORDS = {UNREADABLE: "could not be read", STAFF: "read by a person"}


@blueprint.get("/rounds/<reference>/unread")
@access(*COORDINATING)
def show_queue(reference: str) -> ResponseReturnValue:
    """List the texts of a round that wait for a person, or those that were dealt with."""
    done = request.args.get("show") == "done"
    with reading() as session:
        round_ = find_own_round(session, reference)
        page = unread.list_unread(session, round_, done=done, page=request.args.get("page", 1, type=int))
        words = {"kinds": KIND_WORDS, "outcomes": OUTCOME_WORDS}
        return show_round(session, round_, "unread.html", page=page, done=done, **words)


@blueprint.get("/rounds/<reference>/unread/<int:unread_id>")
@access(*COORDINATING)
def show_text(reference: str, unread_id: int) -> ResponseReturnValue:
    """Show one text with the conversation around it, and what can be done."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        return _draw(session, round_, unread_id)


@blueprint.post("/rounds/<reference>/unread/<int:unread_id>")
@access(*COORDINATING)
def resolve(reference: str, unread_id: int) -> ResponseReturnValue:
    """Read the text as an answer, keep it as unreadable, or act on a flag."""
    actor, moment = find_staff().email, now()
    version = request.form.get("version", -1, type=int)
    act = request.form.get("act", "")
    fault = ""
    with writing() as session:
        round_ = find_own_round(session, reference)
        facts: dict[str, Any] = {"version": version, "actor": actor, "now": moment}
        try:
            if act == "read":
                unread.read_as(session, round_, unread_id, read_raw(), **facts)
            elif act == "keep":
                unread.keep_unreadable(session, round_, unread_id, **facts)
            elif act in ("seen", "stop"):
                unread.note_seen(session, round_, unread_id, stop=act == "stop", **facts)
            else:
                fault = "Choose what to do with this text."
        except AnswerError as error:
            fault = str(error)
        except ConflictError as error:
            return _draw(session, round_, unread_id, fault=error.message), error.status
        if fault:
            return _draw(session, round_, unread_id, fault=fault), 422
    return redirect(url_for("unread.show_queue", reference=reference), 303)


@blueprint.get("/rounds/<reference>/people/<int:invitation_id>")
@access(*COORDINATING)
def show_person(reference: str, invitation_id: int) -> ResponseReturnValue:
    """Show what was texted with one invited person; in a confidential round without the words of the answers."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        invitation = session.get(Invitation, invitation_id)
        if invitation is None or invitation.round_id != round_.id:
            raise NotFoundError("There is no such person in this round.")
        contact = session.get_one(Contact, invitation.contact_id)
        interview_id = None if round_.confidentiality == "anonymous" else find_interview_of(session, invitation_id)
        standing = None if interview_id is None else find_by_id(session, interview_id, now())
        cover = round_.confidentiality != "named"
        if standing is None:
            lines = read_unanswered(session, invitation_id)
        else:
            lines = read_transcript(session, standing, cover=cover)
        return show_round(
            session,
            round_,
            "person.html",
            tab="contacts.list_people",
            contact=contact,
            number=mask(contact.phone),
            invitation=invitation,
            standing=standing,
            lines=lines,
            response_id=None if cover or interview_id is None else find_response_of(session, interview_id),
            cover=cover,
            rules=RULE_WORDS,
            marks=list_marks(round_, invitation, now()),
            mark_words=WORDS,
            ineligible=INELIGIBLE_MARKS,
            mark_hindrance=find_hindrance(round_, invitation, INELIGIBLE_MARKS[0], now()),
            unmark_hindrance=find_hindrance(round_, invitation, None, now()),
        )


@blueprint.get("/unread")
@access("admin")
def show_strangers() -> ResponseReturnValue:
    """List flagged texts of senders who take part in nothing."""
    with reading() as session:
        page = unread.list_unread(session, None, page=request.args.get("page", 1, type=int))
    return render_template("console/strangers.html", page=page, kinds=KIND_WORDS, mask=mask)


@blueprint.post("/unread/<int:unread_id>")
@access("admin")
def resolve_stranger(unread_id: int) -> ResponseReturnValue:
    """Take note of a stranger's text, or end all texts to that number."""
    with writing() as session:
        unread.note_seen(
            session,
            None,
            unread_id,
            stop=request.form.get("act") == "stop",
            version=request.form.get("version", -1, type=int),
            actor=find_staff().email,
            now=now(),
        )
    return redirect(url_for("unread.show_strangers"), 303)


def _draw(session: Session, round_: Round, unread_id: int, fault: str = "") -> str:
    line = unread.find_unread(session, round_, unread_id)
    standing = None if line.interview_id is None else find_by_id(session, line.interview_id, now())
    question = None if standing is None else unread.find_asked(standing, line)
    resolvable = line.kind == UNREADABLE and question is not None and not unread.is_answered_since(session, line)
    return show_round(
        session,
        round_,
        "unread_text.html",
        line=line,
        fault=fault,
        standing=standing,
        question=question if resolvable else None,
        label=_label(standing, question),
        choices=list_choices(standing.interview, question) if resolvable and standing and question else [],
        several=question is not None and question.type == "select_multiple",
        missing=list_missing(question),
        lines=() if standing is None else read_transcript(session, standing, cover=False),
        number=mask(line.phone) if round_.confidentiality == "named" else "",
        kinds=KIND_WORDS,
        outcomes=OUTCOME_WORDS,
        rules=RULE_WORDS,
    )


def _label(standing: Standing | None, question: Question | None) -> str:
    if standing is None or question is None:
        return ""
    language = standing.round.definition.default_language
    return standing.interview.say((question.sms.label or question.label).in_(language), language)
