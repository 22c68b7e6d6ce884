"""A workbook as the import sees it: sheets of rows, every cell with its place and whether anybody has looked at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ALIASES = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "relevance": "relevant",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "jr:requiredmsg": "required_message",
    "requiredmsg": "required_message",
    "calculate": "calculation",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "readonly": "read_only",
    "id_string": "form_id",
    "set_form_id": "form_id",
    "set_form_title": "form_title",
    "title": "form_title",
    "list name": "list_name",
}
_GROUPED = ("bind", "control", "body", "media")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name in XLSForm's plain words, the language written behind it, and its letter."""

    name: str
    language: str
    letter: str
    written: str


@dataclass(slots=True)
class Row:
    """One row: texts by column number. What is asked for counts as looked at; `left` gives the rest."""

    sheet: Sheet
    number: int
    cells: Mapping[int, str]
    taken: set[int] = field(default_factory=set)

    def get(self, name: str) -> str:
        """Give the text of a column without a language, else an empty one."""
        return self._take(name).get("", "")

    def words(self, name: str) -> dict[str, str]:
        """Give the texts of a column by the language written behind its name; "" where none is."""
        return self._take(name)

    def peek(self, name: str) -> str:
        """Give the text of a column and leave it as it was: looked at or not."""
        return next((self.cells[place] for place in self.sheet.places(name) if place in self.cells), "")

    def left(self) -> Iterator[tuple[Heading, str]]:
        """Give what nobody has looked at."""
        for place, text in self.cells.items():
            if place not in self.taken:
                yield self.sheet.headings[place], text

    def where(self, name: str = "") -> str:
        """Give the place of a column's cell in this row, or of the row: `survey!F12`, `survey!12`."""
        for place in self.sheet.places(name):
            if place in self.cells:
                return f"{self.sheet.name}!{self.sheet.headings[place].letter}{self.number}"
        return f"{self.sheet.name}!{self.number}"

    def _take(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for place in self.sheet.places(name):
            if place in self.cells:
                self.taken.add(place)
                found.setdefault(self.sheet.headings[place].language, self.cells[place])
        return found


@dataclass(slots=True)
class Sheet:
    """One sheet: its columns by number and its rows that are not empty."""

    name: str
    headings: dict[int, Heading]
    rows: list[Row] = field(default_factory=list)
    _places: dict[str, list[int]] = field(default_factory=dict)

    def places(self, name: str) -> list[int]:
        """Give the numbers of the columns of this name, in every language."""
        if not self._places:
            for place, heading in self.headings.items():
                self._places.setdefault(heading.name, []).append(place)
        return self._places.get(name, [])


@dataclass(slots=True)
class Workbook:
    """The sheets that an XLSForm has, by name in lower case; `unread`: the other sheets' names."""

    sheets: dict[str, Sheet]
    unread: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    """The places of cells that hold a formula: the value that was last worked out is read."""

    def rows(self, name: str) -> list[Row]:
        """Give the rows of a sheet, none where there is no such sheet."""
        sheet = self.sheets.get(name)
        return sheet.rows if sheet else []


def build_sheet(name: str, heads: Mapping[int, str], rows: list[tuple[int, dict[int, str]]]) -> Sheet:
    """Make a sheet of its header cells by column number and its rows with their numbers."""
    doubled = any("::" in head for head in heads.values())
    sheet = Sheet(name, {place: _read_heading(head, place, doubled) for place, head in heads.items()})
    for number, cells in rows:
        known = {place: text for place, text in cells.items() if place in sheet.headings}
        if known:
            sheet.rows.append(Row(sheet, number, known))
    return sheet


def find_letter(place: int) -> str:
    """Give the letters of a column by its number, counted from 0: A, B ... Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _read_heading(written: str, place: int, doubled: bool) -> Heading:
    parts = [part.strip() for part in re.split("::" if doubled or "::" in written else ":(?!constraintMsg)", written)]
    plain = "_".join(parts[0].split()).lower()
    if len(parts) > 1 and plain in (*_GROUPED, "jr"):
        parts = parts[1:] if plain != "jr" else [f"jr:{parts[1]}", *parts[2:]]
        plain = "_".join(parts[0].split()).lower()
    name = _ALIASES.get(plain, plain)
    return Heading(name, parts[1] if len(parts) > 1 else "", find_letter(place), written)
