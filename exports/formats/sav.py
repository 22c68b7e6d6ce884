"""SPSS: labelled codes, one range of user-missing values, measures; the whole table is in memory, as its library asks.

Texts and free numbers have their missing codes in a column `__st`. Decimals become doubles (15 digits).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from exports.formats.base import Format
from exports.missing import HIGHEST, LOWEST, REASONS
from exports.options import CODES, Options
from exports.responses import Study
from exports.scorecards.notes import SAMPLE
from exports.table import Table, build_table
from exports.typed import TypedCell, cut, find_columns, is_numeric, type_table
from exports.variables import Variable
from forms.values import Missing

if TYPE_CHECKING:
    import pandas as pd

LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_TEXT = 256, 120, 32_767
"""In bytes: IBM SPSS Statistics, Command Syntax Reference; `forms.checks.reports.exportability` warns of them."""
_EPOCH = datetime(1582, 10, 14, tzinfo=UTC)
_FORMATS = {"time": "DATETIME20", "date": "SDATE10", "code": "F8.0", "flag": "F4.0", "status": "F4.0"}
_STAMP = slice(92, 109)
"""Where the file header has date and time of its making: after 4 + 60 + 5 * 4 + 8 bytes, `25 Nov 26` and `15:45:40`."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Sav(Format):
    """An SPSS system file."""

    name = "sav"
    extension = "sav"
    media_type = "application/x-spss-sav"
    title = "SPSS (.sav), with labels and missing values"
    has_one_table = True
    has_words = False

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write the table of responses with its labels in one language; memory grows with the number of responses."""
        language = study.definition.choose_language(options.language)
        stream.write(write_sav(study, build_table(study, replace(options, shown=CODES)), language))


def write_sav(study: Study, table: Table, language: str) -> bytes:
    """Give a table as an SPSS file that bears the time of the study's last change."""
    import pyreadstat

    typed = type_table(table, dates_hold_codes=True)
    columns = find_columns(typed.rows(), len(typed.variables))
    numeric = [v for v in typed.variables if is_numeric(v) or v.kind in ("date", "time")]
    ranged = [v for v in numeric if typed.holds_codes(v)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "responses.sav"
        pyreadstat.write_sav(
            _build_frame(typed.variables, columns),
            path,
            file_label=f"{study.definition.id} {study.definition.version}"[:64],
            row_compress=True,
            note=[SAMPLE] if study.sample_data else None,
            column_labels={v.name: cut(v.find_label(language), LONGEST_LABEL, in_bytes=True) for v in typed.variables},
            variable_value_labels={
                v.name: labels for v in typed.variables if (labels := list_labels(v, language, v in ranged))
            },
            missing_ranges={v.name: [{"lo": LOWEST, "hi": HIGHEST}] for v in ranged},
            variable_measure={v.name: v.measure for v in typed.variables},
            variable_format={v.name: _FORMATS[v.kind] for v in numeric if v.kind in _FORMATS},
        )
        data = bytearray(path.read_bytes())
    at = study.dated.astimezone(UTC)
    stamp = f"{at.day:02} {_MONTHS[at.month - 1]} {at:%y%H:%M:%S}".encode("ascii")
    assert re.fullmatch(rb"[\d ]\d \w{3} \d\d\d\d:\d\d:\d\d", bytes(data[_STAMP]))
    data[_STAMP] = stamp
    return bytes(data)


def _build_frame(variables: tuple[Variable, ...], columns: list[list[TypedCell]]) -> pd.DataFrame:
    import pandas as pd

    frame: dict[str, Any] = {}
    for variable, cells in zip(variables, columns, strict=True):
        if is_numeric(variable) or variable.kind in ("date", "time"):
            frame[variable.name] = pd.Series([_count(cell) for cell in cells], dtype="float64")
        else:
            texts = [_write(cell) for cell in cells]
            frame[variable.name] = pd.Series(texts, dtype="object")
    return pd.DataFrame(frame)


def list_labels(variable: Variable, language: str, ranged: bool) -> dict[Any, str]:
    """Give the labels of values, and of missing codes where they are `ranged`, so that they can stand in the column."""
    number = is_numeric(variable)
    labels: dict[Any, str] = {
        float(code) if number else str(code): cut(label, LONGEST_VALUE_LABEL, in_bytes=True)
        for code, label in variable.find_values(language).items()
        if variable.kind == "code"
    }
    if variable.kind == "flag":
        labels = {0.0: "Not chosen", 1.0: "Chosen"}
    if ranged or variable.kind == "status":
        labels |= {float(reason.code): reason.label for reason in REASONS}
    elif variable.kind == "code" and variable.question is not None:
        labels |= {str(reason.code): reason.label for reason in REASONS}
    return labels


def _count(cell: TypedCell) -> float:
    """Give a cell as SPSS counts: days and times are seconds since October 14, 1582."""
    if cell is None:
        return float("nan")
    if isinstance(cell, Missing):
        return float(cell.value)
    if isinstance(cell, datetime):
        return (cell - _EPOCH).total_seconds()
    if isinstance(cell, date):
        return float((cell - _EPOCH.date()).days * 86_400)
    return float(cell)


def _write(cell: TypedCell) -> str:
    if isinstance(cell, Missing):
        return str(cell.value)
    return "" if cell is None else cut(str(cell), LONGEST_TEXT, in_bytes=True)
