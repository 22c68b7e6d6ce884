"""Repeated sections on the web: rows are added, changed, removed and brought back, once each, and nothing is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from builders import find_token, publish
from respondents import Respondent, ask, build_definition, find_events, find_interviews, publish_small

from surveyapp.services.rosters import read_roster
from surveyapp.services.rounds import close_round, find_round

BEFORE = {"id": "before", "questions": [ask("mood")]}
PEOPLE = {
    "id": "people",
    "title": {"en": "People around", "fr": "Les gens"},
    "repeat": {"over": "entries", "min": 1, "max": 3, "label": "who"},
    "questions": [
        ask("who", required=True, max_length=80),
        ask("near", "scale", required=True),
        {**ask("why"), "label": "Why is ${who} near?", "show_if": "${near} = 3"},
    ],
}
ANY = {**PEOPLE, "repeat": {"over": "entries", "max": 3, "label": "who"}}
TIES = {
    "id": "ties",
    "title": "Working together",
    "repeat": {"over": "roster"},
    "questions": [
        {**ask("tie", "scale", required=True), "label": "How close is ${ties}?"},
        {**ask("trust", "scale", required=True), "show_if": "${tie} > 1"},
    ],
}
AFTER = {"id": "after", "questions": [ask("end")]}
ROSTER = "name,town\nHealth centre,North\nRiver school,South\nKijani <b>Ltd</b>,\n"
PARTNERS = "name,phone,organisation\nAmina,+12025550101,RIVER  school.\nBruno,+12025550102,Somebody else\n"


class Lister(Respondent):
    """Somebody who fills in lists: sends every hidden field of a page, also those that stand twice."""

    def send(self, action: str = "next", follow: bool = True, **answers):
        hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', self.page.text)
        fields: dict = {}
        for name, value in hidden:
            fields.setdefault(name, []).append(unescape(value))
        sent = self.client.post(self.link, data={**fields, "action": action, **answers}, headers=self.headers)
        if follow and sent.status_code == 303:
            return self.open(sent.location)
        self.page = sent
        return sent

    @property
    def row(self) -> str:
        """The row whose form is open."""
        return re.search(r'name="row" value="(\w+)"', self.page.text)[1]

    def fill(self, **answers):
        """Give the fields of the open row."""
        return {f"people-{self.row}-{name}": value for name, value in answers.items()}

    def add(self, who: str, near: str = "1"):
        """Fill in the open form of a row and save it."""
        return self.send(**self.fill(who=who, near=near))

    def press(self, button: str, row: str):
        """Press one of the buttons of a list."""
        return self.send("", **{button: row})

    @property
    def listed(self) -> dict[str, str]:
        """The rows of the list: name -> id."""
        found = re.findall(
            r'<li id="people-(\w+)"[^>]*>\s*<span class="name"><b><bdi>([^<]*)</bdi></b>', self.page.text
        )
        return {unescape(name): row for row, name in found}

    def open_row(self, row: str):
        """Follow Change, or Add."""
        return self.open(f"{self.link}?section=people&row={row}")


def begin(client, database, *sections, **wishes) -> Lister:
    return Lister(client, f"/r/{publish_small(database, *sections, **wishes).code}")


@pytest.fixture
def lister(client, database) -> Lister:
    person = begin(client, database, BEFORE, PEOPLE, AFTER)
    person.send(mood="fine")
    return person


def stored(database):
    (interview,) = find_interviews(database)
    return interview.answers


def test_where_a_row_is_needed_the_page_is_the_form_of_the_first(lister):
    assert "Question who?" in lister.text
    assert "Save" in lister.text
    lister.add("Water board")
    assert lister.listed.keys() == {"Water board"}
    assert "So far: 1. There can be 3 at most." in lister.text


def test_the_first_page_counts_what_must_be_answered_and_says_that_entries_add_to_it(client, database):
    round_ = publish_small(database, BEFORE, PEOPLE, AFTER)
    page = client.get(f"/r/{round_.code}").text
    assert "At least 4 questions, about 2 minutes; more with every entry that you add." in page


def test_where_none_is_needed_an_empty_list_says_what_to_do(client, database):
    person = begin(client, database, ANY, AFTER)
    assert "Nothing is listed here yet" in person.text
    person.send()
    assert person.names == ["end"]
    assert stored(database) == {"people": 0}


def test_rows_are_added_changed_removed_and_brought_back(lister, database):
    lister.add("Water board")
    lister.open_row("new")
    lister.add("School")
    first, second = lister.listed.values()
    lister.open_row(first)
    assert 'value="Water board"' in lister.page.text
    lister.add("Water company")
    assert list(lister.listed) == ["Water company", "School"]
    lister.press("remove", first)
    assert list(lister.listed) == ["School"]
    assert "Removed: Water company." in lister.text
    lister.press("restore", first)
    assert list(lister.listed) == ["Water company", "School"]
    assert stored(database)[f"people-{first}-near"] == 1
    assert second in lister.listed.values()


def test_the_same_form_sent_twenty_times_adds_one_row(lister, database):
    fields = {**lister.fields, **lister.fill(who="Water board", near="3"), "action": "next"}
    places = {lister.client.post(lister.link, data=fields).location for _ in range(20)}
    assert places == {f"{lister.link}?section=people&row={lister.row}"}
    lister.go_to("people")
    assert list(lister.listed) == ["Water board"]
    assert len(find_events(database)) == 2


def test_two_tabs_of_the_same_list_add_two_rows(lister):
    lister.add("Water board")
    one, two = lister.open_row("new"), lister.open_row("new")
    assert one.text != two.text
    lister.page = one
    lister.add("School")
    lister.page = two
    lister.add("Clinic")
    assert list(lister.listed) == ["Water board", "School", "Clinic"]


def test_several_rows_may_come_in_one_post(lister):
    lister.page = lister.client.post(
        lister.link,
        data={
            "csrf_token": lister.fields["csrf_token"],
            "section": "people",
            "action": "next",
            "people-a-who": "A",
            "people-a-near": "1",
            "people-b-who": "B",
            "people-b-near": "2",
        },
    )
    lister.open(lister.page.location)
    assert lister.listed == {"A": "a", "B": "b"}


def test_a_fault_gives_the_form_back_with_what_was_typed_and_a_link_to_it(lister):
    row = lister.row
    page = lister.send(**lister.fill(who="<i>Water</i>"))
    assert page.status_code == 422
    assert f'<a href="#people-{row}-near">Question near?</a>' in page.text
    assert 'value="&lt;i&gt;Water&lt;/i&gt;"' in page.text
    assert lister.row == row
    lister.add("<i>Water</i>")
    assert list(lister.listed) == ["<i>Water</i>"]


def test_a_question_that_a_row_opens_is_asked_on_its_page_again(lister):
    lister.add("School", near="3")
    assert "Why is School near?" in lister.text
    lister.send(**lister.fill(who="School", near="3", why="It is."))
    assert list(lister.listed) == ["School"]
    assert "Not finished" not in lister.text


def test_a_row_that_was_left_before_its_end_stands_in_the_list_as_not_finished(lister):
    lister.add("School", near="3")
    lister.go_to("people")
    assert "Not finished" in lister.text
    page = lister.send()
    assert page.status_code == 422
    assert "School Please finish this one, or remove it." in lister.text
    lister.open_row(lister.listed["School"])
    assert "Why is School near?" in lister.text


def test_too_few_rows_keep_the_list_open_and_too_many_are_refused(lister):
    for name in ("A", "B", "C"):
        lister.add(name)
        full = lister.page
        lister.open_row("new")
    assert lister.listed.keys() == {"A", "B", "C"}, "with no room for one more the link leads to the list"
    assert "This is as many as there can be." in full.text
    fields = {**lister.fields, "people-late-who": "D", "people-late-near": "1", "action": "next"}
    page = lister.client.post(lister.link, data=fields)
    assert page.status_code == 422
    assert "There can be 3 at most." in page.text
    assert 'value="D"' in page.text


def test_a_removed_row_does_not_come_back_where_there_is_no_room(lister):
    for name in ("A", "B", "C"):
        lister.add(name)
        lister.open_row("new")
    first = lister.listed["A"]
    lister.press("remove", first)
    lister.open_row("new")
    lister.add("D")
    lister.press("restore", first)
    assert list(lister.listed) == ["B", "C", "D"]


def test_back_keeps_a_row_that_was_begun_and_adds_none_that_was_not(lister):
    lister.send("back")
    assert lister.names == ["mood"]
    lister.send()
    lister.send("back", **lister.fill(who="Half a name"))
    assert list(lister.listed) == ["Half a name"]
    assert "Not finished" in lister.text
    lister.send("back")
    assert lister.names == ["mood"]


def test_a_language_is_changed_in_the_middle_of_a_row_and_of_a_list(lister):
    row = lister.row
    lister.send("language", language="fr", **lister.fill(who="Water board"))
    assert lister.row == row
    assert 'value="Water board"' in lister.page.text
    assert "La question near ?" in lister.text
    lister.add("Water board")
    assert "Modifier" in lister.text
    lister.send("language", language="en")
    assert "Add another" in lister.text


def test_what_was_typed_into_a_row_survives_a_lost_safety_token(lister):
    fields = {**lister.fields, **lister.fill(who="Water board", near="2"), "csrf_token": "stale", "action": "next"}
    page = lister.client.post(lister.link, data=fields)
    assert page.status_code == 400
    assert 'value="Water board"' in page.text
    lister.page = page
    lister.send(**lister.fill(who="Water board", near="2"))
    assert list(lister.listed) == ["Water board"]


def test_what_was_typed_into_a_row_is_shown_when_the_round_has_closed(lister, database):
    with database.writing() as session:
        close_round(session, find_round(session, "Spring 2026"), actor="test", now=datetime.now(UTC))
    page = lister.send(**lister.fill(who="Water board", near="2"))
    assert page.status_code == 410
    assert "Water board" in lister.text
    assert "Label 2" in lister.text


def test_review_and_receipt_show_the_rows_and_lead_to_them_and_back(lister, database):
    lister.add("Water board")
    lister.send()
    lister.send(end="done")
    assert "Water board Question who? Water board" in lister.text
    link = re.search(r'href="([^"]*row=(\w+)[^"#]*)#people-\2-near-question"', lister.page.text)
    lister.open(unescape(link[1]))
    lister.send(**lister.fill(who="Water company", near="2"))
    assert "Check your answers" in lister.text
    assert "Water company" in lister.text
    lister.go_to("people&from=review")
    lister.press("remove", link[2])
    assert "Removed: Water company." in lister.text
    lister.press("restore", link[2])
    lister.send()
    assert "Check your answers" in lister.text
    lister.send("submit")
    assert "Water company" in lister.text
    assert find_interviews(database)[0].state == "finished"


def test_an_interview_is_taken_up_at_its_open_list(lister):
    lister.add("Water board")
    lister.open(lister.link)
    assert list(lister.listed) == ["Water board"]
    lister.send()
    lister.open(lister.link)
    assert lister.names == ["end"]


def test_what_is_no_row_is_led_to_the_list_or_ignored(lister):
    lister.add("Water board")
    for odd in ("../x", "a-b", "x" * 40, "%00"):
        assert lister.client.get(f"{lister.link}?section=people&row={odd}").location == f"{lister.link}?section=people"
        assert lister.press("remove", odd).status_code == 200
    lister.send("next", **{"people--who": "x", "people-a-b-who": "y", "people-q-nothing": "z"})
    lister.go_to("people")
    assert list(lister.listed) == ["Water board"]


# a roster


def publish_ties(database, **wishes):
    wishes.setdefault("roster", read_roster(ROSTER))
    return publish(database, definition=build_definition(TIES, AFTER), **wishes)


@pytest.fixture
def tied(client, database) -> Lister:
    return Lister(client, f"/r/{publish_ties(database, contacts=None, open_link=True).code}")


def test_a_roster_has_all_its_rows_on_one_page_each_by_its_name(tied):
    legends = re.findall(r"<legend><bdi>([^<]*)</bdi></legend>\s*<input type=\"hidden\" name=\"row\"", tied.page.text)
    assert [unescape(name) for name in legends] == ["Health centre", "River school", "Kijani <b>Ltd</b>"]
    assert "How close is Kijani <b>Ltd</b>?" in tied.text
    assert "Answered: 0 of 3" in tied.text


def test_what_a_row_opens_is_asked_on_the_same_page_next(tied):
    tied.send(**{"ties-1-tie": "1", "ties-2-tie": "3", "ties-3-tie": "1"})
    assert "Answered: 2 of 3" in tied.text
    assert 'name="ties-2-trust"' in tied.page.text
    assert 'name="ties-1-trust"' not in tied.page.text
    tied.send(**{"ties-1-tie": "1", "ties-2-tie": "3", "ties-3-tie": "1", "ties-2-trust": "2"})
    assert tied.names == ["end"]


def test_a_missing_answer_of_a_roster_is_named_with_its_row(tied):
    page = tied.send(**{"ties-1-tie": "1"})
    assert page.status_code == 422
    assert '<a href="#ties-2-tie">River school: How close is River school?</a>' in page.text
    assert re.search(r'name="ties-1-tie" value="1"[^>]* checked', page.text)


def test_ones_own_organisation_is_left_out(client, database):
    round_ = publish_ties(database, contacts=PARTNERS)
    amina = Lister(client, f"/a/{find_token(database, round_, 'Amina')}")
    assert "River school" not in amina.text
    amina.send(**{"ties-1-tie": "1", "ties-3-tie": "1"})
    assert amina.names == ["end"]
    assert "River school" in Lister(client, f"/a/{find_token(database, round_, 'Bruno')}").text
    (interview,) = find_interviews(database)
    assert interview.own_entry == "2"


def test_an_anonymous_round_leaves_nobody_out_because_that_would_tell(client, database):
    round_ = publish_ties(database, contacts=PARTNERS, confidentiality="anonymous")
    assert "River school" in Lister(client, f"/a/{find_token(database, round_, 'Amina')}").text


def test_where_there_is_one_part_nobody_is_told_of_about_one(client, database):
    round_ = publish(database, definition=build_definition(ANY), contacts=None, open_link=True)
    person = Lister(client, f"/r/{round_.code}")
    assert "There is only this part" in person.text
    assert "about 1" not in person.text
