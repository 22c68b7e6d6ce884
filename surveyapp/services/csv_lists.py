"""Lists as people send them: a CSV file or what was pasted from a spreadsheet, and its faults by row and column."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from forms.text import normalise

DELIMITERS = (",", ";", "\t")
SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell (`column` empty: with the row; `row` 0: with the file), and how to mend it."""

    row: int
    column: str
    message: str

    def sentence(self) -> str:
        """Give the fault as one line."""
        where = f"row {self.row}" if self.row else "the file"
        return f"{where}, {self.column}: {self.message}" if self.column else f"{where}: {self.message}"


def read_csv(data: bytes | str, wanted: str) -> list[tuple[int, list[str]]]:
    """Give the rows that are not blank, each with its number as a spreadsheet counts it; the first are the headings.

    Comma, semicolon or tab; a byte order mark is no harm. `wanted`: what the headings and rows should hold.
    Raises `ValueError` with what is wrong with the whole, and how to mend it.
    """
    return _split(_decode(data), wanted)


def _decode(data: bytes | str) -> str:
    text = data if isinstance(data, str) else _decode_bytes(data)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decode_bytes(data: bytes) -> str:
    if data.startswith(SPREADSHEET):
        raise ValueError("This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and try again.")
    try:
        # Excel's “Unicode text” is UTF-16 and says so with its first two bytes.
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"Line {line} is not UTF-8 text. Save the file as “CSV UTF-8” and try again.") from None


def _split(text: str, wanted: str) -> list[tuple[int, list[str]]]:
    heading = next((line for line in text.split("\n") if line.strip(",;\t ")), "")
    if not heading:
        raise ValueError(f"It is empty. It needs a row of headings with {wanted}.")
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            cleaned = [normalise(cell) for cell in cells]
            if any(cleaned):
                rows.append((number, cleaned))
    except csv.Error as error:
        raise ValueError(
            f"Line {reader.line_num} cannot be read as CSV: {error}. Look for a quotation mark that is not closed."
        ) from None
    return rows
