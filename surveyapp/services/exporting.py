"""From rows to research data: names, numbers and tokens stop here."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, String, func, select, true, type_coerce
from sqlalchemy.orm import Session

from exports.dispositions import NOT_ELIGIBLE, find_case_class, find_code, find_disposition
from exports.responses import ROSTER, SELF_SELECTED, Case, Event, Frame, Response, Study
from forms.definition import SMS, WEB
from forms.recording import Recorder
from forms.sms.segments import count_segments
from forms.values import Answers, Missing, Rows
from surveyapp.models import Invitation, OutboundMessage, Partnership, Round
from surveyapp.services.audit import record_act
from surveyapp.services.cases import INELIGIBLE_MARKS, count_waiting, find_texted, is_ineligible, list_waiting
from surveyapp.services.definitions import find_definition
from surveyapp.services.gates import find_failed_gates
from surveyapp.services.groups import find_group, find_group_labels
from surveyapp.services.interviews import EVENTS
from surveyapp.services.outbox import FAILED, OUTBOX
from surveyapp.services.rosters import find_roster
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import (
    CLOSED,
    INTERVIEWS,
    INVITATIONS,
    RoundFacts,
    build_engine_view,
    find_round_facts,
    load_answers,
)

_BATCH = 500
_READ = tuple(
    type_coerce(INTERVIEWS.c[name], String).label(name)
    for name in (
        "response_id",
        "group_id",
        "language",
        "state",
        "channel_first",
        "channel_last",
        "answers",
        "given",
        "own_entry",
        "started_at",
        "finished_at",
        "updated_at",
        "entry",
        "invitation_id",
    )
)
"""What of an interview is read, without a number or a token; as the driver gives it, since many rows are read."""
_ANY_DAY = date(1970, 1, 1)
ANONYMOUS, NAMED = "anonymous", "named"
_STOPPED = ("stopped", "declined")


def build_study(session: Session, round_: Round, now: datetime) -> Study:
    """Give a round as research data; responses are streamed from the session whenever they are asked for.

    Staff know whom they marked as not eligible: only in a named round may answers stand beside that class.
    Order is by the random response id, so that it tells nothing about when somebody answered.
    """
    definition = find_definition(session, round_.code)
    closed, as_of = find_status(round_, now) == CLOSED, find_last_change(session, round_, now)

    def stream() -> Iterator[Response]:
        for response, _ in _stream(session, round_, closed):
            if round_.confidentiality == NAMED or response.disposition != NOT_ELIGIBLE:
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
        find_frame=cache(lambda: _build_frame(session, round_, closed)),
        responses=stream,
        computed_at=now,
        as_of=as_of,
        parameters=round_.parameters,
        events=lambda: _stream_events(session, round_),
        cases=lambda: _stream_cases(session, round_, closed),
        roster=find_roster(session, definition, round_.code),
        failed_gates=find_failed_gates(session, round_, as_of, partial(build_study, session, now=now)),
    )


def record_download(
    session: Session,
    round_: Round,
    *,
    what: str,
    actor: str,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record who took which file of a round, and in `detail` how much it tells and why it was wanted."""
    record_act(
        session,
        actor=actor,
        action=what,
        now=now,
        partnership_id=round_.partnership_id,
        round_id=round_.id,
        detail=detail,
    )


def find_last_change(session: Session, round_: Round, now: datetime) -> datetime:
    """Give when anything of the round last changed: an answer, a case, the end of its time, what people decided."""
    lasts = (
        select(func.max(INTERVIEWS.c.updated_at)).where(INTERVIEWS.c.round_id == round_.id),
        select(func.max(INVITATIONS.c.marked_at)).where(INVITATIONS.c.round_id == round_.id),
        select(func.max(OUTBOX.c.settled_at)).where(OUTBOX.c.round_id == round_.id, OUTBOX.c.state == FAILED),
    )
    times: list[datetime | None] = [round_.created_at, round_.closed_at]
    times += [session.execute(last).scalar_one() for last in lasts]
    times += [at for at in (round_.opens_at, round_.closes_at) if at is not None and at <= now]
    return max(at for at in times if at is not None)


