"""Who works with whom: numbered marks by sector, arrows by how often, isolates in a row of their own.

The layout is Fruchterman and Reingold 1991 from a circle in the order given: the same network is always drawn alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

from exports.charts.drawing import break_lines, isolate, render
from exports.charts.marks import COLOURS, SHAPES, Box, Name, Spot, move_apart, place_names, trace
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table

ACROSS = 360
_AREA: Box = (16, 16, 344, 316)
_RADIUS = 10.0
_ROUNDS = 150
_KEY_LINE = 16
_IN_A_ROW = 12
OFTEN = {1: "yearly", 2: "quarterly", 3: "monthly", 4: "weekly or more"}
"""Weight of a tie (sn01) in words."""
_WIDTHS = {1: 0.8, 2: 1.0, 3: 2.0, 4: 3.4}
_DARK = frozenset({"#0072b2", "#009e73", "#d55e00"})


@dataclass(frozen=True, slots=True)
class Node:
    """One organisation. `answered` is false where nobody answered for it, so that its own ties are not known."""

    id: str
    label: str
    sector: str
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Arc:
    """What one organisation says of its work with another; `weight` 2 quarterly, 3 monthly, 4 weekly or more."""

    source: str
    target: str
    weight: int


@dataclass(frozen=True, slots=True)
class _Mark:
    number: int
    node: Node
    shape: str
    fill: str
    spot: Spot
    name: Name | None

    @property
    def path(self) -> str:
        return trace(self.shape, *self.spot, _RADIUS)

    @property
    def ink(self) -> str:
        return "#fff" if self.fill in _DARK else "#1b262b"


def draw_network(
    nodes: Sequence[Node], arcs: Sequence[Arc], *, title: str, description: str, prefix: str = "network"
) -> str:
    """Draw the network as one `<svg>`; arcs to or from organisations that are not there are left out."""
    known = {node.id for node in nodes}
    kept = [arc for arc in arcs if arc.source in known and arc.target in known and arc.source != arc.target]
    tied = {end for arc in kept for end in (arc.source, arc.target)}
    inner = [node for node in nodes if node.id in tied]
    isolates = [node for node in nodes if node.id not in tied]
    spots = _lay_out([node.id for node in inner], kept) + _line_up(len(isolates), bool(inner))
    names = place_names(spots[: len(inner)], [node.label for node in inner], _RADIUS + 2, (0, 0, ACROSS, _AREA[3] + 16))
    sectors = list(dict.fromkeys(node.sector for node in nodes))
    numbers = {node.id: number for number, node in enumerate(nodes, start=1)}
    marks = [
        _Mark(numbers[node.id], node, *_dress(sectors.index(node.sector)), spot, name)
        for node, spot, name in zip([*inner, *isolates], spots, [*names, *([None] * len(isolates))], strict=True)
    ]
    places = {mark.node.id: mark.spot for mark in marks}
    below = max((y for _, y in spots), default=0) + _RADIUS + 14
    legend_top = below + 12
    sector_rows = [(name, *_dress(place)) for place, name in enumerate(sectors)]
    ties_top = legend_top + 18 * len(sectors) + 4
    used = sorted({arc.weight for arc in kept})
    key_top = ties_top + (20 if used else 0) + (18 if any(not node.answered for node in nodes) else 0)
    key = [line for node in nodes for line in break_lines(_describe(numbers[node.id], node, kept), 12, ACROSS - 8)]
    return render(
        "network.svg",
        kind="network",
        across=ACROSS,
        arcs=[(_bend(places[arc.source], places[arc.target]), _WIDTHS.get(arc.weight, 1.0)) for arc in kept],
        marks=marks,
        first_isolate=min((mark.spot[1] for mark in marks if mark.node.id not in tied), default=None),
        sectors=[
            (name, trace(shape, 12, legend_top + 18 * n, 6.5), fill, legend_top + 18 * n)
            for n, (name, shape, fill) in enumerate(sector_rows)
        ],
        ties=[(OFTEN.get(weight, str(weight)), _WIDTHS.get(weight, 1.0), 6 + 112 * n) for n, weight in enumerate(used)],
        ties_top=ties_top,
        silent=any(not node.answered for node in nodes),
        key=key,
        key_top=key_top,
        height=round(key_top + _KEY_LINE * len(key) + 6),
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_network(nodes: Sequence[Node], arcs: Sequence[Arc], caption: str) -> DataTable:
    """Give the same in words: organisation, sector, who it says it works with and how often, how many name it."""
    labels = {node.id: f"{number} {node.label}" for number, node in enumerate(nodes, start=1)}
    rows: list[list[Cell]] = []
    for node in nodes:
        out = [arc for arc in arcs if arc.source == node.id and arc.target in labels and arc.target != node.id]
        named = sum(arc.target == node.id and arc.source in labels and arc.source != node.id for arc in arcs)
        said = "; ".join(f"{labels[arc.target]} ({OFTEN.get(arc.weight, arc.weight)})" for arc in out)
        said = said or ("nobody" if node.answered else "did not answer")
        rows.append([labels[node.id], node.sector, said, Number(str(named), named)])
    return make_table(caption, ["Organisation", "Sector", "Works with", Heading("Named by", number=True)], rows)


def _describe(number: int, node: Node, arcs: Sequence[Arc]) -> str:
    out = sum(arc.source == node.id for arc in arcs)
    named = sum(arc.target == node.id for arc in arcs)
    own = f"names {out}" if node.answered else "did not answer"
    ties = f"{own}, named by {named}" if out or named else "no ties" if node.answered else "did not answer, no ties"
    return f"{number} {isolate(node.label)}: {ties}"


def _dress(place: int) -> tuple[str, str]:
    """Give shape and colour of a sector; beyond eight the pairs change, so that no two are alike."""
    return SHAPES[place % len(SHAPES)], COLOURS[(place + place // len(SHAPES)) % len(COLOURS)]


def _line_up(isolates: int, below: bool) -> list[Spot]:
    top = _AREA[3] + 46 if below else 46
    return [(18.0 + 29 * (n % _IN_A_ROW), top + 28 * (n // _IN_A_ROW)) for n in range(isolates)]


def _lay_out(ids: Sequence[str], arcs: Sequence[Arc]) -> list[Spot]:
    """Give each tied organisation its place."""
    n = len(ids)
    if n == 0:
        return []
    place = {id_: number for number, id_ in enumerate(ids)}
    edges = sorted({(min(a, b), max(a, b)) for arc in arcs for a, b in [(place[arc.source], place[arc.target])]})
    spots = [[cos(2 * pi * i / n), sin(2 * pi * i / n)] for i in range(n)]
    ideal, heat = sqrt(4 / n), 0.3
    for _ in range(_ROUNDS):
        _take_step(spots, edges, ideal, heat)
        heat *= 0.97
    return move_apart(_fill(spots), 2 * _RADIUS + 14, _AREA)


def _take_step(spots: list[list[float]], edges: Sequence[tuple[int, int]], ideal: float, heat: float) -> None:
    """Move everybody once: apart from all others, towards partners, a little to the middle; no farther than `heat`."""
    pulls = [[-0.3 * x, -0.3 * y] for x, y in spots]
    for i in range(len(spots)):
        for j in range(i):
            across, down = spots[i][0] - spots[j][0], spots[i][1] - spots[j][1]
            apart = max(hypot(across, down), 0.01)
            _pull(pulls, i, j, across / apart, down / apart, ideal**2 / apart)
    for i, j in edges:
        across, down = spots[i][0] - spots[j][0], spots[i][1] - spots[j][1]
        apart = max(hypot(across, down), 0.01)
        _pull(pulls, i, j, across / apart, down / apart, -(apart**2) / ideal)
    for spot, (across, down) in zip(spots, pulls, strict=True):
        long = max(hypot(across, down), 1e-9)
        spot[0] += across / long * min(long, heat)
        spot[1] += down / long * min(long, heat)


def _pull(pulls: list[list[float]], i: int, j: int, across: float, down: float, force: float) -> None:
    for place, sign in ((i, 1), (j, -1)):
        pulls[place][0] += sign * across * force
        pulls[place][1] += sign * down * force


def _fill(spots: Sequence[Sequence[float]]) -> list[Spot]:
    """Stretch the layout to the area that there is."""
    left, top, right, bottom = _AREA
    axes = []
    for axis, low, high in ((0, left, right), (1, top, bottom)):
        values = [spot[axis] for spot in spots]
        least, span = min(values), max(values) - min(values)
        axes.append([(low + high) / 2 if span < 1e-6 else low + (v - least) / span * (high - low) for v in values])
    return list(zip(*axes, strict=True))


def _bend(source: Spot, target: Spot) -> tuple[str, str]:
    """Give a bent line from mark to mark and its arrow head; the two of a pair bend to different sides."""
    (x1, y1), (x2, y2) = source, target
    across, down = x2 - x1, y2 - y1
    long = max(hypot(across, down), 0.01)
    middle = ((x1 + x2) / 2 - down * 0.1, (y1 + y2) / 2 + across * 0.1)
    start = _step(source, middle, _RADIUS + 2)
    tip, back = _step(target, middle, _RADIUS + 3), _step(target, middle, _RADIUS + 11)
    side = ((tip[1] - back[1]) * 0.5, (back[0] - tip[0]) * 0.5)
    if long < 2 * _RADIUS + 6:
        return f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", ""
    line = f"M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {back[0]:.1f} {back[1]:.1f}"
    wings = [(back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    return line, f"M{tip[0]:.1f} {tip[1]:.1f}" + "".join(f"L{x:.1f} {y:.1f}" for x, y in wings) + "Z"


def _step(start: Spot, towards: Spot, far: float) -> Spot:
    across, down = towards[0] - start[0], towards[1] - start[1]
    long = max(hypot(across, down), 0.01)
    return start[0] + across / long * far, start[1] + down / long * far
