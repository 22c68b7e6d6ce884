"""Excel: the responses, the codebook, the labels and a sheet that says what this is. Rows go to disk as they come.

Texts are written as text and nothing else: no formula, no link. Numbers are numbers up to the 15 digits Excel keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

from exports.about import list_facts, list_missing
from exports.codebook import LABEL_COLUMNS, build_codebook, build_labels, list_codebook_columns
from exports.formats.base import Format
from exports.options import Options
from exports.responses import Study
from exports.summaries import summarise
from exports.table import Table, build_repeats, build_table
from forms.definition import Scorecard
from forms.question_types.base import Cell

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Below the header, on one sheet; more go on on the next."""
MOST_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)
"""Excel has no day before 1900, and believes in February 29 of that year."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Xlsx(Format):
    """An Excel workbook."""

    name = "xlsx"
    extension = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    title = "Excel (.xlsx), with codebook"
    passes = 4

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write a sheet for the responses and each repeated section, then Codebook, Labels and About."""
        tables = (build_table(study, options), *build_repeats(study, options))
        k = (study.definition.scorecard or Scorecard()).k
        book = open_book(study, stream)
        writer = SheetWriter(book)
        counts = [writer.write_table(table) for table in tables]
        columns = list_codebook_columns(study.definition)
        codebook = build_codebook(study, [(table, summarise(table, k)) for table in tables])
        writer.write("Codebook", columns, ([row.get(name) for name in columns] for row in codebook))
        writer.write("Labels", LABEL_COLUMNS, build_labels(study.definition, tables))
        facts: list[Sequence[Cell]] = [*list_facts(study, options, counts[0])]
        writer.write("About", ("About this file", ""), [*facts, *list_missing()])
        book.close()


def open_book(study: Study, stream: BinaryIO) -> Workbook:
    """Give a workbook that writes rows to disk as they come and bears the time of the study's last change."""
    from xlsxwriter import Workbook

    book = Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = study.dated.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": study.round_name, "company": study.partnership, "created": made})
    return book


def escape(text: str) -> str:
    """Say a text as workbooks do: what XML cannot hold as `_xHHHH_`, and what looks like that with an escape.

    Source: ECMA-376-1, 22.9.2.19 (ST_Xstring). Two of them may share a mark, as in `_x005F_x0041_`: each is escaped.
    """
    return _NOT_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", _LIKE_AN_ESCAPE.sub("_x005F_", text))


@cache
def _find_sheet_class() -> type[Worksheet]:
    """Give a sheet that holds plain text and nothing else.

    The library's own escapes only the first of two escapes that share a mark, and takes a text from `<r>` to `</r>` for
    markup of its own.
    """
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):  # type: ignore[misc]  # the library has no types
        _escape_control_characters = staticmethod(escape)

        def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
            self._xml_inline_string(string, False, attributes)

    return Sheet


class SheetWriter:
    """Writes sheets one after the other."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._bold: CellFormat = book.add_format({"bold": True, "bottom": 1})
        self._day: CellFormat = book.add_format({"num_format": "yyyy-mm-dd"})
        self._names: set[str] = set()

    def write_table(self, table: Table) -> int:
        """Write one table and give how many rows it has."""
        kinds = {variable.name: variable.kind for variable in table.variables}
        return self.write(table.name.capitalize(), table.header, table.rows(), kinds)

    def write(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], kinds: dict[str, str] | None = None
    ) -> int:
        """Write rows under a header that stays in sight; `kinds` says which texts are numbers or days."""
        kept = [(kinds or {}).get(column, "text") for column in header]
        number, sheet = 0, self._open(name, header)
        for number, row in enumerate(rows, start=1):
            line = (number - 1) % MOST_ROWS + 1
            if line == 1 and number > 1:
                sheet = self._open(name, header)
            for column, (cell, kind) in enumerate(zip(row, kept, strict=False)):
                self._write_cell(sheet, line, column, cell, kind)
        return number

    def _open(self, name: str, header: Sequence[str]) -> Worksheet:
        title, number = name[:31], 1
        while title.casefold() in self._names:
            number += 1
            title = f"{name[:27]} {number}"
        self._names.add(title.casefold())
        sheet = self.book.add_worksheet(title, _find_sheet_class())
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(header) - 1), 40 if name == "About" else 16)
        for column, word in enumerate(header):
            sheet.write_string(0, column, word, self._bold)
        return sheet

    def _write_cell(self, sheet: Worksheet, line: int, column: int, cell: Any, kind: str) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, int | float) and len(str(cell).strip("-")) <= MOST_DIGITS:
            sheet.write_number(line, column, cell)
        elif kind == "number" and len(cell.strip("-").replace(".", "")) <= MOST_DIGITS:
            sheet.write_number(line, column, float(cell))
        elif kind == "date" and _DAY.fullmatch(cell) and (day := date.fromisoformat(cell)) >= _FIRST_DAY:
            sheet.write_datetime(line, column, day, self._day)
        else:
            sheet.write_string(line, column, str(cell).encode("utf-8", "replace").decode("utf-8"))
