"""The answers of a round, one line an interview, and one of them whole. For those who run the round only."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from forms.definition import Definition, Question
from forms.errors import AnswerError
from forms.question_types import find_type
from forms.rows import find_question
from forms.values import Missing, Value
from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import Round
from surveyapp.runtime import now, reading, writing
from surveyapp.services.answer_lists import (
    Answered,
    correct_answer,
    find_answered,
    find_correctable,
    find_obstacle,
    list_answers,
    list_shown,
)
from surveyapp.services.definitions import find_definition
from surveyapp.web.access import access
from surveyapp.web.answering_pages import SaidPart, list_parts
from surveyapp.web.console import CHANNEL_WORDS, COORDINATING, find_own_round, show_round
from surveyapp.web.login import find_staff
from surveyapp.web.reading_answers import list_choices, list_missing, read_raw

blueprint = Blueprint("answers", __name__, url_prefix="/console")
STATE_WORDS = {"finished": "Finished", "started": "In progress", "stopped": "Stopped", "declined": "Declined"}
DISPOSITION_WORDS = {
    "I": "Complete",
    "P": "Partial",
    "R": "Refused or broken off",
    "pending": "In progress",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One interview as the table shows it, cell by cell."""

    answered: Answered
    cells: tuple[str, ...]


@blueprint.get("/rounds/<reference>/answers")
@access(*COORDINATING)
def show(reference: str) -> ResponseReturnValue:
    """Show the answers of a round, thirty a page, newest first."""
    wishes = {name: request.args.get(name, "")[:40] for name in ("state", "channel", "language", "shown", "sort")}
    with reading() as session:
        round_ = find_own_round(session, reference)
        definition = find_definition(session, round_.code)
        page = list_answers(
            session,
            round_,
            now(),
            state=wishes["state"],
            channel=wishes["channel"] if wishes["channel"] in CHANNEL_WORDS else "",
            language=wishes["language"] if wishes["language"] in definition.languages else "",
            sort=wishes["sort"] or "-at",
            page=request.args.get("page", 1, type=int),
        )
        questions = list_shown(definition)
        say = _say_code if wishes["shown"] == "codes" else _say_label
        lines = [Line(one, tuple(say(definition, q, one.record.get(q.id)) for q in questions)) for one in page.lines]
        return show_round(
            session,
            round_,
            "answers.html",
            page=page,
            lines=lines,
            questions=[(q.id, q.label.in_(definition.default_language)) for q in questions],
            wishes=wishes,
            states=STATE_WORDS,
            dispositions=DISPOSITION_WORDS,
        )


@blueprint.get("/rounds/<reference>/answers/<response_id>")
@access(*COORDINATING)
def show_one(reference: str, response_id: str) -> ResponseReturnValue:
    """Show one interview whole, and the form to correct an answer of it."""
    with reading() as session:
        return _show_one(session, find_own_round(session, reference), response_id, request.args.get("correct", ""))


@blueprint.post("/rounds/<reference>/answers/<response_id>")
@access(*COORDINATING)
def correct(reference: str, response_id: str) -> ResponseReturnValue:
    """Put another answer in place of one, with the reason."""
    question = request.form.get("question", "")[:100]
    try:
        with writing() as session:
            correct_answer(
                session,
                find_own_round(session, reference),
                response_id,
                question,
                read_raw(),
                why=request.form.get("why", ""),
                revision=request.form.get("revision", -1, type=int),
                actor=find_staff().email,
                now=now(),
            )
    except (AnswerError, ConflictError, InvalidError) as error:
        fault, status = (str(error), 422) if isinstance(error, AnswerError) else (error.message, error.status)
        with reading() as session:
            return _show_one(session, find_own_round(session, reference), response_id, question, fault), status
    return redirect(url_for("answers.show_one", reference=reference, response_id=response_id, _anchor=question), 303)


def _show_one(session: Session, round_: Round, response_id: str, question_id: str, fault: str = "") -> str:
    found = find_answered(session, round_, response_id, now())
    definition = find_definition(session, round_.code)
    obstacle = find_obstacle(round_, now())
    question = find_correctable(found.interview, question_id) if question_id and not obstacle else None
    language = definition.default_language
    return show_round(
        session,
        round_,
        "answer.html",
        found=found,
        parts=[_without_private(definition, part) for part in list_parts(found.interview, language)],
        dispositions=DISPOSITION_WORDS,
        correctable=frozenset() if obstacle else _list_correctable(found),
        obstacle=obstacle,
        question=question,
        label=found.interview.say(question.label.in_(language), language) if question else "",
        choices=list_choices(found.interview, question) if question else [],
        several=question is not None and question.type == "select_multiple",
        missing=list_missing(question),
        why=request.form.get("why", ""),
        fault=fault,
    )


def _without_private(definition: Definition, part: SaidPart) -> SaidPart:
    rows = tuple(_without_private(definition, row) for row in part.rows)
    answers = tuple(one for one in part.answers if not find_question(definition, one.id).private)
    return SaidPart(part.id, part.title, answers, part.row, rows, part.repeats)


def _list_correctable(found: Answered) -> frozenset[str]:
    fixed = ("consent", "note", "calculate")
    return frozenset(one.id for one in found.interview.path if not one.private and one.type not in fixed)


def _say_label(definition: Definition, question: Question, value: Value) -> str:
    return find_type(question.type).describe(question, value, definition.default_language)


def _say_code(definition: Definition, question: Question, value: Value) -> str:
    if isinstance(value, Missing):
        return str(value.value)
    return "" if value is None else " ".join(find_type(question.type).form_values(value))
