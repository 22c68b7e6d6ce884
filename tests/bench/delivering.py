"""P8: publishing to a long list with its texts, what it weighs, and the rate that workers keep together."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.bench.measuring import Figure, at_least, at_most

ROOT = Path(__file__).parents[2]
PEOPLE = 100_000
RATE, TEXTS, WORKERS = 10.0, 100, 2
PUBLISH = """
import json, resource, subprocess, sys, time
from functools import partial
from datetime import UTC, datetime
from pathlib import Path
from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.jobs import finish_inviting
from surveyapp.migrating import upgrade
from surveyapp.services.contacts import read_contacts
from surveyapp.publishing import publish
from surveyapp.services.publishing import begin_round

people, folder = int(sys.argv[1]), sys.argv[2]
settings = read_settings({}, secret_key="0" * 32, data_dir=folder, sms_price="0.0079")
database = Database(settings.database_url)
upgrade(database)
groups, languages = ("community", "ngo", "government"), ("en", "fr", "es")
rows = (f"P{n},+1{200 + n % 700}555{n // 700:04},{groups[n % 3]},{languages[n % 3]},yes\\n" for n in range(people))
contacts = read_contacts("name,phone,group,language,consent\\n" + "".join(rows))
assert not contacts.faults
weight = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = partial(
    begin_round,
    definition=Path(sys.argv[3]).read_bytes(),
    name="long",
    parameters={"partnership": "River Valley"},
    contacts=contacts,
    sending=settings.sending,
    actor="bench",
    secret_key=settings.secret_key,
)
other = subprocess.Popen([sys.executable, "-c", OTHER, settings.database_url], stdout=subprocess.PIPE, text=True)
other.stdout.readline()
began = time.perf_counter()
publish(database, begin, contacts.contacts, lambda: datetime.now(UTC))
finish_inviting(database, settings, lambda: datetime.now(UTC))
whole = time.perf_counter() - began
other.terminate()
waited = json.loads(other.stdout.read().splitlines()[-1])
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - weight) / 1024
print(json.dumps({"whole": whole, "waited": waited, "grown": grown}))
"""
OTHER = """
import json, signal, sys, time
from sqlalchemy import text
from surveyapp.database import Database

database, waits, goes_on = Database(sys.argv[1]), [0.0], [True]
signal.signal(signal.SIGTERM, lambda *_: goes_on.clear())
print("ready", flush=True)
while goes_on:
    began = time.perf_counter()
    with database.writing() as session:
        session.execute(text("UPDATE heartbeats SET at = at"))
    waits.append(time.perf_counter() - began)
    time.sleep(0.05)
print(json.dumps(max(waits)))
"""
"""What somebody else does meanwhile: write a little, twenty times a second, and tell how long that took at worst."""


def measure() -> list[Figure]:
    """Publish to a hundred thousand people with their texts, and let two workers send at a rate."""
    with tempfile.TemporaryDirectory() as folder:
        definition = ROOT / "survey_definitions" / "partnership_feedback.json"
        command = [sys.executable, "-c", f"OTHER = {OTHER!r}\n{PUBLISH}", str(PEOPLE), folder, str(definition)]
        process = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        report = json.loads(process.stdout)
        rate, most = _measure_rate(Path(folder) / "rate")
    return [
        at_most(f"P8 publishing to {PEOPLE:,} people with their texts, against 60 s", report["whole"], 60, 1, "s"),
        at_most("P8 the longest that another writer waits meanwhile, against 1 s", report["waited"], 1, 1, "s"),
        at_most("P8 memory that it takes beyond the list itself, against 100 MB", report["grown"], 100, 1, "MB"),
        at_least(f"P8 {WORKERS} workers against the rate of {RATE:g} segments a second", rate, RATE, 0.95),
        at_most("P8 the same, never above it", rate, RATE, 1, "/s"),
        at_most("P8 most in any one second, against the rate", most, RATE, 1, ""),
    ]


def _measure_rate(folder: Path) -> tuple[float, int]:
    """Give texts a second that workers sent together, and the most within any one second."""
    sys.path.insert(0, str(ROOT / "tests"))
    from builders import SECRET_KEY
    from outbox import SENDING, Post

    from surveyapp.config import read_settings
    from surveyapp.database import Database
    from surveyapp.delivering import Deliverer
    from surveyapp.migrating import upgrade
    from surveyapp.runtime import find_utc_now

    settings = read_settings({}, secret_key=SECRET_KEY, data_dir=str(folder))
    database = Database(settings.database_url)
    upgrade(database)
    post = Post(database, settings, replace(SENDING, rate=RATE, quiet_from=24, quiet_until=0))
    post.clock.now = find_utc_now()
    post.queue(*(f"+1202555{n:04}" for n in range(TEXTS)), valid_until=post.clock.now + timedelta(days=1))
    times: list[float] = []
    post.gateway.on_send = lambda outbound: times.append(time.monotonic())
    crew = [Deliverer(database, post.settings, find_utc_now, gateway=post.gateway) for _ in range(WORKERS)]
    threads = [threading.Thread(target=worker.deliver_due, kwargs={"patience": 3, "paced": True}) for worker in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    times.sort()
    most = max(sum(start <= moment < start + 1 for moment in times) for start in times)
    return (len(times) - 1) / (times[-1] - times[0]), most
