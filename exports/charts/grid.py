"""Stakeholders by influence and interest: a numbered mark for each, its name where there is room, all in a list below.

The cut is fixed (3.5 of 5) and not the median, so that nobody moves when somebody else joins the list (Mendelow 1991).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.drawing import break_lines, isolate, measure, render
from exports.charts.marks import Box, Name, Spot, move_apart, place_names, trace
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table

ACROSS = 360
CUT = 3.5
_AREA: Box = (22, 8, 356, 342)
_RADIUS = 9.0
_KEY_LINE = 16
_LOW, _HIGH = 0.8, 5.2

QUADRANTS = {
    (True, True): "manage closely",
    (True, False): "keep satisfied",
    (False, True): "keep informed",
    (False, False): "monitor",
}
"""(high influence, high interest) -> what that asks of the team."""


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """One stakeholder. `influence` and `interest` are means from 1 to 5 over its `raters`; none where not known.

    `position` is where it stands, 1 strongly against to 5 strongly for. `borderline`: near the cut, or raters disagree.
    """

    label: str
    influence: float | None
    interest: float | None
    position: int | None = None
    borderline: bool = False
    raters: int = 0

    @property
    def quadrant(self) -> str:
        """What its place asks of the team; empty without a place."""
        if self.influence is None or self.interest is None:
            return ""
        return QUADRANTS[self.influence >= CUT, self.interest >= CUT]


@dataclass(frozen=True, slots=True)
class _Stand:
    words: str
    shape: str
    fill: str
    stroke: str
    ink: str


_STANDS = {
    1: _Stand("strongly against", "square", "#b34700", "#b34700", "#fff"),
    2: _Stand("against", "square", "#fff", "#b34700", "#1b262b"),
    3: _Stand("neutral", "circle", "#d3dade", "#4a5960", "#1b262b"),
    4: _Stand("for", "diamond", "#fff", "#0072b2", "#1b262b"),
    5: _Stand("strongly for", "diamond", "#0072b2", "#0072b2", "#fff"),
    None: _Stand("position not known", "circle", "#fff", "#69777e", "#1b262b"),
}


@dataclass(frozen=True, slots=True)
class _Mark:
    number: int
    stakeholder: Stakeholder
    stand: _Stand
    spot: Spot
    path: str
    name: Name | None


def draw_grid(stakeholders: Sequence[Stakeholder], *, title: str, description: str, prefix: str = "grid") -> str:
    """Draw the grid as one `<svg>`: interest to the right, influence upwards, the position as shape and colour."""
    known = [(n, one) for n, one in enumerate(stakeholders, start=1) if one.quadrant]
    spots = move_apart([_find_spot(one) for _, one in known], 2 * _RADIUS + 2, _shrink(_AREA))
    cut_across, cut_down = _find_spot(Stakeholder("", CUT, CUT))
    quadrants = _place_quadrants(cut_across, cut_down)
    words = [(x, y - 9, x + measure(said, 11), y + 3) for said, x, y in quadrants]
    names = place_names(spots, [one.label for _, one in known], _RADIUS + 1, _AREA, words)
    marks = [
        _Mark(number, one, (stand := _STANDS[one.position]), spot, trace(stand.shape, *spot, _RADIUS), name)
        for (number, one), spot, name in zip(known, spots, names, strict=True)
    ]
    used = [_STANDS[place] for place in (5, 4, 3, 2, 1, None) if any(one.position == place for _, one in known)]
    key = [
        line for n, one in enumerate(stakeholders, start=1) for line in break_lines(_describe(n, one), 12, ACROSS - 8)
    ]
    legend_top = _AREA[3] + 34
    key_top = legend_top + 20 * -(-len(used) // 2) + 6
    return render(
        "grid.svg",
        kind="grid-map",
        across=ACROSS,
        area=_AREA,
        cut=(cut_across, cut_down),
        quadrants=quadrants,
        marks=marks,
        legend=[
            (stand, trace(stand.shape, 12 + 176 * (place % 2), legend_top + 20 * (place // 2), 7), place)
            for place, stand in enumerate(used)
        ],
        legend_top=legend_top,
        key=key,
        key_top=key_top,
        height=key_top + _KEY_LINE * len(key) + 4,
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_grid(stakeholders: Sequence[Stakeholder], caption: str) -> DataTable:
    """Give the same in numbers: stakeholder, influence, interest, what it asks for, position, raters."""
    rows: list[list[Cell]] = []
    for number, one in enumerate(stakeholders, start=1):
        asks = one.quadrant or "not placed"
        means = [_say(one.influence), _say(one.interest)]
        words = [f"{asks} (borderline)" if one.borderline else asks, _STANDS[one.position].words]
        rows.append([f"{number} {one.label}", *means, *words, Number(str(one.raters), one.raters)])
    numbers = [Heading("Influence", number=True), Heading("Interest", number=True)]
    return make_table(
        caption, ["Stakeholder", *numbers, "Asks us to", "Position", Heading("Raters", number=True)], rows
    )


def _say(mean: float | None) -> Cell:
    return "not known" if mean is None else Number(f"{mean:.1f}", mean)


def _describe(number: int, one: Stakeholder) -> str:
    if not one.quadrant:
        return f"{number} {isolate(one.label)}: not placed, influence or interest not known"
    border = ", borderline" if one.borderline else ""
    return f"{number} {isolate(one.label)}: {one.quadrant}{border}; {_STANDS[one.position].words}"


def _find_spot(one: Stakeholder) -> Spot:
    left, top, right, bottom = _AREA
    across = ((one.interest or 0) - _LOW) / (_HIGH - _LOW)
    down = (_HIGH - (one.influence or 0)) / (_HIGH - _LOW)
    return left + across * (right - left), top + down * (bottom - top)


def _shrink(area: Box) -> Box:
    edge = _RADIUS + 2
    return area[0] + edge, area[1] + edge, area[2] - edge, area[3] - edge


def _place_quadrants(cut_across: float, cut_down: float) -> list[tuple[str, float, float]]:
    left, top, _, bottom = _AREA
    sides = ((True, cut_across + 6), (False, left + 6))
    return [
        (QUADRANTS[influence, interest], across, down)
        for influence, down in ((True, top + 14), (False, bottom - 6))
        for interest, across in sides
    ]
