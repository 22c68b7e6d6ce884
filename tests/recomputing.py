"""A round of the feedback survey, and its numbers worked out again from its CSV and the definition's JSON alone."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from dataclasses import replace
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from study_builders import NOON, make_response, make_study

from exports.formats import FORMATS
from exports.responses import Case
from exports.scorecards.results import build_results
from forms.interview import Interview
from forms.loading import load_definition
from forms.question_types import find_type
from forms.values import Missing

SOURCE = (Path(__file__).parents[1] / "survey_definitions" / "partnership_feedback.json").read_text("utf-8")
INVITED = {"community": 41, "government": 9, "business": 6, "ngo_charity": 20, "school_university": 4, "donor": 7}
ANSWERED = {"community": 24, "government": 9, "business": 4, "ngo_charity": 15, "school_university": 0, "donor": 3}


def invent_person(definition, chance, number, group, code, low=0, *, gaps=True):
    """One interview by web or SMS, with don't know, not applicable, refusals, gaps and a few who break off, or none."""
    channel = chance.choice(["web", "web", "sms"]) if gaps else "web"
    begun = Interview(definition, {"pfc": 1, "pf00": code}, NOON.date())
    answers = {"pfc": 1, "pf00": code}
    stops = gaps and chance.random() < 0.15
    questions = [q for q in begun.questions_in(channel) if q.id not in answers]
    for question in questions[: chance.randint(3, len(questions)) if stops else None]:
        answers[question.id] = invent_answer(question, chance, low, gaps=gaps)
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


def invent_answer(question, chance, low, *, gaps):
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
    return chance.choice(codes[: len(codes) - low] + codes[-2 - low : len(codes) - low])


def make_round(seed, answered=ANSWERED, *, linked=0.0, low=0, gaps=True, **facts):
    """A round as a study, everybody invited; of those who answer this share can be linked to other rounds.

    `low`: answers of that many codes fewer, so that rounds differ. Without `gaps` everybody answers everything.
    """
    definition, chance = load_definition(SOURCE), random.Random(seed)
    codes = {group: place for place, group in enumerate(INVITED, start=1)}
    people = [
        invent_person(definition, chance, 100 * codes[group] + place, group, codes[group], low, gaps=gaps)
        for group, n in answered.items()
        for place in range(n)
    ]
    links = random.Random(seed)
    people = [replace(p, person=p.response_id if links.random() < linked else None) for p in people]
    cases = {group: Counter() for group in INVITED}
    for case in list_cases(people, INVITED):
        cases[case.group][case.disposition] += 1
    study = make_study(definition, people, cases=cases, labels=INVITED, sms_in_use=True, **facts)
    return replace(study, cases=lambda: list_cases(people, INVITED))


def list_cases(people, invited):
    """Everybody who began, and whoever was invited, by group, and did not."""
    facts = {"source": "invitation", "channel": "web", "attempts": None, "first_at": NOON, "last_at": NOON}
    for p in people:
        code = {"I": "1.1", "P": "1.2", "R": "2.12"}[p.disposition]
        yield Case(case_id=p.response_id, group=p.group, disposition=p.disposition, code=code, **facts)
    for group, n in invited.items():
        for place in range(n - sum(p.group == group for p in people)):
            yield Case(case_id=f"{group}{place}", group=group, disposition="NC", code="2.2", **facts)


def make_example(seed):
    """The results of a round, and its CSV."""
    study = make_round(seed)
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
