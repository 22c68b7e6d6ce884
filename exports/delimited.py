"""CSV as all tables are written: UTF-8, comma, RFC 4180 quotes and line ends, formula-safe; one row at a time."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import BinaryIO, cast

from exports.cells import GUARDED_STARTS, guard
from exports.columns import Column
from exports.table import Page, Table
from forms.question_types.base import Cell

_SAFE = frozenset({"number", "flag", "status", "date", "time"})
"""Kinds whose cells no spreadsheet can run, even where they are written as text: never guarded, so that -98 stays a
number. Codes are safe too where the definition gives them: they are integers, or small letters and digits."""

_QUOTED = '",\r\n'
_GUARDED = frozenset(GUARDED_STARTS)
_FEW = 4_096

EXCEL_MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, without which Excel takes a CSV for the code page of the machine."""


def write_table(table: Table, stream: BinaryIO) -> None:
    """Write a table as CSV."""
    safe = {v.name for v in table.variables if v.kind in _SAFE or (v.kind == "code" and v.question is not None)}
    if table.pages is None:
        write_rows(stream, table.header, table.rows(), safe)
        return
    write_rows(stream, table.header, ())
    guarded = [name not in safe for name in table.header]
    for page in table.pages():
        stream.write(_write_page(page, guarded).encode("utf-8", errors="replace"))


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


def _write_page(page: Page, guarded: Sequence[bool]) -> str:
    """Give rows as CSV: each different value is written once, and then looked up for everybody.

    Neighbours with few values are written as one, since looking one up for a million people takes its time.
    """
    import numpy as np

    columns: list[Column[str]] = []
    place = 0
    for strip in page:
        written = [_write_cells(cells, guarded[place + offset]) for offset, cells in enumerate(strip.cells)]
        place += len(written)
        column = Column(
            written[0] if len(written) == 1 else list(map(",".join, zip(*written, strict=True))), strip.places
        )
        if columns and len(columns[-1].values) * len(column.values) <= _FEW:
            last = columns.pop()
            both = [f"{one},{other}" for one in last.values for other in column.values]
            column = Column(both, last.places.astype(np.intp) * len(column.values) + column.places)
        columns.append(column)
    cells = [np.array(column.values, dtype=object)[column.places].tolist() for column in columns]
    return "\r\n".join([*map(",".join, zip(*cells, strict=True)), ""])


def _write_cells(cells: Sequence[Cell], guarded: bool) -> Sequence[str]:
    """Give cells as a whole row of CSV would have them."""
    words = cast("Sequence[str]", cells)
    try:
        together = "".join(words)
    except TypeError:
        words = ["" if cell is None else str(cell) for cell in cells]
        together = "".join(words)
    if not any(mark in together for mark in _QUOTED) and not (guarded and _GUARDED & {word[:1] for word in words}):
        return words
    lines = _Lines()
    # with an empty cell after it, since a row of nothing but one empty cell is written otherwise
    csv.writer(lines).writerows([guard(cell) if guarded and isinstance(cell, str) else cell, ""] for cell in cells)
    return [line[: -len(",\r\n")] for line in lines]


class _Lines(list[str]):
    """Takes what a writer writes, a line at a time."""

    write = list.append


def _guard_rows(rows: Iterable[Sequence[Cell]], places: Sequence[int]) -> Iterator[list[Cell]]:
    for row in rows:
        guarded = list(row)
        for place in places:
            cell = guarded[place]
            if isinstance(cell, str):
                guarded[place] = guard(cell)
        yield guarded
