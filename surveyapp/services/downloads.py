"""Files that staff ask for: who may have which, what is being made, what is ready, and for how long.

`queued` waits to be made, `running` is being made under a lease, `done` can be taken until it expires, `failed` says
why, `cancelled` was called off, `expired` is gone. An export whose lease is over is taken up again, but is not begun
more than three times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from exports.errors import ExportError
from exports.formats import FORMATS
from exports.options import RESEARCH, RESTRICTED, SUMMARY, Options
from surveyapp.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from surveyapp.models import Export, Round
from surveyapp.services.audit import record_act
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import make_slug
from surveyapp.services.leases import LEASE, RUNNING, UNDER_WAY, change_work, claim_work

EXPORTS = cast(Table, Export.__table__)
KEPT = timedelta(days=7)
"""How long a file can be taken."""
SHORTEST_WHY = 3
LEVELS_OF: Mapping[str, tuple[str, ...]] = {
    "evaluator": (SUMMARY, RESEARCH),
    "coordinator": (SUMMARY, RESEARCH, RESTRICTED),
    "admin": (SUMMARY, RESEARCH, RESTRICTED),
}
"""Role -> what it may ask for: the restricted level stays inside the team."""


def request_export(
    session: Session,
    round_: Round,
    format_: str,
    options: Options,
    *,
    why: str,
    actor: str,
    role: str,
    now: datetime,
) -> Export:
    """Queue a file and record who wants it, how much it tells and why.

    Raises `InvalidError` where there is no such file or a reason is missing, `RefusedError` where the role may not.
    """
    if format_ not in FORMATS:
        raise InvalidError("There is no such format.", ["format: Choose one of the formats."])
    try:
        FORMATS[format_].check_level(options.level)
    except ExportError as error:
        raise InvalidError("The file cannot be made.", [f"level: {error}"]) from None
    if options.level not in LEVELS_OF.get(role, ()):
        raise RefusedError("The restricted level stays inside the team. Ask a coordinator if you need it.")
    reason = " ".join(why.split())
    if options.level != SUMMARY and len(reason) < SHORTEST_WHY:
        fault = "why: Say what you need single responses for; it is kept with your name."
        raise InvalidError("The file cannot be made yet.", [fault])
    definition = find_definition(session, round_.code)
    language = definition.choose_language(options.language)
    if options.section and options.section not in [part.id for part in definition.repeats]:
        raise InvalidError("There is no such table.", ["section: Choose one of the tables."])
    if not FORMATS[format_].has_one_table:
        options = replace(options, section="")
    export = Export(
        round_id=round_.id,
        format=format_,
        level=options.level,
        wishes=asdict(options),
        why=reason[:500],
        requested_by=actor,
        name=_name(round_, format_, options, language, now),
        requested_at=now,
    )
    session.add(export)
    session.flush()
    _record(session, round_, export, f"export.{format_}", actor, now)
    return export


def list_exports(session: Session, round_: Round) -> list[Export]:
    """Give the files of a round, newest first."""
    return list(
        session.scalars(select(Export).where(Export.round_id == round_.id).order_by(Export.id.desc()).limit(100))
    )


def may_take(export: Export, *, role: str, actor: str) -> bool:
    """Whether this member of staff may take the file: research is for the evaluator who asked for it, and the team."""
    if export.level not in LEVELS_OF.get(role, ()):
        return False
    return export.level == SUMMARY or role != "evaluator" or export.requested_by == actor


def take_export(session: Session, round_: Round, export_id: int, *, role: str, actor: str, now: datetime) -> Export:
    """Give a file that is ready, and record who took it; raises `NotFoundError`, `RefusedError`, `ConflictError`."""
    export = find_export(session, round_, export_id)
    if not may_take(export, role=role, actor=actor):
        raise RefusedError("This file was made for somebody else. Ask for one of your own.")
    if export.state != "done" or export.file is None:
        raise ConflictError("This file is not there (any more). Ask for a new one.")
    _record(session, round_, export, "export.taken", actor, now)
    return export


def cancel_export(session: Session, round_: Round, export_id: int, *, role: str, actor: str, now: datetime) -> None:
    """Call off a file that is not ready; whoever is making it notices and stops. What is ready already stays."""
    export = find_export(session, round_, export_id)
    if role == "evaluator" and export.requested_by != actor:
        raise RefusedError("Only whoever asked for a file, or the team, can call it off.")
    changed = change_work(session, EXPORTS, export_id, UNDER_WAY, state="cancelled", finished_at=now, lease_until=None)
    if changed:
        _record(session, round_, export, "export.cancelled", actor, now)


def find_export(session: Session, round_: Round, export_id: int) -> Export:
    """Give a file of this round; raises `NotFoundError`."""
    export = session.get(Export, export_id)
    if export is None or export.round_id != round_.id:
        raise NotFoundError("There is no such file.")
    return export


def claim_export(session: Session, now: datetime) -> Export | None:
    """Take the next file to be made, for the time of a lease; one begun too often has failed. Nothing is left: none."""
    given_up = "Making it was begun three times and never came to an end. Ask for it again, or for less."
    return claim_work(session, Export, given_up, now)


def note_progress(session: Session, export: Export, progress: int, now: datetime) -> bool:
    """Say how far it is and that whoever makes it is alive; tells whether it is still wanted, and theirs."""
    return change_work(
        session, EXPORTS, export.id, [RUNNING], export.attempts, progress=progress, lease_until=now + LEASE
    )


def note_done(session: Session, export: Export, file: str, size: int, now: datetime) -> bool:
    """Offer the file; tells whether it is still wanted."""
    changes = {"file": file, "size": size, "finished_at": now, "expires_at": now + KEPT, "lease_until": None}
    return change_work(session, EXPORTS, export.id, [RUNNING], export.attempts, state="done", progress=100, **changes)


def note_failed(session: Session, export: Export, error: str, now: datetime) -> None:
    """Say why there is no file."""
    changes = {"state": "failed", "error": error[:500], "finished_at": now, "lease_until": None}
    change_work(session, EXPORTS, export.id, [RUNNING], export.attempts, **changes)


def expire_exports(session: Session, now: datetime) -> list[str]:
    """Give the files whose time is over, which are to be deleted now."""
    old = list(session.scalars(select(Export).where(Export.state == "done", Export.expires_at < now)))
    for export in old:
        export.state = "expired"
    return [export.file for export in old if export.file]


def _record(session: Session, round_: Round, export: Export, action: str, actor: str, now: datetime) -> None:
    detail = {"export": export.id, "format": export.format, "level": export.level, "why": export.why}
    record_act(
        session,
        actor=actor,
        action=action,
        now=now,
        round_=round_,
        detail=detail,
    )


def _name(round_: Round, format_: str, options: Options, language: str, now: datetime) -> str:
    chosen = FORMATS[format_]
    what = options.shown if chosen.has_words else "codes"
    if options.section:
        what = f"{options.section}_{what}"
    if not chosen.has_rows:
        what = f"{format_}-{options.level}"
    return name_file(round_, what, language, now, chosen.extension)


def name_file(round_: Round, what: str, language: str, at: datetime, extension: str) -> str:
    """Give a file's name, ASCII only: round, definition and version, what is in it, language, time in UTC."""
    slug = make_slug(round_.name).encode("ascii", "ignore").decode() or round_.code
    version = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in ".-") else "-" for sign in round_.definition_version
    )
    return f"{slug}_{round_.definition_id}_v{version}_{what}_{language}_{at:%Y%m%d-%H%M}Z.{extension}"
