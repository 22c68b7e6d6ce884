"""Builders of XLSForm workbooks, as people make them: rows as keyword arguments, one dictionary a row.

build(path, survey=[row("text", "why")], choices=items("yes_no", "yes", "no"))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Cells = dict[str, Any]


def row(type_: str, name: str = "", label: str | None = None, **cells: Any) -> Cells:
    """Give a row of the survey sheet; its label is its name unless said otherwise."""
    named = {"name": name, "label": name if label is None else label} if name else {}
    return {"type": type_, **named, **cells}


def items(list_name: str, *names: Any, **columns: Iterable[Any]) -> list[Cells]:
    """Give a list of choices; a further column has a cell for each."""
    further = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)] or [{}] * len(
        names
    )
    return [
        {"list_name": list_name, "name": name, "label": f"Label {name}", **more}
        for name, more in zip(names, further, strict=True)
    ]


def build(path: Path, **sheets: list[Cells]) -> Path:
    """Write a workbook of these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        heads = list(dict.fromkeys(key for cells in rows for key in cells))
        sheet.append(heads)
        for cells in rows:
            sheet.append([cells.get(head) for head in heads])
    book.save(path)
    return path


def in_two(english: str, french: str, column: str = "label") -> Mapping[str, str]:
    """Give a text in two languages as XLSForm has them."""
    return {f"{column}::English (en)": english, f"{column}::Français (fr)": french}
