"""Several workers on one database, with real threads and a real clock: each text goes once, and STOP is heeded."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from outbox import SENDING, Post
from phones import Phone

from surveyapp.delivering import Deliverer, wait_for_landing
from surveyapp.runtime import find_utc_now

TEXTS, WORKERS = 60, 4
ALWAYS = replace(SENDING, rate=1000.0, quiet_from=24, quiet_until=0)


class Crew:
    """Workers on the same outbox, whose gateway notes what it takes."""

    def __init__(self, database, settings) -> None:
        self.post = Post(database, settings, ALWAYS)
        self.post.clock.now = find_utc_now()
        self.phones = [f"+12025557{n:03}" for n in range(TEXTS)]
        self.post.queue(*self.phones)
        self.gateway = self.post.gateway
        self.lock = threading.Lock()

    def work(self) -> list[Counter[str]]:
        """Let all work until nothing is left."""
        workers = [
            Deliverer(self.post.database, self.post.settings, find_utc_now, gateway=self.gateway, owner=f"worker {n}")
            for n in range(WORKERS)
        ]
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda worker: worker.deliver_due(patience=3, paced=True), workers))


def test_workers_side_by_side_send_each_text_once(database, settings):
    crew = Crew(database, settings)
    outcomes = crew.work()
    went = Counter(outbound.phone for outbound in crew.gateway.taken)
    assert set(went) == set(crew.phones)
    assert set(went.values()) == {1}
    assert sum(outcomes, Counter()) == {"sent": TEXTS}
    assert set(crew.post.states()) == {"sent"}


def test_nothing_starts_after_the_answer_to_stop_while_workers_are_at_it(database, settings):
    crew = Crew(database, settings)
    answered: set[str] = set()
    late: list[str] = []

    def watch(outbound):
        with crew.lock:
            if outbound.phone in answered:
                late.append(outbound.phone)

    def stop(phone):
        Phone(database, phone, now=find_utc_now()).text("STOP")
        wait_for_landing(database, phone)  # as the webhook's door does
        with crew.lock:
            answered.add(phone)

    crew.gateway.on_send = watch
    with ThreadPoolExecutor(2) as pool:
        working = pool.submit(crew.work)
        stopping = pool.submit(lambda: [stop(phone) for phone in reversed(crew.phones)])
        working.result()
        stopping.result()
    assert late == []
    assert len(answered) == TEXTS
    assert set(crew.post.states()) <= {"sent", "cancelled"}
    assert "cancelled" in crew.post.states()
