"""A file -> a workbook, within bounds: .xlsx cell by cell and exactly, the other kinds as pyxform reads them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from forms.errors import DefinitionError, Fault
from forms.loading.files import read_file
from forms.loading.reading import printable, shorten
from forms.xlsform.workbook import Sheet, Workbook, build_sheet, find_letter

MOST_BYTES = 20_000_000
MOST_UNPACKED = 150_000_000
MOST_ROWS = 20_000
MOST_EMPTY_ROWS = 1_000
MOST_COLUMNS = 300
LONGEST_CELL = 40_000
SURVEY, CHOICES, SETTINGS, INSTRUMENT = "survey", "choices", "settings", "instrument"
READ = (SURVEY, CHOICES, SETTINGS, INSTRUMENT)
_ZIP = b"PK"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def refuse(message: str, suggestion: str = "", where: str = "workbook") -> DefinitionError:
    """Make the error that says why a workbook cannot be used."""
    return DefinitionError([Fault(where, printable(message), suggestion)])


def read_workbook(path: Path) -> Workbook:
    """Read an XLSForm; raises `DefinitionError` for what is none, or is too large."""
    try:
        data = read_file(path, MOST_BYTES + 1)
    except OSError as error:
        raise refuse(f"The file cannot be read: {error.strerror or error}.") from None
    if len(data) > MOST_BYTES:
        raise refuse(f"The file is larger than {MOST_BYTES // 1_000_000} MB.", "Split the form.")
    if not data.strip():
        raise refuse("The file is empty.", "Save the form as an Excel workbook (.xlsx).")
    book = _read_xlsx(data) if data.startswith(_ZIP) else _read_other(data, path.suffix.lower())
    if SURVEY not in book.sheets:
        named = ", ".join(shorten(name, 30) for name in (*book.sheets, *book.unread)[:10])
        raise refuse("There is no sheet `survey`.", f"The sheets are: {named}." if named else "Add one.")
    return book


def _read_xlsx(data: bytes) -> Workbook:
    from openpyxl import load_workbook

    _check_size(data)
    try:
        formulas: dict[tuple[str, int, int], None] = {}
        opened = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheets = {name: _read_cells(opened[name], formulas) for name in opened.sheetnames if _is_read(name, opened)}
        if formulas:
            computed = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = {name: _read_cells(computed[name], {}) for name in sheets}
    except DefinitionError:
        raise
    except Exception as error:  # a broken file makes openpyxl raise whatever its parts raise
        raise refuse(f"The workbook is broken: {_say(error)}", "Open it in Excel or LibreOffice and save it.") from None
    built = {
        (SURVEY if len(opened.sheetnames) == 1 else name.lower()): build_sheet(name, heads, rows)
        for name, (heads, rows) in sheets.items()
    }
    unread = tuple(name for name in opened.sheetnames if name not in sheets)
    return Workbook(built, unread, tuple(f"{s}!{find_letter(column)}{row}" for s, row, column in formulas))


def _is_read(name: str, opened: Any) -> bool:
    return name.lower() in READ or len(opened.sheetnames) == 1


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refuse(f"This is no Excel workbook: {_say(error)}", "Save the form as .xlsx.") from None
    if unpacked > MOST_UNPACKED:
        raise refuse(f"Unpacked the workbook has more than {MOST_UNPACKED // 1_000_000} MB.", "Split the form.")


Cells = tuple[dict[int, str], list[tuple[int, dict[int, str]]]]


def _read_cells(sheet: Any, formulas: dict[tuple[str, int, int], None]) -> Cells:
    """Give the header cells and the rows that are not empty; the places of formulas are noted."""
    heads: dict[int, str] = {}
    rows: list[tuple[int, dict[int, str]]] = []
    empty = 0
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        texts: dict[int, str] = {}
        for place, cell in enumerate(row):
            if cell.value is None:
                continue
            if cell.data_type == "f":
                formulas[(sheet.title, number, place)] = None
            if text := _write_value(cell.value).strip():
                texts[place] = text
        if number == 1:
            heads = texts
        elif texts:
            empty = 0
            rows.append((number, texts))
            _check_row(sheet.title, number, len(rows), texts)
        else:
            empty += 1
            if empty > MOST_EMPTY_ROWS:
                break
    return heads, rows


def _check_row(sheet: str, number: int, count: int, texts: Mapping[int, str]) -> None:
    if count > MOST_ROWS:
        message = f"The sheet has more than {MOST_ROWS:,} rows."
        raise refuse(message, "Split the form, or leave long lists of places out.", sheet)
    for place, text in texts.items():
        if len(text) > LONGEST_CELL:
            where = f"{sheet}!{find_letter(place)}{number}"
            raise refuse(f"The cell holds {len(text):,} characters.", "Shorten it.", where)


def _write_value(value: Any) -> str:
    """Give a cell as text: whole numbers without a point, days as days."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    written = str(value)
    return written.removesuffix(" 00:00:00") if hasattr(value, "year") else written


def _read_other(data: bytes, suffix: str) -> Workbook:
    """Read .xls, .csv and .md as pyxform does; its rows are lists of columns by name."""
    from pyxform.xls2json_backends import get_xlsform

    kind = ".xls" if data.startswith(_OLD_EXCEL) else suffix
    if kind not in (".xls", ".csv", ".md"):
        raise refuse("This is no Excel workbook.", "Save the form as .xlsx.")
    try:
        read = get_xlsform(io.BytesIO(data), file_type=kind)
    except Exception as error:  # a broken file makes pyxform raise whatever its parts raise
        raise refuse(f"The file cannot be read: {_say(error)}", "Save the form as .xlsx.") from None
    sheets = {
        name: _take_sheet(name, getattr(read, name) or (), getattr(read, f"{name}_header") or ())
        for name in (SURVEY, CHOICES, SETTINGS)
        if getattr(read, name) or getattr(read, f"{name}_header")
    }
    return Workbook(sheets, tuple(n for n in read.sheet_names or () if n.lower() not in READ))


def _take_sheet(name: str, rows: Iterable[Mapping[str, str]], header: Iterable[Mapping[str, Any]]) -> Sheet:
    heads = list(dict.fromkeys(key for one in header for key in one if key))
    places = {head: place for place, head in enumerate(heads)}
    kept = []
    for number, row in enumerate(rows, start=2):
        texts = {places[head]: str(text).strip() for head, text in row.items() if head in places and text}
        kept.append((number, texts))
        _check_row(name, number, len(kept), texts)
    return build_sheet(name, dict(enumerate(heads)), kept)


def _say(error: Exception) -> str:
    return shorten(f"{' '.join(str(error).split()) or type(error).__name__}.".replace("..", "."), 300)
