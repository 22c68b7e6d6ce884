"""Lists and rosters in a real browser: added, changed, removed, brought back, by thumb and by keyboard."""

import json

import pytest
from builders import publish
from live import follow
from respondents import find_interviews

from surveyapp.services.rosters import read_roster

pytestmark = pytest.mark.browser
PEOPLE = {
    "id": "people",
    "title": "People around",
    "repeat": {"over": "entries", "min": 1, "max": 3, "label": "who"},
    "questions": [{"id": "who", "type": "text", "label": "Who?", "required": True, "max_length": 40}],
}
TIES = {
    "id": "ties",
    "title": "Working together",
    "repeat": {"over": "roster"},
    "questions": [{"id": "tie", "type": "nps", "label": "How close is ${ties}?", "required": True}],
}


def press(page, name: str) -> None:
    follow(page, page.get_by_role("button", name=name, exact=True).last)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_list_and_a_roster_are_filled_in_on_a_phone(open_page, live_url, database, javascript):
    definition = {"id": "rows", "version": "1.0.0", "title": "Rows", "sections": [PEOPLE, TIES]}
    roster = read_roster("name\nHealth centre\nمدرسة النهر\n")
    round_ = publish(
        database, definition=json.dumps(definition), parameters={}, contacts=None, open_link=True, roster=roster
    )
    page = open_page(javascript=javascript)
    page.goto(f"{live_url}/r/{round_.code}")
    follow(page, page.locator("main form button").last)
    page.get_by_label("Who?").fill("Water board")
    press(page, "Save")
    follow(page, page.get_by_role("link", name="Add another"))
    press(page, "Save")
    follow_fault = page.locator("#faults a")
    assert follow_fault.count() == 1
    assert page.title().startswith("Error:")
    page.get_by_label("Who?").fill("School")
    page.keyboard.press("Enter")
    page.locator("li", has_text="School").wait_for()
    follow(page, page.locator("li", has_text="Water board").get_by_role("button"))
    assert page.locator("li").count() == 1
    press(page, "Undo")
    assert page.locator(".list li").all_inner_texts()[0].startswith("Water board")
    press(page, "Next")
    for group in page.locator("fieldset.entry").all():
        group.locator("input[type=radio]").nth(7).check(force=True)
    press(page, "Next")
    page.get_by_role("heading", name="Check your answers").wait_for()
    press(page, "Send my answers")
    page.locator("#receipt").wait_for()
    [interview] = find_interviews(database)
    assert (interview.state, interview.answers["ties-2-tie"], interview.answers["people"]) == ("finished", 7, 2)
