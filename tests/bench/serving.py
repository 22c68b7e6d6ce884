"""Real servers under a bounded load: gunicorn with 2 x 4 threads each, and a client of 8 kept-alive connections."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import requests

CONNECTIONS = 8
RUN_SECONDS = 2.0
RUNS = 5


class Served:
    """One app in a gunicorn of its own; `with Served("module:factory()") as server: server.url`."""

    def __init__(self, app: str, environment: Mapping[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        words = ["-w", "2", "-k", "gthread", "--threads", "4", "--keep-alive", "60", "--log-level", "error"]
        self._command = [Path(sys.executable).parent / "gunicorn", *words, "-b", f"127.0.0.1:{self.port}", app]
        self._environment = {**os.environ, **environment, "SURVEYAPP_PUBLIC_URL": self.url}

    def __enter__(self) -> Served:
        self._process = subprocess.Popen(self._command, env=self._environment, start_new_session=True)
        for _ in range(600):
            try:
                requests.get(f"{self.url}/healthz", timeout=10)
            except requests.RequestException:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise RuntimeError("the server did not answer within 30 s")

    def __exit__(self, *_: object) -> None:
        # Nothing is owed to the load any more; a graceful end would wait for its connections.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def build_request(server: Served, method: str, path: str, body: bytes = b"", cookie: str = "") -> bytes:
    """Give a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Connection: keep-alive"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def compare(
    ours: tuple[Served, Sequence[Sequence[bytes]]],
    theirs: tuple[Served, Sequence[Sequence[bytes]]],
    status: bytes | tuple[bytes, bytes],
) -> tuple[float, float]:
    """Give requests per second of both, medians of runs in turn after a warm-up each.

    The requests are a sequence for each connection, sent round and round; every answer must have `status` (one for
    both, or one for each).
    """
    wanted = (status, status) if isinstance(status, bytes) else status
    turns = [_take_turns(requests_) for _, requests_ in (ours, theirs)]
    speeds: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS + 1):
        for side, (server, _) in enumerate((ours, theirs)):
            speed = _load(server.port, turns[side], wanted[side])
            if run:
                speeds[side].append(speed)
    return statistics.median(speeds[0]), statistics.median(speeds[1])


def _take_turns(requests_: Sequence[Sequence[bytes]]) -> list[Iterator[bytes]]:
    """Give what each connection sends; the next run goes on where the last one ended."""
    return [itertools.cycle(requests_[number % len(requests_)]) for number in range(CONNECTIONS)]


def _load(port: int, turns: Sequence[Iterator[bytes]], status: bytes) -> float:
    counts = [0] * CONNECTIONS
    wrong: list[bytes] = []
    until = time.perf_counter() + RUN_SECONDS

    def send_all(number: int) -> None:
        turn = turns[number]
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            while time.perf_counter() < until and not wrong:
                connection.sendall(next(turn))
                head = _receive(connection)
                if not head.startswith(b"HTTP/1.1 " + status):
                    wrong.append(head)
                counts[number] += 1

    threads = [threading.Thread(target=send_all, args=(number,)) for number in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"an answer was wrong: {wrong[0][:200]!r}")
    return sum(counts) / (time.perf_counter() - began)


def _receive(connection: socket.socket) -> bytes:
    """Read one answer whole and give its head."""
    data = connection.recv(65536)
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return head
