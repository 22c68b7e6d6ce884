"""What pyxform says of a workbook: whoever opens it in ODK or Kobo would hear the same."""

from __future__ import annotations

import re
from typing import Any

from forms.errors import DefinitionError
from forms.loading.reading import shorten
from forms.xlsform.reading import CHOICES, SETTINGS, SURVEY, refuse
from forms.xlsform.workbook import Sheet, Workbook

MOST_QUESTIONS = 5_000
_ROW = re.compile(r"\[row ?: ?(\d+)\] ?")


def check_workbook(book: Workbook) -> None:
    """Let pyxform build its form of a workbook; raises `DefinitionError` with what it says when it cannot."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    if len(book.rows(SURVEY)) > MOST_QUESTIONS:
        raise refuse(f"The sheet has more than {MOST_QUESTIONS:,} rows.", "Split the form.", SURVEY)
    settings = book.rows(SETTINGS)
    default = settings[0].peek("default_language") if settings else ""
    given: dict[str, Any] = {"sheet_names": [*book.sheets, *book.unread]}
    for name in (SURVEY, CHOICES, SETTINGS):
        if name in book.sheets:
            given |= _give(name, book.sheets[name], default)
    try:
        convert(given, warnings=[])
    except PyXFormError as error:
        raise _refuse(str(error)) from None
    except RecursionError:
        raise refuse("The groups are nested too deep.", "A form needs fewer than ten levels.", SURVEY) from None
    except Exception as error:  # what pyxform did not foresee
        raise _refuse(f"pyxform stumbles over it ({type(error).__name__}: {error}).") from None


def _give(name: str, sheet: Sheet, default: str) -> dict[str, Any]:
    """Give a sheet as pyxform takes it: a list of rows, the empty ones too, so that it counts them as Excel does.

    A column without a language gives way to the same one in the default language: pyxform says so, and stumbles.
    """
    spoken = {heading.name for heading in sheet.headings.values() if default and heading.language == default}
    heads = {
        p: heading.written for p, heading in sheet.headings.items() if heading.language or heading.name not in spoken
    }
    rows: list[dict[str, str]] = []
    for row in sheet.rows:
        rows.extend({} for _ in range(row.number - 2 - len(rows)))
        rows.append({heads[place]: text for place, text in row.cells.items() if place in heads})
    return {name: rows, f"{name}_header": [dict.fromkeys(heads.values())]}


def _refuse(said: str) -> DefinitionError:
    sentence = " ".join(said.split())
    row = _ROW.match(sentence)
    sheet = CHOICES if f"'{CHOICES}' sheet" in sentence else SURVEY
    where = f"{sheet}!{row[1]}" if row else "workbook"
    sentence = sentence[row.end() :] if row else sentence
    return refuse(f"This is no valid XLSForm: {shorten(sentence, 500)}", "Mend it in the workbook.", where)
