"""`data/dispositions.csv` and `data/paradata.csv`: what became of every case, and how answers came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from exports.delimited import write_rows
from exports.pack.contents import Contents, Resource, list_fields
from exports.responses import Event, Study
from forms.question_types.base import Cell

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
    ("event", "string", "answer: one question was answered, or answered anew"),
    ("at", "datetime", "When it was stored"),
    ("mode", "string", "Channel"),
    ("item_id", "string", "Question"),
    ("seconds", "number", "Since this interview's event before; empty at the first"),
    ("segments", "integer", "Segments of the text that the answer came with"),
    ("retries", "integer", "Earlier answers to the same question in this interview"),
    ("parser_result", "string", "The rule that read the answer"),
    ("certainty", "number", "How certain the reading is, 0 to 1"),
    ("channel_status", "string", "Status of the message, where a carrier told one"),
)


def write_course(contents: Contents) -> None:
    """Write a row for each case; on the restricted level also a row for each answer as it came."""
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
    response, before, seen = "", None, dict[str, int]()
    for event in study.events():
        if event.response_id != response:
            response, before, seen = event.response_id, None, {}
        yield _write_event(event, before, seen.get(event.question_id, 0))
        seen[event.question_id] = seen.get(event.question_id, 0) + 1
        before = event.at


def _write_event(event: Event, before: datetime | None, retries: int) -> list[Cell]:
    return [
        event.response_id,
        "answer",
        event.at.isoformat(),
        event.channel,
        event.question_id,
        None if before is None else format((event.at - before).total_seconds(), ".3f"),
        event.segments,
        retries,
        event.rule or "",
        None if event.certainty is None else format(event.certainty, "g"),
        event.status or "",
    ]
