"""The survey in languages written from right to left, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import publish
from live import follow
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_arabic_interview_runs_from_right_to_left_on_a_phone(open_page, live_url, database, javascript):
    round_ = publish(database, open_link=True, contacts=None)
    page = open_page(javascript=javascript, locale="ar")
    page.goto(f"{live_url}/r/{round_.code}")
    press(page, "ابدأ")
    for _ in range(10):
        look(page, axe=javascript)
        if page.locator("#receipt").count():
            break
        for fieldset in page.locator("fieldset").all():
            if fieldset.locator("textarea").count():
                fieldset.locator("textarea").fill("اجتماعات أكثر")
            else:
                fieldset.locator("input").first.check()
        press(page, "إرسال إجاباتي" if page.locator("input[value=review]").count() else "التالي")
    expect(page.locator("h1")).to_have_text("وصلت إجاباتك")


def press(page, name):
    follow(page, page.get_by_role("button", name=name, exact=True))
    page.wait_for_load_state("load")


def look(page, *, axe):
    """The page is Arabic, flows from the right, and nothing sticks out of the phone."""
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl")
    first, box = page.locator("h1"), page.viewport_size
    assert first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= box["width"]
    for label in page.locator("label.row").all()[:8]:
        button, words = label.locator("input").bounding_box(), label.locator("span").bounding_box()
        assert button["x"] >= words["x"] + words["width"] - 1, "the button stands to the right of its words"
    if axe:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
