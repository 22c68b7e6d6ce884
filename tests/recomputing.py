"""A round of the feedback survey, and its numbers worked out again from its CSV and the definition's JSON alone."""

from __future__ import annotations

import csv
import io
import json
import random
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from scipy.stats import t
from study_builders import NOON, invite, make_response, make_study

from exports.formats import FORMATS
from exports.scorecards.results import build_results
from forms.interview import Interview
from forms.loading import load_definition
from forms.question_types import find_type
from forms.values import Missing

SOURCE = (Path(__file__).parents[1] / "survey_definitions" / "partnership_feedback.json").read_text("utf-8")
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


def make_example(seed):
    """The results of a round, and its CSV."""
    definition, chance = load_definition(SOURCE), random.Random(seed)
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
