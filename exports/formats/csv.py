"""CSV: UTF-8, comma, RFC 4180 quotes and line ends, decimal point, formula-safe; one row at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOBase, TextIOWrapper
from typing import BinaryIO, TextIO, cast

from exports.formats.base import Format
from exports.responses import Study
from exports.table import build_header, build_rows
from forms.question_types.base import Cell


class Csv(Format):
    """The plain table that every program reads."""

    name = "csv"
    extension = "csv"
    media_type = "text/csv; charset=utf-8"

    def write(
        self,
        study: Study,
        stream: TextIO | BinaryIO,
        *,
        labels: bool = False,
        language: str | None = None,
        include_partial: bool = False,
    ) -> None:
        """Write one header line and one line for each response; a text stream must not translate line ends."""
        rows = build_rows(study, labels=labels, language=language, include_partial=include_partial)
        if isinstance(stream, TextIOBase):
            _write(cast(TextIO, stream), study, rows)
            return
        # One character that UTF-8 cannot say must not end an export in the middle.
        text = TextIOWrapper(cast(BinaryIO, stream), encoding="utf-8", errors="replace", newline="")
        try:
            _write(text, study, rows)
        finally:
            text.detach()


def _write(text: TextIO, study: Study, rows: Iterable[list[Cell]]) -> None:
    writer = csv.writer(text)
    writer.writerow(build_header(study.definition))
    writer.writerows(rows)
    text.flush()
