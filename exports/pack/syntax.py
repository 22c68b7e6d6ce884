"""Syntax for SPSS and Stata that reads the responses as text and labels them, without any binary file.

SPSS reads no line end within a cell, so it gets a file of its own: tabs between cells, spaces for line ends in texts.
"""

from __future__ import annotations

from typing import BinaryIO

from exports.cells import guard
from exports.formats import dta, sav
from exports.missing import HIGHEST, LOWEST, REASONS
from exports.table import Table
from exports.typed import cut, is_numeric
from exports.variables import Variable
from forms.question_types.base import STATUS_SUFFIX, Cell


def write_tsv(table: Table, stream: BinaryIO) -> None:
    """Write a table with tabs between cells and every row on one line."""
    stream.write(("\t".join(table.header) + "\n").encode())
    for row in table.rows():
        cells = (_write_cell(variable, cell) for variable, cell in zip(table.variables, row, strict=True))
        stream.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))


def _write_cell(variable: Variable, cell: Cell) -> str:
    if isinstance(cell, str) and not is_numeric(variable):
        return " ".join(guard(cell).split())
    return "" if cell is None else str(cell)


def write_sps(table: Table, language: str, path: str) -> str:
    """Give SPSS syntax that reads the file at this path (`write_tsv`); it is run from the folder of the pack."""
    variables = table.variables
    lines = [
        f"* Reads {path} and labels it. Run it from the folder of README.txt.",
        "SET DECIMAL=DOT.",
        "GET DATA /TYPE=TXT",
        f"  /FILE='{path}'",
        "  /ENCODING='UTF8'",
        "  /ARRANGEMENT=DELIMITED",
        "  /DELIMITERS='\\t'",
        "  /FIRSTCASE=2",
        "  /VARIABLES=",
        *(f"    {variable.name} {_find_format(variable)}" for variable in variables),
        "  .",
        "VARIABLE LABELS",
        *(f"  {v.name} {_quote(cut(v.find_label(language), sav.LONGEST_LABEL, in_bytes=True))}" for v in variables),
        "  .",
    ]
    for variable in variables:
        labels = sav.list_labels(variable, language, _is_ranged(variable, table))
        if labels and is_numeric(variable):
            lines += [f"VALUE LABELS {variable.name}"]
            lines += [f"  {code:g} {_quote(label)}" for code, label in labels.items()] + ["  ."]
    ranged = [v.name for v in variables if is_numeric(v) and _is_ranged(v, table)]
    if ranged:
        lines.append(f"MISSING VALUES {' '.join(ranged)} ({LOWEST} THRU {HIGHEST}).")
    for measure in ("nominal", "ordinal", "scale"):
        names = [v.name for v in variables if v.measure == measure]
        if names:
            lines.append(f"VARIABLE LEVEL {' '.join(names)} ({measure.upper()}).")
    return "\n".join([*lines, "EXECUTE.", ""])


def write_do(table: Table, language: str, path: str) -> str:
    """Give Stata commands that read the CSV at this path; they are run from the folder of the pack."""
    variables = table.variables
    texts = [str(place) for place, v in enumerate(variables, start=1) if not is_numeric(v)]
    lines = [
        f"* Reads {path} and labels it. Run it from the folder of README.txt.",
        "version 14",
        f'import delimited "{path}", clear varnames(1) case(preserve) encoding("UTF-8") '
        f"bindquote(strict) maxquotedrows(unlimited) stringcols({' '.join(texts)})",
    ]
    letters = " \\ ".join(f"{reason.code}=.{reason.letter}" for reason in REASONS)
    for variable in variables:
        label = cut(variable.find_label(language), dta.LONGEST_LABEL, in_bytes=False)
        lines.append(f"label variable {variable.name} {_quote_twice(label)}")
        if is_numeric(variable) and _is_ranged(variable, table):
            lines.append(f"mvdecode {variable.name}, mv({letters})")
        labels = dta.list_labels(variable, language)
        if labels and (variable.kind != "number"):
            lines.append(f"label define {variable.name} ///")
            lines += [
                f"  {code if not isinstance(code, str) else '.' + code:{'s' if isinstance(code, str) else 'g'}} "
                f"{_quote_twice(words)} ///"
                for code, words in labels.items()
            ]
            lines += ["  , replace", f"label values {variable.name} {variable.name}"]
    return "\n".join([*lines, ""])


def _is_ranged(variable: Variable, table: Table) -> bool:
    """Whether missing codes stand in the column, so that no real number can be taken for one."""
    beside = variable.name + STATUS_SUFFIX in table.header
    return variable.question is not None and variable.kind in ("code", "flag", "number") and not beside


def _find_format(variable: Variable) -> str:
    if is_numeric(variable):
        return "F20.6" if variable.kind == "number" else "F8.0"
    longest = variable.question.settings.get("max_length", 2_000) if variable.question else 250
    assert isinstance(longest, int)
    return f"A{min(longest * 4, sav.LONGEST_TEXT)}" if variable.kind == "text" and variable.question else "A250"


def _quote(words: str) -> str:
    """Quote for SPSS: marks are doubled, line ends are spaces."""
    return "'" + " ".join(words.split()).replace("'", "''") + "'"


def _quote_twice(words: str) -> str:
    """Quote for Stata, where no sign of the text may begin or end a macro or a quotation."""
    return '`"' + " ".join(words.split()).replace("`", "'").replace('"', "'").replace("$", "\\$") + "\"'"
