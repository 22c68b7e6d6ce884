"""The three registers: their fields, codes and rules; each is kept as entries over time."""

from __future__ import annotations

from datetime import date

import pytest
from instrument_facts import TODAY, is_asked, is_taken, list_codes, list_ids, list_labels, list_where
from instruments import DEFINITIONS

PLAN = DEFINITIONS["joint_action_plan"]
MONEY = DEFINITIONS["resource_mobilization_plan"]
DIRECTORY = DEFINITIONS["resource_directory"]
REGISTERS = [PLAN, MONEY, DIRECTORY]
TOMORROW = date(2026, 3, 3)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.id)
def test_a_register_is_one_list_of_up_to_a_hundred_entries(register):
    [section] = register.sections
    assert register.kind == "register"
    assert (section.repeat.over, section.repeat.min, section.repeat.max) == ("entries", 1, 100)


def test_the_joint_action_plan_has_its_fields_and_codes():
    assert list_ids(PLAN, "milestones") == (
        "milestone_id deliverable lead_partner other_partners domain start due status done_date evidence"
    )
    assert list_labels(PLAN, "status") == "1 Planned, 2 Started, 3 Done, 4 Late, 5 Dropped"
    assert list_codes(PLAN, "domain") == [
        "goal",
        "trst",
        "divr",
        "mutb",
        "locl",
        "role",
        "rsrc",
        "mevl",
        "adpt",
        "exit",
    ]
    assert list_where(PLAN, required=True) == "milestone_id deliverable lead_partner due status done_date"


def test_a_milestone_is_due_after_its_start_and_done_by_today():
    assert is_taken(PLAN, "due", TODAY, start=TODAY)
    assert not is_taken(PLAN, "due", TODAY, start=TOMORROW)
    assert is_taken(PLAN, "due", TODAY)
    assert [code for code in list_codes(PLAN, "status") if is_asked(PLAN, "done_date", status=code)] == [3]
    assert is_taken(PLAN, "done_date", TODAY)
    assert not is_taken(PLAN, "done_date", TOMORROW)


def test_the_resource_mobilization_plan_has_its_fields_and_codes():
    assert list_ids(MONEY, "sources") == (
        "source_name source_type ask currency deadline lead joint_applicants sdg stage decision_date amount_won"
    )
    assert list_codes(MONEY, "source_type") == list_codes(DEFINITIONS["sustainability_planning"], "sf01_type")
    assert list_labels(MONEY, "stage") == "1 Found, 2 Contacted, 3 Applied, 4 Won, 5 Lost, 6 Withdrawn"
    assert list_codes(MONEY, "sdg") == list(range(1, 18))


def test_a_decision_has_its_day_and_what_was_won_its_amount():
    stages = list_codes(MONEY, "stage")
    assert [code for code in stages if is_asked(MONEY, "decision_date", stage=code)] == [4, 5]
    assert [code for code in stages if is_asked(MONEY, "amount_won", stage=code)] == [4]
    assert not is_taken(MONEY, "decision_date", TOMORROW)


def test_the_directory_has_its_fields_and_the_codes_of_the_stakeholder_map():
    stakeholders = DEFINITIONS["stakeholder_mapping"]
    assert list_ids(DIRECTORY, "organisations") == (
        "name type sector countries services contact url languages status last_checked source"
    )
    assert list_codes(DIRECTORY, "type") == list_codes(stakeholders, "sm02")
    assert list_codes(DIRECTORY, "sector") == list_codes(stakeholders, "sm03")
    assert list_codes(DIRECTORY, "status") == [1, 2, 3, 4]


def test_an_entry_of_the_directory_says_whether_it_still_holds_and_when_that_was_checked():
    assert {"status", "last_checked", "source"} <= set(list_where(DIRECTORY, required=True).split())
    assert is_taken(DIRECTORY, "last_checked", TODAY)
    assert not is_taken(DIRECTORY, "last_checked", TOMORROW)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "not to be endorsed"), ("fr", "ne vaut pas recommandation"), ("es", "no es una reco")],
)
def test_a_listing_is_no_endorsement(language: str, words: str):
    assert DIRECTORY.introduction is not None
    assert DIRECTORY.closing is not None
    assert words in DIRECTORY.introduction.in_(language)
    assert words in DIRECTORY.closing.in_(language)
