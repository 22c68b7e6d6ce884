"""A round as research data: its responses, everybody who was asked, and how the answers came."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Row, String, func, select, type_coerce
from sqlalchemy.orm import Session

from exports.columns import LENGTH, Batch, Stretch, combine, dump_times, encode, load_times, make_batch
from exports.dispositions import COUNTED, NOT_ELIGIBLE, find_code, find_disposition
from exports.ordering import sort_batches
from exports.responses import ROSTER, SELF_SELECTED, Case, Event, Frame, Response, Study, list_responses
from forms.definition import SMS, WEB
from forms.sms.segments import count_segments
from forms.values import Answers
from surveyapp.database import COPIES
from surveyapp.models import Invitation, OutboundMessage, Partnership, Round
from surveyapp.services.audit import record_act
from surveyapp.services.blocks import count_copied, list_named, read_blocks
from surveyapp.services.cases import count_waiting, find_texted, list_waiting
from surveyapp.services.courses import RECEIVED, is_course_told, list_messages, name_case
from surveyapp.services.definitions import find_definition
from surveyapp.services.gates import find_failed_gates
from surveyapp.services.groups import find_group, find_group_labels
from surveyapp.services.interviews import EVENTS
from surveyapp.services.outbox import FAILED, OUTBOX
from surveyapp.services.reading import (
    ANONYMOUS,
    NAMED,
    STOPPED,
    Part,
    find_marked,
    list_private,
    name_person,
    read_parts,
    remove,
)
from surveyapp.services.remembering import Counts
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
_MOST_SORTED = 3_000_000
"""From so many responses on the database puts them in order: copies are read once for each range of names."""
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


def build_study(session: Session, round_: Round, now: datetime, as_of: datetime | None = None) -> Study:
    """Give a round as research data; responses are streamed from the session whenever they are asked for.

    Staff know whom they marked as not eligible: only in a named round may answers stand beside that class.
    Order is by the random response id, so that it tells nothing about when somebody answered.
    `as_of`: when anything of it last changed (`find_last_change`), where somebody has looked already.
    """
    facts = find_round_facts(session, round_.code)
    definition, closed = facts.definition, find_status(round_, now) == CLOSED
    as_of = as_of or find_last_change(session, round_, now)

    def columns(*, ordered: bool = True) -> Iterator[Batch]:
        copied = _count_copied(session, facts, closed) if ordered else 0
        if 0 < copied < _MOST_SORTED:
            yield from sort_batches(partial(columns, ordered=False), copied)
            return
        yield from _list_told(_read_parts(session, round_, closed, ordered=ordered), is_told)

    def stretches(folder: Path) -> Iterator[Stretch]:
        for block, path, read in list_named(session, facts, folder, closed=closed):
            name = path.name if block.is_kept else None
            yield Stretch(count=block.stamps.count, read=partial(tell, read), name=name)

    def tell(read: Callable[[], Iterator[Part]]) -> Iterator[Batch]:
        return _list_told(read(), is_told)

    def stream() -> Iterator[Response]:
        if not definition.repeats:
            return list_responses(columns())
        return (response for response, _ in _stream(session, facts, closed) if is_told(response.disposition))

    def is_told(disposition: str) -> bool:
        return round_.confidentiality == NAMED or disposition != NOT_ELIGIBLE

    copies: Path | None = None if definition.repeats else session.info.get(COPIES)
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
        columns=columns,
        blocks=partial(columns, ordered=False),
        stretches=partial(stretches, copies) if copies is not None else None,
        memory=Counts(copies, round_.code) if copies is not None else None,
        computed_at=now,
        as_of=as_of,
        parameters=round_.parameters,
        events=lambda: _stream_events(session, round_),
        messages=lambda: iter(list_messages(session, round_)),
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
        round_=round_,
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


def _count_copied(session: Session, facts: RoundFacts, closed: bool) -> int:
    folder = session.info.get(COPIES)
    if folder is None or facts.definition.repeats:
        return 0
    return count_copied(session, facts, folder, closed=closed)


def _list_told(parts: Iterable[Part], is_told: Callable[[str], bool]) -> Iterator[Batch]:
    """Give the responses of parts whose class may be told."""
    for part in parts:
        batch = part.batch.keep(part.batch.dispositions.map(is_told).look_up())
        if len(batch):
            yield batch


def _read_parts(session: Session, round_: Round, closed: bool, *, ordered: bool) -> Iterator[Part]:
    """Give every begun interview by column, whatever its definition; in export order, or as it is had fastest."""
    facts, folder = find_round_facts(session, round_.code), session.info.get(COPIES)
    if not facts.definition.repeats:
        unordered = None if ordered or folder is None else read_blocks(session, facts, folder, closed=closed)
        yield from unordered or read_parts(session, facts, closed=closed)
        return
    stream = _stream(session, facts, closed)
    while some := list(islice(stream, LENGTH)):
        yield Part(
            batch=make_batch(facts.definition, [response for response, _ in some]),
            entries=encode(row.entry for _, row in some),
            refused=encode(row.state in STOPPED for _, row in some),
            invitations=[row.invitation_id for _, row in some],
            last_at=dump_times([response.finished_at or _read_time(row.updated_at) for response, row in some]),
        )


def _stream(session: Session, facts: RoundFacts, closed: bool) -> Iterator[tuple[Response, Row[Any]]]:
    """Give every begun interview of a round with repeated sections, one by one, with the row it was read from.

    Order and today's date are those of `read_parts`.
    """
    definition, private = facts.definition, list_private(facts.definition)
    rows: Any = session.execute(
        select(*_READ, INVITATIONS.c.contact_id, INVITATIONS.c.mark)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .where(INTERVIEWS.c.round_id == facts.id)
        .order_by(INTERVIEWS.c.response_id)
        .execution_options(yield_per=_BATCH)
    )
    try:
        for row in rows:
            finished, ended_at = row.state == "finished", _read_time(row.finished_at) if row.finished_at else None
            answers, given = (load_answers(definition, _read_json(kept)) for kept in (row.answers, row.given))
            at = ended_at or _read_time(row.updated_at)
            interview = build_engine_view(facts, answers, given, at, row.own_entry)
            record = interview.record(row.channel_last, finished)
            rows_of = interview.record_rows(row.channel_last, finished)
            disposition = find_disposition(
                definition,
                record,
                rows_of,
                finished=finished,
                stopped_or_declined=row.state in STOPPED,
                closed=closed,
            )
            response = Response(
                response_id=row.response_id,
                group=find_group(definition, row.group_id, record),
                channel_first=row.channel_first,
                channel_last=row.channel_last,
                language=row.language,
                disposition=find_marked(facts, disposition, row.mark, closed),
                started_at=_read_time(row.started_at),
                finished_at=ended_at,
                answers=_remove(private, record),
                person=None if facts.confidentiality == ANONYMOUS else name_person(row.contact_id),
                rows={
                    section: tuple(replace(one, answers=_remove(private, one.answers)) for one in found)
                    for section, found in rows_of.items()
                },
                own_entry=row.own_entry,
            )
            yield response, row
    finally:
        # Whoever stops reading half way leaves no cursor open on the server.
        rows.close()


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


def _remove(private: Collection[str], record: Answers) -> Answers:
    return {id_: remove(value) if id_ in private else value for id_, value in record.items()} if private else record


def _stream_events(session: Session, round_: Round) -> Iterator[Event]:
    """Give every answer as it came, without the answer: by response, then in the order of coming."""
    facts = find_round_facts(session, round_.code)
    rows = session.execute(
        select(INTERVIEWS.c.response_id, EVENTS.c.channel, EVENTS.c.section, EVENTS.c.changes, EVENTS.c.at)
        .join(INTERVIEWS, INTERVIEWS.c.id == EVENTS.c.interview_id)
        .outerjoin(INVITATIONS, INVITATIONS.c.id == INTERVIEWS.c.invitation_id)
        .where(INTERVIEWS.c.round_id == round_.id, is_course_told(round_))
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
                    status=RECEIVED if texted else None,
                )
    finally:
        rows.close()


def _stream_cases(session: Session, round_: Round, closed: bool) -> Iterator[Case]:
    """Give everybody who began, and then whoever was invited and has not, under a name that leads to nobody."""
    sent = _count_texts(session, round_)
    for part in _read_parts(session, round_, closed, ordered=True):
        batch = part.batch
        facts = (batch.groups, part.entries, batch.channels_last, batch.dispositions, part.refused)
        times = (load_times(batch.started_at), load_times(part.last_at))
        for id_, invitation, first_at, last_at, (group, entry, channel, disposition, refused) in zip(
            batch.response_ids, part.invitations, *times, combine(facts), strict=True
        ):
            yield Case(
                case_id=id_,
                group=group,
                source=entry,
                channel=channel,
                attempts=None if invitation is None else sent[invitation],
                disposition=disposition,
                code=find_code(disposition, refused=refused),
                first_at=first_at,
                last_at=last_at,
            )
    waiting = list_waiting(session, round_, closed)
    named = sorted((name_case(row.nonce), row, kind) for row, kind in waiting)
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
    for part in _read_parts(session, round_, closed, ordered=False):
        known = encode(
            None if invitation is None else SMS if int(invitation) in texted else WEB for invitation in part.invitations
        )
        facts = combine((part.batch.groups, part.batch.dispositions, part.entries, known))
        for (group, disposition, entry, first), count in facts.count():
            if entry != "invitation" and first is None:
                if disposition in COUNTED:
                    return Frame(kind=SELF_SELECTED)
                continue
            cases.setdefault(group, Counter())[disposition] += count
            by_channel.setdefault(first or WEB, Counter())[disposition] += count
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
