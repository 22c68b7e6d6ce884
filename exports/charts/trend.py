"""A score over rounds with its intervals: a line between rounds that may be compared, a break where they may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from exports.charts.drawing import PHONE, SHOWN, break_lines, measure, render
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table

_TOP = 34
_TALL = 200
_LEGEND_LINE = 17
_SIDE = 13.0


@dataclass(frozen=True, slots=True)
class Point:
    """One round. `score`, `lo`, `hi` are points, 0 to 100; `words` is the score as people read it, or why it is absent.

    `broken`: why no line may lead here from the round before, such as `questions changed`; empty where one may.
    `change` says in words how it compares with the round before, where that may be said. `interval` and `n` are words,
    empty where there is none.
    """

    label: str
    words: str
    state: str = SHOWN
    score: float | None = None
    lo: float | None = None
    hi: float | None = None
    n: str = ""
    interval: str = ""
    broken: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    point: Point
    number: int
    x: float
    score: float
    names: tuple[str, ...]
    labelled: bool


def draw_trend(points: Sequence[Point], *, title: str, description: str, prefix: str = "trend") -> str:
    """Draw the rounds from left to right, oldest first, as one `<svg>`.

    Where there is no room for their names below the axis the rounds are numbered and named in a list.
    """
    width = (100 - 2 * _SIDE) / max(1, len(points) - 1) if len(points) > 1 else 100.0
    room = width * PHONE / 100
    numbered = any(measure(point.label, 11) > 3 * room or _is_cut(point.label, room) for point in points)
    every = _find_step(len(points), room, numbered)
    placed = [_place(point, place, len(points), numbered, every, room) for place, point in enumerate(points)]
    lines = max((len(one.names) for one in placed), default=0)
    legend = _list_names(points) if numbered else []
    bottom = _TOP + _TALL
    legend_top = bottom + 22 + 14 * lines
    return render(
        "trend.svg",
        kind="trend",
        points=placed,
        links=[(a, b) for a, b in pairwise(placed) if _is_linked(a.point, b.point)],
        breaks=[((a.x + b.x) / 2, b.point.broken) for a, b in pairwise(placed) if b.point.broken],
        spoken=len(points) <= 8,
        column=min(7.0, width * 0.6),
        legend=legend,
        legend_top=legend_top,
        top=_TOP,
        tall=_TALL,
        height=legend_top + _LEGEND_LINE * len(legend),
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_trend(points: Sequence[Point], caption: str) -> DataTable:
    """Give the same in numbers: round, score, interval, n, change since the round before."""
    rows: list[list[Cell]] = []
    for point in points:
        score: Cell = point.words if point.score is None else Number(point.words, point.score)
        n: Cell = Number(point.n, int(point.n)) if point.n.isdecimal() else point.n or "none"
        change = f"{point.broken}: not comparable" if point.broken else point.change
        rows.append([point.label, score, point.interval or "none", n, change or "none"])
    numbers = [Heading(label, number=True) for label in ("Score", "95 % interval", "n")]
    return make_table(caption, ["Round", *numbers, "Since the round before"], rows)


def _place(point: Point, place: int, of: int, numbered: bool, every: int, room: float) -> _Placed:
    x = 50.0 if of == 1 else _SIDE + (100 - 2 * _SIDE) * place / (of - 1)
    labelled = (of - 1 - place) % every == 0
    names = (str(place + 1),) if numbered else break_lines(point.label, 11, room)
    return _Placed(point, place + 1, x, point.score or 0.0, names if labelled else (), labelled)


def _is_cut(label: str, room: float) -> bool:
    """Tell whether a word of the label is wider than the room it has, so that it would be cut in two."""
    return any(measure(word, 11) > room for word in label.split())


def _find_step(points: int, room: float, numbered: bool) -> int:
    widest = measure(str(points), 11) + 6
    return max(1, -int(-widest // room)) if numbered else 1


def _is_linked(earlier: Point, later: Point) -> bool:
    return earlier.score is not None and later.score is not None and not later.broken


def _list_names(points: Sequence[Point]) -> list[str]:
    named = [f"{number}  {point.label}" for number, point in enumerate(points, start=1)]
    return [line for name in named for line in break_lines(name, 12)]
