"""Likert, response, progress and views: lengths and words follow from the numbers."""

import xml.etree.ElementTree as ET

import pytest

from exports.charts.likert import Spread, draw_likert, list_shades, tabulate_likert
from exports.charts.progress import Indicator, draw_progress, tabulate_progress
from exports.charts.response import Reached, draw_response, tabulate_response
from exports.charts.views import Pair, View, draw_views, tabulate_views

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "T", "description": "D"}


def find(svg, name, class_):
    return [part for part in ET.fromstring(svg).iter(f"{SVG}{name}") if class_ in (part.get("class") or "").split()]


def percent(value):
    return float(value.removesuffix("%"))


def test_the_pieces_of_a_bar_are_as_long_as_their_shares_and_fill_the_scale():
    svg = draw_likert(
        [Spread("Q", "", shares=(0.5, 0.25, 0.25), dont_know=0.1, n=20)], ("no", "partly", "yes"), **WORDS
    )
    widths = [percent(piece.get("width")) for piece in find(svg, "rect", "piece")]
    assert widths == pytest.approx([41, 20.5, 20.5])


def test_a_point_that_nobody_chose_has_no_piece():
    svg = draw_likert([Spread("Q", "", shares=(1.0, 0.0), n=9)], ("no", "yes"), **WORDS)
    assert len(find(svg, "rect", "piece")) == 1


def test_dont_know_stands_apart_from_the_scale():
    svg = draw_likert([Spread("Q", "", shares=(1.0,), dont_know=0.5, n=9)], ("no",), **WORDS)
    unsaid, piece = find(svg, "rect", "unsaid")[0], find(svg, "rect", "piece")[0]
    assert percent(unsaid.get("x")) > percent(piece.get("x")) + percent(piece.get("width"))


@pytest.mark.parametrize("points", [1, 2, 3, 5, 7, 11])
def test_the_shades_of_a_scale_fall_in_lightness_all_the_way(points):
    lightness = [
        0.2126 * int(s[1:3], 16) + 0.7152 * int(s[3:5], 16) + 0.0722 * int(s[5:7], 16) for s in list_shades(points)
    ]
    assert len(lightness) == points
    assert lightness == sorted(lightness, reverse=True)
    assert len(set(lightness)) == points


def test_the_table_of_a_scale_has_every_point_and_dont_know():
    table = tabulate_likert([Spread("Q", "", shares=(0.25, 0.75), dont_know=0.1, n=8)], ("no", "yes"), "C")
    assert [heading.label for heading in table.headings] == ["Question", "no", "yes", "Don't know", "n"]
    assert [str(cell).replace("\N{NO-BREAK SPACE}", " ") for cell in table.rows[0]] == [
        "Q",
        "25 %",
        "75 %",
        "10 %",
        "8",
    ]


def test_a_response_bar_is_as_long_as_the_rate_and_says_who_is_missing():
    group = Reached("NGO", "12 of 40 answered, 28 missing", answered=12, invited=40, rate=0.3)
    assert percent(find(draw_response([group], **WORDS), "rect", "answered")[0].get("width")) == pytest.approx(30)
    assert [str(cell) for cell in tabulate_response([group], "C").rows[0][1:4]] == ["40", "12", "28"]


def test_towards_the_target_is_to_the_right_and_away_from_it_is_hatched_to_the_left():
    done = find(draw_progress([Indicator("I", "", achievement=0.5)], **WORDS), "rect", "towards")[0]
    away = find(draw_progress([Indicator("I", "", achievement=-0.25)], **WORDS), "rect", "away")[0]
    assert percent(away.get("x")) < percent(done.get("x"))
    assert percent(done.get("width")) == pytest.approx(100 / 3, abs=0.01)
    assert away.get("fill").startswith("url(")


def test_beyond_the_drawing_there_is_an_arrow():
    assert find(draw_progress([Indicator("I", "", achievement=4.0)], **WORDS), "path", "beyond")
    assert not find(draw_progress([Indicator("I", "", achievement=1.0)], **WORDS), "path", "beyond")


def test_without_a_baseline_the_bar_is_dashed_and_the_table_says_unknown():
    one = Indicator("I", "", achievement=0.75, actual="150", target="200", status="no_baseline", estimated=True)
    assert find(draw_progress([one], **WORDS), "rect", "towards")[0].get("stroke-dasharray")
    assert [str(cell) for cell in tabulate_progress([one], "C").rows[0][1:4]] == ["unknown", "150", "200"]
    assert tabulate_progress([one], "C").rows[0][-1] == "no baseline"


def test_the_gap_is_self_less_stakeholders():
    pair = Pair("Trust", "", View("58", score=57.8947, n=20), View("78", score=78.0, n=3))
    assert pair.gap == pytest.approx(20.1053)
    assert str(tabulate_views([pair], "C").rows[0][-1]) == "+20"


def test_the_two_sides_have_different_shapes():
    pair = Pair("Trust", "", View("58", score=58.0), View("78", score=78.0))
    svg = draw_views([pair], **WORDS)
    assert len(find(svg, "circle", "voice")) == 2, "one in the legend, one in the row"
    assert len(find(svg, "rect", "own")) == 2


def test_without_one_side_there_is_no_gap():
    pair = Pair("Trust", "", View("n<5", "suppressed"), View("78", score=78.0))
    assert pair.gap is None
    assert not find(draw_views([pair], **WORDS), "line", "gap")
