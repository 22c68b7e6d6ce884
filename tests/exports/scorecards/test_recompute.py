"""Whoever has the CSV and the definition can work every number of the scorecard out again, with nothing of ours."""

import csv
import io
import json
import random
import re
import subprocess
from math import ceil, floor, sqrt
from pathlib import Path
from statistics import mean, stdev

import pytest
from scipy.stats import t
from study_builders import NOON, invite, make_response, make_study

from exports.formats import FORMATS
from exports.scorecards.formats import scorecard_json, scorecard_pdf
from exports.scorecards.results import build_results
from forms.interview import Interview
from forms.loading import load_definition
from forms.question_types import find_type
from forms.values import Missing

SOURCE = (Path(__file__).parents[3] / "survey_definitions" / "partnership_feedback.json").read_text("utf-8")
INVITED = {"community": 41, "government": 9, "business": 6, "ngo_charity": 20, "school_university": 4, "donor": 7}
ANSWERED = {"community": 24, "government": 9, "business": 4, "ngo_charity": 15, "school_university": 0, "donor": 3}


def invent_person(definition, chance, number, group, code):
    """One interview by web or SMS, with don't know, not applicable, refusals, gaps and a few who break off."""
    channel = chance.choice(["web", "web", "sms"])
    begun = Interview(definition, {"pfc": 1, "pf00": code}, NOON.date())
    answers = {"pfc": 1, "pf00": code}
    stops = chance.random() < 0.15
    questions = [q for q in begun.questions_in(channel) if q.id not in answers]
    for question in questions[: chance.randint(3, len(questions)) if stops else None]:
        answers[question.id] = invent_answer(question, chance)
    record = begun.with_answers(answers).record(channel, finished=not stops)
    asked = [v for v in record.values() if v not in (Missing.NOT_IN_CHANNEL, Missing.OFF_PATH, Missing.NOT_APPLICABLE)]
    share = sum(not isinstance(value, Missing) or value is Missing.DONT_KNOW for value in asked) / len(asked)
    disposition = "I" if share >= 0.8 else "P" if share >= 0.5 else "R"
    return make_response(
        number,
        group,
        record,
        channel_first=channel,
        channel_last=channel,
        disposition=disposition,
        finished_at=None if stops else NOON,
    )


def invent_answer(question, chance):
    luck = chance.random()
    if luck < 0.08 and question.dont_know:
        return Missing.DONT_KNOW
    if luck < 0.12 and question.not_applicable:
        return Missing.NOT_APPLICABLE
    if luck < 0.15:
        return Missing.REFUSED
    if question.type == "select_multiple":
        return (1, 3)
    if question.type == "text":
        return '=cmd, "quoted"\nand a second line'
    codes = [choice.value for choice in find_type(question.type).choices(question)]
    return chance.choice(codes + codes[-2:])


@pytest.fixture(scope="module", params=[1, 2, 3])
def example(request):
    """A scorecard, and the CSV of the same round."""
    definition, chance = load_definition(SOURCE), random.Random(request.param)
    codes = {"community": 1, "government": 2, "business": 3, "ngo_charity": 4, "school_university": 5, "donor": 6}
    people = [
        invent_person(definition, chance, 100 * codes[group] + place, group, codes[group])
        for group, n in ANSWERED.items()
        for place in range(n)
    ]
    counted = {g: sum(p.group == g and p.disposition in "IP" for p in people) for g in INVITED}
    broken = {g: sum(p.group == g and p.disposition == "R" for p in people) for g in INVITED}
    cases = invite({g: (counted[g], INVITED[g] - broken[g]) for g in INVITED})
    for group, row in cases.items():
        row["R"] = broken[group]
    study = make_study(definition, people, cases=cases, labels=INVITED, sms_in_use=True)
    stream = io.BytesIO()
    FORMATS["csv"].write(study, stream)
    return build_results(study), list(csv.DictReader(io.StringIO(stream.getvalue().decode(), newline="")))


@pytest.fixture(scope="module")
def published(example):
    """The rows of a scorecard as JSON, and the CSV of the same round."""
    results, rows = example
    return json.loads(scorecard_json(results.card)), rows


@pytest.fixture(scope="module")
def paper(example, tmp_path_factory):
    """What stands in the PDF, in reading order, in one line."""
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(scorecard_pdf(example[0]))
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(said.split())