def _stream(session: Session, round_: Round, closed: bool) -> Iterator[tuple[Response, Row[Any]]]:
    """Give every begun interview as a response, with the row it was read from.

    Conditions that ask for today's date see the day of the last answer: the same answers give the same rows for ever.
    """
    facts = find_round_facts(session, round_.code)
    definition, anonymous = facts.definition, facts.confidentiality == ANONYMOUS
    record_one = _find_way_to_record(facts)
    private = frozenset(id_ for id_, question in definition.questions.items() if question.private)
    rows: Any = session.execute(
        select(*_READ, INVITATIONS.c.contact_id, INVITATIONS.c.mark)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .where(INTERVIEWS.c.round_id == round_.id)
        .order_by(INTERVIEWS.c.response_id)
        .execution_options(yield_per=_BATCH)
    )
    try:
        for row in rows:
            # taken apart at once: asking a row for its columns by name, a million times, takes as long as reading them
            (
                response_id,
                group_id,
                language,
                state,
                channel_first,
                channel_last,
                answers,
                given,
                own_entry,
                started_at,
                finished_at,
                updated_at,
                _,
                _,
                contact_id,
                mark,
            ) = row
            finished, ended_at = state == "finished", _read_time(finished_at) if finished_at else None
            record, rows_of = record_one(
                _read_json(answers),
                _read_json(given),
                ended_at or _read_time(updated_at),
                channel_last,
                finished,
                own_entry,
            )
            disposition = find_disposition(
                definition,
                record,
                rows_of,
                finished=finished,
                stopped_or_declined=state in _STOPPED,
                closed=closed,
            )
            response = Response(
                response_id=response_id,
                group=find_group(definition, group_id, record),
                channel_first=channel_first,
                channel_last=channel_last,
                language=language,
                disposition=disposition if mark is None else _find_marked(facts, disposition, mark, closed),
                started_at=_read_time(started_at),
                finished_at=ended_at,
                answers=_remove(private, record),
                person=None if anonymous else _name_person(contact_id),
                rows={
                    section: tuple(replace(one, answers=_remove(private, one.answers)) for one in found)
                    for section, found in rows_of.items()
                },
                own_entry=own_entry,
            )
            yield response, row
    finally:
        # Whoever stops reading half way leaves no cursor open on the server.
        rows.close()


def _find_marked(facts: RoundFacts, disposition: str, mark: str, closed: bool) -> str:
    """Give the class of a marked case with answers; a row whose class told the mark would have a name."""
    told = facts.confidentiality == NAMED or mark in INELIGIBLE_MARKS
    return find_case_class(interview=disposition, mark=mark, closed=closed) if told else disposition


def _find_way_to_record(
    facts: RoundFacts,
) -> Callable[[dict[str, Any], dict[str, Any], datetime, str, bool, str | None], tuple[Answers, Rows]]:
    """Give what makes the record of an interview, and those of its rows.

    It takes answers and given ones as they are kept, the time of the last answer, the channel last used, whether it is
    finished, and the own entry.
    """
    zone, definition = ZoneInfo(facts.timezone), facts.definition

    def record_with_rows(
        answers: dict[str, Any], given: dict[str, Any], at: datetime, channel: str, finished: bool, own: str | None
    ) -> tuple[Answers, Rows]:
        known = load_answers(definition, answers), load_answers(definition, given)
        interview = build_engine_view(facts, *known, at, own)
        return interview.record(channel, finished), interview.record_rows(channel, finished)

    if definition.repeats:
        return record_with_rows
    recorder = Recorder(definition, facts.parameters)

    def record_alone(
        answers: dict[str, Any], given: dict[str, Any], at: datetime, channel: str, finished: bool, _: str | None
    ) -> tuple[Answers, Rows]:
        today = at.astimezone(zone).date() if recorder.needs_today else _ANY_DAY
        return recorder.record(answers, given, today, channel, finished), {}

    return record_alone


def _read_json(value: Any) -> dict[str, Any]:
    """Read a JSON column that was asked for as it is: SQLite has its text, PostgreSQL's driver has read it already."""
    read: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return read


