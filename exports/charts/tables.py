"""The table that stands below every drawing: the same numbers in words, for readers, paper and spreadsheets alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exports.charts.drawing import render


@dataclass(frozen=True, slots=True)
class Number:
    """A number as people read it, and as a spreadsheet takes it (unrounded)."""

    words: str
    value: float | int

    def __str__(self) -> str:
        return self.words


Cell = str | Number


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column; columns of numbers stand to the right."""

    label: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table with a caption. The first cell of a row names the row; rows are as wide as the headings."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]


def make_table(caption: str, headings: Sequence[Heading | str], rows: Sequence[Sequence[Cell]]) -> DataTable:
    """Make a table; a heading that is plain text stands over words."""
    return DataTable(
        caption,
        tuple(Heading(heading) if isinstance(heading, str) else heading for heading in headings),
        tuple(tuple(row) for row in rows),
    )


def render_table(table: DataTable, name: str, notes: Mapping[int, int] | None = None) -> Markup:
    """Give the table as HTML with caption and scopes; `name` keeps its ids apart from others on the page.

    `notes`: row (by place) -> the number of its footnote.
    """
    return Markup(render("table.html", table=table, name=name, notes=notes or {}))  # noqa: S704  # the template has escaped everything
