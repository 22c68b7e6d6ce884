"""Tables for programs that know types: every column of one type, and missing codes apart from what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from exports.table import Table
from exports.variables import Variable, make_status_column
from forms.question_types.base import Cell
from forms.values import MISSING_CODES, Missing

TypedCell: TypeAlias = int | float | str | date | Missing | None
"""A code, number, text, date or time (aware UTC); a missing reason where the column can hold one; else nothing."""

_WORDS = frozenset({"text", "label", "joined"})


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table in which texts (and dates, unless `type_table` was told otherwise) have a column of status codes beside.

    `beside`: place of a column -> place of its status column.
    """

    table: Table
    variables: tuple[Variable, ...]
    beside: dict[int, int]

    def holds_codes(self, variable: Variable) -> bool:
        """Whether missing codes may stand in the column itself, so that no real value can be taken for one."""
        apart = {self.variables[place].name for place in self.beside}
        coded = variable.kind in ("code", "flag", "number", "date")
        return variable.question is not None and coded and variable.name not in apart

    def rows(self) -> Iterator[list[TypedCell]]:
        """Stream the rows, as wide as `variables`."""
        known = {variable.name for variable in self.table.variables}
        added = [variable.kind == "status" and variable.name not in known for variable in self.variables]
        for row in self.table.rows():
            typed: list[TypedCell] = []
            cells = iter(row)
            for variable, is_added in zip(self.variables, added, strict=True):
                if is_added:
                    last = typed[-1]
                    if isinstance(last, Missing):
                        typed[-1] = None
                        typed.append(last)
                    else:
                        typed.append(None)
                else:
                    typed.append(_type(variable, next(cells)))
            yield typed


def type_table(table: Table, *, dates_hold_codes: bool = False) -> TypedTable:
    """Give a table with typed columns."""
    taken = {variable.name for variable in table.variables}
    variables: list[Variable] = []
    for variable in table.variables:
        variables.append(variable)
        apart = variable.kind in _WORDS or (variable.kind == "date" and not dates_hold_codes)
        if variable.question is not None and apart:
            status = make_status_column(variable, taken)
            taken.add(status.name)
            variables.append(status)
    places = {variable.name: place for place, variable in enumerate(variables)}
    beside = {places[v.of]: place for place, v in enumerate(variables) if v.kind == "status" and v.of in places}
    return TypedTable(table, tuple(variables), beside)


def is_numeric(variable: Variable) -> bool:
    """Whether the column holds numbers: all but texts, times and lists that have words for codes."""
    return variable.kind in ("flag", "number", "status") or (variable.kind == "code" and variable.integral)


def cut(words: str, most: int, *, in_bytes: bool) -> str:
    """Give as much of a text as a program keeps, in whole characters."""
    if not in_bytes:
        return words[:most]
    data = words.encode("utf-8", "replace")
    return words if len(data) <= most else data[:most].decode("utf-8", "ignore")


def _type(variable: Variable, cell: Cell) -> TypedCell:
    if cell is None or (cell == "" and variable.question is None):
        return None
    if isinstance(cell, int) and cell in MISSING_CODES and variable.question is not None:
        return Missing(cell)
    if variable.kind in ("time", "date") and isinstance(cell, str):
        return datetime.fromisoformat(cell) if "T" in cell else date.fromisoformat(cell)
    if variable.kind == "number" and isinstance(cell, str):
        return float(cell) if variable.question is None or variable.question.type != "integer" else int(cell)
    if is_numeric(variable):
        return cell
    # A character that UTF-8 cannot say must not end an export in the middle.
    return str(cell).encode("utf-8", "replace").decode("utf-8")


def find_columns(rows: Iterator[list[TypedCell]], width: int) -> list[list[TypedCell]]:
    """Give rows as columns: for libraries that take whole tables only, so that memory grows with the study."""
    columns: list[list[TypedCell]] = [[] for _ in range(width)]
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)
    return columns
