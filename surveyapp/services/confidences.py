"""What people told in confidence: read by those who run the round, and in no export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.definition import Definition, Question
from forms.question_types import find_type
from forms.values import Missing
from surveyapp.models import Round
from surveyapp.services.definitions import find_definition
from surveyapp.services.standings import INTERVIEWS, build_engine_view, find_round_facts, load_answers

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Confidence:
    """One private answer: the question's label, what was answered, when that interview last changed. No name."""

    question: str
    answer: str
    at: datetime


def list_private_questions(definition: Definition) -> list[Question]:
    """Give the questions whose answers stay out of every export."""
    return [question for question in definition.questions.values() if question.private]


def list_confidences(session: Session, round_: Round, now: datetime) -> list[Confidence]:
    """Give what was told in confidence, newest first, at most `MOST_SHOWN`; answers off the path are not told."""
    definition = find_definition(session, round_.code)
    language = definition.default_language
    if not list_private_questions(definition):
        return []
    facts, told = find_round_facts(session, round_.code), []
    rows = session.execute(
        select(INTERVIEWS.c.answers, INTERVIEWS.c.own_entry, INTERVIEWS.c.updated_at)
        .where(INTERVIEWS.c.round_id == round_.id)
        .order_by(INTERVIEWS.c.updated_at.desc(), INTERVIEWS.c.response_id)
    )
    for stored, own_entry, at in rows:
        interview = build_engine_view(facts, load_answers(definition, stored), {}, now, own_entry)
        for question in (one for one in interview.path if one.private):
            value = interview.value(question.id)
            if value is not None and not isinstance(value, Missing):
                said = find_type(question.type).describe(question, value, language)
                label = interview.say(question.label.in_(language), language, question.id)
                told.append(Confidence(label, said, at))
        if len(told) >= MOST_SHOWN:
            break
    rows.close()
    return told[:MOST_SHOWN]
