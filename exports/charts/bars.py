"""Horizontal bars from 0 to 100 with interval whiskers: one row for each domain, readable at 320 px and in grey.

Positions across are percentages and sizes are pixels, so that the drawing grows with the page and its text does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import wrap

from jinja2 import Environment, PackageLoader

SHOWN = "shown"
SUPPRESSED = "suppressed"
EMPTY = "empty"

_HEAD = 40
_LABEL_LINE = 18
_LABEL_CHARACTERS = 40
_BAR = 14
_CAPTION_LINE = 16
_CAPTION_CHARACTERS = 44
_GAP = 20
_PIXELS_OF_A_PERCENT = 3.2
_PIXELS_OF_A_LETTER = 5.8


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


@dataclass(frozen=True, slots=True)
class _Placed:
    bar: Bar
    lines: tuple[str, ...]
    captions: tuple[str, ...]
    top: int

    @property
    def bar_top(self) -> int:
        return self.top + _LABEL_LINE * len(self.lines)

    @property
    def middle(self) -> int:
        return self.bar_top + _BAR // 2

    @property
    def bottom(self) -> int:
        return self.bar_top + _BAR + _CAPTION_LINE * len(self.captions) + 4

    @property
    def whisker(self) -> tuple[float, float] | None:
        if self.bar.lo is None or self.bar.hi is None:
            return None
        return max(0.0, self.bar.lo), min(100.0, self.bar.hi)


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
    placed = tuple(_place(bars))
    height = placed[-1].bottom + _GAP // 2 if placed else _HEAD
    return (
        _environment()
        .get_template("bars.svg")
        .render(
            rows=placed,
            bands=[(name if _fits(name, end - begin) else "", begin, end) for name, begin, end in bands],
            limits=[begin for _, begin, _ in bands] + [100],
            height=height,
            head=_HEAD,
            bar_height=_BAR,
            title=title,
            description=description,
            prefix=prefix,
        )
    )


def _place(bars: Sequence[Bar]) -> Iterator[_Placed]:
    top = _HEAD + _GAP
    for bar in bars:
        lines, captions = wrap(bar.label, _LABEL_CHARACTERS) or [""], wrap(bar.caption, _CAPTION_CHARACTERS)
        placed = _Placed(bar, tuple(lines), tuple(captions), top)
        yield placed
        top = placed.bottom + _GAP


def _fits(name: str, width: float) -> bool:
    return len(name) * _PIXELS_OF_A_LETTER <= width * _PIXELS_OF_A_PERCENT


@cache
def _environment() -> Environment:
    loader = PackageLoader("exports.charts")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
