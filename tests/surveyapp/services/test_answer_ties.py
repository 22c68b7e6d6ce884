"""Whose answers they are: matched with the contact list, never kept beside the answers."""

from __future__ import annotations

import pytest
from builders import NOON, find_token, publish
from collected import LATER, bring, find_faults, judge
from invited import WEB, answer

from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import find_round
from surveyapp.services.standings import find_interview

BASE = {
    "pfc": 1,
    **{f"pf{n:02}": 4 for n in range(1, 7)},
    "pf07": 9,
    **{f"pf{n:02}": 4 for n in range(9, 16)},
    "pf16": [1, 3],
    "pf17": 1,
}


@pytest.fixture
def round_(database):
    return publish(database)


def test_a_tied_answer_keeps_the_roster_and_takes_the_group_of_the_list(database, round_):
    assert bring(database, round_, [{**BASE, "contact_email": "bruno@example.org"}]).new == 1
    with database.reading() as session:
        frame = build_study(session, find_round(session, round_.code), LATER).frame
    assert (frame.kind, frame.cases["government"]) == ("roster", {"I": 1})
    assert sum(sum(row.values()) for row in frame.cases.values()) == 3


def test_their_personal_link_leads_to_what_was_brought_in(database, round_):
    token = find_token(database, round_, "Bruno")
    bring(database, round_, [{**BASE, "contact_email": "bruno@example.org"}])
    with database.reading() as session:
        standing = find_interview(session, token, NOON)
    assert (standing.state, standing.interview.answers["pf01"]) == ("finished", 4)


def test_the_same_file_again_changes_nothing_with_the_column_or_without(database, round_):
    tied = {**BASE, "response_id": "a", "contact_email": "bruno@example.org"}
    bring(database, round_, [tied])
    again = bring(database, round_, [tied])
    assert (again.new, again.unchanged) == (0, 1)


def test_who_is_unknown_stands_twice_or_has_begun_is_a_fault_of_its_row(database, round_):
    answer(database, find_token(database, round_, "Amina"), WEB)
    lines = [
        {**BASE, "contact_phone": "+12025550199"},
        {**BASE, "contact_phone": "0202"},
        {**BASE, "contact_phone": "+12025550103"},
        {**BASE, "contact_email": "chiara@example.org"},
        {**BASE, "contact_phone": "+12025550101"},
        {**BASE, "contact_email": "bruno@example.org", "group": "community"},
    ]
    faults = find_faults(database, round_, lines)
    assert set(faults) == {
        (1, "contact_phone"),
        (2, "contact_phone"),
        (4, "contact_email"),
        (5, ""),
        (6, "group"),
    }


def test_an_anonymous_round_takes_no_column_that_names_people(database):
    round_ = publish(database, confidentiality="anonymous")
    (fault,) = judge(database, round_, [{**BASE, "contact_email": "bruno@example.org"}]).faults
    assert "Take this column out" in fault.message
