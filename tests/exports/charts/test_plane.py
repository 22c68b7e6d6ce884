"""The grid and the network: places, names and shapes in a plane."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from math import hypot

import pytest
from drawings import make_network, make_stakeholders

from exports.charts.grid import Stakeholder, draw_grid, tabulate_grid
from exports.charts.marks import COLOURS, SHAPES, move_apart, place_names, trace
from exports.charts.network import Arc, Node, draw_network, tabulate_network

SVG = "{http://www.w3.org/2000/svg}"
AREA = (0, 0, 360, 340)


def draw_map(stakeholders):
    return ET.fromstring(draw_grid(stakeholders, title="Map", description=""))


def draw_net(nodes, arcs):
    return ET.fromstring(draw_network(nodes, arcs, title="Network", description=""))


def texts(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def test_the_worked_example_stands_where_it_should():
    town = Stakeholder("Municipality", 4.33, 3.67)
    bank, women, university = (
        Stakeholder("Bank CSR", 4.0, 2.0),
        Stakeholder("Women group", 2.33, 4.67),
        Stakeholder("University", 2.0, 2.33),
    )
    quadrants = [one.quadrant for one in (town, bank, women, university)]
    assert quadrants == ["manage closely", "keep satisfied", "keep informed", "monitor"]


def test_at_the_cut_is_high():
    assert Stakeholder("", 3.5, 3.49).quadrant == "keep satisfied"


def test_who_has_no_place_is_in_the_list_all_the_same():
    svg = draw_map([Stakeholder("Bank", None, 3.0)])
    assert "1 Bank: not placed, influence or interest not known" in texts(svg)
    assert not [part for part in svg.iter(f"{SVG}g") if part.get("class") == "mark"]


def test_the_position_is_a_shape_and_a_word_and_not_a_colour_alone():
    svg = draw_map([Stakeholder("A", 2, 2, 1), Stakeholder("B", 4, 4, 5)])
    marks = [part for part in svg.iter(f"{SVG}g") if part.get("class") == "mark"]
    assert len({mark[0].get("d").count("L") for mark in marks} | {mark[0].get("fill") for mark in marks}) > 2
    assert {"strongly for", "strongly against"} <= set(texts(svg))


def test_everybody_on_the_same_spot_can_still_be_told_apart():
    spots = move_apart([(100.0, 100.0)] * 12, 20, AREA)
    assert min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(spots, 2)) > 17


def test_who_covers_nobody_stays():
    assert move_apart([(10.0, 10.0), (200.0, 200.0)], 20, AREA) == [(10.0, 10.0), (200.0, 200.0)]


def test_names_cover_neither_marks_nor_each_other():
    spots = move_apart([(30.0 + 37 * n % 300, 20.0 + 53 * n % 300) for n in range(30)], 20, AREA)
    names = place_names(spots, ["A name of some length"] * 30, 9, AREA)
    placed = [name for name in names if name]
    assert placed
    assert len({(name.x, name.y) for name in placed}) == len(placed)
    for name in placed:
        for x, y in spots:
            assert abs(name.y - 4 - y) > 7 or abs(name.x - x) > 8


def test_the_table_of_the_map_tells_what_each_place_asks_for():
    rows = tabulate_grid([Stakeholder("Bank", 4.0, 2.0, 4, True, 3)], "Map").rows
    assert [str(cell) for cell in rows[0]] == ["1 Bank", "4.0", "2.0", "keep satisfied (borderline)", "for", "3"]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_a_closed_outline(shape):
    assert re.fullmatch(r"M[-\d. a-zL]+Z", trace(shape, 10, 10, 5))


def test_sectors_differ_in_shape_and_in_colour():
    nodes = [Node(f"o{n}", f"O{n}", f"Sector {n}") for n in range(16)]
    svg = draw_net(nodes, [])
    looks = [mark[0].get("fill") for mark in svg.iter(f"{SVG}g") if mark.get("class") == "mark"]
    assert len(looks) == 16
    assert set(looks) == set(COLOURS)


def test_isolates_are_listed_and_not_dropped():
    svg = draw_net([Node("a", "A", "s"), Node("b", "B", "s"), Node("c", "C", "s")], [Arc("a", "b", 2)])
    assert {"without ties", "3 C: no ties"} <= set(texts(svg))
    assert len([part for part in svg.iter(f"{SVG}g") if part.get("class") == "mark"]) == 3


def test_silent_organisations_look_different_and_are_named():
    svg = draw_net([Node("a", "A", "s"), Node("b", "B", "s", answered=False)], [Arc("a", "b", 4)])
    assert "2 B: did not answer, named by 1" in texts(svg)
    assert [mark[0].get("stroke-dasharray") for mark in svg.iter(f"{SVG}g") if mark.get("class") == "mark"] == [
        None,
        "3 2",
    ]


def test_stronger_ties_are_broader():
    svg = draw_net(
        [Node("a", "A", "s"), Node("b", "B", "s"), Node("c", "C", "s")], [Arc("a", "b", 2), Arc("b", "c", 4)]
    )
    widths = [float(p.get("stroke-width")) for p in svg.iter(f"{SVG}path") if p.get("class") == "arc"]
    assert widths[0] < widths[1]


def test_ties_to_nobody_and_to_oneself_are_left_out():
    svg = draw_net([Node("a", "A", "s")], [Arc("a", "a", 2), Arc("a", "gone", 3)])
    assert "1 A: no ties" in texts(svg)
    assert tabulate_network([Node("a", "A", "s")], [Arc("a", "a", 2)], "Net").rows[0][2] == "nobody"


def test_marks_do_not_cover_each_other():
    for n in (12, 30):
        for svg in (draw_map(make_stakeholders(n)), draw_net(*make_network(n))):
            marks = [m for m in svg.iter(f"{SVG}g") if m.get("class") == "mark"]
            spots = [(float(mark[1].get("x")), float(mark[1].get("y"))) for mark in marks]
            assert min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(spots, 2)) > 16
