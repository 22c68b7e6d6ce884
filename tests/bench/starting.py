"""P7: how long the command takes to say what it can do, and what a web process weighs at rest."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.measuring import Figure, at_most

BIN = Path(sys.executable).parent
AT_REST = """
import sys
from surveyapp import create_app
from surveyapp.config import read_settings
create_app(read_settings({}, secret_key="0" * 32, data_dir=sys.argv[1])).test_client().get("/healthz")
heavy = [name for name in ("pandas", "twilio", "scipy", "alembic", "segno") if name in sys.modules]
rss = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(int(rss.split()[1]) / 1024, ",".join(heavy) or "none")
"""


def measure() -> list[Figure]:
    """Time `surveyapp --help` against `flask --help`, and weigh a web process that has answered once."""
    ours, theirs = [], []
    for run in range(8):
        for command, times in (("surveyapp", ours), ("flask", theirs)):
            began = time.perf_counter()
            subprocess.run([BIN / command, "--help"], check=True, capture_output=True)
            if run:
                times.append(time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            [sys.executable, "-c", AT_REST, folder], check=True, capture_output=True, text=True, cwd=folder
        )
    megabytes, heavy = process.stdout.split()
    return [
        at_most(
            "P7 saying the help, against Flask saying its own",
            statistics.median(ours),
            statistics.median(theirs),
            1.5,
            "s",
        ),
        at_most(
            f"P7 web process at rest (heavy modules imported: {heavy}) against 90 MB", float(megabytes), 90, 1, "MB"
        ),
    ]
