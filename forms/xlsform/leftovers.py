"""What nobody has looked at: every cell, sheet and formula without an equivalent is named, with what to do."""

from __future__ import annotations

from forms.xlsform.cells import EXACT, TYPE
from forms.xlsform.reading import CHOICES, READ, SETTINGS
from forms.xlsform.remarks import Remarks, quote
from forms.xlsform.workbook import Heading, Row, Workbook

_MEANT = {
    "appearance": "The look of a question is the service's own.",
    "default": "Answers are never filled in beforehand.",
    "parameters": "There are no parameters of this kind.",
    "read_only": "What is asked can be answered.",
    "trigger": "Calculations follow from the answers at every moment.",
    "guidance_hint": "There is one hint only: join the two where both are needed.",
    "required_message": "What is said to an empty answer is the service's own.",
    "image": "There are no pictures beside questions.",
    "big-image": "There are no pictures beside questions.",
    "audio": "There are no recordings beside questions.",
    "video": "There are no films beside questions.",
    "choice_filter": "Nothing is chosen here.",
    "repeat_count": "Nothing is repeated here.",
    "save_to": "There are no entities.",
    "calculation": "Only a `calculate` works something out.",
    "required": "Nothing is answered here.",
    "constraint": "Nothing is answered here.",
    "constraint_message": "Nothing is answered here.",
    "hint": "A section has no hint.",
    "label": "The groups inside a repeat are asked without headings.",
    "style": "The look of a form is the service's own.",
    "instance_name": "Answers have a reference of their own.",
    "public_key": "Answers are kept by the service, behind its own locks.",
    "submission_url": "Answers go to this service.",
    "allow_choice_duplicates": "Two choices of one name get a value each.",
}
_SILENT = frozenset({"allow_choice_duplicates", TYPE})
"""Cells that only say how the rest is to be read."""


def name_leftovers(book: Workbook, remarks: Remarks) -> None:
    """Add a remark for every cell and sheet that found no place in the definition."""
    for name in READ:
        for row in book.rows(name):
            for heading, text in row.left():
                if not _is_silent(heading, text):
                    _name_cell(row, heading, text, remarks)
    for row in book.rows(SETTINGS)[1:]:
        remarks.add(f"{row.sheet.name}!{row.number}", "There is more than one row of settings.", "The first counts.")
    for sheet in book.unread:
        remarks.add(sheet, "This sheet is no part of a definition.", "It was not read.")
    for place in book.formulas:
        remarks.add(place, "The cell holds a formula.", "What it showed when the workbook was saved was read.")


def _is_silent(heading: Heading, text: str) -> bool:
    tabled = heading.name == "appearance" and text == "field-list"
    return tabled or heading.name in _SILENT or heading.name.startswith(EXACT)


def _name_cell(row: Row, heading: Heading, text: str, remarks: Remarks) -> None:
    where = f"{row.sheet.name}!{heading.letter}{row.number}"
    if row.sheet.name.lower() == CHOICES and not row.peek("list_name"):
        remarks.add(where, f"{heading.written} {quote(text)} belongs to no list.", "It was left out.")
        return
    meant = _MEANT.get(heading.name, "There is no equivalent.")
    remarks.add(where, f"{heading.written} {quote(text)}: {meant}", "It was left out.")
