"""CSV as all tables are written: UTF-8, comma, RFC 4180 quotes and line ends, formula-safe; one row at a time."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from exports.cells import guard
from exports.table import Table
from forms.question_types.base import Cell

_NUMERIC = frozenset({"number", "flag", "status"})
"""Kinds whose cells are numbers even where they are written as text: never guarded, so that -98 stays a number."""


EXCEL_MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, without which Excel takes a CSV for the code page of the machine."""


def write_table(table: Table, stream: BinaryIO) -> None:
    """Write a table as CSV."""
    numeric = {variable.name for variable in table.variables if variable.kind in _NUMERIC}
    write_rows(stream, table.header, table.rows(), numeric)


def write_rows(
    stream: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], numeric: Collection[str] = ()
) -> None:
    """Write rows under a header to a stream that stays open; text is guarded but in the `numeric` columns."""
    # One character that UTF-8 cannot say must not end an export in the middle.
    text = TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(_guard_rows(rows, [name not in numeric for name in header]))
        text.flush()
    finally:
        text.detach()


def _guard_rows(rows: Iterable[Sequence[Cell]], guarded: Sequence[bool]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            guard(cell) if is_text and isinstance(cell, str) else cell
            for cell, is_text in zip(row, guarded, strict=True)
        ]
