import xml.etree.ElementTree as ET

from exports.charts.drawing import SUPPRESSED
from exports.charts.trend import Point, draw_trend, tabulate_trend

SVG = "{http://www.w3.org/2000/svg}"


def draw(*points):
    return ET.fromstring(draw_trend(points, title="Trend", description=""))


def shown(label, score, **more):
    return Point(label, str(score), score=score, lo=score - 5, hi=score + 5, n="20", interval="", **more)


def find(svg, name, class_):
    return [part for part in svg.iter(f"{SVG}{name}") if part.get("class") == class_]


def test_rounds_that_may_be_compared_are_joined():
    assert len(find(draw(shown("A", 40), shown("B", 50), shown("C", 60)), "line", "link")) == 2


def test_changed_questions_break_the_line_and_the_break_is_named():
    svg = draw(shown("A", 40), shown("B", 50, broken="questions changed"), shown("C", 60))
    assert len(find(svg, "line", "link")) == 1
    assert len(find(svg, "g", "break")) == 1
    assert "questions changed" in [text.text for text in svg.iter(f"{SVG}text")]


def test_no_line_passes_over_a_round_that_is_withheld():
    svg = draw(shown("A", 40), Point("B", "n<5", SUPPRESSED), shown("C", 60))
    assert not find(svg, "line", "link")


def test_higher_scores_stand_higher():
    dots = find(draw(shown("A", 0), shown("B", 100)), "circle", "dot")
    assert float(dots[0].get("cy")) - float(dots[1].get("cy")) == 200


def test_few_rounds_are_named_below_the_axis_and_many_are_numbered_and_listed():
    few = [text.text for text in draw(shown("Spring", 40), shown("Autumn", 50)).iter(f"{SVG}text")]
    many = [text.text for text in draw(*(shown(f"Round of spring {n}", 40) for n in range(30))).iter(f"{SVG}text")]
    assert {"Spring", "Autumn"} <= set(few)
    assert "30" in many
    assert "30 Round of spring 29" in many


def test_the_table_says_where_nothing_may_be_compared():
    rows = tabulate_trend([shown("A", 40), shown("B", 50, broken="questions changed")], "Trend").rows
    assert rows[0][-1] == "none"
    assert rows[1][-1] == "questions changed: not comparable"
