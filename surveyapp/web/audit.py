"""Who did what, when: of a round for those who run it, of everything for administrators."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.text import normalise
from surveyapp.models import AuditEntry, Round
from surveyapp.runtime import reading
from surveyapp.services.audit import ActPage, list_acts
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, show_round

blueprint = Blueprint("audit", __name__, url_prefix="/console")
WORDS = {
    "answer.correct": "Corrected an answer",
    "answers.dropped": "Threw away a file with answers",
    "answers.import": "Imported answers",
    "answers.sent": "Sent in a file with answers",
    "case.mark": "Marked a person",
    "comment.read": "Read a comment",
    "export.cancelled": "Called off a file",
    "export.taken": "Took a file",
    "feed.token.add": "Made a token for feeds",
    "feed.token.revoke": "Revoked a token for feeds",
    "login": "Logged in",
    "message.drop": "Dropped a text",
    "message.resend": "Sent a text again",
    "reply.resolve": "Dealt with a text",
    "round.budget": "Changed the budget",
    "round.close": "Closed the round",
    "round.invite": "Invited by text",
    "round.links": "Took the personal links",
    "round.publish": "Published the round",
    "round.remind": "Reminded by text",
    "round.reopen": "Reopened the round",
    "sending.pause": "Paused the texts of the round",
    "sending.pause_all": "Paused all texts",
    "sending.resume": "Resumed the texts of the round",
    "sending.resume_all": "Resumed all texts",
    "user.add": "Added an account",
    "user.change": "Changed an account",
}
FAMILIES = {"export": "Asked for a file", "scorecard": "Took the scorecard", "feed": "A program read a feed"}


@blueprint.get("/rounds/<reference>/log")
@access(*COORDINATING)
def show(reference: str) -> ResponseReturnValue:
    """Show what staff did in a round, newest first."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        page = list_acts(session, round_id=round_.id, page=request.args.get("page", 1, type=int))
        return show_round(session, round_, "log.html", page=page, say=say_act, tell=tell_detail)


@blueprint.get("/log")
@access("admin")
def show_all() -> ResponseReturnValue:
    """Show what was done anywhere, by everybody or by one member of staff."""
    actor = normalise(request.args.get("actor", ""))[:254]
    with reading() as session:
        page = list_acts(session, actor=actor, page=request.args.get("page", 1, type=int))
        return render_template(
            "console/log_all.html",
            page=page,
            actor=actor,
            rounds=_name_rounds(session, page),
            say=say_act,
            tell=tell_detail,
        )


def say_act(entry: AuditEntry) -> str:
    """Say what was done."""
    family, _, _ = entry.action.partition(".")
    return WORDS.get(entry.action) or FAMILIES.get(family) or entry.action


def tell_detail(entry: AuditEntry) -> str:
    """Give what is known of the act beside who and when; it never names a respondent."""
    form = entry.action.partition(".")[2] if entry.action not in WORDS else ""
    told = [form] if form else []
    for name, value in entry.detail.items():
        if value not in (None, "", {}, []):
            told.append(f"{name.replace('_', ' ')}: {value}")
    return "; ".join(told)


def _name_rounds(session: Session, page: ActPage) -> dict[int, str]:
    ids = {act.round_id for act in page.acts if act.round_id is not None}
    rows = session.execute(select(Round.id, Round.name).where(Round.id.in_(ids)))
    return {row.id: row.name for row in rows}