def _read_time(value: Any) -> datetime:
    """Read a time that was asked for as it is: SQLite has its text in UTC, PostgreSQL's driver has read it already."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    at: datetime = value
    return at.astimezone(UTC)


def _build_case(response: Response, row: Row[Any], sent: Counter[int]) -> Case:
    return Case(
        case_id=response.response_id,
        group=response.group,
        source=row.entry,
        channel=row.channel_last,
        attempts=None if row.invitation_id is None else sent[row.invitation_id],
        disposition=response.disposition,
        code=find_code(response.disposition, refused=row.state in _STOPPED),
        first_at=response.started_at,
        last_at=response.finished_at or _read_time(row.updated_at),
    )


def _name_person(contact_id: int | None) -> str | None:
    """Give one name for a contact in every round, which leads to nobody outside this database."""
    return None if contact_id is None else hashlib.sha256(f"person:{contact_id}".encode()).hexdigest()[:16]


def _remove(private: Collection[str], record: Answers) -> Answers:
    """Give the record without what people told in confidence; that something was told is all that stays."""
    if not private:
        return record
    return {
        id_: Missing.REMOVED if id_ in private and not isinstance(value, Missing) else value
        for id_, value in record.items()
    }


def _stream_events(session: Session, round_: Round) -> Iterator[Event]:
    """Give every answer as it came, without the answer: by response, then in the order of coming."""
    facts = find_round_facts(session, round_.code)
    rows = session.execute(
        select(INTERVIEWS.c.response_id, EVENTS.c.channel, EVENTS.c.section, EVENTS.c.changes, EVENTS.c.at)
        .join(INTERVIEWS, INTERVIEWS.c.id == EVENTS.c.interview_id)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .where(INTERVIEWS.c.round_id == round_.id, true() if round_.confidentiality == NAMED else ~is_ineligible())
        .order_by(INTERVIEWS.c.response_id, EVENTS.c.id)
        .execution_options(yield_per=_BATCH)
    )
    order = {id_: place for place, id_ in enumerate(facts.definition.questions)}
    try:
        for row in rows:
            for id_ in sorted(row.changes, key=lambda id_: (order.get(id_, len(order)), id_)):
                change = row.changes[id_]
                texted = row.channel == SMS
                yield Event(
                    response_id=row.response_id,
                    question_id=id_,
                    at=row.at,
                    channel=row.channel,
                    section=row.section,
                    rule=change.get("rule"),
                    certainty=change.get("certainty"),
                    segments=count_segments(change.get("raw") or "").segments if texted else None,
                )
    finally:
        rows.close()


def _stream_cases(session: Session, round_: Round, closed: bool) -> Iterator[Case]:
    """Give everybody who began, and then whoever was invited and has not, under a name that leads to nobody."""
    sent = _count_texts(session, round_)
    for response, begun in _stream(session, round_, closed):
        yield _build_case(response, begun, sent)
    waiting = list_waiting(session, round_, closed)
    named = sorted((hashlib.sha256(b"case:" + row.nonce.encode()).hexdigest()[:16], row, kind) for row, kind in waiting)
    for case_id, row, kind in named:
        yield Case(
            case_id=case_id,
            group=kind.group,
            source="invitation",
            channel="",
            attempts=sent[row.id],
            disposition=kind.class_,
            code=kind.code,
            first_at=row.created_at,
            last_at=row.created_at,
        )


def _count_texts(session: Session, round_: Round) -> Counter[int]:
    """Give how many texts we sent to each invitation; who was cut off from it is not counted for anybody."""
    counts = session.execute(
        select(OutboundMessage.invitation_id, func.count())
        .where(
            OutboundMessage.round_id == round_.id,
            OutboundMessage.invitation_id.is_not(None),
            OutboundMessage.sent_at.is_not(None),
        )
        .group_by(OutboundMessage.invitation_id)
    )
    return Counter({int(invitation): count for invitation, count in counts if invitation is not None})


def _build_frame(session: Session, round_: Round, closed: bool) -> Frame:
    """Give the frame: a roster as long as nobody came uninvited; who has not answered is NC only after the close."""
    cases: dict[str | None, Counter[str]] = {}
    by_channel: dict[str, Counter[str]] = {}
    texted = find_texted(session, round_)
    for response, row in _stream(session, round_, closed):
        if row.entry != "invitation" and row.invitation_id is None:
            if response.disposition in ("I", "P"):
                return Frame(kind=SELF_SELECTED)
            continue
        first = SMS if row.invitation_id is not None and int(row.invitation_id) in texted else WEB
        cases.setdefault(response.group, Counter())[response.disposition] += 1
        by_channel.setdefault(first, Counter())[response.disposition] += 1
    for kind in count_waiting(session, round_, closed):
        cases.setdefault(kind.group, Counter())[kind.class_] += kind.count
        by_channel.setdefault(kind.channel, Counter())[kind.class_] += kind.count
    if not cases:
        return Frame(kind=SELF_SELECTED)
    return Frame(kind=ROSTER, cases=cases, by_channel=by_channel if len(by_channel) > 1 else {})


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
