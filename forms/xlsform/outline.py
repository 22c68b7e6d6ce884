"""The rows of a survey sheet as sections: groups flattened, each with the groups around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from forms.xlsform.cells import WORDS
from forms.xlsform.kinds import BEGIN, END, RowKind, read_kind
from forms.xlsform.workbook import Row

MAIN = "main"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A group or repeat that is open around a row."""

    row: Row
    repeats: bool

    @property
    def name(self) -> str:
        """The group's name."""
        return self.row.peek("name") or "group"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One row that is a question. `inner`: the groups around it inside its repeat, which conditions come from."""

    row: Row
    kind: RowKind
    name: str
    inner: tuple[Group, ...] = ()


@dataclass(slots=True, eq=False)
class Block:
    """What becomes one section: questions in a row that stand in the same groups."""

    groups: tuple[Group, ...]
    entries: list[Entry] = field(default_factory=list)

    @property
    def repeat(self) -> Group | None:
        """The repeat that it is, if it is one."""
        return self.groups[-1] if self.groups and self.groups[-1].repeats else None

    @property
    def name(self) -> str:
        """The name of its innermost group."""
        return self.groups[-1].name if self.groups else MAIN


@dataclass(slots=True)
class Outline:
    """The blocks in order, every group by name, and the questions that stand too deep in repeats."""

    blocks: list[Block] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    too_deep: list[Entry] = field(default_factory=list)
    switched_off: list[Row] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """All questions in order."""
        return [entry for block in self.blocks for entry in block.entries]


def build_outline(rows: Sequence[Row]) -> Outline:
    """Sort the rows that pyxform has taken into blocks."""
    outline = Outline()
    open_: list[Group] = []
    for row in rows:
        if WORDS.get(row.peek("disabled").lower()):
            outline.switched_off.append(row)
            continue
        kind = read_kind(row.peek("type"))
        if not row.peek("type"):
            continue
        row.get("type")
        if kind.type == BEGIN:
            open_.append(Group(row, kind.control == "repeat"))
            outline.groups.append(open_[-1])
            row.get("name")
        elif kind.type == END:
            open_ = open_[:-1]
            row.get("name")
            row.get("label")
        else:
            _place(outline, tuple(open_), row, kind)
    return outline


def _place(outline: Outline, open_: tuple[Group, ...], row: Row, kind: RowKind) -> None:
    """Put a question into the block of its groups, or of the repeat that it stands in."""
    name = row.get("name")
    repeats = [place for place, group in enumerate(open_) if group.repeats]
    if len(repeats) > 1:
        outline.too_deep.append(Entry(row, kind, name))
        return
    groups = open_[: repeats[0] + 1] if repeats else open_
    if not outline.blocks or outline.blocks[-1].groups != groups:
        outline.blocks.append(Block(groups))
    outline.blocks[-1].entries.append(Entry(row, kind, name, open_[len(groups) :]))
