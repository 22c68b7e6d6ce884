"""Comments of a round: whoever runs it reads them and says what may be shown; everybody else sees only that."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import Round
from surveyapp.runtime import now, reading, runtime, writing
from surveyapp.services.comments import (
    KEPT_BACK,
    SHOWN,
    UNREAD,
    decide_on_comment,
    list_to_read,
    may_be_read,
)
from surveyapp.services.definitions import find_definition
from surveyapp.services.downloads import name_file
from surveyapp.showing import read_results
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import COORDINATING, find_own_round, show_round
from surveyapp.web.login import find_staff

if TYPE_CHECKING:
    from exports.comments import ToldComment

blueprint = Blueprint("comments", __name__, url_prefix="/console")
OUTCOME_WORDS = {UNREAD: "To be read", SHOWN: "May be shown", KEPT_BACK: "Kept back"}


@blueprint.get("/rounds/<reference>/comments")
@access(*STAFF)
def show(reference: str) -> ResponseReturnValue:
    """Show the comments that may be told; to coordinators with the number of those that wait to be read."""
    told = _tell(reference)
    with reading() as session:
        round_ = find_own_round(session, reference)
        waiting = 0
        if find_staff().role in COORDINATING:
            waiting = list_to_read(session, round_, now()).counts[UNREAD]
        by_question: dict[str, list[ToldComment]] = {}
        for one in told:
            by_question.setdefault(one.question, []).append(one)
        return show_round(
            session,
            round_,
            "comments.html",
            told=by_question,
            waiting=waiting,
            may_be_read=may_be_read(round_, now()),
        )


@blueprint.get("/rounds/<reference>/comments.csv")
@access(*STAFF)
def download(reference: str) -> ResponseReturnValue:
    """Give the same comments as CSV."""
    from exports.comments import write_comments

    stream = io.BytesIO()
    write_comments(_tell(reference), stream)
    with reading() as session:
        round_ = find_own_round(session, reference)
        language = find_definition(session, round_.code).default_language
    name = name_file(round_, "comments", language, now(), "csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream.getvalue(), mimetype="text/csv", headers=headers)


@blueprint.get("/rounds/<reference>/comments/read")
@access(*COORDINATING)
def read(reference: str) -> ResponseReturnValue:
    """Show the comments that wait to be read, or those of which something was decided."""
    with reading() as session:
        return _show_to_read(session, find_own_round(session, reference))


@blueprint.post("/rounds/<reference>/comments/read")
@access(*COORDINATING)
def decide(reference: str) -> ResponseReturnValue:
    """Let a comment be shown in these words, or keep it back."""
    form = request.form
    try:
        with writing() as session:
            decide_on_comment(
                session,
                find_own_round(session, reference),
                form.get("key", ""),
                form.get("outcome", ""),
                form.get("words", ""),
                version=form.get("version", -1, type=int),
                actor=find_staff().email,
                now=now(),
            )
    except (ConflictError, InvalidError) as error:
        with reading() as session:
            round_ = find_own_round(session, reference)
            return _show_to_read(session, round_, error.message, form.get("key", "")), error.status
    show_, page = form.get("show") or UNREAD, form.get("page", type=int)
    return redirect(url_for("comments.read", reference=reference, show=show_, page=page, _anchor="comments"), 303)


def _show_to_read(session: Session, round_: Round, fault: str = "", wrong: str = "") -> str:
    from exports.comments import list_comment_questions

    wishes = request.values
    definition = find_definition(session, round_.code)
    questions = {one.id: one.label.in_(definition.default_language) for one in list_comment_questions(definition)}
    outcome = wishes.get("show", UNREAD)
    outcome = outcome if outcome in OUTCOME_WORDS else UNREAD
    question = wishes.get("question", "")
    page = list_to_read(
        session, round_, now(), outcome=outcome, question=question, page=wishes.get("page", 1, type=int)
    )
    return show_round(
        session,
        round_,
        "comments_read.html",
        page=page,
        outcome=outcome,
        outcomes=OUTCOME_WORDS,
        questions=questions,
        question=question,
        may_be_read=may_be_read(round_, now()),
        fault=fault,
        wrong=wrong,
        typed=request.form.get("words", ""),
    )


def _tell(reference: str) -> Sequence[ToldComment]:
    with reading() as session:
        round_id = find_own_round(session, reference).id
    return read_results(runtime().database, round_id, now()).comments
