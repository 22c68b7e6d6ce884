"""From rows to research data by column: names, numbers and tokens stop here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.orm import Session

from exports.columns import Batch, Column, combine, encode
from exports.dispositions import find_case_class, find_dispositions
from exports.records import record
from forms.definition import Definition
from forms.recording import Recorder, Setting
from forms.values import Missing, Value
from surveyapp.services.cases import INELIGIBLE_MARKS
from surveyapp.services.groups import find_group, find_group_question
from surveyapp.services.standings import RoundFacts
from surveyapp.services.stored import COMMON, StoredRows, stream_rows

if TYPE_CHECKING:
    from numpy import datetime64
    from numpy.typing import NDArray

ANONYMOUS, NAMED = "anonymous", "named"
STOPPED = ("stopped", "declined")
_ANY_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Some begun interviews of a round as research data, and what of their course goes into cases alone.

    `refused`: whether each said so. `last_at`: microseconds in UTC.
    """

    batch: Batch
    entries: Column[str]
    refused: Column[bool]
    invitations: Sequence[int | None]
    last_at: NDArray[datetime64]


def read_parts(
    session: Session, facts: RoundFacts, *, closed: bool, within: tuple[int, int] | None = None
) -> Iterator[Part]:
    """Stream every begun interview of a round without repeated sections, in export order.

    That order is by the random response id, so that it tells nothing about when somebody answered. Conditions that
    ask for today's date see the day of the last answer: the same answers give the same rows for ever.
    `within`: only the interviews with ids from the first to before the second, by id.
    """
    recorder = Recorder(facts.definition, facts.parameters)
    for rows in stream_rows(session, facts.id, facts.definition, within):
        yield _build_part(facts, recorder, rows, closed=closed)


def name_person(contact_id: int | None) -> str | None:
    """Give one name for a contact in every round, which leads to nobody outside this database."""
    return None if contact_id is None else hashlib.sha256(f"person:{contact_id}".encode()).hexdigest()[:16]


def find_marked(facts: RoundFacts, disposition: str, mark: str | None, closed: bool) -> str:
    """Give the class of a case with answers, marked or not; a row whose class told the mark would have a name."""
    told = facts.confidentiality == NAMED or mark in INELIGIBLE_MARKS
    return find_case_class(interview=disposition, mark=mark, closed=closed) if mark and told else disposition


def list_private(definition: Definition) -> frozenset[str]:
    """Give the questions that people answer in confidence."""
    return frozenset(id_ for id_, question in definition.questions.items() if question.private)


def remove(value: Value) -> Value:
    """Give what stays of an answer that was told in confidence: that something was told."""
    return value if isinstance(value, Missing) else Missing.REMOVED


def _build_part(facts: RoundFacts, recorder: Recorder, rows: StoredRows, *, closed: bool) -> Part:
    import numpy as np

    definition = facts.definition
    groups, languages, states, firsts, lasts, entries, own, given, marks = (
        rows.common.map(itemgetter(place)) for place in range(len(COMMON))
    )
    ends = states.map(lambda state: (state == "finished", state in STOPPED))
    records = record(recorder, _find_settings(facts, recorder, (given, lasts, ends), rows.last_at), rows.answers)
    asked, private = find_group_question(definition), list_private(definition)
    if asked is not None and asked.id in records:
        told = combine([groups, records[asked.id]])
        groups = told.map(lambda pair: find_group(definition, pair[0], {asked.id: pair[1]}))
    classes = combine((find_dispositions(definition, records, ends, closed=closed), marks))
    named = facts.confidentiality != ANONYMOUS
    return Part(
        batch=Batch(
            response_ids=rows.response_ids,
            groups=groups,
            channels_first=firsts,
            channels_last=lasts,
            languages=languages,
            dispositions=classes.map(lambda one: find_marked(facts, one[0], one[1], closed)),
            started_at=rows.started_at,
            finished_at=np.where(rows.ended.look_up(), rows.last_at, np.datetime64("NaT")),
            people=[name_person(contact) if named else None for contact in rows.contacts],
            own_entries=own,
            answers={id_: column.map(remove) if id_ in private else column for id_, column in records.items()},
        ),
        entries=entries,
        refused=states.map(lambda state: state in STOPPED),
        invitations=rows.invitations,
        last_at=rows.last_at,
    )


def _find_settings(
    facts: RoundFacts, recorder: Recorder, course: tuple[Column[Any], ...], last_at: NDArray[datetime64]
) -> Column[Setting]:
    """Give what besides the answers decides about the path, from what was given, the channel last used and the end."""
    zone = ZoneInfo(facts.timezone)

    @cache
    def find_setting(given: str, channel: str, end: tuple[bool, bool], today: date) -> Setting:
        return Setting(orjson.loads(given), today, channel, end[0])

    if not recorder.needs_today:
        return combine(course).map(lambda one: find_setting(*one, _ANY_DAY))
    days = encode(at.replace(tzinfo=UTC).astimezone(zone).date() for at in last_at.tolist())
    return combine([*course, days]).map(lambda one: find_setting(*one))
