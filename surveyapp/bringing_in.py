"""Bringing in the answers that staff sent in: claim a file, judge it, store it all at once when they have said so.

The files lie in the data directory under `imports`, readable by the service alone, until they are not needed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms.definition import Definition
from surveyapp.database import Database
from surveyapp.errors import InvalidError, SurveyAppError
from surveyapp.models import AnswerImport, Round
from surveyapp.services.answer_files import AnswerFile, read_answer_csv, read_answer_lines
from surveyapp.services.answer_importing import Judged, Watch, import_answers, judge_answers
from surveyapp.services.csv_lists import RowFault
from surveyapp.services.definitions import find_definition
from surveyapp.services.uploads import (
    IMPORT,
    claim_upload,
    forget_files,
    note_failed,
    note_far,
    note_imported,
    note_judged,
)

LOG = logging.getLogger("surveyapp.bringing_in")
FOLDER = "imports"
LINES = (".jsonl", ".ndjson")
BETWEEN_WORDS = 1.0
"""Seconds between two words about the progress."""

Clock = Callable[[], datetime]


class _NotWantedError(Exception):
    """It was thrown away, or somebody else has taken it up."""


@dataclass(slots=True)
class Importer:
    """Judges and brings in what is due, one file after the other, from `folder`."""

    database: Database
    folder: Path
    secret_key: str
    clock: Clock

    def do_due(self) -> int:
        """Do all that is due and give how much; throw away files that nobody needs any more."""
        done = 0
        while (upload := self._claim()) is not None:
            self._do(upload)
            done += 1
        with self.database.writing() as session:
            old = forget_files(session, self.clock())
        for file in old:
            (self.folder / file).unlink(missing_ok=True)
        return done

    def _claim(self) -> AnswerImport | None:
        with self.database.writing() as session:
            return claim_upload(session, self.clock())

    def _do(self, upload: AnswerImport) -> None:
        try:
            judged = self._judge(upload)
            if judged.faults or upload.wish != IMPORT:
                with self.database.writing() as session:
                    note_judged(session, upload, judged, self.clock())
                return
            self._store(upload, judged)
        except _NotWantedError:
            return
        except Exception as error:  # whatever it was: whoever waits must hear of it
            if not isinstance(error, SurveyAppError | OSError):
                LOG.exception("the import %s could not be done", upload.id)
            with self.database.writing() as session:
                note_failed(session, upload, _explain(error), self.clock())

    def _judge(self, upload: AnswerImport) -> Judged:
        with self.database.snapshot() as session:
            round_ = session.get_one(Round, upload.round_id)
            file = self._read(upload, find_definition(session, round_.code))
            return judge_answers(session, round_, file, self.clock(), self._build_watch(upload))

    def _store(self, upload: AnswerImport, judged: Judged) -> None:
        try:
            with self.database.writing() as session:
                round_ = session.get_one(Round, upload.round_id)
                done = import_answers(
                    session,
                    round_,
                    judged,
                    actor=upload.requested_by,
                    secret_key=self.secret_key,
                    now=self.clock(),
                )
                if not note_imported(session, upload, done, self.clock()):
                    raise _NotWantedError
        except InvalidError as error:
            faults = tuple(RowFault(0, "", fault) for fault in error.faults)
            with self.database.writing() as session:
                note_judged(session, upload, Judged(faults=faults), self.clock())

    def _read(self, upload: AnswerImport, definition: Definition) -> AnswerFile:
        parts = {part["section"]: (self.folder / part["file"]).read_bytes() for part in upload.files}
        if "" not in parts:
            raise FileNotFoundError
        main = parts.pop("")
        if upload.name.lower().endswith(LINES):
            return read_answer_lines(main, definition)
        return read_answer_csv(main, dict(parts), definition)

    def _build_watch(self, upload: AnswerImport) -> Watch:
        said = time.monotonic()

        def watch(done: int, whole: int) -> None:
            nonlocal said
            if time.monotonic() - said >= BETWEEN_WORDS:
                said = time.monotonic()
                with self.database.writing() as session:
                    if not note_far(session, upload, min(99, 100 * done // max(whole, 1)), self.clock()):
                        raise _NotWantedError

        return watch


def _explain(error: Exception) -> str:
    if isinstance(error, SurveyAppError):
        return error.message
    if isinstance(error, FileNotFoundError):
        return "The file is not on this machine any more. Nothing was stored. Send it in again."
    return "Something went wrong in the service; it is in its log. Nothing was stored."
