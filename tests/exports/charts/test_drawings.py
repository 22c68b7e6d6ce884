"""What every drawing promises, whatever it shows and however much of it."""

import re
import xml.etree.ElementTree as ET

import pytest
from drawings import LABELS, draw_all, tabulate_all

from exports.charts.bars import Bar, draw_bars
from exports.charts.drawing import EMPTY, PHONE, break_lines, isolate, measure, set_width, shorten, take_off_halos
from exports.charts.tables import Number, make_table, render_table

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("bars", "trend", "likert", "response", "views", "progress", "grid", "network", "days")
SIZES = (0, 1, 2, 8, 30)


@pytest.fixture(scope="module")
def drawn():
    return {n: draw_all(n) for n in SIZES}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", SIZES)
def test_it_is_a_picture_with_a_name_and_a_description(drawn, kind, n):
    svg = ET.fromstring(drawn[n][kind])
    assert svg.get("role") == "img"
    named = svg.get("aria-labelledby").split()
    texts = {part.get("id"): part.text for part in svg if part.get("id")}
    assert [texts[name] for name in named] == ["A title", "A description."]


@pytest.mark.parametrize("kind", KINDS)
def test_it_keeps_within_a_strict_content_policy_and_asks_nothing_of_anybody(drawn, kind):
    for n in SIZES:
        svg = ET.fromstring(drawn[n][kind])
        for part in svg.iter():
            assert part.tag.removeprefix(SVG) in {
                *("svg", "title", "desc", "defs", "pattern", "g", "rect", "line", "path", "circle", "text"),
            }
            assert "style" not in part.attrib
            assert not any(name.startswith("on") or "href" in name for name in part.attrib)
        assert set(re.findall(r"url\(([^)]*)\)", drawn[n][kind])) <= {
            f"#{part.get('id')}" for part in svg.iter() if part.get("id")
        }


@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_text_and_never_markup(drawn, kind):
    if kind not in ("trend", "days"):
        texts = " ".join(part.text or "" for part in ET.fromstring(drawn[8][kind]).iter(f"{SVG}text"))
        assert '<script>alert("x' in texts
    assert "<script" not in drawn[8][kind]


def test_the_same_data_give_the_same_bytes(drawn):
    assert draw_all(8) == drawn[8]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("grid", "network")])
def test_text_that_begins_at_the_edge_ends_within_a_phone(drawn, kind):
    for n in SIZES:
        for text in ET.fromstring(drawn[n][kind]).iter(f"{SVG}text"):
            if text.get("x") == "0" and text.get("text-anchor") in (None, "start"):
                assert measure(text.text or "", float(text.get("font-size"))) <= PHONE


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("grid", "network", "days")])
def test_suppressed_is_hatched_and_empty_is_dashed_and_both_say_so_in_words(drawn, kind):
    svg = ET.fromstring(drawn[8][kind])
    outlines = [part for part in svg.iter(f"{SVG}rect") if part.get("class") == "outline"]
    hatched = [part for part in outlines if (part.get("fill") or "").endswith("-hatch)")]
    dashed = [part for part in outlines if part.get("stroke-dasharray")]
    words = [part.text for part in svg.iter(f"{SVG}text")]
    assert hatched
    assert any("n<5" in word for word in words)
    assert dashed or kind == "response", "a group that nobody answered for is a zero"


def test_zero_is_a_mark_of_its_own(drawn):
    for kind in ("bars", "response"):
        classes = {part.get("class") for part in ET.fromstring(drawn[1][kind]).iter()}
        assert "zero" in classes


@pytest.mark.parametrize("n", SIZES)
def test_every_drawing_has_its_table(n):
    for kind, table in tabulate_all(n).items():
        assert len(table.rows) == n, kind
        assert all(len(row) == len(table.headings) for row in table.rows), kind
        page = render_table(table, kind)
        assert f'<caption id="{kind}-caption">' in page
        assert page.count('<th scope="row">') == n
        assert "<script" not in page


def test_numbers_of_a_table_keep_what_a_spreadsheet_needs():
    table = tabulate_all(8)["trend"]
    first = table.rows[0]
    assert first[1] == Number("30", 30)
    assert first[2] == "22 to 37"
    assert table.rows[2][1] == "n<5"


def test_cells_of_a_table_stand_under_their_headings():
    page = render_table(make_table("<b>", ["A"], [["x"]]), "t")
    assert "&lt;b&gt;" in page
    assert '<th scope="col">A</th>' in page


def test_lines_hold_all_of_the_text_and_fit():
    for label in LABELS:
        lines = break_lines(label, 14)
        assert re.sub(r"\s|[\u2068\u2069]", "", "".join(lines)) == re.sub(r"\s", "", label)
        assert max(measure(line, 14) for line in lines) <= PHONE


def test_right_to_left_text_is_kept_together():
    assert isolate("الثقة (2025)") == "\N{FIRST STRONG ISOLATE}الثقة (2025)\N{POP DIRECTIONAL ISOLATE}"
    assert isolate("Trust") == "Trust"


def test_a_shortened_text_says_that_it_is():
    assert shorten("Trust and transparency", 10, 60).endswith("…")
    assert shorten("Trust", 10, 60) == "Trust"


def test_what_xml_cannot_hold_is_replaced():
    drawn = draw_bars([Bar("a\x0bb\x00", "\ud800", EMPTY)], [], title="\x1b", description="")
    assert ET.fromstring(drawn).find(f"{SVG}title").text == "\N{REPLACEMENT CHARACTER}"


def test_on_paper_the_same_drawing_has_a_width_of_its_own():
    drawn = draw_bars([], [], title="", description="")
    assert set_width(drawn).replace('width="640"', 'width="100%"', 1) == drawn


def test_without_halos_only_the_words_change():
    drawn = draw_bars([Bar("Trust", "34 · Fragile", score=34.0, lo=30, hi=40, band=0)], [], title="", description="")
    plain = take_off_halos(drawn)
    before, after = ET.fromstring(drawn), ET.fromstring(plain)
    assert "paint-order" in drawn
    assert all(text.get("stroke") is None for text in after.iter(f"{SVG}text"))
    for part in before.iter(f"{SVG}text"):
        for name in ("stroke", "stroke-width", "paint-order"):
            part.attrib.pop(name, None)
    assert ET.tostring(before) == ET.tostring(after)
