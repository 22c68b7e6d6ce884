"""Making the files that staff asked for: claim, write aside, offer. Any number of these work on one database.

A file is written under another name and renamed when it is whole. While it is being written the table hears of the
progress about once a second, and says back whether it is still wanted. What a crash left is begun again by the next.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports.columns import Batch
from exports.errors import ExportError
from exports.formats import FORMATS
from exports.options import Options
from exports.responses import Response, Study
from surveyapp.database import Database
from surveyapp.errors import SurveyAppError
from surveyapp.keeping import FOLDER as KEPT
from surveyapp.keeping import Shelf
from surveyapp.models import Export, Round
from surveyapp.services.downloads import (
    claim_export,
    expire_exports,
    note_done,
    note_failed,
    note_progress,
)
from surveyapp.services.exporting import build_study
from surveyapp.services.standings import INTERVIEWS
from surveyapp.showing import tell_results

LOG = logging.getLogger("surveyapp.making")
FOLDER = "exports"
BETWEEN_WORDS = 1.0
"""Seconds between two words about the progress."""

Clock = Callable[[], datetime]


class _NotWantedError(Exception):
    """It was called off, or somebody else has taken it up."""


@dataclass(slots=True)
class Maker:
    """Makes what is due, one file after the other, in `folder`."""

    database: Database
    folder: Path
    clock: Clock

    def make_due(self) -> int:
        """Make every file that is due and give how many; throw away those whose time is over."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.database.writing() as session:
            old = expire_exports(session, self.clock())
        for file in old:
            (self.folder / file).unlink(missing_ok=True)
        Shelf(self.folder / KEPT).sweep()
        made = 0
        while (export := self._claim()) is not None:
            self._make(export)
            made += 1
        return made

    def _claim(self) -> Export | None:
        with self.database.writing() as session:
            return claim_export(session, self.clock())

    def _make(self, export: Export) -> None:
        file = f"{export.id}-{secrets.token_hex(8)}.{FORMATS[export.format].extension}"
        try:
            with self._write_aside(file) as stream, self.database.snapshot() as session:
                self._write(session, export, stream)
            size = (self.folder / file).stat().st_size
            with self.database.writing() as session:
                if note_done(session, export, file, size, self.clock()):
                    return
            raise _NotWantedError
        except _NotWantedError:
            (self.folder / file).unlink(missing_ok=True)
        except Exception as error:  # whatever it was: whoever waits must hear of it
            LOG.exception("export %s could not be made", export.id)
            with self.database.writing() as session:
                note_failed(session, export, _explain(error), self.clock())

    @contextmanager
    def _write_aside(self, file: str) -> Iterator[BinaryIO]:
        """Give a stream that becomes the file only if the block ends well."""
        aside = self.folder / f".{file}.part"
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(self.folder / file)
        finally:
            aside.unlink(missing_ok=True)

    def _write(self, session: Session, export: Export, stream: BinaryIO) -> None:
        round_ = session.get_one(Round, export.round_id)
        chosen, options = FORMATS[export.format], Options(**export.wishes)

        def make(stream: BinaryIO) -> None:
            study = build_study(session, round_, self.clock())
            count = session.scalar(select(func.count()).where(INTERVIEWS.c.round_id == round_.id)) or 0
            study = tell_results(self.database, study, round_.id, self.clock())
            chosen.write(self._watch(study, export, count * chosen.passes), stream, options)

        Shelf(self.folder / KEPT).write(session, round_, export.format, options, stream, self.clock(), make)

    def _watch(self, study: Study, export: Export, expected: int) -> Study:
        """Give the study so that reading it is noticed: `expected` responses are about to be read in all."""
        read, said = 0, time.monotonic()

        def note(count: int) -> None:
            nonlocal read, said
            read += count
            if time.monotonic() - said >= BETWEEN_WORDS:
                self._say(export, min(99, 100 * read // max(expected, 1)))
                said = time.monotonic()

        def responses() -> Iterator[Response]:
            for response in study.responses():
                note(1)
                yield response

        def watch(batches: Callable[[], Iterator[Batch]]) -> Iterator[Batch]:
            for batch in batches():
                note(len(batch))
                yield batch

        return replace(
            study,
            responses=responses,
            columns=partial(watch, study.ordered_batches),
            blocks=partial(watch, study.batches),
            stretches=None,
        )

    def _say(self, export: Export, progress: int) -> None:
        with self.database.writing() as session:
            if not note_progress(session, export, progress, self.clock()):
                raise _NotWantedError


def _explain(error: Exception) -> str:
    if isinstance(error, ExportError | SurveyAppError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"The file cannot be written: {error.strerror}."
    return "Something went wrong in the service; it is in its log. Ask for the file again."
