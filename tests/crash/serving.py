"""A real server in a process of its own, that can be killed and started again on the same port and database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests
from builders import SECRET_KEY


class Server:
    """`surveyapp serve` as people run it, with further `settings`; `kill` is SIGKILL, in the middle of anything."""

    def __init__(self, database_url: str, data_dir: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "SURVEYAPP_DATABASE_URL": database_url,
            "SURVEYAPP_DATA_DIR": str(data_dir),
            "SURVEYAPP_SECRET_KEY": SECRET_KEY,
            "SURVEYAPP_PUBLIC_URL": self.url,
            **{f"SURVEYAPP_{name.upper()}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [Path(sys.executable).parent / "surveyapp", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the server ended with {self._process.returncode}"
            try:
                if requests.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("the server did not answer within a minute")

    def kill(self) -> None:
        """End it without warning."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def insist(call, *, seconds: float = 90):
    """Do what a person does when the page does not come: the very same thing again, until it is answered."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return call()
        except requests.RequestException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
