"""`data/dispositions.csv` and `data/paradata.csv`: what became of every case, and how answers came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import groupby

from exports.delimited import write_rows
from exports.pack.contents import Contents, Resource, list_fields
from exports.responses import Event, Message, Study
from forms.definition import SMS
from forms.question_types.base import Cell

UNREADABLE = "unreadable"
"""What a text is that brought no answer, and the rule that a kept one was read by."""
DISPOSITIONS = "data/dispositions.csv"
_DISPOSITION_FIELDS = (
    ("case_id", "string", "The response's id where there is a response"),
    ("group", "string", "Group of stakeholders"),
    ("frame_source", "string", "How the person came: invitation, open_link, keyword or import"),
    ("mode", "string", "Channel last used"),
    ("attempts", "integer", "Texts we sent; empty where unknown"),
    ("final_class", "string", "AAPOR class"),
    ("aapor_code", "string", "Its number; empty while the case is pending"),
    ("first_at", "string", "Invited or begun"),
    ("last_at", "string", "Last change"),
)
_PARADATA_FIELDS = (
    ("case_id", "string", "The response's id"),
    ("event", "string", "answer; of texts that brought none opening, word (we obey) or unreadable; or what we texted"),
    ("at", "datetime", "When it was stored, or sent"),
    ("mode", "string", "Channel"),
    ("item_id", "string", "Question; of a text that could not be read, the one that the next text answered"),
    ("seconds", "number", "Since this case's line before; empty at the first"),
    ("segments", "integer", "Segments of the text"),
    ("retries", "integer", "Earlier answers to the same question; of what we texted, further attempts to send it"),
    ("parser_result", "string", "The rule that read the answer; unreadable"),
    ("certainty", "number", "How certain the reading is, 0 to 1"),
    ("channel_status", "string", "How a text stands: received; sent, delivered, failed, unknown as the gateway says"),
)


def write_course(contents: Contents) -> None:
    """Write a row for each case; on the restricted level also a row for each answer and each text as they came."""
    if not contents.has_rows:
        return
    title = "Every case and what became of it"
    with contents.archive.open(DISPOSITIONS, title) as stream:
        write_rows(stream, [name for name, _, _ in _DISPOSITION_FIELDS], _list_cases(contents.study), {"attempts"})
    fields = list_fields(*_DISPOSITION_FIELDS)
    contents.describe(Resource(path=DISPOSITIONS, title=title, fields=fields, primary_key=["case_id"]))
    if not contents.is_restricted:
        return
    path, title = "data/paradata.csv", "How answers came in"
    header = [name for name, _, _ in _PARADATA_FIELDS]
    with contents.archive.open(path, title) as stream:
        write_rows(stream, header, _list_events(contents.study), {"seconds", "certainty"})
    keys = {"case_id": (DISPOSITIONS, "case_id")}
    contents.describe(Resource(path=path, title=title, fields=list_fields(*_PARADATA_FIELDS), foreign_keys=keys))


def _list_cases(study: Study) -> Iterator[list[Cell]]:
    for case in study.cases():
        yield [
            case.case_id,
            case.group or "",
            case.source,
            case.channel,
            case.attempts,
            case.disposition,
            case.code or "",
            case.first_at.isoformat(),
            case.last_at.isoformat(),
        ]


def _list_events(study: Study) -> Iterator[list[Cell]]:
    """Write the answers and the texts beside them, case by case in the order in which they came."""
    events: Iterator[Event | Message] = study.events()
    messages: Iterator[Event | Message] = study.messages()
    for case_id, own in groupby(merge(events, messages, key=_find_case), key=_find_case):
        before: datetime | None = None
        seen = Counter[str]()
        for event in sorted(own, key=lambda event: (event.at, isinstance(event, Event))):
            seconds = None if before is None else format((event.at - before).total_seconds(), ".3f")
            before = event.at
            if isinstance(event, Event):
                yield _write_event(event, seconds, seen[event.question_id])
                seen[event.question_id] += 1
            else:
                yield _write_message(case_id, event, seconds)


def _find_case(event: Event | Message) -> str:
    return event.response_id if isinstance(event, Event) else event.case_id


def _write_event(event: Event, seconds: str | None, retries: int) -> list[Cell]:
    return [
        event.response_id,
        "answer",
        event.at.isoformat(),
        event.channel,
        event.question_id,
        seconds,
        event.segments,
        retries,
        event.rule or "",
        None if event.certainty is None else format(event.certainty, "g"),
        event.status or "",
    ]


def _write_message(case_id: str, message: Message, seconds: str | None) -> list[Cell]:
    return [
        case_id,
        message.kind,
        message.at.isoformat(),
        SMS,
        message.question_id or "",
        seconds,
        message.segments,
        None if message.attempts is None else max(0, message.attempts - 1),
        UNREADABLE if message.kind == UNREADABLE else "",
        None,
        message.status or "",
    ]
