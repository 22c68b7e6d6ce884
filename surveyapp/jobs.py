"""Jobs: huey wakes, our tables know. What runs may run twice, at once and anywhere; what is lost comes with the next
minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from surveyapp.bringing_in import FOLDER as IMPORTS
from surveyapp.bringing_in import Importer
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.delivering import Deliverer, name_worker
from surveyapp.making import FOLDER, Maker
from surveyapp.publishing import clear
from surveyapp.runtime import find_utc_now
from surveyapp.services.blocks import refresh_copies
from surveyapp.services.following_up import queue_due_follow_ups
from surveyapp.services.heartbeats import beat
from surveyapp.services.inviting import Reach, continue_inviting
from surveyapp.services.outbox import cancel_of_the_closed
from surveyapp.services.reminding import queue_due_reminders
from surveyapp.services.reply_costs import count_new_replies

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

LOG = logging.getLogger("surveyapp.jobs")
WORKERS = 2
"""One may be sending while the other keeps the minute."""
STOPS_WITHIN = 20.0
"""Seconds that a text in flight has to come to its end when the process is stopped."""
PATIENCE = 50.0
"""Seconds after which a delivery ends, whatever is left: the minute begins the next, and has its turn before it."""

Clock = Callable[[], datetime]


def remind(database: Database, settings: Settings, clock: Clock) -> int:
    """Queue the reminders that are owed."""
    with database.writing() as session:
        return queue_due_reminders(session, settings.sending, clock())


def follow_up(database: Database, settings: Settings, clock: Clock) -> int:
    """Queue the follow-ups that are due."""
    with database.writing() as session:
        return queue_due_follow_ups(session, settings.sending, clock())


def finish_inviting(database: Database, settings: Settings, clock: Clock) -> Reach:
    """Write the first texts of long lists to their end, in short transactions, and give whom they reach."""
    reached = Reach()
    while True:
        with database.writing() as session:
            more = continue_inviting(session, settings.sending, clock())
        if more is None:
            return reached
        reached += more


def invite(database: Database, settings: Settings, clock: Clock) -> int:
    """Write the first texts that are still to be written."""
    return finish_inviting(database, settings, clock).texts


def end_texts(database: Database, settings: Settings, clock: Clock) -> int:
    """Take what still waits in closed rounds out of the queue."""
    with database.writing() as session:
        return cancel_of_the_closed(session, clock())


def reckon(database: Database, settings: Settings, clock: Clock) -> int:
    """Count what the replies within conversations cost."""
    counted = 0
    while True:
        with database.writing() as session:
            more = count_new_replies(session, settings.sending, clock())
        if not more:
            return counted
        counted += more


def reconcile(database: Database, settings: Settings, clock: Clock) -> int:
    """Look for what is doubtful."""
    return Deliverer(database, settings, clock).reconcile_due().total()


def make_files(database: Database, settings: Settings, clock: Clock) -> int:
    """Make the files that wait, and what a crash left of others; throw away those whose time is over."""
    return Maker(database, settings.data_dir / FOLDER, clock).make_due()


def bring_in(database: Database, settings: Settings, clock: Clock) -> int:
    """Judge and bring in the answers that staff sent in."""
    return Importer(database, settings.data_dir / IMPORTS, settings.secret_key, clock).do_due()


def copy_answers(database: Database, settings: Settings, clock: Clock) -> int:
    """Bring the copies of answers up to date, so that nobody who reads a long round waits for it."""
    with database.snapshot() as session:
        return refresh_copies(session, settings.kept_dir, clock())


EVERY_MINUTE: Mapping[str, Callable[[Database, Settings, Clock], int]] = {
    "invitations": invite,
    "reminders": remind,
    "follow-ups": follow_up,
    "looked for": reconcile,
    "ended": end_texts,
    "replies counted": reckon,
    "files": make_files,
    "imports": bring_in,
    "broken off": clear,
    "answers copied": copy_answers,
}
"""What the scheduler runs, each in transactions of its own; all of it may be run again at any time."""


def tick(database: Database, settings: Settings, clock: Clock = find_utc_now, name: str = "") -> dict[str, int]:
    """Run what the scheduler would run now, once, and give how much each did; one that fails keeps none from running.

    `name` is of the process that runs the jobs, whose heartbeat this is.
    """
    if name:
        with database.writing() as session:
            beat(session, name, clock())
    done: dict[str, int] = {}
    for what, act in EVERY_MINUTE.items():
        try:
            done[what] = act(database, settings, clock)
        except Exception:  # the next minute tries again, and the others have their turn
            LOG.exception("%s failed", what)
    return done


class Jobs:
    """The jobs of one process: a consumer of huey with our tasks."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.name = settings, name_worker()
        self.database = Database(settings.database_url, settings.kept_dir)
        self.huey = _build_huey(settings.jobs_url, settings.database_url, settings.data_dir)
        self._deliver, self._tick = _register(self.huey, self.deliver, self.tick)
        self.consumer: Consumer | None = None

    def run(self, *, own_signals: bool) -> None:
        """Work until stopped; `own_signals`: this is the main thread of a process that does nothing else."""
        self.consumer = _build_consumer(self.huey, own_signals)
        self.tick()
        self._deliver()
        self.consumer.run()
        for thread in (*(thread for _, thread in self.consumer.worker_threads), self.consumer.scheduler):
            thread.join(STOPS_WITHIN)
        _close(self.huey)
        self.database.close()

    def stop(self) -> None:
        """End what runs: a text in flight is finished, and the next is not begun."""
        if self.consumer is not None:
            self.consumer.stop_flag.set()

    def deliver(self) -> None:
        """Write what is still to be written of a long list, and send what is due and what will soon be."""
        invite(self.database, self.settings, find_utc_now)
        stopped = self.consumer.stop_flag if self.consumer else None
        worker = Deliverer(self.database, self.settings, find_utc_now, owner=self.name)
        if stopped is not None:
            worker.sleep, worker.stopped = stopped.wait, stopped.is_set
        worker.deliver_due(patience=PATIENCE, seconds=PATIENCE)

    def tick(self) -> None:
        """Do what the minute brings, and send."""
        tick(self.database, self.settings, find_utc_now, self.name)
        self._deliver()


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """Run the jobs in threads of this process while the block lasts."""
    jobs = Jobs(settings)
    thread = threading.Thread(target=partial(jobs.run, own_signals=False), name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        jobs.stop()
        thread.join(STOPS_WITHIN)


def wake(settings: Settings) -> None:
    """Tell whoever runs the jobs that there is something to send; unheard, it goes with the next minute."""
    try:
        huey, deliver = _find_call(settings.jobs_url, settings.database_url, settings.data_dir)
        deliver()
        huey.storage.close()
    except Exception as error:  # what is to be sent is committed; only the hurry is lost
        LOG.warning("nobody could be woken: %s", type(error).__name__)


@cache
def _find_call(jobs_url: str, database_url: str, data_dir: Path) -> tuple[Huey, Callable[[], Any]]:
    huey = _build_huey(jobs_url, database_url, data_dir)
    return huey, _register(huey, _elsewhere, _elsewhere)[0]


def _elsewhere() -> None:
    """Stand for a task that another process runs."""


def _register(
    huey: Huey, deliver: Callable[[], None], tick: Callable[[], None]
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    from huey import crontab

    # huey finds a task by the name of its module and this name: they are the same in every process.
    def run_delivery() -> None:
        deliver()

    def run_tick() -> None:
        tick()

    huey.on_shutdown(name="close")(partial(_close, huey))
    return huey.task(name="deliver")(run_delivery), huey.periodic_task(crontab(), name="tick", priority=1)(run_tick)


def _close(huey: Huey) -> None:
    with suppress(AttributeError):  # two threads of one storage may close it at the same moment
        huey.storage.close()


def _build_huey(url: str, database_url: str, data_dir: Path) -> Huey:
    """Make the queue that wakes: where it is told, else beside the database."""
    from huey import PostgresHuey, PriorityRedisHuey, SqliteHuey

    scheme = urlsplit(url or database_url).scheme.partition("+")[0]
    if scheme == "postgresql":
        dsn = (url or database_url).replace("postgresql+psycopg://", "postgresql://", 1)
        return PostgresHuey("surveyapp", results=False, dsn=dsn)
    if scheme in ("redis", "rediss"):
        return PriorityRedisHuey("surveyapp", results=False, url=url)
    file = url.removeprefix("sqlite:///") if url else str(data_dir / "jobs.db")
    data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("surveyapp", results=False, filename=file)


def _build_consumer(huey: Huey, own_signals: bool) -> Consumer:
    from huey.consumer import Consumer

    class Guest(Consumer):  # type: ignore[misc]  # huey has no types
        """A consumer in a thread of a process whose signals are not its own."""

        def _set_signal_handlers(self) -> None:
            pass

    kind = Consumer if own_signals else Guest
    return kind(huey, workers=WORKERS, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=STOPS_WITHIN)
