"""Reading a file that may be anything: a device without end, a pipe that nobody writes to, a loop of links."""

from __future__ import annotations

import os
from pathlib import Path

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


def read_file(path: Path, most: int) -> bytes:
    """Give at most so many bytes of a file; a pipe without a writer is empty. Raises `OSError`."""
    opened = os.open(path, os.O_RDONLY | _AT_ONCE)
    with os.fdopen(opened, "rb") as stream:
        os.set_blocking(opened, True)
        return stream.read(most)
