"""How many answered on each day: one bar a day, or a week where there are many days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from exports.charts.drawing import render
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table

MOST_DAYS = 60
"""Days that are drawn one by one; longer times are drawn week by week."""
_TOP, _DEEP = 20, 96
"""Pixels above the tallest bar, and from its top to the ground."""
_FAR = 60
"""From this share of the width on there is room for both ends' names."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, or the week that begins with it (`days` 7), and how many answered in it."""

    first: date
    count: int
    days: int = 1

    @property
    def label(self) -> str:
        """Give what people call it."""
        named = f"{self.first.day} {self.first:%b}"
        return named if self.days == 1 else f"week of {named}"


@dataclass(frozen=True, slots=True)
class _Bar:
    left: float
    width: float
    top: float
    height: float


def make_stretches(counts: Mapping[date, int]) -> list[Stretch]:
    """Give the days from the first answer to the last one without a gap; whole weeks, from Monday, if they are many."""
    if not counts:
        return []
    first, last = min(counts), max(counts)
    length = 1 if (last - first).days < MOST_DAYS else 7
    if length > 1:
        first -= timedelta(days=first.weekday())
    sums: dict[date, int] = {}
    for day, count in counts.items():
        begun = first + timedelta(days=(day - first).days // length * length)
        sums[begun] = sums.get(begun, 0) + count
    steps = range(0, (last - first).days + 1, length)
    return [Stretch(day, sums.get(day, 0), length) for step in steps for day in [first + timedelta(days=step)]]


def draw_days(stretches: Sequence[Stretch], *, title: str, description: str, prefix: str = "days") -> str:
    """Draw the bars from the first day to the last one as one `<svg>`."""
    most = max((one.count for one in stretches), default=0)
    # few days stay slim
    width = min(100 / max(len(stretches), 1), 12.5)
    bars = [
        _Bar(place * width, width, _TOP + _DEEP * (1 - one.count / most), _DEEP * one.count / most)
        for place, one in enumerate(stretches)
        if one.count
    ]
    ends = list(dict.fromkeys(one.label for one in (*stretches[:1], *stretches[-1:])))
    end = width * len(stretches)
    return render(
        "days.svg",
        kind="days",
        bars=bars,
        most=most,
        ground=_TOP + _DEEP,
        across=None,
        ends=ends if end > _FAR else [" to ".join(ends)],
        end=end,
        height=_TOP + _DEEP + 26,
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_days(stretches: Sequence[Stretch], caption: str) -> DataTable:
    """Give the same in numbers, the last one first."""
    headings = ["Week" if stretches and stretches[0].days > 1 else "Day", Heading("Complete", number=True)]
    rows: list[list[Cell]] = [
        [f"{one.label} {one.first.year}", Number(f"{one.count:,}", one.count)] for one in reversed(stretches)
    ]
    return make_table(caption, headings, rows)
