"""What a report is made of: sections of blocks that every output (page, PDF, spreadsheet) can place in its own way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from exports.charts.tables import Cell, DataTable


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph. `soft` ones are an aside, `strong` ones carry the point."""

    kind: ClassVar[str] = "sentence"
    text: str
    soft: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The one number that stands large: in words and exact."""

    kind: ClassVar[str] = "score"
    words: str
    value: float


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `numbered` ones are referred to by their number."""

    kind: ClassVar[str] = "items"
    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms, each with one or more sentences."""

    kind: ClassVar[str] = "terms"
    terms: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the name that its ids and its sheet are made of.

    `notes`: row (by place) -> the number of its footnote.
    """

    kind: ClassVar[str] = "table"
    name: str
    table: DataTable
    notes: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, and what it shows for those who do not see it; its table stands beside it as a block.

    `late` ones come at the end of their section on paper, so that the numbers stand on the first page.
    """

    kind: ClassVar[str] = "picture"
    svg: str
    alternative: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class ToDo:
    """What to work on: each line a thing, why, and empty boxes for who does it and by when."""

    kind: ClassVar[str] = "todo"
    name: str
    caption: str
    headings: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Another way in: under each title the sections or parts it is told in (label, id of the place, words)."""

    kind: ClassVar[str] = "contents"
    groups: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


Block = Sentence | Score | Items | Terms | Table | Picture | ToDo | Contents


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the report; `id` is the place that contents lead to.

    `aside` ones are for those who want to know exactly, and may be closed at first where a page can do that.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one round: how it is headed, and its sections, answers first, then methods, then detail."""

    title: str
    instrument: str
    partnership: str
    language: str
    sample: str
    computed: str
    sections: tuple[Section, ...]
