import xml.etree.ElementTree as ET

from exports.charts.bars import Bar, draw_bars
from exports.charts.drawing import EMPTY, SUPPRESSED

BANDS = [("Fragile", 0, 40), ("Emerging", 40, 60), ("Established", 60, 80), ("Sustained", 80, 100)]
SVG = "{http://www.w3.org/2000/svg}"


def draw(*bars):
    return ET.fromstring(draw_bars(bars, BANDS, title="Scores", description="Lowest: Trust, 34.", prefix="x"))


def find_row(svg):
    return svg.findall(f"{SVG}g")[0]


def find_classes(row):
    return {part.get("class") for part in row.iter() if part.get("class")}


def test_the_drawing_names_and_describes_itself():
    svg = draw(Bar("Trust", "34 · Fragile", score=34.0, band=0))
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "x-title x-desc"
    assert (svg.find(f"{SVG}title").text, svg.find(f"{SVG}desc").text) == ("Scores", "Lowest: Trust, 34.")
    assert (svg.find(f"{SVG}title").get("id"), svg.find(f"{SVG}desc").get("id")) == ("x-title", "x-desc")


def test_every_band_that_has_room_is_named():
    names = [text.text for text in draw().findall(f"{SVG}text") if "name" in text.get("class")]
    assert names == ["Fragile", "Emerging", "Established", "Sustained"]
    crowded = [("Fragile", 0, 90), ("Well established", 90, 100)]
    svg = ET.fromstring(draw_bars([], crowded, title="", description=""))
    assert [text.text for text in svg.findall(f"{SVG}text") if "name" in text.get("class")] == ["Fragile"]


def test_what_colour_says_stands_there_in_words():
    row = find_row(draw(Bar("Trust", "34 · 29 to 40 · n 47 · Fragile", score=34.0, lo=29, hi=40, band=0)))
    assert [text.text for text in row.iter(f"{SVG}text")] == ["Trust", "34 · 29 to 40 · n 47 · Fragile"]


def test_the_bar_and_its_whisker_are_as_long_as_the_numbers_say():
    row = find_row(draw(Bar("Trust", "", score=34.25, lo=-3.0, hi=40.5, band=0)))
    bar = next(part for part in row.iter(f"{SVG}rect") if "band-0" in part.get("class"))
    assert bar.get("width") == "34.250%"
    whisker = next(part for part in row.iter(f"{SVG}g") if part.get("class") == "whisker")
    assert (whisker[0].get("x1"), whisker[0].get("x2")) == ("0.000%", "40.500%")


def test_without_an_interval_there_is_no_whisker():
    assert "whisker" not in find_classes(find_row(draw(Bar("Trust", "", score=34.0, band=0))))


def test_zero_suppressed_and_empty_look_different():
    zero = find_classes(find_row(draw(Bar("Trust", "0", score=0.0, band=0))))
    hidden = find_row(draw(Bar("Trust", "not shown", SUPPRESSED)))
    empty = find_row(draw(Bar("Trust", "no answers", EMPTY)))
    assert "zero" in zero
    assert hidden.find(f"{SVG}rect").get("fill") == "url(#x-hatch)"
    assert empty.find(f"{SVG}rect").get("fill") == "none"
    assert empty.find(f"{SVG}rect").get("stroke-dasharray")


def test_where_no_single_band_may_be_claimed_none_is_coloured():
    row = find_row(draw(Bar("Trust", "Emerging-Established", score=55.0)))
    assert "band band-none" in find_classes(row)


def test_a_long_label_is_broken_into_lines_that_fit_a_phone():
    label = "Trust, transparency and communication between all of the partners"
    lines = [text.text for text in find_row(draw(Bar(label, "", score=1.0))).iter(f"{SVG}text")]
    assert " ".join(lines) == label
    assert max(map(len, lines)) <= 40


def test_labels_are_text_and_never_markup():
    row = find_row(draw(Bar('<script>alert("x")</script>', "", score=1.0)))
    assert '<script>alert("x")</script>' in [text.text for text in row.iter(f"{SVG}text")]


def test_the_drawing_has_no_style_that_a_strict_page_would_refuse():
    drawn = draw_bars([Bar("Trust", "", score=1.0)], BANDS, title="", description="")
    assert "style" not in drawn


def test_a_chart_without_rows_is_still_a_drawing():
    assert draw().get("role") == "img"
