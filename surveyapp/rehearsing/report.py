"""What a rehearsal showed: who got how far, what it cost, when it ended, and which questions nobody reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms import rows
from forms.definition import SMS, WEB, Definition
from forms.question_types import find_type
from surveyapp.models import Interview, Invitation, OptOut, OutboundMessage, UnreadReply
from surveyapp.rehearsing.play import Play
from surveyapp.rehearsing.stage import FIRST_DAY, Stage
from surveyapp.sending import show_money
from surveyapp.services.definitions import find_definition
from surveyapp.services.tallies import find_tally

UNREADABLE = -92
HAPPENINGS = ("reminders queued", "follow-ups queued", "webhooks repeated", "pages", "pages sent back")


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question: how many answers it got on each channel, and how many texts to it nobody could read.

    In a section that repeats, the answers of every row count.
    """

    id: str
    web: int
    sms: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One rehearsal. Money in millionths, `None` where no price is known; `hours`: from the first text to the last."""

    seed: int
    respondents: int
    with_phone: int
    not_begun: int
    interviews: Mapping[str, int]
    opted_out: int
    texts_sent: int
    texts_received: int
    replies: int
    segments: int
    cost_micros: int | None
    outbox: Mapping[str, int]
    carrier_errors: Mapping[str, int]
    happened: Mapping[str, int]
    unread: int
    hours: float
    questions: tuple[QuestionLine, ...]
    never_reached: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the report as JSON holds it."""
        return asdict(self)


def write_report(session: Session, stage: Stage, play: Play, errors: Counter[str], seed: int) -> Report:
    """Count what stands on the stage when the curtain has fallen."""
    definition = find_definition(session, stage.code)
    states = session.execute(
        select(Interview.channel_last, Interview.state, func.count()).group_by(Interview.channel_last, Interview.state)
    ).all()
    outbox = session.execute(select(OutboundMessage.state, func.count()).group_by(OutboundMessage.state)).all()
    tally = find_tally(session, stage.round_id)
    begun = select(func.count()).select_from(Invitation).where(Invitation.state == "invited")
    questions = tuple(_count_questions(session, definition))
    priced = stage.settings.sending.estimate(stage.settings.sending.sender, 1) is not None
    said = play.said
    return Report(
        seed=seed,
        respondents=len(stage.players),
        with_phone=sum(bool(player.phone) for player in stage.players),
        not_begun=session.execute(begun).scalar_one(),
        interviews={
            f"{state} by {channel}": count for channel, state, count in sorted(states, key=lambda row: (row[0], row[1]))
        },
        opted_out=session.execute(select(func.count()).select_from(OptOut)).scalar_one(),
        texts_sent=tally.messages,
        texts_received=said["texts received"],
        replies=said["replies"],
        segments=tally.segments + said["reply segments"],
        cost_micros=tally.cost_micros + said["reply cost"] if priced else None,
        outbox={row[0]: row[1] for row in sorted(outbox, key=lambda row: row[0])},
        carrier_errors=dict(sorted(errors.items())),
        happened={what: said[what] for what in HAPPENINGS},
        unread=session.execute(select(func.count()).select_from(UnreadReply)).scalar_one(),
        hours=round(_find_hours(play.last), 2),
        questions=questions,
        never_reached=tuple(line.id for line in questions if not line.web + line.sms + line.unreadable),
    )


def list_lines(report: Report) -> Iterator[str]:
    """Give the report as people read it."""
    yield f"Rehearsal with {report.respondents:,} synthetic respondents, seed {report.seed}. Nothing of it is kept."
    yield f"  {report.with_phone:,} have a phone; {report.not_begun:,} never began; {report.opted_out:,} wrote STOP."
    for what, count in report.interviews.items():
        yield f"  {count:,} {what}"
    yield (
        f"Texts: {report.texts_sent:,} sent by us, {report.texts_received:,} received, {report.replies:,} replies; "
        f"{report.segments:,} segments in all, "
        + (f"costing {show_money(report.cost_micros)}." if report.cost_micros is not None else "of unknown price.")
    )
    for what, count in {**report.carrier_errors, **report.happened}.items():
        yield f"  {count:,} {what}"
    yield f"  {report.unread:,} texts wait for a person"
    yield f"The last answer came {report.hours:,.1f} hours after the round opened."
    yield "Answered, by question:"
    width = max((len(line.id) for line in report.questions), default=0)
    for line in report.questions:
        yield f"  {line.id:{width}}  {line.web:7,} web  {line.sms:7,} text  {line.unreadable:6,} unreadable"
    if report.never_reached:
        yield f"Never reached: {', '.join(report.never_reached)}"


def _count_questions(session: Session, definition: Definition) -> Iterator[QuestionLine]:
    answered: dict[str, Counter[str]] = {WEB: Counter(), SMS: Counter()}
    unreadable: Counter[str] = Counter()
    for channel, answers in session.execute(select(Interview.channel_last, Interview.answers)):
        for id_, stored in answers.items():
            id_ = rows.split(id_)[2] or id_
            if isinstance(stored, dict) and stored.get("missing") == UNREADABLE:
                unreadable[id_] += 1
            elif stored is not None:
                answered[channel][id_] += 1
    for id_, question in definition.questions.items():
        if find_type(question.type).asks:
            yield QuestionLine(id_, answered[WEB][id_], answered[SMS][id_], unreadable[id_])


def _find_hours(last: datetime | None) -> float:
    return (last - FIRST_DAY).total_seconds() / 3600 if last else 0.0
