"""Files with answers that were collected elsewhere: a CSV file, or one JSON object a line, becomes sheets of cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from exports.cells import GUARD, GUARDED_STARTS, guard
from forms.definition import Definition
from forms.text import normalise
from surveyapp.services.csv_lists import RowFault, read_csv

MOST_RESPONSES = 10_000
"""At once: they are stored in one transaction, and on SQLite whoever answers meanwhile waits for its end."""
RESPONSE_ID, ROW = "response_id", "row"

Cells = Mapping[str, tuple[str, ...]]
"""What stands in each column, without empty cells; several texts where JSON has a list. Text is guarded as in our own
CSV files, so that `-98` is a reason why there is no answer, and `'-98` a text."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One response as it was written down: `row` of the file, its cells, and its rows of repeated sections."""

    row: int
    cells: Cells
    rows: Mapping[str, tuple[Sheet, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """The responses of a file, or its faults; `columns` are those of the file and, by section id, of its rows."""

    sheets: tuple[Sheet, ...] = ()
    faults: tuple[RowFault, ...] = ()
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_answer_csv(data: bytes | str, rows: Mapping[str, bytes | str], definition: Definition) -> AnswerFile:
    """Read a CSV file as our exports write it; `rows` are the files of repeated sections, by section id."""
    sheets, columns, faults = _read_sheets(data, "")
    by_section: dict[str, dict[str, list[Sheet]]] = {}
    all_columns = {"": columns}
    known = {sheet.cells[RESPONSE_ID][0] for sheet in sheets if RESPONSE_ID in sheet.cells}
    for section, part in rows.items():
        if section not in {one.id for one in definition.repeats}:
            faults.append(RowFault(0, section, "There is no repeated section of this name in the round."))
            continue
        found, all_columns[section], wrong = _read_sheets(part, section)
        faults += wrong
        for sheet in found:
            key = sheet.cells.get(RESPONSE_ID, ("",))[0]
            if key not in known:
                message = "It belongs to no response: the same response_id must stand in the main file."
                faults.append(RowFault(sheet.row, f"{section}.{RESPONSE_ID}", message))
            by_section.setdefault(key, {}).setdefault(section, []).append(sheet)
    whole = tuple(
        Sheet(sheet.row, sheet.cells, {name: tuple(found) for name, found in by_section.get(key, {}).items()})
        for sheet in sheets
        for key in [sheet.cells.get(RESPONSE_ID, ("\0",))[0]]
    )
    return _finish(whole, faults, all_columns)


def read_answer_lines(data: bytes | str, definition: Definition) -> AnswerFile:
    """Read JSON lines: one object for each response, lists for several choices, lists of objects for repeated rows."""
    repeats = {section.id for section in definition.repeats}
    sheets: list[Sheet] = []
    faults: list[RowFault] = []
    columns: dict[str, set[str]] = {"": set(), **{section: set() for section in repeats}}
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return AnswerFile(faults=(RowFault(0, "", "It is not UTF-8 text."),))
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_constant=_refuse, parse_float=str)
            if not isinstance(found, dict):
                raise ValueError("it is no object")
            sheets.append(_read_object(number, found, repeats, columns, faults))
        except (ValueError, RecursionError) as error:
            faults.append(RowFault(number, "", f"This line cannot be read as a JSON object: {error}."))
    return _finish(tuple(sheets), faults, {name: frozenset(found) for name, found in columns.items()})


def read_cell(cell: str) -> str:
    """Give the text of a cell without our own guard; an apostrophe before anything else is the text's own."""
    return cell[1:] if cell.startswith(GUARD) and cell[1:].startswith(GUARDED_STARTS) else cell


def _finish(sheets: tuple[Sheet, ...], faults: list[RowFault], columns: Mapping[str, frozenset[str]]) -> AnswerFile:
    if not sheets and not faults:
        faults.append(RowFault(0, "", "It has no answers. Add one row for each person."))
    if len(sheets) > MOST_RESPONSES:
        message = f"It has {len(sheets):,} responses; at most {MOST_RESPONSES:,} can come at once. Split it."
        faults.append(RowFault(0, "", message))
    seen: dict[str, int] = {}
    for sheet in sheets:
        key = sheet.cells.get(RESPONSE_ID, ("",))[0]
        if key and (first := seen.setdefault(key, sheet.row)) != sheet.row:
            faults.append(RowFault(sheet.row, RESPONSE_ID, f"It stands in row {first} already. Keep one of the two."))
    return AnswerFile(() if faults else sheets, tuple(faults), columns)


def _read_sheets(data: bytes | str, section: str) -> tuple[list[Sheet], frozenset[str], list[RowFault]]:
    place = f"{section}." if section else ""
    try:
        rows = read_csv(data, "the names of the questions, and a row for each person")
    except ValueError as fault:
        return [], frozenset(), [RowFault(0, section, str(fault))]
    headings = [heading.strip() for heading in rows[0][1]]
    faults = [
        RowFault(1, place + heading, "This heading stands there twice. Rename or remove one.")
        for number, heading in enumerate(headings)
        if heading and heading in headings[:number]
    ]
    sheets = []
    for number, cells in rows[1:]:
        if any(cells[len(headings) :]):
            message = f"It has {len(cells)} cells, but there are {len(headings)} headings."
            faults.append(RowFault(number, section, f"{message} A cell with a comma needs quotation marks around it."))
        filled = {heading: (cell,) for heading, cell in zip(headings, cells, strict=False) if cell}
        sheets.append(Sheet(number, filled))
    return sheets, frozenset(headings), faults


def _read_object(
    number: int,
    found: Mapping[str, object],
    repeats: set[str],
    columns: Mapping[str, set[str]],
    faults: list[RowFault],
    section: str = "",
) -> Sheet:
    cells: dict[str, tuple[str, ...]] = {}
    rows: dict[str, tuple[Sheet, ...]] = {}
    for name, value in found.items():
        if name in repeats and not section and isinstance(value, list):
            entries = [entry for entry in value if isinstance(entry, dict)]
            if len(entries) != len(value):
                faults.append(RowFault(number, name, "Each row of a repeated section is a JSON object."))
            rows[name] = tuple(_read_object(number, entry, repeats, columns, faults, name) for entry in entries)
            continue
        columns[section].add(name)
        try:
            values = tuple(_write_cell(one) for one in (value if isinstance(value, list) else [value]))
        except ValueError:
            faults.append(RowFault(number, name, "It is neither text nor number, nor a list of those."))
            continue
        if kept := tuple(text for text in values if text):
            cells[name] = kept
    return Sheet(number, cells, rows)


def _write_cell(value: object) -> str:
    """Give a JSON value as a cell of our CSV has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return guard(normalise(value))
    raise ValueError(value)


def _refuse(word: str) -> Sequence[object]:
    raise ValueError(f"{word} is no number")
