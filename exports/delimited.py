"""CSV as all tables are written: UTF-8, comma, RFC 4180 quotes and line ends, formula-safe; one row at a time."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from exports.cells import guard
from exports.table import Table
from forms.question_types.base import Cell

_SAFE = frozenset({"number", "flag", "status", "date", "time"})
"""Kinds whose cells no spreadsheet can run, even where they are written as text: never guarded, so that -98 stays a
number. Codes are safe too where the definition gives them: they are integers, or small letters and digits."""

EXCEL_MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, without which Excel takes a CSV for the code page of the machine."""


def write_table(table: Table, stream: BinaryIO) -> None:
    """Write a table as CSV."""
    safe = {v.name for v in table.variables if v.kind in _SAFE or (v.kind == "code" and v.question is not None)}
    write_rows(stream, table.header, table.rows(), safe)


def write_rows(
    stream: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], safe: Collection[str] = ()
) -> None:
    """Write rows under a header to a stream that stays open; text is guarded but in the `safe` columns."""
    # One character that UTF-8 cannot say must not end an export in the middle.
    text = TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(_guard_rows(rows, [place for place, name in enumerate(header) if name not in safe]))
        text.flush()
    finally:
        text.detach()


def _guard_rows(rows: Iterable[Sequence[Cell]], places: Sequence[int]) -> Iterator[list[Cell]]:
    for row in rows:
        guarded = list(row)
        for place in places:
            cell = guarded[place]
            if isinstance(cell, str):
                guarded[place] = guard(cell)
        yield guarded