class ByHand:
    """The calculation again, from text alone: the definition's JSON and the rows of the CSV."""

    def __init__(self, rows):
        self.definition = json.loads(SOURCE)
        self.people = [row for row in rows if row["disposition"] in ("I", "P")]
        self.scored = [q for s in self.definition["sections"] for q in s["questions"] if "score" in q]
        self.domains = [domain["id"] for domain in self.definition["scorecard"]["domains"]]
        self.core_domains = [d for d in self.domains if any(q["score"].get("core") for q in self._items(d))]

    def _items(self, domain):
        return [q for q in self.scored if q["score"]["domain"] == domain]

    def score(self, person, domain, basis):
        top = bottom = applied = 0.0
        for question in self._items(domain):
            rule, code = question["score"], int(person[question["id"]])
            if (basis == "core" and not rule.get("core")) or code in (-97, -95, -93):
                continue
            weight = rule.get("weight", 1)
            applied += weight
            if code > -90:
                points = rule["map"][str(code)] if "map" in rule else 100 * (code - 1) / 4
                top += weight * (100 - points if rule.get("reverse") else points)
                bottom += weight
        return top / bottom if bottom and bottom / applied >= 0.5 else None

    def members(self, columns):
        return [p for p in self.people if columns is None or p["group"] in columns]

    def domain(self, domain, basis, columns):
        scores = [s for p in self.members(columns) if (s := self.score(p, domain, basis)) is not None]
        eligible = sum(n for g, n in INVITED.items() if columns is None or g in columns)
        se = stdev(scores) / sqrt(len(scores)) * sqrt(1 - len(scores) / eligible)
        return mean(scores), se, len(scores)

    def overall(self, domains, basis, columns):
        people = [[self.score(p, d, basis) for d in domains] for p in self.members(columns)]
        people = [row for row in people if any(s is not None for s in row)]
        kept = [[s for s in column if s is not None] for column in zip(*people, strict=True)]
        n, means = len(people), [mean(column) for column in kept]
        pulls = [
            sum(n / len(c) * (s - m) for s, m, c in zip(row, means, kept, strict=True) if s is not None) / len(domains)
            for row in people
        ]
        eligible = sum(size for g, size in INVITED.items() if columns is None or g in columns)
        return mean(means), stdev(pulls) / sqrt(n) * sqrt(1 - n / eligible), n

    def find(self, domain, columns):
        """The number of a domain or of the core index: from core questions where there are some."""
        if domain == "overall":
            return self.overall(self.core_domains, "core", columns)
        return self.domain(domain, "core" if domain in self.core_domains else "full", columns)

    def alike(self, domain, parts):
        """Every part counts alike: mean, half of the interval, n."""
        found = [self.find(domain, columns) for columns in parts]
        variance = sum(se**2 for _, se, _ in found)
        df = variance**2 / sum(se**4 / (n - 1) for _, se, n in found if se)
        half = t.ppf(0.975, df) * sqrt(variance) / len(found)
        return mean(score for score, _, _ in found), half, sum(n for _, _, n in found)


def test_every_published_number_follows_from_the_csv_and_the_definition(published):
    card, rows = published
    hand = ByHand(rows)
    groups = {g: sum(p["group"] == g for p in hand.people) for g in INVITED}
    small = [g for g in sorted(groups, key=groups.get) if 0 < groups[g] < 5]
    assert sum(groups[g] for g in small) >= 5, "the example is meant to combine business and donor alone"
    columns = {"all": None, "combined": small} | {g: [g] for g in groups if groups[g] >= 5}
    shown = {key(row): row for row in card["rows"] if row["score"] is not None and row["domain"] != "NPS"}
    checked = 0
    for (basis, domain, group), row in shown.items():
        if group == "group_equal":
            continue
        if domain == "overall":
            domains = [d for d in hand.domains if (basis, d, group) in shown]
            assert len(domains) >= (6 if basis == "core" else ceil(0.7 * len(hand.domains)))
            score, se, n = hand.overall(domains, basis, columns[group])
        else:
            score, se, n = hand.domain(domain, basis, columns[group])
        half = t.ppf(0.975, n - 1) * se
        assert row["n"] == n
        assert (row["score"], row["ci_lo"], row["ci_hi"]) == pytest.approx((score, score - half, score + half))
        checked += 1
    assert checked > 40


def test_groups_alike_follow_from_the_rows_of_the_groups(published):
    card, _ = published
    shown = {key(row): row for row in card["rows"] if row["score"] is not None}
    columns = [g for g in ("combined", *INVITED) if ("core", "GOAL", g) in shown]
    checked = 0
    for (basis, domain, group), row in shown.items():
        parts = [shown[basis, domain, column] for column in columns if (basis, domain, column) in shown]
        if group != "group_equal" or len(parts) < len(columns):
            continue
        errors = [(p["ci_hi"] - p["score"]) / t.ppf(0.975, p["n"] - 1) for p in parts]
        variance = sum(se**2 for se in errors)
        df = variance**2 / sum(se**4 / (p["n"] - 1) for se, p in zip(errors, parts, strict=True) if se)
        half = t.ppf(0.975, df) * sqrt(variance) / len(parts)
        score = mean(p["score"] for p in parts)
        assert (row["score"], row["ci_lo"], row["ci_hi"]) == pytest.approx((score, score - half, score + half))
        checked += 1
    assert checked >= 3


