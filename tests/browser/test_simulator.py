from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import publish
from live import follow
from playwright.sync_api import Page

from surveyapp.database import Database

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def simulator_url(live_url: str, database: Database) -> str:
    publish(database, keyword="FEEDBACK")
    return f"{live_url}/sms/simulator"


def send(page: Page, *texts: str) -> None:
    for text in texts:
        page.get_by_label("Your text").fill(text)
        follow(page, page.get_by_role("button", name="Send", exact=True))


def read_last(page: Page) -> str:
    return page.locator(".bubbles li").last.inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_whole_interview_is_held_on_the_simulated_phone(open_page, simulator_url, javascript):
    page = open_page(javascript=javascript)
    page.goto(simulator_url)
    assert "Text FEEDBACK to begin" in page.locator(".nothing").inner_text()
    send(page, "FEEDBACK", "YES", *["4"] * 6, "9", "More meetings, please", "1", "1")
    assert "Your reference:" in read_last(page)


def test_the_last_message_is_in_view_without_javascript(open_page, simulator_url):
    page = open_page(javascript=False)
    page.goto(simulator_url)
    send(page, "FEEDBACK", "YES", "4", "4", "4", "4")
    last = page.locator(".bubbles li").last.bounding_box()
    screen = page.locator(".screen").bounding_box()
    assert screen["y"] <= last["y"]
    assert last["y"] + last["height"] <= screen["y"] + screen["height"]


def test_enter_sends_and_the_next_text_can_be_typed_at_once(open_page, simulator_url):
    page = open_page()
    page.goto(simulator_url)
    send(page, "FEEDBACK")
    page.keyboard.type("YES")
    page.keyboard.press("Enter")
    page.get_by_text("1/10 Are the shared goals").wait_for()


def test_the_words_that_are_obeyed_are_one_press_away(open_page, simulator_url):
    page = open_page()
    page.goto(simulator_url)
    follow(page, page.get_by_role("button", name="STOP"))
    assert "You will get no more texts" in read_last(page)
    send(page, "hello")
    assert "No reply" in read_last(page)


def test_the_web_link_in_a_reply_leads_to_the_same_interview(open_page, simulator_url):
    page = open_page()
    page.goto(simulator_url)
    send(page, "FEEDBACK", "YES", "4")
    follow(page, page.get_by_role("button", name="WEB"))
    follow(page, page.locator(".bubbles a").last)
    page.wait_for_url("**/a/**")
    assert page.locator("h1, legend").first.is_visible()


def test_an_invited_number_can_be_taken_and_left_again(open_page, simulator_url):
    page = open_page()
    page.goto(simulator_url)
    follow(page, page.get_by_role("button", name="+12025550101"))
    send(page, "hello", "YES")
    assert "1/9" in read_last(page)
    follow(page, page.get_by_role("button", name="Start again with a new number"))
    assert page.locator(".bubbles .sent").count() == 0
    assert "+12025550101" not in page.locator(".handset header").inner_text()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_simulated_phone_is_accessible(open_page, simulator_url, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)
    page.goto(simulator_url)
    assert Axe().run(page).violations_count == 0
    send(page, "FEEDBACK", "YES", "LANG fr")
    page.get_by_label("A number of your choice").fill("+14155552671")
    follow(page, page.get_by_role("button", name="Take this number"))
    assert "belong to nobody" in page.locator("#number-fault").inner_text()
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_nothing_is_fetched_from_anywhere_else(open_page, simulator_url):
    page = open_page()
    page.goto(simulator_url)
    origin = simulator_url.removesuffix("/sms/simulator")
    assert all(url.startswith(origin) for url in page.asked)
