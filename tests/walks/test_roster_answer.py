"""The walk over a roster: by text row by row, with every way out, then on the web, and out into its own table."""

from __future__ import annotations

import csv
import re

from builders import find_token, publish
from phones import Phone
from respondents import Respondent, ask, build_definition, find_events, find_interviews
from surveyapp_command import run as run

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
    assert interview.answers["ties-1-tie"] == 1
    assert interview.answers["ties-3-trust"] == {"missing": -99}
    unread = [event.changes for event in find_events(database) if "ties-3-tie" in event.changes]
    assert [changes["ties-3-tie"]["value"] for changes in unread] == [{"missing": -92}, 2]


def test_what_was_begun_by_text_goes_on_by_web_and_comes_out_as_a_table_of_its_own(database, client, run, tmp_path):
    round_ = publish_ties(database)
    phone = Phone(database)
    phone.texts("hello", "yes", "3")
    person = Respondent(client, f"/a/{find_token(database, round_, 'Amina')}")
    assert re.search(r'name="ties-1-tie" value="3"[^>]* checked', person.page.text)
    assert "River school" not in person.text
    person.send(**{"ties-1-tie": "3", "ties-1-trust": "2", "ties-1-more": "=HYPERLINK()", "ties-3-tie": "1"})
    assert phone.text("hello").startswith("4/4 Question end?"), "the web has answered the rest of the roster"
    phone.text("done")
    output = tmp_path / "answers.csv"
    assert run("export", "Spring 2026", "--output", output)[0] == 0
    assert sorted(path.name for path in tmp_path.glob("answers*")) == [
        "answers.csv",
        "answers.list.csv",
        "answers.ties.csv",
    ]
    response_id = find_interviews(database)[0].response_id
    with (tmp_path / "answers.ties.csv").open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    assert header == ["response_id", "row", "row_name", "tie", "trust", "more"]
    assert lines == [
        [response_id, "1", "Health centre", "3", "2", "'=HYPERLINK()"],
        [response_id, "3", "Water board", "1", "-95", "-96"],
    ]
    with output.open(encoding="utf-8", newline="") as stream:
        assert "tie" not in next(csv.reader(stream))
    assert run("export", "Spring 2026", "--format", "long", "--output", tmp_path / "long.csv")[0] == 0
    with (tmp_path / "long.csv").open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.DictReader(stream) if line["item_id"] == "tie"]
    assert [(line["row"], line["value_num"], line["mode"]) for line in lines] == [
        ("1", "3", "sms"),
        ("3", "1", "web"),
    ]
    assert all(line["answered_at"] for line in lines)
