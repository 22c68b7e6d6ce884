"""The report as a workbook: what it is, the tidy table with exact numbers, and a sheet for every table of the report.

Text is written as text and nothing else: no formula, no link. What is withheld stands there in words, in grey.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple
from io import BytesIO
from typing import TYPE_CHECKING

from exports.about import list_facts, list_missing
from exports.charts.tables import Cell, Number
from exports.disclosure import ALL
from exports.formats.xlsx import open_book
from exports.options import SUMMARY, Options
from exports.rounding import say_percent
from exports.scorecards.report import Report, build_report
from exports.scorecards.report.blocks import Table, ToDo
from exports.scorecards.results import Tables
from exports.scorecards.rows import FIELDS
from exports.scorecards.rules.base import STATUSES
from exports.scorecards.scorecard import Scorecard

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?(\s?%)?")
"""A number that a spreadsheet may show in its own way; others, such as `≥95`, are words and stay so."""
_WITHHELD = re.compile(r"n<\d+|hidden|none|unknown|no answers|not .*")
_LONGEST_SHEET_NAME = 31
_A4 = 9
_BOXES = ("Who", "By when")


def scorecard_xlsx(results: Tables, earlier: Sequence[Scorecard] = ()) -> bytes:
    """Give the workbook; the same scorecard gives the same bytes."""
    report, stream = build_report(results, earlier), BytesIO()
    book = open_book(results.card.study, stream)
    writer = _Writer(book)
    writer.write("About", ("About this file", ""), _list_facts(results, report), widths=(34, 90))
    writer.write("Scorecard", FIELDS, [[_make_cell(value) for value in astuple(row)] for row in results.card.rows])
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                writer.write(block.name, [heading.label for heading in block.table.headings], block.table.rows)
            elif isinstance(block, ToDo):
                writer.write(block.name, [*block.headings, *_BOXES], block.lines)
    book.close()
    return stream.getvalue()


class _Writer:
    """Writes sheets one after the other, row by row."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._bold: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._absent: Format = book.add_format({"italic": True, "font_color": "#69777E"})
        self._whole: Format = book.add_format({"num_format": "0"})
        self._tenth: Format = book.add_format({"num_format": "0.0"})
        self._percent: Format = book.add_format({"num_format": "0 %"})

    def write(
        self, name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell | None]], widths: tuple[float, ...] = ()
    ) -> None:
        sheet = self.book.add_worksheet(name.capitalize()[:_LONGEST_SHEET_NAME])
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_row(0, 32)
        for column in range(len(headings)):
            sheet.set_column(column, column, widths[column] if widths else 36 if column == 0 else 16)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                self._write_cell(sheet, line, column, cell, name)

    def _write_cell(self, sheet: Worksheet, line: int, column: int, cell: Cell | None, name: str) -> None:
        if cell is None:
            return
        if isinstance(cell, str) or not _PLAIN.fullmatch(cell.words):
            absent = column > 0 and _WITHHELD.fullmatch(str(cell)) and name != "About"
            sheet.write_string(line, column, str(cell), self._absent if absent else self._wrapped)
        elif name == "Scorecard":
            sheet.write_number(line, column, cell.value)
        else:
            plain = self._tenth if "." in cell.words else self._whole
            sheet.write_number(line, column, cell.value, self._percent if "%" in cell.words else plain)


def _make_cell(value: str | float | int | None) -> Cell | None:
    return Number("0", value) if isinstance(value, (int, float)) else value


def _list_facts(results: Tables, report: Report) -> list[tuple[Cell, ...]]:
    """Give what somebody must know who has only this file."""
    study, whole, k = results.card.study, results.card.reach.get(ALL), results.card.plan.k
    rate = whole.response_rate if whole else None
    facts = [
        *list_facts(study, Options(level=SUMMARY)),
        ("Computed", report.computed),
        ("Answers counted", "complete and partial interviews (AAPOR I and P)"),
        ("n", "hidden" if whole is None else str(whole.answered)),
        ("Invited", "hidden" if whole is None else "unknown" if whole.eligible is None else str(whole.eligible)),
        ("Response rate (RR2)", "none" if rate is None else say_percent(rate)),
        ("Smallest number shown", f"{k} people"),
        ("Withheld numbers", f"n<{k}: too few people; hidden: so that another cannot be worked out"),
        ("Empty cells", "only in the sheet Scorecard: no number there; status and note say why"),
        ("Numbers", "exact; shown as whole points, for more than that the answers do not bear"),
        *((f"Status {letter}", words) for letter, words in STATUSES.items()),
        *((f"Missing code {code}", f"{label}; {asked}") for code, label, asked in list_missing()),
    ]
    return [tuple(fact) for fact in facts]
