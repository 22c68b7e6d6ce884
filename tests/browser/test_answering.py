"""People answer in a real browser: with and without JavaScript, by keyboard alone, on a phone, from right to left."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import find_token, publish
from live import follow
from playwright.sync_api import expect
from respondents import ask, find_interviews, publish_small

pytestmark = pytest.mark.browser
DESKTOP = {"width": 1280, "height": 900}


def press(page, name):
    """Press a button and wait for the next page."""
    follow(page, page.get_by_role("button", name=name, exact=True))


def fill_section(page):
    """Answer every question of a section in one way or another."""
    for fieldset in page.locator("fieldset").all():
        choices = fieldset.locator("input[type=radio], input[type=checkbox]")
        words = fieldset.locator("textarea, input[type=text]")
        if words.count():
            words.fill("Meet in the evening")
        else:
            choices.first.check()


def answer_everything(page, look=lambda page: None):
    """Go from the first section to the receipt; `look` sees every page."""
    for _ in range(12):
        look(page)
        if page.locator("#receipt").count():
            return
        if page.locator("input[name=section]").input_value() == "review":
            press(page, "Send my answers")
            continue
        fill_section(page)
        press(page, "Next")
    raise AssertionError(f"no receipt after twelve pages, but {page.title()}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_whole_interview_works_on_a_phone(open_page, live_url, database, javascript):
    round_ = publish(database, open_link=True)
    page = open_page(javascript=javascript)
    page.goto(f"{live_url}/r/{round_.code}")
    press(page, "Start")
    answer_everything(page)
    expect(page.locator("h1")).to_have_text("Answers received")
    [interview] = find_interviews(database)
    assert interview.state == "finished"
    assert interview.answers["pf08"] == "Meet in the evening"
    assert {url.split("/")[2] for url in page.asked} == {live_url.split("/")[2]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_page(open_page, live_url, database, scheme, viewport):
    round_ = publish(database, open_link=True)
    page = open_page(viewport=viewport, color_scheme=scheme)
    faults = []

    def look(page):
        results = Axe().run(page)
        if results.violations_count:
            faults.append((page.title(), results.generate_report()))

    page.goto(f"{live_url}/r/{round_.code}")
    look(page)
    press(page, "Start")
    press(page, "Next")
    assert page.title().startswith("Error:")
    answer_everything(page, look)
    page.locator("summary").click()
    look(page)
    page.goto(f"{live_url}/a/unknown")
    look(page)
    assert faults == []


def test_every_question_type_is_clean_in_the_eyes_of_axe(browser_page, live_url, database):
    questions = [
        {"id": "hello", "type": "note", "label": "Some words first"},
        ask("short", max_length=60, hint="In one word", dont_know=True),
        ask("story", required=True),
        ask("count", "integer", min=0, max=9, unit="people", dont_know=True, not_applicable=True),
        ask("amount", "decimal"),
        ask("day", "date", required=True),
        ask("one", "select_one"),
        ask("many", "select_multiple", max=2, dont_know=True),
        ask("rate", "scale", required=True),
        ask("recommend", "nps", dont_know=True),
    ]
    round_ = publish_small(database, {"id": "all", "questions": questions})
    browser_page.goto(f"{live_url}/r/{round_.code}")
    press(browser_page, "Start")
    assert Axe().run(browser_page).violations_count == 0
    press(browser_page, "Next")
    results = Axe().run(browser_page)
    assert results.violations_count == 0, results.generate_report()
    browser_page.get_by_label("Question day?").fill("2026-03-02")
    browser_page.get_by_label("Question story?").fill("Words")
    browser_page.locator("input[name=rate]").first.check()
    press(browser_page, "Next")
    expect(browser_page.locator("h1")).to_have_text("Check your answers")
    assert "March" in browser_page.locator("main").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_keyboard_alone_is_enough(open_page, live_url, database, javascript):
    page = open_page(javascript=javascript, viewport=DESKTOP)
    parts = [{"id": "one", "questions": [ask("mood", "scale", required=True), ask("why", max_length=60)]}]
    page.goto(f"{live_url}/r/{publish_small(database, *parts).code}")
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/**")
    tab_to(page, "1 Label 1")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Question why? (optional)", "Question why?")
    page.keyboard.type("By hand")
    page.keyboard.press("Enter")
    page.wait_for_url("**section=review**")
    tab_to(page, "Send my answers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done")
    assert find_interviews(database)[0].answers == {"mood": 2, "why": "By hand"}


def tab_to(page, *names):
    """Press Tab until the element of one of these names has the focus."""
    for _ in range(25):
        page.keyboard.press("Tab")
        for name in names:
            for role in ("button", "radio", "textbox"):
                found = page.get_by_role(role, name=name, exact=True)
                if found.count() and found.first.evaluate("e => e === document.activeElement"):
                    return
    raise AssertionError(f"the keyboard does not reach {names[0]!r}")


def test_the_summary_of_faults_takes_the_focus_and_leads_to_the_question(browser_page, live_url, database):
    page = browser_page
    page.goto(f"{live_url}/a/{find_token(database, publish(database), 'Amina')}")
    press(page, "Next")
    expect(page.locator("#faults")).to_be_focused()
    page.locator("#faults a").click()
    expect(page.locator("#pfc")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_language_can_change_in_the_middle_without_losing_a_word(open_page, live_url, database, javascript):
    page = open_page(javascript=javascript)
    parts = [{"id": "one", "questions": [ask("mood", "scale", required=True), ask("why")]}]
    page.goto(f"{live_url}/r/{publish_small(database, *parts).code}")
    press(page, "Start")
    page.locator("textarea").fill("Half a thought")
    page.locator("input[name=mood]").nth(1).check()
    press(page, "Français")
    expect(page.locator("legend").first).to_have_text("La question mood ?")
    assert page.locator("textarea").input_value() == "Half a thought"
    assert page.locator("input[name=mood]").nth(1).is_checked()
    press(page, "Suivant")
    expect(page.locator("h1")).to_have_text("Vérifiez vos réponses")


def test_the_browsers_own_back_button_shows_what_is_stored(browser_page, live_url, database):
    page = browser_page
    parts = [{"id": part, "questions": [ask(f"{part}_word", required=True)]} for part in ("one", "two")]
    page.goto(f"{live_url}/r/{publish_small(database, *parts).code}")
    press(page, "Start")
    page.locator("textarea").fill("First words")
    press(page, "Next")
    page.go_back()
    expect(page.locator("#one_word")).to_have_value("First words")
    page.locator("textarea").fill("Other words")
    press(page, "Next")
    assert find_interviews(database)[0].answers["one_word"] == "Other words"


def test_a_double_tap_sends_one_page(browser_page, live_url, database):
    page = browser_page
    parts = [{"id": "one", "questions": [ask("word", required=True)]}]
    page.goto(f"{live_url}/r/{publish_small(database, *parts).code}")
    page.get_by_role("button", name="Start").dblclick()
    page.wait_for_url("**/a/**")
    assert len(find_interviews(database)) == 1


def test_nothing_is_too_small_for_a_thumb_or_too_wide_for_a_phone(browser_page, live_url, database):
    page = browser_page
    page.goto(f"{live_url}/r/{publish(database, open_link=True).code}")
    press(page, "Start")

    def look(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.title()
        for target in page.locator("label.row, label.step, button:not(.unseen), summary, .change a").all():
            box = target.bounding_box()
            assert box["height"] >= 44, (page.title(), target.inner_text())
            assert box["width"] >= 44, (page.title(), target.inner_text())
        for field in page.locator("textarea, input[type=text]").all():
            assert field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16

    answer_everything(page, look)


def test_the_characters_left_are_counted_as_the_server_counts_them(browser_page, live_url, database):
    page = browser_page
    parts = [{"id": "one", "questions": [ask("word", max_length=200)]}]
    page.goto(f"{live_url}/r/{publish_small(database, *parts).code}")
    press(page, "Start")
    page.locator("textarea").fill("😀" * 3)
    expect(page.locator(".count")).to_have_text("197 characters left")


def test_a_language_written_from_right_to_left_is_laid_out_so(browser_page, live_url, database):
    arabic = {"title": {"en": "Survey", "ar": "استبيان"}, "languages": {"en": "English", "ar": "العربية"}}
    question = ask("mood", "scale", required=True) | {"label": {"en": "How is it?", "ar": "كيف الحال؟"}}
    round_ = publish_small(database, {"id": "one", "questions": [question]}, keys=arabic)
    page = browser_page
    page.goto(f"{live_url}/r/{round_.code}?lang=ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator("form button").click()
    page.wait_for_url("**/a/**")
    row = page.locator("label.row").first
    radio, words = row.locator("input").bounding_box(), row.locator("span").bounding_box()
    assert radio["x"] > words["x"], "the circle stands right of its label"
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_browser_reports_no_breach_of_our_own_policy(browser_page, live_url, database):
    page = browser_page
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_url}/r/{publish(database, open_link=True).code}")
    press(page, "Start")
    answer_everything(page)
    assert [text for text in said if "Content Security Policy" in text or "Refused" in text] == []
    assert json.dumps(page.evaluate("document.cookie")) == '""'
    assert not re.search(r"https?://(?!127\.0\.0\.1)", page.content())


def test_each_action_has_one_button(browser_page, live_url, database):
    page = browser_page
    parts = [{"id": "one", "questions": [ask("word", required=True)]}]
    page.goto(f"{live_url}/r/{publish_small(database, *parts).code}")
    press(page, "Start")
    page.fill("[name=word]", "a word")
    for action in ("next", "submit"):
        button = page.locator(f"button[name=action][value={action}]")
        assert button.count() == 1
        follow(page, button)
    assert page.locator("#receipt").count() == 1
