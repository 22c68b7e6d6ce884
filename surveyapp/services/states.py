"""The state of a round's responses as one name: as long as it is the same, so are all files made of them alone."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Result, String, cast, func, select
from sqlalchemy.orm import Session

import exports
import forms
from surveyapp.models import Round
from surveyapp.services.standings import INTERVIEWS, INVITATIONS, find_round_facts

_BATCH = 5_000
_READ = tuple(
    INTERVIEWS.c[name]
    for name in (
        "response_id",
        "revision",
        "state",
        "group_id",
        "entry",
        "channel_first",
        "channel_last",
        "language",
        "own_entry",
        "started_at",
        "updated_at",
        "finished_at",
    )
)
"""What of an interview can change by itself; `revision` speaks for the answers."""


def find_state(session: Session, round_: Round, now: datetime) -> str:
    """Give a hash of all that the responses of a round are made of, as this transaction sees it: 64 hex digits.

    Names, numbers and answers are not read. The code that makes files of them counts too: an upgrade changes the
    state of every round. Costs about a microsecond for each interview.
    """
    facts = find_round_facts(session, round_.code)
    digest = hashlib.sha256(_find_code_state().encode())
    told = [
        facts.code,
        facts.name,
        facts.partnership,
        hashlib.sha256(facts.definition.source.encode()).hexdigest(),
        sorted(facts.parameters.items()),
        facts.confidentiality,
        facts.timezone,
        facts.find_status(now),
    ]
    digest.update(json.dumps(told).encode())
    as_array = func.json_array if session.get_bind().dialect.name == "sqlite" else func.json_build_array
    rows: Result[Any] = session.execute(
        select(cast(as_array(*_READ), String))
        .where(INTERVIEWS.c.round_id == round_.id)
        .order_by(INTERVIEWS.c.id)
        .execution_options(yield_per=_BATCH)
    )
    for batch in rows.scalars().partitions():
        digest.update("\n".join([*batch, ""]).encode())
    marks = select(INVITATIONS.c.id, INVITATIONS.c.mark).where(
        INVITATIONS.c.round_id == round_.id, INVITATIONS.c.mark.is_not(None)
    )
    digest.update(json.dumps([list(row) for row in session.execute(marks.order_by(INVITATIONS.c.id))]).encode())
    return digest.hexdigest()


@cache
def _find_code_state() -> str:
    """Give a hash of every source file that has a say in what is written: the same on every machine."""
    digest = hashlib.sha256()
    for folder in (Path(str(exports.__file__)).parent, Path(str(forms.__file__)).parent, Path(__file__).parents[1]):
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
