"""What staff do with the texts of a round: invite, remind, pause, send again, drop; each leaves its audit line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError
from surveyapp.models import Round
from surveyapp.sending import Sending
from surveyapp.services import outbox, reconciling
from surveyapp.services.audit import record_act
from surveyapp.services.inviting import Reach, queue_invitations, revive_invitations
from surveyapp.services.not_reminded import count_not_reminded
from surveyapp.services.reminding import queue_reminders
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED

STAFF = "staff"
"""The reason of a pause that a person made."""
OUT_OF_BUDGET = ("budget", "price")
"""The reasons why texts wait for a larger budget, or for none."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many reminders are new, and who is not reminded, by reason (`not_reminded.NOT_REMINDED`)."""

    texts: int
    left_out: Mapping[str, int]


def invite_by_text(session: Session, round_: Round, sending: Sending, *, actor: str, now: datetime) -> Reach:
    """Queue the first text to all who may have it and have none, and again what could not go in time.

    Raises `ConflictError` in a closed round.
    """
    _refuse_closed(round_, now)
    reach = revive_invitations(session, round_, now) + queue_invitations(session, round_, sending, now)
    _record(session, round_, "round.invite", actor, now, texts=reach.texts)
    return reach


def remind_by_text(session: Session, round_: Round, sending: Sending, *, actor: str, now: datetime) -> Reminded:
    """Queue the next reminder to all who may have one; raises `ConflictError` in a closed round."""
    _refuse_closed(round_, now)
    left_out = count_not_reminded(session, round_, now)
    count = queue_reminders(session, round_, sending, now)
    _record(session, round_, "round.remind", actor, now, texts=count)
    return Reminded(count, left_out)


def pause_round(session: Session, round_: Round, *, actor: str, now: datetime) -> None:
    """Let no text of this round begin; pausing a paused round changes nothing."""
    if outbox.pause(session, round_.id, reason=STAFF, actor=actor, now=now):
        _record(session, round_, "sending.pause", actor, now)


def resume_round(session: Session, round_: Round, *, actor: str, now: datetime) -> None:
    """Let the texts of this round go out again."""
    if outbox.resume(session, round_.id):
        _record(session, round_, "sending.resume", actor, now)


def pause_all(session: Session, *, actor: str, now: datetime) -> None:
    """Let no text of any round begin."""
    if outbox.pause(session, None, reason=STAFF, actor=actor, now=now):
        record_act(session, actor=actor, action="sending.pause_all", now=now)


def resume_all(session: Session, *, actor: str, now: datetime) -> None:
    """Let texts go out again, but for the rounds that are paused themselves."""
    if outbox.resume(session, None):
        record_act(session, actor=actor, action="sending.resume_all", now=now)


def change_budget(session: Session, round_: Round, micros: int | None, *, actor: str, now: datetime) -> None:
    """Give a round another budget, or none; a round that stands still for want of one goes on."""
    round_.budget_micros = micros
    session.flush()
    halted = outbox.find_pauses(session).get(outbox.name_scope(round_.id))
    if halted is not None and halted.reason in OUT_OF_BUDGET:
        outbox.resume(session, round_.id)
    outbox.release(session, round_.id, OUT_OF_BUDGET, now)
    _record(session, round_, "round.budget", actor, now, micros=micros)


def resend(session: Session, round_: Round, message_id: int, *, actor: str, now: datetime) -> None:
    """Send a held text once more; raises `ConflictError` where it is held no more, or its round is closed."""
    _refuse_closed(round_, now)
    reconciling.resend(session, message_id, round_.id, now)
    _record(session, round_, "message.resend", actor, now, message=message_id)


def drop(session: Session, round_: Round, message_id: int, *, actor: str, now: datetime) -> None:
    """Take a held text for gone; raises `ConflictError` where it is held no more."""
    reconciling.drop(session, message_id, round_.id, now)
    _record(session, round_, "message.drop", actor, now, message=message_id)


def _refuse_closed(round_: Round, now: datetime) -> None:
    if find_status(round_, now) == CLOSED:
        raise ConflictError("The round is closed: nobody can answer a text now. Reopen it first.")


def _record(session: Session, round_: Round, action: str, actor: str, now: datetime, **detail: object) -> None:
    record_act(
        session,
        actor=actor,
        action=action,
        now=now,
        round_=round_,
        detail=detail,
    )
