"""How far indicators have come from their baseline to their target, whichever way they are meant to move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.drawing import EMPTY, SHOWN, render
from exports.charts.rows import GAP, find_height, place_rows
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table
from exports.rounding import say_percent

_HEAD = 30
_LOW, _HIGH = -0.25, 1.25
"""The achievements at the left and the right end of the drawing; what lies beyond is drawn there, with an arrow."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `achievement` is (actual - baseline)/(target - baseline): 0 at the baseline, 1 at the target.

    `baseline`, `actual`, `target` are words with their unit, empty where unknown. `estimated`: there is no baseline,
    so that the achievement is actual/target. `caption` says all of it in words, and `status` what kind of case it is.
    """

    label: str
    caption: str
    state: str = SHOWN
    achievement: float | None = None
    baseline: str = ""
    actual: str = ""
    target: str = ""
    status: str = "ok"
    estimated: bool = False


def draw_progress(indicators: Sequence[Indicator], *, title: str, description: str, prefix: str = "progress") -> str:
    """Draw the indicators as one `<svg>`: to the right is towards the target, to the left of the baseline is away."""
    rows = place_rows(indicators, _HEAD + GAP, 16)
    return render(
        "progress.svg",
        kind="progress",
        rows=[
            (row, _find_end(row.item.achievement), row.item.state if row.item.state != SHOWN else EMPTY) for row in rows
        ],
        start=_across(0),
        goal=_across(1),
        head=_HEAD,
        height=find_height(rows, _HEAD),
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_progress(indicators: Sequence[Indicator], caption: str) -> DataTable:
    """Give the same in numbers: indicator, baseline, actual, target, achieved, and what kind of case it is."""
    rows: list[list[Cell]] = []
    for one in indicators:
        achieved: Cell = "none"
        if one.achievement is not None:
            achieved = Number(say_percent(one.achievement), one.achievement)
        rows.append([one.label, *(words or "unknown" for words in (one.baseline, one.actual, one.target)), achieved])
        rows[-1].append(one.status.replace("_", " "))
    numbers = [Heading(label, number=True) for label in ("Baseline", "Actual", "Target", "Achieved")]
    return make_table(caption, ["Indicator", *numbers, "Status"], rows)


def _across(achievement: float) -> float:
    return 100 * (achievement - _LOW) / (_HIGH - _LOW)


def _find_end(achievement: float | None) -> tuple[float, int] | None:
    """Give where the bar ends, in percent across, and whether it goes on beyond the drawing (-1, 0 or 1)."""
    if achievement is None:
        return None
    beyond = -1 if achievement < _LOW else 1 if achievement > _HIGH else 0
    return _across(min(_HIGH, max(_LOW, achievement))), beyond
