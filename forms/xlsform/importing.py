"""An XLSForm -> a definition that can be published, and the list of everything that is not as it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forms.definition import Definition
from forms.errors import DefinitionError
from forms.xlsform.cells import EXACT_COLUMNS
from forms.xlsform.circles import check_circles
from forms.xlsform.drafting import draft_definition
from forms.xlsform.frame import is_ours
from forms.xlsform.leftovers import name_leftovers
from forms.xlsform.mending import settle
from forms.xlsform.outline import build_outline
from forms.xlsform.reading import SURVEY, read_workbook
from forms.xlsform.remarks import Remark
from forms.xlsform.sheets import Sheets
from forms.xlsform.validity import check_workbook
from forms.xlsform.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a workbook: the JSON of a definition, the definition, and what is not as it was."""

    text: str
    definition: Definition
    remarks: tuple[Remark, ...]


def read_xlsform(path: Path) -> Imported:
    """Read a workbook (.xlsx, or .xls, .csv and .md as pyxform knows them).

    Raises `DefinitionError` where it is no valid XLSForm, or nothing in it can be asked here.
    """
    try:
        return _read(path)
    except DefinitionError as error:
        raise DefinitionError(error.faults, str(path)) from None


def _read(path: Path) -> Imported:
    book = read_workbook(path)
    check_workbook(book)
    check_circles(build_outline(book.rows(SURVEY)))
    draft = draft_definition(book, path)
    text, definition = settle(draft)
    if is_ours(book) and (edited := _find_edited(book, definition)):
        draft = draft_definition(book, path, edited)
        for where in edited:
            draft.remarks.add(where, "The cell was changed after it was exported.", "It counts, read as XLSForm's.")
        text, definition = settle(draft)
    name_leftovers(book, draft.remarks)
    return Imported(text, definition, draft.remarks.all)


def _find_edited(book: Workbook, definition: Definition) -> frozenset[str]:
    """Give the cells whose words no longer follow from the exact ones that the export put beside them."""
    written = {row["name"]: row for row in Sheets(definition).survey() if "name" in row}
    return frozenset(
        row.where(column)
        for row in book.rows(SURVEY)
        for column in EXACT_COLUMNS.values()
        if row.peek(column) != written.get(row.peek("name"), {}).get(column, row.peek(column))
    )
