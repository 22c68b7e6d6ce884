"""Finished files, kept as long as nothing they are made of changes: a second reader does not wait for the first's work.

They are disposable: everything here may be deleted at any time, and what is not there is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from exports.formats import FORMATS
from exports.options import Options
from surveyapp.models import Round
from surveyapp.services.states import find_state

FOLDER = "kept"
"""Its name inside the folder of the exports."""
LONGEST = 7 * 24 * 3600.0
"""Seconds that a file is kept after somebody asked for it last."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where finished files are kept. Any number of processes may share the folder: a file appears in it whole."""

    folder: Path

    def write(
        self,
        session: Session,
        round_: Round,
        format_: str,
        options: Options,
        stream: BinaryIO,
        now: datetime,
        make: Callable[[BinaryIO], None],
    ) -> None:
        """Write a file to a stream: the one that is kept if it is still true, else what `make` writes.

        `session` must see one state from here to the end of `make` (`Database.snapshot`), so that what is kept under
        a state was made of it. Only formats that read nothing but responses are kept. A folder that cannot be written
        keeps nothing and holds up nobody.
        """
        if not FORMATS[format_].reads_responses_alone:
            make(stream)
            return
        wish = hashlib.sha256(json.dumps([format_, asdict(options)]).encode()).hexdigest()[:16]
        path = self.folder / f"{round_.code}.{wish}.{find_state(session, round_, now)}"
        aside = self.folder / f".{path.name}.{secrets.token_hex(8)}.part"
        try:
            kept = self._open_kept(path)
            fresh = None if kept else self._open_new(aside)
        except OSError:
            make(stream)
            return
        if kept is not None:
            with kept:
                shutil.copyfileobj(kept, stream, 1 << 20)
            return
        assert fresh is not None
        try:
            with fresh:
                make(fresh)
                fresh.seek(0)
                shutil.copyfileobj(fresh, stream, 1 << 20)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        for older in self.folder.glob(f"{round_.code}.{wish}.*"):
            if older != path:
                older.unlink(missing_ok=True)

    def sweep(self) -> int:
        """Throw away what nobody has asked for lately, what a crash left included; give how much that was."""
        swept = 0
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            with suppress(OSError):
                if path.stat().st_mtime < time.time() - LONGEST:
                    path.unlink()
                    swept += 1
        return swept

    def _open_kept(self, path: Path) -> BinaryIO | None:
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            return None
        with suppress(OSError):
            os.utime(path)
        return stream

    def _open_new(self, path: Path) -> BinaryIO:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
