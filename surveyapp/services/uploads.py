"""Files with answers that staff send in at the console: judged first, brought in when they say so, or thrown away.

`queued` and `running` as `services.leases` says; `judged`: nothing is wrong, staff decide; `faulty`: every fault is in
the report; `done`: brought in; `failed` says why; `cancelled` was thrown away; `expired`: nobody decided for a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.models import AnswerImport, Round
from surveyapp.services.answer_importing import Imported, Judged
from surveyapp.services.audit import record_act
from surveyapp.services.leases import LEASE, QUEUED, RUNNING, UNDER_WAY, change_work, claim_work
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED

IMPORTS = cast(Table, AnswerImport.__table__)
JUDGE, IMPORT = "judge", "import"
JUDGED, FAULTY, DONE, FAILED, CANCELLED, EXPIRED = "judged", "faulty", "done", "failed", "cancelled", "expired"
KEPT = timedelta(days=1)
"""How long a file waits for somebody to decide."""
MOST_FAULTS = 300
"""Faults that are kept and shown."""
GIVEN_UP = "It was begun three times and never came to an end. Nothing was stored. Send smaller files."


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was sent in: whose rows it has (empty: the responses themselves), and where it was put."""

    section: str
    file: str


def add_upload(
    session: Session, round_: Round, name: str, uploads: Sequence[Upload], *, actor: str, now: datetime
) -> AnswerImport:
    """Queue files to be judged; raises `ConflictError` for a closed round, which takes none."""
    if find_status(round_, now) == CLOSED:
        raise ConflictError(f"{round_.name} is closed. Reopen it, import the answers, and close it again.")
    found = AnswerImport(
        round_id=round_.id,
        name=name[:200] or "answers",
        files=[{"section": one.section, "file": one.file} for one in uploads],
        requested_by=actor,
        requested_at=now,
    )
    session.add(found)
    session.flush()
    _record(session, round_, "answers.sent", found.id, actor, now)
    return found


def list_uploads(session: Session, round_: Round, most: int = 20) -> Sequence[AnswerImport]:
    """Give what was sent in for a round, the latest first."""
    found = select(AnswerImport).where(AnswerImport.round_id == round_.id).order_by(AnswerImport.id.desc())
    return session.scalars(found.limit(most)).all()


def approve_upload(session: Session, round_: Round, upload_id: int, *, actor: str) -> None:
    """Say that a file without faults is to be brought in; a second time changes nothing."""
    _find(session, round_, upload_id)
    facts: dict[str, Any] = {"wish": IMPORT, "state": QUEUED, "attempts": 0, "progress": 0, "requested_by": actor}
    if not change_work(session, IMPORTS, upload_id, [JUDGED], **facts):
        found = _find(session, round_, upload_id)
        if found.wish != IMPORT:
            raise ConflictError("This file cannot be brought in (any more). Send it in again.")


def drop_upload(session: Session, round_: Round, upload_id: int, *, actor: str, now: datetime) -> None:
    """Throw a file away that was not brought in; one that is being brought in is stopped before anything is stored."""
    _find(session, round_, upload_id)
    facts: dict[str, Any] = {"state": CANCELLED, "finished_at": now, "lease_until": None}
    if change_work(session, IMPORTS, upload_id, [*UNDER_WAY, JUDGED, FAULTY], **facts):
        _record(session, round_, "answers.dropped", upload_id, actor, now)


def claim_upload(session: Session, now: datetime) -> AnswerImport | None:
    """Take the next file to be judged or brought in, for the time of a lease."""
    return claim_work(session, AnswerImport, GIVEN_UP, now)


def note_far(session: Session, upload: AnswerImport, progress: int, now: datetime) -> bool:
    """Say how far it is and that whoever works is alive; tells whether it is still wanted, and theirs."""
    return _change(session, upload, progress=progress, lease_until=now + LEASE)


def note_judged(session: Session, upload: AnswerImport, judged: Judged, now: datetime) -> None:
    """Keep what was found: how many responses, columns that mean nothing, every fault by row and column."""
    faults = sorted(judged.faults, key=lambda fault: fault.row)[:MOST_FAULTS]
    report: dict[str, Any] = {
        "responses": len(judged.responses),
        "ignored": list(judged.ignored)[:MOST_FAULTS],
        "faults": [[one.row, one.column, one.message] for one in faults],
        "all_faults": len(judged.faults),
    }
    state = FAULTY if judged.faults else JUDGED
    _change(session, upload, state=state, report=report, progress=100, finished_at=now, lease_until=None)


def note_imported(session: Session, upload: AnswerImport, done: Imported, now: datetime) -> bool:
    """Keep what came of it, in the transaction that stores the answers; tells whether it was still wanted."""
    report = {**(upload.report or {}), "new": done.new, "unchanged": done.unchanged}
    return _change(session, upload, state=DONE, report=report, progress=100, finished_at=now, lease_until=None)


def note_failed(session: Session, upload: AnswerImport, error: str, now: datetime) -> None:
    """Say why nothing was stored."""
    _change(session, upload, state=FAILED, error=error[:500], finished_at=now, lease_until=None)


def forget_files(session: Session, now: datetime) -> list[str]:
    """Give the files that nobody needs any more, which are to be deleted now."""
    waiting = select(AnswerImport).where(
        AnswerImport.state.in_((JUDGED, FAULTY)), AnswerImport.requested_at < now - KEPT
    )
    for old in session.scalars(waiting):
        old.state, old.finished_at = EXPIRED, now
    session.flush()
    over = (DONE, FAILED, CANCELLED, EXPIRED, FAULTY)
    files = []
    for one in session.scalars(select(AnswerImport).where(AnswerImport.state.in_(over))):
        files += [part["file"] for part in one.files]
        if one.files:
            one.files = []
    return files


def _record(session: Session, round_: Round, action: str, upload_id: int, actor: str, now: datetime) -> None:
    record_act(
        session,
        actor=actor,
        action=action,
        now=now,
        round_=round_,
        detail={"import": upload_id},
    )


def _find(session: Session, round_: Round, upload_id: int) -> AnswerImport:
    found = session.get(AnswerImport, upload_id)
    if found is None or found.round_id != round_.id:
        raise NotFoundError("There is no such file.")
    return found


def _change(session: Session, upload: AnswerImport, **facts: Any) -> bool:
    return change_work(session, IMPORTS, upload.id, [RUNNING], upload.attempts, **facts)
