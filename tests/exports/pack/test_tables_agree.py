"""The tables of the restricted pack say the same, and every code in them is explained."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from evaluator import read_pack
from export_files import write_file
from study_builders import DK, NA, NOON, NOT_IN_CHANNEL, invite, make_response, make_study

from exports.responses import Case
from forms.loading import load_file

DEFINITION = load_file("survey_definitions/partnership_feedback.json")
ANSWERED = {"community": 14, "government": 6, "business": 3, "ngo_charity": 11, "donor": 2}
INVITED = {group: n + 4 for group, n in ANSWERED.items()}


def invent(number: int, group: str, chance: random.Random):
    answers = {}
    for question in DEFINITION.questions.values():
        codes = [choice.value for choice in question.choices]
        if question.type == "nps":
            answers[question.id] = chance.randint(0, 10)
        elif question.type == "select_multiple":
            answers[question.id] = tuple(codes[:2])
        elif codes:
            answers[question.id] = chance.choices([chance.choice(codes), DK, NA, NOT_IN_CHANNEL], [8, 1, 1, 1])[0]
    return make_response(number, group, answers)


def make_case(case_id: str, group: str, disposition: str, code: str) -> Case:
    facts = {"source": "invitation", "channel": "web", "attempts": None, "first_at": NOON, "last_at": NOON}
    return Case(case_id=case_id, group=group, disposition=disposition, code=code, **facts)


@pytest.fixture(scope="module")
def pack():
    """The tables of a pack, by path; nothing else of the round is at hand."""
    chance, people = random.Random(5), []
    for group, size in ANSWERED.items():
        people += [invent(len(people) + n, group, chance) for n in range(size)]
    cases = invite({group: (n, INVITED[group]) for group, n in ANSWERED.items()})
    study = make_study(DEFINITION, people, cases=cases, labels=ANSWERED, sms_in_use=True)
    listed = [make_case(p.response_id, p.group, "I", "1.1") for p in people]
    listed += [make_case(f"{g}{n}", g, "NC", "2.2") for g in ANSWERED for n in range(INVITED[g] - ANSWERED[g])]
    study = replace(study, cases=lambda: iter(listed))
    return read_pack(write_file(study, "pack", level="restricted"))


def test_the_long_table_holds_the_same_answers_as_the_wide_one(pack):
    wide = {(row["response_id"], name): code for row in pack["data/responses_wide.csv"] for name, code in row.items()}
    singles = {row["variable"] for row in pack["data/codebook.csv"] if row["kind"] == "code" and row["item_id"]}
    rows = [row for row in pack["data/responses_long.csv"] if row["item_id"] in singles]
    assert len(rows) == len(singles) * sum(ANSWERED.values())
    for row in rows:
        assert wide[row["respondent_id"], row["item_id"]] == (row["choice_code"] or row["status"])


def test_every_code_of_the_wide_table_has_its_label(pack):
    lists = {row["variable"]: row["scale"] for row in pack["data/codebook.csv"] if row["kind"] == "code"}
    labels = {(row["list_name"], row["code"]) for row in pack["data/labels.csv"]}
    for person in pack["data/responses_wide.csv"]:
        for name, list_name in lists.items():
            code = person[name]
            assert (list_name, code) in labels or ("missing", code) in labels or code == ""
