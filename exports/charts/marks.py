"""Marks in a plane: their shapes, moving them apart where they cover each other, and names that fit between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from exports.charts.drawing import measure, shorten

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442", "#8a8f94")
"""Eight colours that colour-blind readers can tell apart (Okabe and Ito 2008); a shape always goes with them."""
SHAPES = ("circle", "square", "diamond", "triangle", "pentagon", "hexagon", "star", "cross")

_CORNERS = {"square": (4, pi / 4, 1.2), "diamond": (4, 0, 1.3), "pentagon": (5, -pi / 2, 1.15), "hexagon": (6, 0, 1.1)}
_ROUNDS = 60
_NAME = 10.5
_WIDEST = 96.0

Spot = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name beside its mark: where its line begins, has its middle or ends (`anchor`); the text may be shortened."""

    x: float
    y: float
    anchor: str
    text: str


def trace(shape: str, x: float, y: float, radius: float) -> str:
    """Give the outline of a shape as the data of an SVG path."""
    if shape == "circle":
        turn = f"a{radius:g} {radius:g} 0 1 0"
        return f"M{x - radius:.1f} {y:.1f}{turn} {2 * radius:g} 0{turn} {-2 * radius:g} 0Z"
    spots = [(x + across * radius, y + down * radius) for across, down in _list_corners(shape)]
    return "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in spots) + "Z"


def _list_corners(shape: str) -> list[Spot]:
    if shape == "triangle":
        return [(0, -1.45), (1.4, 1.0), (-1.4, 1.0)]
    if shape == "cross":
        a, b = 0.55, 1.2
        return [
            (-a, -b),
            (a, -b),
            (a, -a),
            (b, -a),
            (b, a),
            (a, a),
            (a, b),
            (-a, b),
            (-a, a),
            (-b, a),
            (-b, -a),
            (-a, -a),
        ]
    if shape == "star":
        steps = [(pi * place / 5 - pi / 2, 0.75 if place % 2 else 1.45) for place in range(10)]
        return [(cos(turn) * long, sin(turn) * long) for turn, long in steps]
    corners, start, long = _CORNERS[shape]
    return [
        (cos(start + 2 * pi * n / corners) * long, sin(start + 2 * pi * n / corners) * long) for n in range(corners)
    ]


def move_apart(spots: Sequence[Spot], distance: float, area: Box) -> list[Spot]:
    """Move marks that would cover each other apart to this distance, or as near to it as there is room.

    Always the same result for the same spots; those that cover nothing stay where they are.
    """
    moved = [list(spot) for spot in spots]
    for _ in range(_ROUNDS):
        still = True
        for i in range(len(moved)):
            for j in range(i + 1, len(moved)):
                still &= not _push(moved[i], moved[j], distance, 2.4 * (i + j + 1))
        for spot in moved:
            spot[0] = min(max(spot[0], area[0]), area[2])
            spot[1] = min(max(spot[1], area[1]), area[3])
        if still:
            break
    return [(round(x, 1), round(y, 1)) for x, y in moved]


def _push(one: list[float], other: list[float], distance: float, turn: float) -> bool:
    across, down = other[0] - one[0], other[1] - one[1]
    apart = hypot(across, down)
    if apart >= distance - 0.05:
        return False
    if apart < 0.01:
        across, down, apart = cos(turn), sin(turn), 1.0
        gap = distance / 2
    else:
        gap = (distance - apart) / 2
    for spot, sign in ((one, -1), (other, 1)):
        spot[0] += sign * across / apart * gap
        spot[1] += sign * down / apart * gap
    return True


def place_names(
    spots: Sequence[Spot], names: Sequence[str], radius: float, area: Box, words: Sequence[Box] = ()
) -> list[Name | None]:
    """Give each mark its name right, left, above or below, where it covers no mark, name or `words`; else none.

    Names that find no room are for the list below the drawing, where every mark's number stands.
    """
    taken: list[Box] = [*words, *((x - radius, y - radius, x + radius, y + radius) for x, y in spots)]
    placed: list[Name | None] = []
    for (x, y), name in zip(spots, names, strict=True):
        text = shorten(name, _NAME, _WIDEST)
        found = _find_room(x, y, text, radius, taken, area)
        placed.append(found[0] if found else None)
        if found:
            taken.append(found[1])
    return placed


def _find_room(
    x: float, y: float, text: str, radius: float, taken: Sequence[Box], area: Box
) -> tuple[Name, Box] | None:
    wide, gap = measure(text, _NAME) + 2, radius + 4
    for anchor, across, down in (
        ("start", gap, 3.5),
        ("end", -gap, 3.5),
        ("middle", 0, -gap),
        ("middle", 0, gap + 8),
        ("start", radius, -radius),
        ("end", -radius, radius + 8),
    ):
        left = x + across - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (left, y + down - 9, left + wide, y + down + 3)
        inside = box[0] >= area[0] and box[1] >= area[1] and box[2] <= area[2] and box[3] <= area[3]
        if inside and not any(_cover(box, other) for other in taken):
            return Name(round(x + across, 1), round(y + down, 1), anchor, text), box
    return None


def _cover(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
