"""Answers that were collected elsewhere, imported for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from builders import NOON, SECRET_KEY

from surveyapp.database import Database
from surveyapp.models import Round
from surveyapp.services.answer_files import AnswerFile, read_answer_csv, read_answer_lines
from surveyapp.services.answer_importing import Imported, Judged, import_answers, judge_answers
from surveyapp.services.definitions import find_definition
from surveyapp.services.rounds import find_round

LATER = NOON + timedelta(days=1)


def read(
    database: Database, round_: Round, data: str | list[dict], rows: Mapping[str, str] | None = None
) -> AnswerFile:
    """Read a CSV file, or objects as JSON lines."""
    with database.reading() as session:
        definition = find_definition(session, round_.code)
    if isinstance(data, str):
        return read_answer_csv(data, rows or {}, definition)
    return read_answer_lines("\n".join(json.dumps(one) for one in data), definition)


def judge(database: Database, round_: Round, data: str | list[dict], **parts: Any) -> Judged:
    """Judge a file and store nothing."""
    file = read(database, round_, data, **parts)
    with database.reading() as session:
        return judge_answers(session, find_round(session, round_.code), file, LATER)


def find_faults(database: Database, round_: Round, data: str | list[dict], **parts: Any) -> list[tuple[int, str]]:
    """Give row and column of every fault of a file."""
    return [(fault.row, fault.column) for fault in judge(database, round_, data, **parts).faults]


def bring(database: Database, round_: Round, data: str | list[dict], now: datetime = LATER, **parts: Any) -> Imported:
    """Import a file."""
    judged = judge(database, round_, data, **parts)
    with database.writing() as session:
        found = find_round(session, round_.code)
        return import_answers(session, found, judged, actor="c@example.org", secret_key=SECRET_KEY, now=now)
