"""The previews and the review in a real browser: readable on a phone and on a desk, for everybody, storing nothing."""

from __future__ import annotations

import pytest
from live import follow
from staff import add_staff

from tests.browser.test_console import DESKTOP, PHONE, check_page, fill_in, log_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_review_leads_to_previews_in_every_language(open_page, live_url, database, viewport):
    page = open_page(viewport=viewport)
    log_in(page, live_url, add_staff(database))
    fill_in(page)
    check_page(page)
    row = page.get_by_role("table", name="What we send in an interview by text, in segments").get_by_role("row").nth(1)
    assert row.inner_text().split("\t")[0].strip() == "English"
    follow(page, page.get_by_role("link", name="as text messages"))
    assert "Hi, River Valley wants your view." in page.locator(".transcript").inner_text()
    check_page(page)
    follow(page, page.get_by_role("link", name="Français"))
    assert "Bonjour, River Valley" in page.locator(".transcript").inner_text()
    follow(page, page.get_by_role("link", name="As web pages"))
    assert page.locator("html").get_attribute("lang") == "fr"
    check_page(page)
    follow(page, page.get_by_role("link", name="العربية"))
    assert page.locator("html").get_attribute("dir") == "rtl"
    check_page(page)
    follow(page, page.get_by_role("link", name="As text messages"))
    check_page(page)


def test_a_preview_can_be_tried_and_sends_nothing(open_page, live_url, database):
    page = open_page()
    log_in(page, live_url, add_staff(database))
    follow(page, page.get_by_role("link", name="New round"))
    follow(page, page.get_by_role("link", name="web pages").first)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    asked = len(page.asked)
    page.locator("input[type=radio]").first.check(force=True)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert len(page.asked) == asked