def test_response_rates_follow_from_the_counts(published):
    card, rows = published
    people = [row for row in rows if row["disposition"] in ("I", "P")]
    whole = next(row for row in card["rows"] if key(row) == ("full", "overall", "all"))
    assert whole["n_eligible"] == sum(INVITED.values())
    assert whole["rr2"] == pytest.approx(len(people) / sum(INVITED.values()))


def key(row):
    return row["basis"], row["domain"], row["group"]


def whole(number):
    return floor(number + 0.5)


def cut(paper, start, end):
    """What stands between two headings."""
    return paper.split(f" {start} ", 1)[1].rsplit(f" {end} ", 1)[0]


def split_groups(hand, cells):
    """The groups of the PDF's table: each that is shown, and all that are not shown together as one."""
    answered = [g for g in INVITED if any(p["group"] == g for p in hand.people)]
    small = [g for g in answered if len(hand.members([g])) < 5]
    columns = [*([g] for g in answered), small]
    assert len(cells) == len(columns)
    shown = [(groups, cell) for groups, cell in zip(columns, cells, strict=True) if cell[0].isdigit()]
    hidden = [g for g in answered if not any(g in groups for groups, _ in shown)]
    return shown, hidden


def test_every_score_in_the_groups_of_the_pdf_follows_from_the_csv(paper, published):
    hand, checked = ByHand(published[1]), 0
    for domain, label in (("overall", "Overall"), *list_labels(hand)):
        for groups, cell in split_groups(hand, read_cells(paper, label))[0]:
            score, _, n = hand.find(domain, groups)
            assert cell == f"{whole(score)} ({n})", (domain, groups)
            checked += 1
    assert checked > 20


def test_every_domain_on_the_first_page_of_the_pdf_follows_from_the_csv(paper, published):
    hand, page = ByHand(published[1]), cut(paper, "Scores by domain; every group counts alike", "How to read this")
    for domain, label in list_labels(hand):
        found = re.search(rf"{label} ?(\d )?(\d+) (\d+) to (\d+) (\d+) ", page)
        shown, hidden = split_groups(hand, read_cells(paper, label))
        parts = [*(groups for groups, _ in shown), *([hidden] if hidden else [])]
        score, half, n = hand.alike(domain, parts)
        note = found[1] and re.search(rf" {found[1].strip()}\. (.*?) (\d\. |Autumn)", page)[1]
        if note and "Every person counts alike" in note:
            score, se, n = hand.find(domain, None)
            half = se * t.ppf(0.975, n - 1)
        low, high = whole(max(0, score - half)), whole(min(100, score + half))
        assert [int(cell) for cell in found.groups()[1:]] == [whole(score), low, high, n], domain


def test_the_headline_of_the_pdf_follows_from_the_csv(paper, published):
    hand = ByHand(published[1])
    shown, hidden = split_groups(hand, read_cells(paper, "Overall"))
    score, half, n = hand.alike("overall", [*(groups for groups, _ in shown), *([hidden] if hidden else [])])
    assert f"{whole(score)} of 100" in paper
    assert f"95 % interval {whole(score - half)} to {whole(score + half)}, n = {n}." in paper
    pooled, se, m = hand.find("overall", None)
    reach = se * t.ppf(0.975, m - 1)
    assert (
        f"every person counts alike it is {whole(pooled)} ({whole(pooled - reach)} to {whole(pooled + reach)})" in paper
    )


def test_the_response_in_the_pdf_follows_from_the_csv_and_the_list(paper, published):
    hand, checked = ByHand(published[1]), 0
    for label, groups in (("Everyone", None), *((g.title(), [g]) for g in INVITED)):
        asked, answered = sum(INVITED[g] for g in groups or INVITED), len(hand.members(groups))
        if answered >= 5:
            rate = whole(100 * answered / asked)
            assert f" {label} {asked} {answered} {asked - answered} {rate} % " in paper
            checked += 1
    assert checked >= 4


def list_labels(hand):
    return [(domain["id"], domain["label"]["en"]) for domain in hand.definition["scorecard"]["domains"]]


def read_cells(paper, label):
    """The cells of a domain in the table of groups."""
    cell = r"(?:\d+ \(\d+\)|hidden|n<5|none|no answers|not enough domains)"
    found = re.search(rf" {label} ({cell}(?: {cell})*) ", cut(paper, "By group", "Who answered"))
    return re.findall(cell, found[1])
