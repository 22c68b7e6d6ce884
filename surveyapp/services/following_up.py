"""The follow-up by text: the second part of the questions, later, to those who agreed to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.definition import SMS, Definition
from forms.sms.segments import count_segments
from surveyapp.models import Round
from surveyapp.sending import Sending
from surveyapp.services import texts
from surveyapp.services.definitions import find_definition
from surveyapp.services.interviews import note_standing
from surveyapp.services.outbox import EXPIRES, FOLLOW_UP, OPT_OUTS, NewMessage, queue_messages
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import (
    CONTACTS,
    FOLLOW_UP_PART,
    INTERVIEWS,
    INVITATIONS,
    OPEN,
    Standing,
    find_by_id,
)
from surveyapp.services.turns import build_question

AFTER = timedelta(days=7)
"""How long after the first part the second one is texted."""
NO_PART = 0
_BATCH = 500


def queue_due_follow_ups(session: Session, sending: Sending, now: datetime) -> int:
    """Queue the first question of the second part to all who finished the first by text a week ago and agreed.

    In every open round whose definition asks for it. Gives how many are new; may be called again at any time.
    """
    new = 0
    rounds = session.scalars(select(Round).where(Round.state == "published", Round.confidentiality != "anonymous"))
    for round_ in rounds.all():
        definition = find_definition(session, round_.code)
        if find_status(round_, now) == OPEN and asks_more(definition):
            new += _queue(session, round_, sending, now)
    return new


def asks_more(definition: Definition) -> bool:
    """Whether a definition keeps questions for a follow-up by text, and asks who welcomes one."""
    questions = definition.questions.values()
    kept = any(SMS in question.channels and question.sms.part == FOLLOW_UP_PART for question in questions)
    return kept and any(question.sms.follow_up is not None for question in questions)


def _queue(session: Session, round_: Round, sending: Sending, now: datetime) -> int:
    due = session.execute(
        select(INTERVIEWS.c.id, CONTACTS.c.timezone, INVITATIONS.c.contact_id)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .outerjoin(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
        .where(
            INTERVIEWS.c.round_id == round_.id,
            INTERVIEWS.c.state == "finished",
            INTERVIEWS.c.part == 1,
            INVITATIONS.c.mark.is_(None),
            INTERVIEWS.c.channel_last == SMS,
            INTERVIEWS.c.phone.is_not(None),
            INTERVIEWS.c.finished_at <= now - AFTER,
            INTERVIEWS.c.phone.not_in(select(OPT_OUTS.c.phone)),
        )
        .order_by(INTERVIEWS.c.id)
        .limit(_BATCH)
    ).all()
    messages = []
    for row in due:
        standing = find_by_id(session, row.id, now, lock=True)
        question = standing.interview.next_question(SMS, FOLLOW_UP_PART) if _has_agreed(standing) else None
        if question is None:
            note_standing(session, standing, part=NO_PART)
            continue
        facts = {"part": FOLLOW_UP_PART, "asked": question.id, "asked_at": now, "reprompts": 0}
        standing = note_standing(session, standing, **facts)
        messages.append(
            NewMessage(
                round_id=round_.id,
                who=f"contact:{row.contact_id}" if row.contact_id is not None else f"interview:{row.id}",
                kind=FOLLOW_UP,
                phone=standing.phone or "",
                body=_begin(build_question(standing, question), standing.language),
                not_before=now,
                valid_until=min(now + EXPIRES, round_.closes_at or now + EXPIRES),
                timezone=row.timezone,
                invitation_id=standing.invitation_id,
                interview_id=row.id,
                asked=question.id,
            )
        )
    return queue_messages(session, messages, sending, now)


def _has_agreed(standing: Standing) -> bool:
    """Whether a question that asks for it was answered so."""
    return any(
        question.sms.follow_up is not None and standing.interview.value(question.id) == question.sms.follow_up
        for question in standing.interview.path
    )


def _begin(question: str, language: str) -> str:
    """Say before the question why it comes; a segment more is worth it."""
    longer = f"{texts.say_more(language)}\n{question}"
    return longer if count_segments(longer).segments <= count_segments(question).segments + 1 else question
