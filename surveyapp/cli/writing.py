"""Nothing half-written looks whole: files are written aside and renamed when they are complete."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO


def name_beside(output: Path, section: str) -> Path:
    """Give the file of a repeated section: `answers.csv` -> `answers.goals.csv`."""
    return output.with_name(f"{output.stem}.{section}{output.suffix}")


@contextmanager
def write_aside(output: Path) -> Iterator[TextIO]:
    """Give a text stream (UTF-8, line ends as written) that becomes `output` only if the block ends well.

    `-` is standard output. Raises `OSError` where the folder cannot be written.
    """
    if str(output) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    with write_bytes_aside(output) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", newline="")
        yield text
        text.flush()
        text.detach()


@contextmanager
def write_bytes_aside(output: Path) -> Iterator[BinaryIO]:
    """Give a stream for a file's bytes; see `write_aside`."""
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    aside = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(output)
    except OSError as error:
        if error.filename != str(aside):
            raise
        raise OSError(error.errno, error.strerror, str(output)) from None
    finally:
        aside.unlink(missing_ok=True)
