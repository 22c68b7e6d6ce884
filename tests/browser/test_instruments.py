"""Every instrument is answered in a real browser, in every language it has, with and without JavaScript."""

import pytest
from instruments import DEFINITIONS, IN_EVERY_LANGUAGE, ROWS, answer, find_question, publish_instrument
from live import follow
from respondents import find_interviews

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize(("name", "language"), IN_EVERY_LANGUAGE)
def test_an_instrument_is_answered_to_the_end_on_a_phone(open_page, live_url, database, name, language, javascript):
    definition, round_ = DEFINITIONS[name], publish_instrument(database, name)
    page = open_page(javascript=javascript, locale=language)
    page.goto(f"{live_url}/r/{round_.code}")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    follow(page, page.locator("main form button").last)
    for _ in range(60):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing to scroll sideways"
        if page.locator("input[name=section]").input_value() == "review":
            break
        if page.locator("a[href*='row=new']").count():
            unfinished = page.locator("li:has(.open) a")
            if unfinished.count():
                follow(page, unfinished.first)
                continue
            if page.locator("button[name=remove]").count() < ROWS:
                follow(page, page.locator("a[href*='row=new']"))
                continue
        for fieldset in page.locator("fieldset:not(.entry)").all():
            fill_in(fieldset, definition)
        follow(page, page.locator("button[value=next]").first)
    follow(page, page.locator("button[value=submit]").first)
    page.locator("#receipt").wait_for()
    [interview] = find_interviews(database)
    assert (interview.state, interview.language) == ("finished", language)


def fill_in(fieldset, definition):
    """Answer one question as `answer` would."""
    field = fieldset.locator("input:not([type=hidden]), textarea").first
    reply = answer(find_question(definition, field.get_attribute("name")))
    if field.get_attribute("type") in ("radio", "checkbox"):
        fieldset.locator(f"input[value='{reply}']").check()
    else:
        field.fill(reply)
