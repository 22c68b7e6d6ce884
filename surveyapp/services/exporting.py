"""From rows to research data: names, numbers and tokens stop here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports.dispositions import PENDING, find_disposition
from exports.responses import ROSTER, SELF_SELECTED, Frame, Response, Study
from forms.definition import SMS, Definition
from forms.values import Answers, Missing
from surveyapp.models import Invitation, Partnership, Round
from surveyapp.services.audit import record_act
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_group, find_group_labels
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED, INTERVIEWS, build_engine_view, find_round_facts, load_answers

_BATCH = 500


def build_study(session: Session, round_: Round, now: datetime) -> Study:
    """Give a round as research data; responses are streamed from the session whenever they are asked for.

    Order is by the random response id, so that it tells nothing about when somebody answered.
    """
    definition = find_definition(session, round_.code)
    closed = find_status(round_, now) == CLOSED

    def stream() -> Iterator[Response]:
        for response, _ in _stream(session, round_, closed, now):
            yield response

    return Study(
        definition=definition,
        round_name=round_.name,
        round_code=round_.code,
        partnership=session.execute(
            select(Partnership.name).where(Partnership.id == round_.partnership_id)
        ).scalar_one(),
        closed=closed,
        sample_data=round_.sample_data,
        sms_in_use=_sms_in_use(session, round_),
        group_labels=_label_groups(session, round_),
        frame=_build_frame(session, round_, closed, now),
        responses=stream,
        computed_at=now,
    )


def record_download(session: Session, round_: Round, *, what: str, actor: str, now: datetime) -> None:
    """Record who took which file of a round."""
    record_act(session, actor=actor, action=what, now=now, partnership_id=round_.partnership_id, round_id=round_.id)


def _stream(session: Session, round_: Round, closed: bool, now: datetime) -> Iterator[tuple[Response, str]]:
    """Give every begun interview as a response, and how the person came (`invitation`, `open_link`, `keyword`)."""
    facts = find_round_facts(session, round_.code)
    definition = facts.definition
    rows = session.execute(
        select(INTERVIEWS)
        .where(INTERVIEWS.c.round_id == round_.id)
        .order_by(INTERVIEWS.c.response_id)
        .execution_options(yield_per=_BATCH)
    )
    try:
        for row in rows:
            interview = build_engine_view(
                facts,
                load_answers(definition, row.answers),
                load_answers(definition, row.given),
                row.finished_at or now,
            )
            finished = row.state == "finished"
            record = interview.record(row.channel_last, finished)
            response = Response(
                response_id=row.response_id,
                group=find_group(definition, row.group_id, record),
                channel_first=row.channel_first,
                channel_last=row.channel_last,
                language=row.language,
                disposition=find_disposition(
                    definition,
                    record,
                    finished=finished,
                    stopped_or_declined=row.state in ("stopped", "declined"),
                    closed=closed,
                ),
                started_at=row.started_at,
                finished_at=row.finished_at,
                answers=_remove_private(definition, record),
            )
            yield response, row.entry
    finally:
        # Whoever stops reading half way leaves no cursor open on the server.
        rows.close()


def _remove_private(definition: Definition, record: Answers) -> Answers:
    """Give the record without what people told in confidence; that something was told is all that stays."""
    return {
        id_: Missing.REMOVED if definition.questions[id_].private and not isinstance(value, Missing) else value
        for id_, value in record.items()
    }


def _build_frame(session: Session, round_: Round, closed: bool, now: datetime) -> Frame:
    """Give the frame: a roster as long as nobody came uninvited; who has not answered is NC only after the close."""
    cases: dict[str | None, Counter[str]] = {}
    for response, entry in _stream(session, round_, closed, now):
        if entry != "invitation":
            if response.disposition in ("I", "P"):
                return Frame(kind=SELF_SELECTED)
            continue
        cases.setdefault(response.group, Counter())[response.disposition] += 1
    invited = session.execute(
        select(Invitation.group, func.count()).where(Invitation.round_id == round_.id).group_by(Invitation.group)
    ).all()
    if not invited:
        return Frame(kind=SELF_SELECTED)
    for group, count in invited:
        counter = cases.setdefault(group, Counter())
        waiting = count - counter.total()
        if waiting > 0:
            counter["NC" if closed else PENDING] += waiting
    return Frame(kind=ROSTER, cases=cases)


def _sms_in_use(session: Session, round_: Round) -> bool:
    texted = select(INTERVIEWS.c.id).where(INTERVIEWS.c.round_id == round_.id, INTERVIEWS.c.channel_first == SMS)
    return round_.keyword is not None or session.execute(texted.limit(1)).first() is not None


def _label_groups(session: Session, round_: Round) -> dict[str, str]:
    """Give group id -> label: the definition's groups in its order, then those that only the contact list knows."""
    labels = find_group_labels(find_definition(session, round_.code))
    own = session.scalars(
        select(Invitation.group).where(Invitation.round_id == round_.id, Invitation.group.is_not(None)).distinct()
    ).all()
    for group in sorted(str(group) for group in own):
        labels.setdefault(group, group.replace("_", " "))
    return labels
