"""Stata: labelled codes and extended missing values (.d don't know, .r refused ...); the whole table is in memory.

Letters stand in the cells themselves, so the frame is made apart from that of SPSS. Texts have their missing codes in
a column `__st`; numbers and dates hold the letters, since Stata can tell them from every real number.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from exports.formats.base import Format
from exports.missing import BY_MISSING, REASONS
from exports.options import CODES, Options
from exports.responses import Study
from exports.table import Table, build_table
from exports.typed import TypedCell, TypedTable, cut, find_columns, is_numeric, type_table
from exports.variables import Variable
from forms.values import Missing

if TYPE_CHECKING:
    import pandas as pd

_STATA_14 = 14
"""Format 118: what Stata 14 and newer and all its readers know."""
LONGEST_LABEL = 80
"""In characters: Stata User's Guide 12.6.2."""
_EPOCH = datetime(1960, 1, 1, tzinfo=UTC)
_FORMATS = {"time": "%tc", "date": "%td"}
_STAMP = re.compile(rb"(<timestamp>\x11)\d\d \w{3} \d{4} \d\d:\d\d(</timestamp>)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Dta(Format):
    """A Stata data set."""

    name = "dta"
    extension = "dta"
    media_type = "application/x-stata-dta"
    title = "Stata (.dta), with labels and missing values"
    has_one_table = True
    has_words = False

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write the table of responses with its labels in one language; memory grows with the number of responses."""
        language = study.definition.choose_language(options.language)
        stream.write(write_dta(study, build_table(study, replace(options, shown=CODES)), language))


def write_dta(study: Study, table: Table, language: str) -> bytes:
    """Give a table as a Stata file that bears the time of the study's last change."""
    import pyreadstat

    typed = type_table(table, dates_hold_codes=True)
    columns = find_columns(typed.rows(), len(typed.variables))
    frame, letters = _build_frame(typed, columns)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "responses.dta"
        pyreadstat.write_dta(
            frame,
            path,
            version=_STATA_14,
            file_label=f"{study.definition.id} {study.definition.version}"[:80],
            column_labels={v.name: cut(v.find_label(language), LONGEST_LABEL, in_bytes=False) for v in typed.variables},
            variable_value_labels={v.name: labels for v in typed.variables if (labels := list_labels(v, language))},
            missing_user_values=letters,
            variable_format={v.name: _FORMATS[v.kind] for v in typed.variables if v.kind in _FORMATS},
        )
        data = path.read_bytes()
    at = study.dated.astimezone(UTC)
    stamp = f"{at.day:02} {_MONTHS[at.month - 1]} {at:%Y %H:%M}".encode("ascii")
    data, found = _STAMP.subn(rb"\g<1>" + stamp + rb"\g<2>", data, count=1)
    assert found == 1
    return data


def _build_frame(typed: TypedTable, columns: list[list[TypedCell]]) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Give the frame, and for each column the letters that may stand in it."""
    import pandas as pd

    frame: dict[str, Any] = {}
    letters: dict[str, list[str]] = {}
    for place, (variable, cells) in enumerate(zip(typed.variables, columns, strict=True)):
        if not (is_numeric(variable) or variable.kind in ("date", "time")):
            frame[variable.name] = pd.Series([_write(cell) for cell in cells], dtype="object")
            continue
        beside = columns[typed.beside[place]] if place in typed.beside else cells
        merged = [other if cell is None else cell for cell, other in zip(cells, beside, strict=True)]
        counted = [_count(variable, cell) for cell in merged]
        if _takes_letters(variable):
            letters[variable.name] = [reason.letter for reason in REASONS]
        # Without a letter in it, a column of objects would be taken for text.
        used = any(isinstance(cell, str) for cell in counted)
        frame[variable.name] = pd.Series(counted, dtype="object" if used else "float64")
    return pd.DataFrame(frame), letters


def _takes_letters(variable: Variable) -> bool:
    return variable.question is not None and variable.kind != "status"


def list_labels(variable: Variable, language: str) -> dict[Any, str]:
    """Give the labels of values, and of the letters that may stand beside them."""
    if variable.kind == "status":
        return {float(reason.code): reason.label for reason in REASONS}
    if not is_numeric(variable):
        return {}
    labels: dict[Any, str] = {float(code): label for code, label in variable.find_values(language).items()}
    if variable.kind == "flag":
        labels = {0.0: "Not chosen", 1.0: "Chosen"}
    if _takes_letters(variable):
        labels |= {reason.letter: reason.label for reason in REASONS}
    return labels


def _count(variable: Variable, cell: TypedCell) -> float | str | None:
    """Give a cell as Stata counts: days, or milliseconds, since January 1, 1960; a missing reason is its letter."""
    if isinstance(cell, Missing):
        return float(cell.value) if variable.kind == "status" else BY_MISSING[cell].letter
    if isinstance(cell, datetime):
        return float(round((cell - _EPOCH).total_seconds() * 1000))
    if isinstance(cell, date):
        return float((cell - _EPOCH.date()).days)
    return None if cell is None else float(cell)


def _write(cell: TypedCell) -> str:
    if isinstance(cell, Missing):
        return str(cell.value)
    return "" if cell is None else str(cell)
