"""What an evaluator checks first: the scorecard again, from the restricted pack's CSV and codebook alone."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter, defaultdict
from dataclasses import replace
from math import sqrt
from statistics import mean, stdev

import pytest
from export_files import read_csv, write_file
from scipy.stats import t
from study_builders import DK, NA, NOON, NOT_IN_CHANNEL, invite, make_response, make_study

from exports.responses import Case
from forms.loading import load_file

DEFINITION = load_file("survey_definitions/partnership_feedback.json")
ANSWERED = {"community": 14, "government": 6, "business": 3, "ngo_charity": 11, "donor": 2}
INVITED = {group: n + 4 for group, n in ANSWERED.items()}
SKIPPING = ("-97", "-95", "-93")
"""Not applicable, not asked by routing, not asked in this channel: out of the denominator (README of the pack)."""


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
    with zipfile.ZipFile(io.BytesIO(write_file(study, "pack", level="restricted"))) as archive:
        return {name: read_csv(archive.read(name)) for name in archive.namelist() if name.endswith(".csv")}


def read_rule(rule: str):
    """Give the function that a score rule of the codebook writes down: `1=0 2=50`, `100*(x-1)/(5-1)`."""
    if "x" not in rule:
        points = dict(pair.split("=") for pair in rule.split())
        return lambda code: float(points[code])
    top, bottom = rule.removeprefix("100*").split("/")
    (a, b), (high, low) = (part.strip("()").split("-") for part in (top, bottom))
    span = int(high) - int(low)
    return lambda code: 100 * (int(code) - int(b)) / span if a == "x" else 100 * (int(a) - int(code)) / span


def score(person, items, basis):
    """One person's score of a domain: the mean by weight, if half of what applied was answered."""
    top = answered = applied = 0.0
    for item in items:
        code = person[item["variable"]]
        if (basis == "core" and item["core"] != "1") or code in SKIPPING:
            continue
        weight = float(item["weight"])
        applied += weight
        if not code.startswith("-9"):
            top += weight * read_rule(item["score_rule"])(code)
            answered += weight
    return top / answered if answered and answered / applied >= 0.5 else None


def test_every_domain_score_and_interval_comes_out_again(pack):
    domains = defaultdict(list)
    for row in pack["data/codebook.csv"]:
        if row["score_rule"]:
            domains[row["domain"]].append(row)
    people = [row for row in pack["data/responses_wide.csv"] if row["disposition"] in ("I", "P")]
    eligible = Counter(case["group"] for case in pack["data/dispositions.csv"] if case["final_class"] != "NE")
    checked = 0
    for row in pack["scorecard/scorecard.csv"]:
        if row["panel"] != "domains" or row["domain"] not in domains or not row["score"]:
            continue
        if row["group"] not in ("all", *ANSWERED):
            continue
        members = [p for p in people if row["group"] in ("all", p["group"])]
        scores = [s for p in members if (s := score(p, domains[row["domain"]], row["basis"])) is not None]
        assert int(row["n"]) == len(scores)
        assert float(row["score"]) == pytest.approx(mean(scores), abs=1e-9)
        known = sum(n for group, n in eligible.items() if row["group"] in ("all", group))
        error = stdev(scores) / sqrt(len(scores)) * sqrt(1 - len(scores) / known)
        assert float(row["ci_hi"]) == pytest.approx(
            min(100, mean(scores) + t.ppf(0.975, len(scores) - 1) * error), abs=1e-6
        )
        checked += 1
    assert checked >= 40


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
