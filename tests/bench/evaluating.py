"""P4 and P5: the wide CSV and the scorecard of a long round, each in a process of its own that is weighed.

`python -m tests.bench.evaluating --responses 1000000` measures another size than the 100,000 of `make bench`. The
baselines read the same rows, in the same order, in a process like ours: for the CSV `json.loads` (orjson where it is
installed) and `csv.writer` row by row, for the scorecard reading and parsing the answers once.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.migrating import upgrade
from surveyapp.models import Round
from surveyapp.services.publishing import publish_round
from surveyapp.services.standings import INTERVIEWS
from tests.bench.measuring import Figure, at_most, draw_table

ROOT = Path(__file__).parents[2]
SECRET_KEY = "a secret key of the benches alone"
RESPONSES = 100_000
ROUND = "Bench"
GROUPS = ("community", "ngo", "government")
BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)
MOST_MEGABYTES = 300
MOST_SECONDS = 0.5
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one process took: CPU seconds of the work itself, and its most memory in MB."""

    seconds: float
    megabytes: float


def measure(responses: int = RESPONSES) -> list[Figure]:
    """Measure both on a SQLite database of so many responses, then again with 1 % more.

    The first time nothing is kept: no file, no copy of answers, no results told before. A worker copies answers in
    the background; what that takes, and what a reader then waits for, is measured apart.
    """
    one_percent = max(responses // 100, 1)
    with tempfile.TemporaryDirectory() as folder:
        database = prepare(folder, responses)
        rows, answers = _run("naive_csv", folder), _run("read_answers", folder)
        csv_first, csv_again = _run("csv", folder), _run("csv", folder)
        first, again = _run("scorecard", folder), _run("scorecard", folder)
        add_responses(database, responses, one_percent)
        csv_more, more = _run("csv", folder), _run("scorecard", folder)
        add_responses(database, responses + one_percent, one_percent)
        copied, ready, csv_ready = _run("copy", folder), _run("scorecard", folder), _run("csv", folder)
        database.close()
    of = f"of {responses:,}"
    heaviest = max(run.megabytes for run in (csv_first, csv_again, csv_more, csv_ready))
    heaviest_card = max(run.megabytes for run in (first, again, more, copied, ready))
    return [
        at_most(f"P4 wide CSV {of}, the first time, against JSON rows", csv_first.seconds, rows.seconds, 1, "s"),
        at_most("P4 the same, once a worker has copied the answers", csv_ready.seconds, rows.seconds, 1, "s"),
        at_most("P4 the same when nothing changed since", csv_again.seconds, rows.seconds, 0.3, "s"),
        at_most("P4 the same after 1 % more", csv_more.seconds, rows.seconds, 1, "s"),
        at_most(f"P4 memory that it takes, against {MOST_MEGABYTES} MB", heaviest, MOST_MEGABYTES, 1, "MB"),
        at_most(f"P5 scorecard {of}, the first time, against reading", first.seconds, answers.seconds, 1.2, "s"),
        at_most("P5 the same, once a worker has copied the answers", ready.seconds, answers.seconds, 1.2, "s"),
        at_most(f"P5 when nothing changed since, against {MOST_SECONDS} s", again.seconds, MOST_SECONDS, 1, "s"),
        at_most("P5 after 1 % more, against the first time", more.seconds, first.seconds, 0.1, "s"),
        at_most("P5 copying what 1 % more changed, against the first time", copied.seconds, first.seconds, 0.1, "s"),
        at_most(f"P5 memory that it takes, against {MOST_MEGABYTES} MB", heaviest_card, MOST_MEGABYTES, 1, "MB"),
    ]


def prepare(folder: str, responses: int) -> Database:
    """Make a fresh database in a folder with one open round and so many responses."""
    database = Database(_settings(folder).database_url)
    upgrade(database)
    with database.writing() as session:
        publish_round(
            session,
            definition=json.dumps(build_definition()),
            name=ROUND,
            open_link=True,
            actor="bench",
            contacts=None,
            secret_key=SECRET_KEY,
            now=BEGAN,
        )
    add_responses(database, 0, responses)
    return database


def add_responses(database: Database, first: int, count: int) -> None:
    """Write responses in bulk, as answering would have left them; the same number always gives the same ones."""
    for start in range(first, first + count, _BATCH):
        with database.writing() as session:
            round_id = session.query(Round.id).filter(Round.name == ROUND).scalar()
            rows = [_build_row(n, round_id) for n in range(start, min(start + _BATCH, first + count))]
            session.execute(insert(INTERVIEWS), rows)


def build_definition() -> dict[str, Any]:
    """Give an instrument with twenty columns of answers: consent, group, 16 scales, a recommendation, a comment."""
    scale = [{"value": n, "label": f"Extent {n}"} for n in range(1, 6)]
    groups = [{"value": group, "label": group.title()} for group in GROUPS]
    scales = [
        {
            "id": f"q{n:02}",
            "type": "scale",
            "label": f"Is goal {n} clear to you?",
            "choices": "extent",
            "dont_know": True,
            "score": {"domain": f"d{n % 4}", "core": n < 8},
            **({"show_if": "${q15} < 5"} if n == 16 else {}),
        }
        for n in range(1, 17)
    ]
    questions = [
        {"id": "agree", "type": "consent", "label": "Do you agree? Reply YES or NO."},
        {"id": "who", "type": "select_one", "label": "Whom do you speak for?", "choices": "groups"},
        *scales,
        {"id": "recommend", "type": "nps", "label": "Would you recommend us?"},
        {"id": "comment", "type": "text", "label": "What else should we know?"},
    ]
    return {
        "id": "bench",
        "version": "1.0.0",
        "kind": "feedback",
        "default_language": "en",
        "languages": {"en": "English"},
        "title": "Views",
        "choice_lists": {"extent": scale, "groups": groups},
        "scorecard": {"group_by": "who", "domains": [{"id": f"d{n}", "label": f"Domain {n}"} for n in range(4)]},
        "sections": [{"id": "views", "title": "Your view", "questions": questions}],
    }


def _build_row(n: int, round_id: int) -> dict[str, Any]:
    dice = random.Random(n)
    answers: dict[str, Any] = {"agree": 1, "who": dice.choice(GROUPS)}
    for place in range(1, 17):
        answers[f"q{place:02}"] = dice.randint(1, 5) if dice.random() > 0.03 else {"missing": -98}
    answers |= {"recommend": dice.randint(0, 10), "comment": f'It went "well", {n} times' if n % 4 == 0 else None}
    at = BEGAN + timedelta(seconds=n)
    name = f"{dice.getrandbits(64):016x}{n:08x}"
    return {
        "round_id": round_id,
        "entry": "open_link",
        "start_key": name,
        "token_hash": name,
        "nonce": name,
        "response_id": name,
        "reference": f"{n:016x}",
        "language": "en",
        "state": "finished",
        "channel_first": "web",
        "channel_last": "web",
        "answers": answers,
        "given": {},
        "revision": 1,
        "progress": 100,
        "reprompts": 0,
        "started_at": at,
        "updated_at": at + timedelta(minutes=4),
        "finished_at": at + timedelta(minutes=4),
    }


def _settings(folder: str) -> Any:
    return read_settings({}, secret_key=SECRET_KEY, data_dir=folder)


def _run(work: str, folder: str) -> Weighed:
    command = [sys.executable, "-m", "tests.bench.evaluating_work", work, folder]
    process = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return Weighed(**json.loads(process.stdout))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--responses", type=int, default=RESPONSES)
    print("\n".join(draw_table(measure(parser.parse_args().responses))))
