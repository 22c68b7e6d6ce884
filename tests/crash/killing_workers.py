"""A thousand workers, each killed at the moment at which the gateway takes its text: nothing lost, nothing doubled.

`python tests/crash/killing_workers.py --kills 1000 [--processes 20] [--database URL]` prints what it saw and ends with
1 where a text was lost or went twice. With `--anywhere` each is killed at a moment of chance instead, and what is left
is sent by one that lives. Most workers are forks, which die as real processes do and cost little;
`--processes` of them are `surveyapp deliver` commands, started as people start them.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import SECRET_KEY, publish
from phones import ACCOUNT, AUTH_TOKEN
from sqlalchemy import select, update

from surveyapp.config import Settings, read_settings
from surveyapp.database import Database
from surveyapp.delivering import Deliverer
from surveyapp.gateways.base import UnreachableError
from surveyapp.gateways.twilio import Twilio
from surveyapp.migrating import upgrade
from surveyapp.models import OutboundMessage
from surveyapp.runtime import find_utc_now
from surveyapp.services.outbox import NewMessage, queue_messages
from surveyapp.twilio_stand_in.server import StandIn

OURS = "+12025550100"
RATE = "1000"


def main() -> None:
    """Run it and print the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=0, help="how many of them are commands of their own")
    parser.add_argument("--database", help="a migrated, empty database; default: a new SQLite file")
    parser.add_argument("--no-list", action="store_true", help="the gateway's list is out of reach")
    parser.add_argument("--anywhere", action="store_true", help="kill at any moment, not at the gateway's accept")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/killed.db"
        if not arguments.database:
            fresh = Database(url)
            upgrade(fresh)
            fresh.close()
        report = run(
            url,
            Path(folder),
            arguments.kills,
            arguments.processes,
            with_list=not arguments.no_list,
            anywhere=arguments.anywhere,
        )
    sys.stdout.write(json.dumps(report) + "\n")
    sys.exit(0 if report["lost"] == report["doubled"] == report["hidden"] == 0 else 1)


def run(url: str, folder: Path, kills: int, processes: int, *, with_list: bool, anywhere: bool) -> dict[str, object]:
    """Kill the workers one by one, let one live, and count."""
    # The gateway lives in a process of its own, and kills whoever this page of memory names.
    victim = mmap.mmap(-1, 8)
    reader, writer = os.pipe()
    gateway = os.fork()
    if gateway == 0:
        _stand_in(victim, writer)
    port = struct.unpack("i", os.read(reader, 4))[0]
    settings = build_settings(url, folder, port)
    try:
        queue(settings, kills)
        began = time.monotonic()
        if anywhere:
            deaths = Counter(_kill_somewhere(settings) for _ in range(kills))
        else:
            deaths = Counter(_let_die(settings, victim, as_command=n < processes) for n in range(kills))
        seconds = time.monotonic() - began
        victim[:4] = struct.pack("i", 0)
        return {"seconds": round(seconds, 1), "killed": deaths["killed"], **settle(settings, with_list=with_list)}
    finally:
        os.kill(gateway, signal.SIGKILL)
        os.waitpid(gateway, 0)


def build_settings(url: str, folder: Path, port: int) -> Settings:
    """Give the settings of a service whose Twilio is the stand-in."""
    return read_settings({}, **_facts(url, folder, port))


def queue(settings: Settings, texts: int) -> None:
    """Put as many texts into the outbox, each to a phone of its own."""
    database = Database(settings.database_url)
    now = find_utc_now()
    round_ = publish(database, contacts=None, open_link=True, now=now)
    new = (
        NewMessage(
            round_id=round_.id,
            who=f"phone:{n}",
            kind="invitation",
            phone=f"+1202{5_000_000 + n:07}",
            body=f"Text {n}?",
            not_before=now,
            valid_until=now + timedelta(days=30),
        )
        for n in range(texts)
    )
    with database.writing() as session:
        queue_messages(session, new, settings.sending, now)
    database.close()


