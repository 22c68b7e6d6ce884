"""Contact lists: a CSV becomes contacts, or every fault in it by row and column, and then nothing is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.definition import Definition
from surveyapp.services.contact_cells import read_cell, suggest
from surveyapp.services.csv_lists import RowFault, read_csv

__all__ = ["COLUMNS", "ContactList", "NewContact", "RowFault", "read_contacts"]

COLUMNS = ("name", "phone", "email", "group", "language", "timezone", "organisation", "consent")
LONGEST_ATTRIBUTE = 1_000
MOST_COLUMNS = 60
MOST_ROWS = 100_000
MOST_FAULTS = 1_000


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
        rows = read_csv(data, "“phone” or “email”, and a row for each person")
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
