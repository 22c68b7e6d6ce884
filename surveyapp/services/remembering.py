"""What was counted of whole blocks, kept beside them: only blocks that are new or have changed are counted again."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".counts"


@dataclass(frozen=True, slots=True)
class Counts:
    """The memory of one round (`exports.responses.Memory`); the names are those of the files of blocks.

    A file is as true as the blocks that it names in its first line, and is deleted with the first of them. A folder
    that cannot be used keeps nothing and holds up nobody.
    """

    folder: Path
    round_code: str

    def recall(self, names: Sequence[str]) -> bytes | None:
        """Give what is kept of these blocks."""
        try:
            with self._find(names).open("rb") as stream:
                os.utime(stream.fileno())
                return stream.read() if _read_names(stream) == list(names) else None
        except (OSError, ValueError):
            return None

    def remember(self, names: Sequence[str], found: bytes) -> None:
        """Keep it if all of the blocks are kept: one that is not may have changed while it was read."""
        with suppress(OSError):
            if all((self.folder / name).exists() for name in names):
                with write_aside(self._find(names)) as stream:
                    stream.write(json.dumps(list(names)).encode() + b"\n" + found)

    def _find(self, names: Sequence[str]) -> Path:
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]
        return self.folder / f"{self.round_code}.{digest}{SUFFIX}"


def forget(folder: Path, round_code: str, names: Collection[str]) -> None:
    """Delete what was counted of blocks of a round other than these."""
    for path in folder.glob(f"{round_code}.*{SUFFIX}"):
        with suppress(OSError):
            try:
                with path.open("rb") as stream:
                    is_true = set(_read_names(stream)) <= set(names)
            except ValueError:
                is_true = False
            if not is_true:
                path.unlink(missing_ok=True)


@contextmanager
def write_aside(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears whole, or not at all; raises `OSError` where the folder cannot be written."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _read_names(stream: BinaryIO) -> list[str]:
    names = json.loads(stream.readline())
    if not isinstance(names, list):
        raise ValueError("no names")
    return names
