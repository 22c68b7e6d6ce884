"""The console in a real browser: a round from nothing to its close, with and without JavaScript, for everybody."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import publish
from live import follow
from phones import Phone
from playwright.sync_api import Page
from respondents import Respondent
from staff import PASSWORD, add_staff

from surveyapp import create_app

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
PEOPLE = "name,phone,email,group\nAmina,+12025550101,,community\nBruno,,bruno@example.org,government\n"


def log_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/console")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Log in"))
    page.get_by_role("heading", name="Rounds", exact=True).wait_for()


def fill_in(page: Page, **wishes: str) -> None:
    follow(page, page.get_by_role("link", name="New round"))
    follow(page, page.get_by_role("link", name="Partnership feedback"))
    page.get_by_label("Name of the round").fill(wishes.get("name", "Spring 2026"))
    page.get_by_label("Name of the partnership").fill("River Valley")
    page.get_by_label("Paste the list").fill(wishes.get("people", PEOPLE))
    page.get_by_label("Open link").check()
    follow(page, page.get_by_role("button", name="Review the round"))


def check_page(page: Page) -> None:
    """Axe finds nothing, the page does not scroll sideways, and nothing was asked of anybody else."""
    faults = [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in Axe().run(page).response["violations"]]
    assert faults == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    host = page.url.split("/")[2]
    assert {address.split("/")[2] for address in page.asked if address.startswith("http")} <= {host}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_round_is_published_and_closed_with_and_without_javascript(open_page, live_url, database, javascript):
    page = open_page(javascript=javascript)
    log_in(page, live_url, add_staff(database))
    follow(page, page.get_by_role("link", name="Publish the first round"))
    follow(page, page.get_by_role("link", name="Rounds").first)
    fill_in(page)
    follow(page, page.get_by_role("button", name="Publish the round"))
    assert page.get_by_role("status").inner_text().startswith("The round is published.")
    follow(page, page.get_by_role("link", name="share it with people"))
    assert page.get_by_role("textbox", name="Link").input_value().startswith(f"{live_url}/r/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download personal links").click()
    assert len(download.value.path().read_text().splitlines()) == 3
    follow(page, page.get_by_role("link", name="Settings"))
    page.get_by_label("To close it, type its name").fill("Spring 2026")
    follow(page, page.get_by_role("button", name="Close the round"))
    assert page.locator(".badge").first.inner_text() == "Closed"


def test_a_faulty_form_gets_the_focus_to_its_faults_and_they_lead_to_the_fields(open_page, live_url, database):
    page = open_page()
    log_in(page, live_url, add_staff(database))
    fill_in(page, name="", people="phone\n0712\n")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "faults"
    assert page.get_by_label("Paste the list").input_value() == "phone\n0712\n"
    page.get_by_role("link", name="Name: give the round a name").click()
    assert page.evaluate("document.activeElement.id") == "name"
    check_page(page)


def test_a_double_click_publishes_one_round(open_page, live_url, database):
    page = open_page()
    log_in(page, live_url, add_staff(database))
    fill_in(page)
    page.get_by_role("button", name="Publish the round").dblclick()
    page.get_by_role("status").wait_for()
    page.goto(f"{live_url}/console")
    assert page.locator("main .cards .card").count() == 1


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["dark phone", "light desktop"]
)
def test_axe_finds_nothing_on_any_page_of_the_console(open_page, live_url, database, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)
    email = add_staff(database)
    page.goto(f"{live_url}/login")
    check_page(page)
    log_in(page, live_url, email)
    check_page(page)
    fill_in(page)
    check_page(page)
    follow(page, page.get_by_role("button", name="Publish the round"))
    check_page(page)
    address = page.url.partition("?")[0]
    tabs = ("people", "share", "messages", "answers", "import", "results", "comments", "comments/read", "downloads")
    for tab in (*tabs, "settings", "log"):
        page.goto(f"{address}/{tab}")
        check_page(page)
    for path in ("/console", "/console/rounds/new", "/console/rounds/new/partnership_feedback", "/console/account"):
        page.goto(live_url + path)
        check_page(page)


def test_the_console_works_by_keyboard_alone(open_page, live_url, database):
    page = open_page(viewport=DESKTOP)
    log_in(page, live_url, add_staff(database))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="New round").wait_for()


def test_the_link_is_copied_with_one_press(open_page, live_url, database):
    publish(database, open_link=True)
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    log_in(page, live_url, add_staff(database))
    page.goto(f"{live_url}/console/rounds/1/share")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_role("textbox", name="Link").input_value()


def test_counts_renew_themselves_while_one_looks_on(open_page, live_url, settings, database):
    round_ = publish(database, open_link=True)
    page = open_page()
    page.clock.install()
    log_in(page, live_url, add_staff(database))
    page.goto(f"{live_url}/console/rounds/{round_.id}")
    assert "0 in progress" in page.locator(".tally").inner_text()
    app = create_app(settings)
    Respondent(app.test_client(), f"/r/{round_.code}")
    app.extensions["surveyapp"].database.close()
    page.clock.run_for(20_000)
    page.get_by_text("1 in progress").wait_for()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_text_that_could_not_be_read_is_read_by_a_person(open_page, live_url, database, viewport):
    round_ = publish(database, keyword="FEEDBACK")
    Phone(database, "+12025550101").texts("hello", "YES", "bananas", "الأهداف واضحة للجميع", "please stop texting me")
    page = open_page(viewport=viewport)
    log_in(page, live_url, add_staff(database))
    page.goto(f"{live_url}/console/rounds/{round_.id}")
    follow(page, page.get_by_role("link", name="Unread (2)"))
    check_page(page)
    follow(page, page.get_by_role("link", name="الأهداف واضحة للجميع"))
    check_page(page)
    page.get_by_label("5 = Fully").check()
    follow(page, page.get_by_role("button", name="Store this answer"))
    follow(page, page.get_by_role("link", name="please stop texting me"))
    check_page(page)
    follow(page, page.get_by_role("button", name="End all texts to this number"))
    assert "Nothing waits." in page.locator("main").inner_text()
    follow(page, page.get_by_role("link", name="Show those that were dealt with"))
    check_page(page)
    follow(page, page.get_by_role("link", name="People"))
    follow(page, page.get_by_role("link", name="Amina"))
    check_page(page)
    assert "Its words are not shown beside a name." in page.locator("main").inner_text()
