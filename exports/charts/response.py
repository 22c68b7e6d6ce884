"""Who answered, group by group, and who is missing: lowest rate first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.drawing import SHOWN, render
from exports.charts.rows import GAP, find_height, place_rows
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table
from exports.rounding import say_percent

_HEAD = 24


@dataclass(frozen=True, slots=True)
class Reached:
    """One group. `rate` is the response rate as a share of 1, none where nobody knows how many were asked.

    `answered` and `invited` are none where they are withheld; `caption` says all of it in words.
    """

    label: str
    caption: str
    state: str = SHOWN
    answered: int | None = None
    invited: int | None = None
    rate: float | None = None

    @property
    def missing(self) -> int | None:
        """How many of the group were asked and have not answered."""
        return None if self.answered is None or self.invited is None else self.invited - self.answered


def draw_response(groups: Sequence[Reached], *, title: str, description: str, prefix: str = "response") -> str:
    """Draw the groups in the order given as one `<svg>`: answered is solid, missing is left open."""
    rows = place_rows(groups, _HEAD + GAP)
    return render(
        "response.svg",
        kind="response",
        rows=rows,
        limits=(0, 25, 50, 75, 100),
        height=find_height(rows, _HEAD),
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_response(groups: Sequence[Reached], caption: str) -> DataTable:
    """Give the same in numbers: group, invited, answered, missing, rate."""
    rows = []
    for group in groups:
        rate: Cell = "none" if group.rate is None else Number(say_percent(group.rate), group.rate)
        counts = [_say(count, group.state) for count in (group.invited, group.answered, group.missing)]
        rows.append([group.label, *counts, rate if group.state == SHOWN else "hidden"])
    headings = [Heading(label, number=True) for label in ("Invited", "Answered", "Missing", "Rate")]
    return make_table(caption, ["Group", *headings], rows)


def _say(count: int | None, state: str) -> Cell:
    if count is not None:
        return Number(str(count), count)
    return "unknown" if state == SHOWN else "hidden"
