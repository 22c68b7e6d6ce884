"""A definition -> an XLSForm workbook: survey, choices, settings, and a sheet for what XLSForm has no place for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from forms.definition import Definition
from forms.errors import DefinitionError, Fault
from forms.loading.reading import shorten
from forms.xlsform.cells import EXACT
from forms.xlsform.sheets import Cells, Sheets

LONGEST = 32_767
"""Characters of one cell."""
_FIRST = ("type", "list_name", "key", "name", "label", "content", "hint", "required", "relevant", "constraint")
_THEN = ("constraint_message", "calculation", "choice_filter", "appearance", "parameters")
_WIDE = ("label", "hint", "relevant", "constraint", "constraint_message", "sms_label")


def write_xlsform(definition: Definition) -> bytes:
    """Give the workbook (.xlsx). Every cell is a text: no formula, no link. The same definition gives the same bytes.

    Raises `DefinitionError` where a text is too long for a cell.
    """
    from xlsxwriter import Workbook

    packed = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(packed, options)
    # Without a date of our own the clock would stand in the file, and the same definition give other bytes.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  # workbooks know no zones
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in build_sheets(definition).items():
        columns = _order(rows, definition.default_language)
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 45 if column.split("::")[0] in _WIDE else 18)
            sheet.write_string(0, place, column, head)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                if text := row.get(column):
                    sheet.write_string(number, place, _check_length(text, row), wrapped)
    book.close()
    return packed.getvalue()


def build_sheets(definition: Definition) -> dict[str, list[Cells]]:
    """Give the rows of each sheet, by column."""
    written = Sheets(definition)
    return {
        "survey": list(written.survey()),
        "choices": list(written.choices()) or [{"list_name": ""}],
        "settings": list(written.settings()),
        "instrument": list(written.instrument()),
    }


def _order(rows: Sequence[Cells], default_language: str) -> list[str]:
    """Give the columns: XLSForm's own in their usual order, then ours."""
    known = {name: place for place, name in enumerate((*_FIRST, *_THEN))}
    columns = dict.fromkeys(column for row in rows for column in row)

    def rank(column: str) -> tuple[int, bool]:
        name = column.split("::")[0]
        return known.get(name, len(known)), name.startswith(EXACT)

    return sorted(columns, key=rank)


def _check_length(text: str, row: Cells) -> str:
    if len(text) > LONGEST:
        message = f"The text {shorten(text, 40)!r} of `{row.get('name', '')}` is too long for a cell of a workbook."
        raise DefinitionError([Fault("$", message, f"At most {LONGEST:,} characters fit.")])
    return text
