"""Horizontal bars from 0 to 100 with interval whiskers: one row for each domain, readable at 320 px and in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.drawing import PHONE, SHOWN, measure, render
from exports.charts.rows import GAP, find_height, place_rows

_HEAD = 40
_OVERHANG = 4
"""Pixels by which the name of a band may be wider than the band: lettering is measured on the wide side."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `band` is the place of its band (0 the lowest), none where no single band may be claimed.

    `caption` tells in words everything that the drawing shows. `score`, `lo`, `hi` are points, 0 to 100.
    """

    label: str
    caption: str
    state: str = SHOWN
    score: float | None = None
    lo: float | None = None
    hi: float | None = None
    band: int | None = None


def draw_bars(
    bars: Sequence[Bar],
    bands: Sequence[tuple[str, float, float]],
    *,
    title: str,
    description: str,
    prefix: str = "bars",
) -> str:
    """Draw the bars as one `<svg>`.

    `bands` are (name, from, to) in points; `prefix` keeps its ids apart from those of other charts on the page.
    """
    rows = place_rows(bars, _HEAD + GAP)
    return render(
        "bars.svg",
        kind="bars",
        rows=rows,
        bands=[(name if _fits(name, end - begin) else "", begin, end) for name, begin, end in bands],
        limits=[begin for _, begin, _ in bands] + [100],
        height=find_height(rows, _HEAD),
        title=title,
        description=description,
        prefix=prefix,
    )


def _fits(name: str, width: float) -> bool:
    return measure(name, 11) <= width * PHONE / 100 + _OVERHANG