def settle(settings: Settings, *, with_list: bool) -> dict[str, int]:
    """Let a worker live after all of them, with time gone by, and count what came of the texts."""
    database = Database(settings.database_url)
    later = find_utc_now() + timedelta(hours=1)
    gateway = Twilio(settings)
    if not with_list:
        gateway.find = _find_nothing  # type: ignore[method-assign]
    worker = Deliverer(database, settings, lambda: later, gateway=gateway)
    worker.reconcile_due(most=10**6)
    worker = Deliverer(database, settings, lambda: later + timedelta(minutes=10), gateway=gateway)
    worker.reconcile_due(most=10**6)
    if with_list:
        worker.clock = find_utc_now  # what was never taken goes now
        _send_the_rest(database)
        worker.deliver_due(paced=True)
    with database.reading() as session:
        messages = session.scalars(select(OutboundMessage)).all()
    went = Counter(message.body for message in Twilio(settings)._client.messages.list())
    shown = Counter(message.state for message in messages)
    database.close()
    known = {"sent", "delivered"} if with_list else {"unknown"}
    return {
        "accepted": went.total(),
        "lost": sum(message.body not in went and message.state != "queued" for message in messages),
        "doubled": sum(count > 1 for count in went.values()),
        "hidden": sum(message.body in went and message.state not in known for message in messages),
        **dict(sorted(shown.items())),
    }


def _facts(url: str, folder: Path, port: int) -> dict[str, str]:
    return {
        "secret_key": SECRET_KEY,
        "database_url": url,
        "data_dir": str(folder),
        "sms_gateway": "twilio",
        "sms_rate": RATE,
        "sms_hours": "0-24",
        "sms_most_a_day": str(10**9),
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": AUTH_TOKEN,
        "twilio_from": OURS,
        "twilio_api_url": f"http://127.0.0.1:{port}",
    }


def _stand_in(victim: mmap.mmap, writer: int) -> None:
    """Take texts, and kill whoever brought one before it hears of it. Never returns."""
    server = StandIn(ACCOUNT, AUTH_TOKEN)

    def kill(_message: object) -> None:
        pid = struct.unpack("i", victim[:4])[0]
        if pid:
            os.kill(pid, signal.SIGKILL)

    server.on_accept = kill
    os.write(writer, struct.pack("i", server.server_address[1]))
    server.serve_forever(0.05)
    os._exit(0)


def _let_die(settings: Settings, victim: mmap.mmap, *, as_command: bool) -> str:
    """Start a worker that is to send one text, and say how it ended."""
    if as_command:
        facts = _facts(settings.database_url, settings.data_dir, int(settings.twilio_api_url.rpartition(":")[2]))
        environment = {**os.environ, **{f"SURVEYAPP_{name.upper()}": value for name, value in facts.items()}}
        command = [str(Path(sys.executable).parent / "surveyapp"), "deliver"]
        child = subprocess.Popen(command, env=environment)
        victim[:4] = struct.pack("i", child.pid)
        return "killed" if child.wait() == -signal.SIGKILL else "lived"
    pid = os.fork()
    if pid == 0:
        victim[:4] = struct.pack("i", os.getpid())
        database = Database(settings.database_url)
        Deliverer(database, settings, find_utc_now).deliver_due(most=1, patience=10)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else "lived"


def _kill_somewhere(settings: Settings) -> str:
    """Start a worker, and kill it at some moment of its work."""
    pid = os.fork()
    if pid == 0:
        database = Database(settings.database_url)
        Deliverer(database, settings, find_utc_now).deliver_due(patience=10)
        os._exit(0)
    time.sleep(random.uniform(0, 0.2))  # any moment will do
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return "killed" if os.WIFSIGNALED(status) else "lived"


def _send_the_rest(database: Database) -> None:
    """Let what waits go at once: its back-off was counted from the time gone by."""
    with database.writing() as session:
        session.execute(update(OutboundMessage).values(not_before=find_utc_now() - timedelta(minutes=1)))


def _find_nothing(*_: object) -> object:
    raise UnreachableError


if __name__ == "__main__":
    import twilio.rest  # noqa: F401  # once, here: each fork has it then

    main()
