"""Contact lists: a CSV becomes contacts, or every fault in it by row and column, and then nothing is imported."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.definition import Definition
from surveyapp.services.contact_cells import read_cell, suggest

COLUMNS = ("name", "phone", "email", "group", "language", "timezone", "organisation", "consent")
LONGEST_ATTRIBUTE = 1_000
MOST_COLUMNS = 60
MOST_ROWS = 100_000
MOST_FAULTS = 1_000
DELIMITERS = (",", ";", "\t")
SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """Someone we may ask, as the list has them: `phone` in E.164, `row` as a spreadsheet counts it (headings are 1)."""

    row: int
    name: str = ""
    phone: str | None = None
    email: str | None = None
    group: str | None = None
    language: str | None = None
    timezone: str | None = None
    organisation: str | None = None
    consent: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class ContactList:
    """A contact list that was read: its contacts, or its faults (then nothing may be imported), and its columns."""

    contacts: tuple[NewContact, ...] = ()
    faults: tuple[RowFault, ...] = ()
    columns: tuple[str, ...] = ()


def read_contacts(data: bytes | str, definition: Definition | None = None) -> ContactList:
    """Read a contact list: the known columns in any order, every other column kept as an attribute.

    Comma, semicolon or tab; a byte order mark is no harm. Nothing in a cell is ever taken for a formula.
    A language that `definition` does not speak is kept: the default language stands in for it.
    """
    try:
        rows = _split(_decode(data))
    except ValueError as fault:
        return ContactList(faults=(RowFault(0, "", str(fault)),))
    headings = rows[0][1] if rows else []
    columns, faults = _read_headings(headings)
    if faults:
        return ContactList(faults=tuple(faults), columns=columns)
    if len(rows) - 1 > MOST_ROWS:
        message = f"It has {len(rows) - 1:,} people; at most {MOST_ROWS:,} can come in one list. Split it."
        return ContactList(faults=(RowFault(0, "", message),), columns=columns)
    contacts, faults = _read_rows(rows[1:], columns, definition)
    if not contacts and not faults:
        faults = [RowFault(0, "", "It has headings but no people below them. Add one row for each person.")]
    return ContactList(() if faults else tuple(contacts), tuple(faults), columns)


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


def _split(text: str) -> list[tuple[int, list[str]]]:
    """Give the rows that are not blank, each with its number as a spreadsheet counts it."""
    heading = next((line for line in text.split("\n") if line.strip(",;\t ")), "")
    if not heading:
        raise ValueError("It is empty. It needs a row of headings with “phone” or “email”, and a row for each person.")
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            cleaned = [_clean(cell) for cell in cells]
            if any(cleaned):
                rows.append((number, cleaned))
    except csv.Error as error:
        raise ValueError(
            f"Line {reader.line_num} cannot be read as CSV: {error}. Look for a quotation mark that is not closed."
        ) from None
    return rows


def _clean(cell: str) -> str:
    kept = "".join(
        "\ufffd" if unicodedata.category(sign) == "Cs" else sign
        for sign in cell
        if unicodedata.category(sign) != "Cc" or sign in "\t\n"
    )
    return unicodedata.normalize("NFC", kept).strip()


def _read_headings(headings: Sequence[str]) -> tuple[tuple[str, ...], list[RowFault]]:
    columns = tuple(_find_column(heading) for heading in headings)
    faults = []
    for position, column in enumerate(columns):
        if column and column in columns[:position]:
            faults.append(RowFault(1, headings[position], "This heading stands there twice. Rename or remove one."))
        elif len(column) > 80:
            faults.append(RowFault(1, headings[position][:40] + "…", "A heading has at most 80 characters."))
    if len(columns) > MOST_COLUMNS:
        faults.append(RowFault(1, "", f"There are {len(columns)} columns; at most {MOST_COLUMNS} can be kept."))
    if not {"phone", "email"} & set(columns):
        near = [(heading, find) for heading in headings if (find := suggest(heading, ("phone", "email")))]
        hint = f" Is “{near[0][0]}” the {near[0][1]}? Then rename it." if near else ""
        faults.append(RowFault(1, "", f"A column “phone” or “email” is needed; one of the two is enough.{hint}"))
    return columns, faults


def _find_column(heading: str) -> str:
    known = heading.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    known = {"organization": "organisation"}.get(known, known)
    return known if known in COLUMNS else heading


def _read_rows(
    rows: Sequence[tuple[int, list[str]]], columns: tuple[str, ...], definition: Definition | None
) -> tuple[list[NewContact], list[RowFault]]:
    contacts: list[NewContact] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        contact, wrong = _read_row(number, cells, columns, definition)
        for column, value in (("phone", contact.phone), ("email", contact.email)):
            if value is not None and (first := seen.setdefault(value, number)) != number:
                wrong.append(
                    RowFault(number, column, f"{value} stands in row {first} already. Keep one of the two rows.")
                )
        contacts.append(contact)
        faults += wrong
        if len(faults) >= MOST_FAULTS:
            faults.append(RowFault(number, "", "Too many faults: what comes after this row was not looked at."))
            break
    return contacts, faults


def _read_row(
    number: int, cells: Sequence[str], columns: tuple[str, ...], definition: Definition | None
) -> tuple[NewContact, list[RowFault]]:
    faults: list[RowFault] = []
    if any(cells[len(columns) :]):
        message = f"It has {len(cells)} cells, but there are {len(columns)} headings."
        faults.append(RowFault(number, "", f"{message} A cell with a comma in it needs quotation marks around it."))
    values: dict[str, str | None] = {}
    attributes: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if not cell:
            continue
        try:
            if column in COLUMNS:
                values[column] = read_cell(column, cell, definition)
            else:
                attributes[column] = _read_attribute(column, cell)
        except ValueError as fault:
            values[column] = None
            faults.append(RowFault(number, column, str(fault)))
    if not {"phone", "email"} & set(values):
        faults.append(RowFault(number, "", "It has neither phone nor email; one of the two is needed."))
    return NewContact(
        row=number,
        name=values.get("name") or "",
        attributes=attributes,
        **{column: values.get(column) for column in COLUMNS if column != "name"},
    ), faults


def _read_attribute(column: str, cell: str) -> str:
    if not column:
        raise ValueError(f"“{cell[:40]}” stands in a column without a heading. Give the column a heading.")
    if len(cell) > LONGEST_ATTRIBUTE:
        raise ValueError(f"It has {len(cell)} characters; at most {LONGEST_ATTRIBUTE} can be kept.")
    return cell
