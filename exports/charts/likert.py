"""How answers fall on a scale: one bar of 100 % for each question, with don't know apart from the scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.drawing import EMPTY, PHONE, SHOWN, break_lines, measure, render
from exports.charts.rows import GAP, Placed, find_height, place_rows
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table
from exports.rounding import find_whole, say_percent

_SCALE = 82.0
"""Percent of the width that the scale takes; what is left of it, less a gap, is for don't know."""
_APART = 86.0
_BAR = 24
_SHADES = ("#f7e6c4", "#e3b56b", "#a9b7bd", "#5b9bb8", "#1b5673")
"""From the first to the last point: the lightness falls all the way, so that the order holds in grey."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One question. `shares` are of those on the scale (n), `dont_know` of those who answered at all; each of 1.

    `caption` says n and the don't know share in words, or why nothing is shown.
    """

    label: str
    caption: str
    state: str = SHOWN
    shares: tuple[float, ...] = ()
    dont_know: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    begin: float
    width: float
    shade: str
    light: bool
    words: str
    place: int


def draw_likert(
    spreads: Sequence[Spread], points: Sequence[str], *, title: str, description: str, prefix: str = "likert"
) -> str:
    """Draw the questions as one `<svg>`; `points` are the words of the scale, lowest first."""
    shades = list_shades(len(points))
    legend = [
        (shade, line, first)
        for shade, point in zip(shades, points, strict=True)
        for line, first in ((line, place == 0) for place, line in enumerate(break_lines(point, 12, PHONE - 24)))
    ]
    head = 20 * (len(legend) + 1) + 8
    rows = place_rows(spreads, head + GAP, _BAR)
    return render(
        "likert.svg",
        kind="likert",
        rows=[(row, _cut(row, shades)) for row in rows],
        legend=legend,
        scale=_SCALE,
        apart=_APART,
        height=find_height(rows, head),
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_likert(spreads: Sequence[Spread], points: Sequence[str], caption: str) -> DataTable:
    """Give the same in numbers: question, share of each point, don't know, n."""
    headings = [Heading(label, number=True) for label in (*points, "Don't know", "n")]
    rows: list[list[Cell]] = []
    for spread in spreads:
        if spread.state != SHOWN:
            rows.append([spread.label, *(["no answers" if spread.state == EMPTY else "not shown"] * len(headings))])
            continue
        unsaid: Cell = "none" if spread.dont_know is None else _say(spread.dont_know)
        n: Cell = "none" if spread.n is None else Number(str(spread.n), spread.n)
        rows.append([spread.label, *(_say(share) for share in spread.shares), unsaid, n])
    return make_table(caption, ["Question", *headings], rows)


def list_shades(points: int) -> tuple[str, ...]:
    """Give a shade for each point of a scale of any length, from light to dark."""
    if points <= 1:
        return _SHADES[:points]
    return tuple(_mix(place * (len(_SHADES) - 1) / (points - 1)) for place in range(points))


def _mix(place: float) -> str:
    low = min(int(place), len(_SHADES) - 2)
    pairs = zip(_read(_SHADES[low]), _read(_SHADES[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (place - low)):02x}" for a, b in pairs)


def _read(shade: str) -> tuple[int, int, int]:
    return int(shade[1:3], 16), int(shade[3:5], 16), int(shade[5:7], 16)


def _cut(row: Placed[Spread], shades: Sequence[str]) -> list[_Piece]:
    """Cut the bar into its pieces, each with its percentage where that fits on a phone."""
    pieces, begin = [], 0.0
    for place, (share, shade) in enumerate(zip(row.item.shares, shades, strict=False)):
        width = share * _SCALE
        words = str(find_whole(100 * share))
        fits = measure(words, 12) + 4 <= width * PHONE / 100
        light = sum(_read(shade)) > 420
        pieces.append(_Piece(begin, width, shade, light, words if fits else "", place))
        begin += width
    return pieces


def _say(share: float) -> Number:
    return Number(say_percent(share), share)
