"""A zip that comes out the same for the same contents: no clock in it, and a checksum of every file."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
MANIFEST = "MANIFEST.sha256"


class Archive:
    """Writes files one after the other into a zip; what is in memory is one piece of one of them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.checksums: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        """Path -> what the file is, in one line, for README."""

    @contextmanager
    def open(self, path: str, title: str) -> Iterator[BinaryIO]:
        """Give a stream for one file."""
        entry = zipfile.ZipInfo(path, _NO_TIME)
        entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
        with self._zip.open(entry, "w", force_zip64=True) as file:
            tee = _Tee(file)
            yield tee  # type: ignore[misc]  # all that writers ask of a stream
        self.checksums[path] = tee.digest.hexdigest()
        self.titles[path] = title

    def add(self, path: str, title: str, content: str | bytes) -> None:
        """Add a small file."""
        with self.open(path, title) as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))

    def close(self) -> None:
        """Write the manifest, as `sha256sum --check` reads it, and end the zip."""
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(self.checksums.items()))
        self.add(MANIFEST, "Checksums of all other files (sha256sum --check)", lines)
        self._zip.close()


class _Tee(io.RawIOBase):
    """Passes on what is written and keeps its checksum."""

    def __init__(self, file: BinaryIO | object) -> None:
        self._file, self.digest, self._place = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self.digest.update(data)
        self._file.write(data)  # type: ignore[union-attr]
        self._place += len(data)
        return len(data)
