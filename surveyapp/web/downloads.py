"""Downloads of a round: what is asked for, what is being made, what can be taken, each with who and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.errors import GoneError, InvalidError
from surveyapp.making import FOLDER, Maker
from surveyapp.models import Export, Round
from surveyapp.runtime import now, reading, runtime, settings, writing
from surveyapp.services.downloads import (
    LEVELS_OF,
    cancel_export,
    list_exports,
    may_take,
    request_export,
    take_export,
)
from surveyapp.services.leases import UNDER_WAY
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import find_own_round, show_round
from surveyapp.web.login import find_staff

blueprint = Blueprint("downloads", __name__, url_prefix="/console")
PIECE = 256 * 1024
CHOICES = ("section", "level", "shown", "language", "included", "multiple")
FIELDS = ("format", *CHOICES, "excel", "why")
STATE_WORDS = {
    "queued": "Waiting",
    "running": "Being made",
    "done": "Ready",
    "failed": "Failed",
    "cancelled": "Called off",
    "expired": "Deleted",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One file in the list, and what may be done with it."""

    export: Export
    state: str
    can_take: bool
    can_cancel: bool
    size: str
    wishes: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: the field, and a sentence."""

    field: str
    sentence: str


@blueprint.get("/rounds/<reference>/downloads")
@access(*STAFF)
def show(reference: str) -> ResponseReturnValue:
    """Show the list of files, and the form to ask for another."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        return _show(session, round_, {}, ())


@blueprint.post("/rounds/<reference>/downloads")
@access(*STAFF)
def ask(reference: str) -> ResponseReturnValue:
    """Queue a file; it is made in the background and stands in the list when it is ready."""
    from exports.options import Options

    wishes = {name: request.form.get(name, "") for name in FIELDS}
    staff = find_staff()
    try:
        with writing() as session:
            round_ = find_own_round(session, reference)
            options = _read_options(Options, wishes)
            request_export(
                session,
                round_,
                wishes["format"],
                options,
                why=wishes["why"],
                actor=staff.email,
                role=staff.role,
                now=now(),
            )
    except InvalidError as error:
        faults = [Fault(*_split(fault)) for fault in error.faults or (f"level: {error.message}",)]
        with reading() as session:
            return _show(session, find_own_round(session, reference), wishes, faults), 422
    _begin()
    return redirect(url_for("downloads.show", reference=reference, _anchor="files"), 303)


@blueprint.post("/rounds/<reference>/downloads/<int:number>/cancel")
@access(*STAFF)
def cancel(reference: str, number: int) -> ResponseReturnValue:
    """Call a file off."""
    staff = find_staff()
    with writing() as session:
        round_ = find_own_round(session, reference)
        cancel_export(session, round_, number, role=staff.role, actor=staff.email, now=now())
    return redirect(url_for("downloads.show", reference=reference, _anchor="files"), 303)


@blueprint.post("/rounds/<reference>/downloads/<int:number>/file")
@access(*STAFF)
def take(reference: str, number: int) -> ResponseReturnValue:
    """Give a file that is ready, piece by piece; who took it is recorded, so it is a POST."""
    from exports.formats import FORMATS

    staff = find_staff()
    with writing() as session:
        round_ = find_own_round(session, reference)
        export = take_export(session, round_, number, role=staff.role, actor=staff.email, now=now())
        path = settings().data_dir / FOLDER / str(export.file)
        if not path.is_file():
            raise GoneError("This file is not on this machine any more. Ask for a new one.")
    headers = {
        "Content-Disposition": f'attachment; filename="{export.name}"',
        "Content-Length": str(path.stat().st_size),
    }
    return Response(_read_pieces(path), mimetype=FORMATS[export.format].media_type, headers=headers)


def _show(session: Any, round_: Round, wishes: dict[str, str], faults: Iterable[Fault]) -> str:
    from exports.about import LEVELS
    from exports.formats import FORMATS

    staff = find_staff()
    allowed = LEVELS_OF[staff.role]
    lines = [_describe(export, staff.role, staff.email) for export in list_exports(session, round_)]
    return show_round(
        session,
        round_,
        "downloads.html",
        formats=FORMATS.values(),
        levels=[(level, words) for level, words in LEVELS.items() if level in allowed],
        lines=lines,
        busy=any(line.export.state in UNDER_WAY for line in lines),
        state_words=STATE_WORDS,
        age=lambda at: say_age(at, now()),
        wishes={"format": "pack", "level": "summary", **wishes},
        faults=tuple(faults),
    )


def _describe(export: Export, role: str, email: str) -> Line:
    mine = role != "evaluator" or export.requested_by == email
    wishes = export.wishes
    said = (
        [*filter(None, [wishes.get("section")]), wishes["shown"], wishes["included"]]
        if export.level != "summary"
        else []
    )
    return Line(
        export=export,
        state=STATE_WORDS[export.state],
        can_take=export.state == "done" and may_take(export, role=role, actor=email),
        can_cancel=export.state in UNDER_WAY and mine,
        size=_say_size(export.size),
        wishes=", ".join(said),
    )


def _read_options(options: Any, wishes: dict[str, str]) -> Any:
    chosen = {name: wishes[name] for name in CHOICES if wishes[name]}
    try:
        return options(**chosen, excel=wishes["excel"] == "1")
    except ValueError as error:
        raise InvalidError(str(error), [f"level: {error}."]) from None


def _begin() -> None:
    """Begin to make what is due, now that it is committed."""
    own = runtime()
    own.background(Maker(own.database, own.settings.data_dir / FOLDER, own.clock).make_due)


def _split(fault: str) -> tuple[str, str]:
    field, _, sentence = fault.partition(": ")
    return (field, sentence) if sentence else ("format", fault)


def _say_size(size: int | None) -> str:
    if size is None:
        return ""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"


def _read_pieces(path: Any) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def say_age(at: datetime, now: datetime) -> str:
    """Say how long ago something was, in one unit."""
    seconds = max(0, int((now - at).total_seconds()))
    for word, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "just now"
