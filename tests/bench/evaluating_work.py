"""`python -m tests.bench.evaluating_work <work> <folder>`: one piece of work in a process of its own, as JSON."""

from __future__ import annotations

import csv
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select

import surveyapp.services.publications  # noqa: F401
from exports.formats import FORMATS
from exports.options import Options
from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.keeping import Shelf
from surveyapp.models import Round
from surveyapp.services.blocks import refresh_copies
from surveyapp.services.exporting import build_study
from surveyapp.showing import read_results, tell_results

loads: Callable[[str], Any] = json.loads
if find_spec("orjson") is not None:
    loads = import_module("orjson").loads

_ROWS = (
    "SELECT response_id, channel_first, channel_last, language, state, started_at, finished_at, answers "
    "FROM interviews WHERE round_id = 1 ORDER BY response_id"
)


def naive_csv(folder: str) -> None:
    """Write the rows as a quick script would: the JSON of each, no routing, no reason for what is missing."""
    names = ["agree", "who", *(f"q{n:02}" for n in range(1, 17)), "recommend", "comment"]
    with sqlite3.connect(Path(folder) / "surveyapp.db") as connection, (Path(folder) / "naive.csv").open("w") as file:
        writer = csv.writer(file)
        writer.writerow(["response_id", "first", "last", "language", "state", "started", "finished", *names])
        for row in connection.execute(_ROWS):
            answers = loads(row[-1])
            writer.writerow([*row[:-1], *[answers.get(name) for name in names]])


def read_answers(folder: str) -> None:
    """Read and parse the answers of every row once."""
    with sqlite3.connect(Path(folder) / "surveyapp.db") as connection:
        for (answers,) in connection.execute("SELECT answers FROM interviews WHERE round_id = 1"):
            loads(answers)


def write_csv(folder: str) -> None:
    """Write the wide CSV as `surveyapp export` does."""
    database, now, options = _open(folder), datetime.now(UTC), Options()
    with database.snapshot() as session, (Path(folder) / "ours.csv").open("wb") as stream:
        round_ = session.scalars(select(Round)).one()

        def make(stream: BinaryIO) -> None:
            study = tell_results(database, build_study(session, round_, now), round_.id, now)
            FORMATS["csv"].write(study, stream, options)

        Shelf(Path(folder) / "kept").write(session, round_, "csv", options, stream, now, make)


def write_scorecard(folder: str) -> None:
    """Give the results as `surveyapp scorecard` does."""
    tables = read_results(_open(folder), 1, datetime.now(UTC))
    assert any(row.score is not None for row in tables.card.rows)


def copy_answers(folder: str) -> None:
    """Bring the copies of answers up to date as a worker does every minute."""
    database = _open(folder)
    with database.snapshot() as session:
        refresh_copies(session, Path(folder) / "exports" / "kept", datetime.now(UTC))


def _open(folder: str) -> Database:
    settings = read_settings({}, secret_key="a secret key of the benches alone", data_dir=folder)
    return Database(settings.database_url, settings.kept_dir)


WORK: dict[str, Callable[[str], None]] = {
    "naive_csv": naive_csv,
    "read_answers": read_answers,
    "csv": write_csv,
    "scorecard": write_scorecard,
    "copy": copy_answers,
}


def main(work: str, folder: str) -> None:
    """Do it, and print CPU seconds, which a busy machine changes little, and megabytes."""
    began = time.process_time()
    WORK[work](folder)
    seconds = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": most}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
