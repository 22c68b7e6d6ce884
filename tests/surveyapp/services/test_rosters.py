"""Rosters: read with every fault by row, kept with the round as published, and nobody is asked about their own."""

from __future__ import annotations

import pytest
from builders import find_token, publish
from respondents import ask, build_definition
from sqlalchemy import select

from forms.definition import RosterEntry
from forms.web import read_section
from surveyapp.errors import InvalidError
from surveyapp.models import Round
from surveyapp.services.exporting import build_study
from surveyapp.services.interviews import Change, begin_invited, finish_interview, record_answers
from surveyapp.services.rosters import find_own_entry, read_roster
from surveyapp.services.rounds import find_round
from surveyapp.services.standings import find_interview
from tests.builders import NOON

TIES = {
    "id": "ties",
    "repeat": {"over": "roster", "min": 2, "max": 3},
    "questions": [ask("tie", "scale"), ask("secret", private=True)],
}
LIST = {"id": "list", "repeat": {"over": "entries", "label": "who"}, "questions": [ask("who")]}
ROSTER = "Name;town\nHealth centre;North\nÉcole du fleuve;\n"
PEOPLE = "name,phone,organisation\nAmina,+12025550101,ecole DU FLEUVE\nBruno,+12025550102,\n"


def publish_ties(database, *sections, roster: str | None = ROSTER, **wishes):
    given = read_roster(roster) if roster is not None else None
    return publish(database, definition=build_definition(*sections or (TIES,)), roster=given, **wishes)


def test_a_roster_has_names_and_whatever_else_is_told_of_an_entry():
    assert read_roster(ROSTER).entries == (
        RosterEntry(id="1", name="Health centre", attributes={"town": "North"}),
        RosterEntry(id="2", name="École du fleuve"),
    )
    assert read_roster(ROSTER.encode("utf-8-sig")) == read_roster(ROSTER)


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        ("", 0, "empty"),
        ("name\n", 0, "no entries"),
        ("nom,town\nA,B\n", 1, "“name” is needed"),
        ("name,name\nA,B\n", 1, "twice"),
        ("name,town\nA,B\n,C\n", 3, "no name"),
        ("name\nWater board\nWATER  BOARD!\n", 3, "stands in row 2 already"),
        ("name\nWater, board\n", 2, "quotation marks"),
        ("name\n" + "x" * 121, 2, "121 characters"),
        ("name,about\nA," + "x" * 1001, 2, "1001 characters"),
        ("name\n" + "\n".join(f"Number {n}" for n in range(101)), 0, "at most 100"),
        (b"PK\x03\x04", 0, "spreadsheet"),
    ],
)
def test_what_is_wrong_with_a_roster_is_said_by_row(data, row, words):
    roster = read_roster(data)
    assert roster.entries == ()
    assert [fault.row for fault in roster.faults] == [row]
    assert words in roster.faults[0].message


def refuse(database, *sections, **wishes) -> str:
    with pytest.raises(InvalidError) as refusal:
        publish_ties(database, *sections, **wishes)
    with database.reading() as session:
        assert session.scalars(select(Round)).all() == []
    return " ".join(refusal.value.faults)


def test_a_round_that_asks_about_a_roster_needs_one_and_no_other_takes_one(database):
    assert "Give the list" in refuse(database, roster=None)
    assert "Leave it out" in refuse(database, LIST)
    assert "takes 2 to 3" in refuse(database, roster="name\nA\n")
    assert "row 3, name: It has no name." in refuse(database, roster="name,town\nA,B\n,C\n")


@pytest.mark.parametrize(
    ("organisation", "entry"),
    [("ecole DU FLEUVE", "2"), ("health-centre.", "1"), ("Health", None), ("", None), (None, None)],
)
def test_an_organisation_is_found_whatever_its_capitals_accents_and_punctuation(organisation, entry):
    assert find_own_entry(read_roster(ROSTER).entries, organisation, "confidential") == entry
    assert find_own_entry(read_roster(ROSTER).entries, organisation, "anonymous") is None


def answer(database, round_, name, **fields):
    with database.writing() as session:
        standing = find_interview(session, find_token(database, round_, name), NOON, lock=True)
        standing = begin_invited(session, standing, channel="web", now=NOON)
        section = standing.interview.find_section("ties")
        values = read_section(standing.interview, section, fields, "en").values
        changes = {id_: Change(value) for id_, value in values.items()}
        standing = record_answers(session, standing, changes, channel="web", key="one", now=NOON)
        finish_interview(session, standing, channel="web", now=NOON)


def test_the_study_has_a_row_for_each_entry_but_the_respondents_own_and_nothing_told_in_confidence(database):
    round_ = publish_ties(database, contacts=PEOPLE)
    answer(database, round_, "Amina", **{"ties-1-tie": ["2"], "ties-1-secret": ["between us"]})
    with database.reading() as session:
        (response,) = build_study(session, find_round(session, round_.code), NOON).responses()
    assert response.own_entry == "2"
    (row,) = response.rows["ties"]
    assert (row.id, row.name) == ("1", "Health centre")
    assert row.answers["tie"] == 2
    assert row.answers["secret"].value == -91
