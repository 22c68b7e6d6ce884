"""The report and every picture in a real browser: nothing sticks out, nothing is refused, axe finds nothing."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from drawings import draw_all, tabulate_all
from recomputing import make_example

from exports.charts.tables import render_table
from exports.scorecards.formats import scorecard_css, scorecard_html

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LOOKS = pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["dark phone", "light desktop"]
)
FRAME = (
    '<!doctype html><html lang="en"><title>Pictures</title><style>{style} body {{ margin: 0 }}</style>'
    '<main class="scorecard"><h1>Pictures</h1>{body}</main>'
)


@pytest.fixture
def show(chromium):
    """Show a document on its own, with everything in it open."""
    contexts = []

    def show_(document, viewport, scheme):
        contexts.append(chromium.new_context(viewport=viewport, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.set_content(document)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        return page

    yield show_
    for context in contexts:
        context.close()


def check(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@LOOKS
def test_the_report_fits_the_screen_and_axe_finds_nothing(show, viewport, scheme):
    check(show(scorecard_html(make_example(1)[0]), viewport, scheme))


@LOOKS
def test_every_picture_fits_the_screen_and_axe_finds_nothing(show, viewport, scheme):
    drawn = [*draw_all(8).values()]
    tables = [str(render_table(replace(table, caption=name), name)) for name, table in tabulate_all(8).items()]
    body = "".join([*drawn, *tables])
    page = show(FRAME.format(style=scorecard_css(), body=body), viewport, scheme)
    check(page)
    assert page.locator("svg[role=img]").count() == len(drawn)


@LOOKS
def test_no_text_of_a_picture_sticks_out_of_it(show, viewport, scheme):
    page = show(FRAME.format(style=scorecard_css(), body="".join(draw_all(30).values())), viewport, scheme)
    out = page.evaluate(
        """() => [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
             const frame = svg.getBoundingClientRect()
             return [...svg.querySelectorAll('text')].filter(text => {
               const box = text.getBoundingClientRect()
               return box.width && (box.left < frame.left - 12 || box.right > frame.right + 12)
             }).map(text => svg.classList[1] + ': ' + text.textContent)
           })"""
    )
    assert out == []
