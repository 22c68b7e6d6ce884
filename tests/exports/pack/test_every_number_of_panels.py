"""Every number of the panels is worked out again from the tables of the restricted pack: impact, money, checklists."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest
from accounting import account_scorecard, close
from evaluator import Evaluator, read_pack, read_rule
from export_files import write_file
from instruments import DEFINITIONS
from ledger import Ledger, read_paper, say
from plain_statistics import find_whole
from recomputing import list_cases
from study_builders import NOON, make_response, make_study

from exports.scorecards.formats import scorecard_pdf
from exports.scorecards.panels import tell_panels
from exports.scorecards.results import build_results
from forms.values import Missing, Row

PANELS = (
    r"SDG \d+",  # what a goal is called; which ones there are is looked for by their rows
    r"from 0 to 100 in scores|within 5 % of|\(1 to 5\)|fewer than 60 %|from 0\.9, watch from 0\.7",
    r"Diversity 100: spread evenly over eight kinds; 0: one kind",
    r"no 0, partly 50, yes 100|(?<=from )(0|40|50|60|70|75|80|85|90)(?=[;.])",  # points and bands
)
"""What is no result in the panels."""
INDICATORS = [
    # name, goal, level, direction, baseline, target, value, SDGs, importance, people, each once, evidence, days ago
    ("Homes with a tap", 1, 2, 1, "41.5", "80", "67", (6,), 3, 600, 1, 3, 20),
    ("Dry days", 1, 2, 2, "60", "10", "22", (6, 11), 2, 400, 2, 4, 20),
    ("Committees", 1, 3, 1, "0", "12", "15", (6, 16), 1, 1200, 1, 3, 20),
    ("Leavers", 2, 3, 2, "14", "7", "16", (4, 5), 3, None, 1, 2, 20),
    ("Teachers", 2, 2, 1, None, "40", "30", (4,), 1, 90, 1, 3, 20),
    ("Old counts", 2, 2, 1, "10", "20", "15", (4,), 5, 90, 1, 3, 500),
    ("Clean wells", 3, 3, 3, "95", "95", "93", (6, 4), 4, 70, 1, 3, 20),
]
EVIDENCE = {1: "estimate", 2: "partner’s records", 3: "checked records or survey", 4: "independent study"}


def tell(name, people, folder, **facts):
    """The paper on a round of an instrument, and the tables of its restricted pack."""
    study = make_study(DEFINITIONS[name], people, computed_at=NOON, as_of=NOON, **facts)
    study = replace(study, cases=lambda: list_cases(people, {None: sum(facts.get("cases", {}).get(None, {}).values())}))
    paper = read_paper(scorecard_pdf(tell_panels(build_results(study), study)), folder)
    return Ledger(paper), read_pack(write_file(study, "pack", level="restricted"))


def close_panels(ledger, at_least):
    for pattern in PANELS:
        ledger.name(pattern)
    close(ledger, at_least)


def enter_indicator(name, goal, level, way, baseline, target, value, sdgs, weight, people, once, evidence, ago):
    today = NOON.date()
    return {
        "ia10": name, "ia10_goal": goal, "ia11": level, "ia12": 1, "ia12_unit": Missing.SKIPPED, "ia13": way,
        "ia14": 4 if baseline is None else 3 if baseline == "0" else 1,
        "ia15": Missing.OFF_PATH if baseline in (None, "0") else Decimal(baseline),
        "ia15_date": today - timedelta(days=700), "ia16": Decimal(target), "ia16_date": today + timedelta(days=200),
        "ia17": Decimal(value), "ia17_date": today - timedelta(days=ago), "ia18": evidence, "ia19": 4, "ia20": weight,
        "ia21": sdgs, "ia22": Missing.SKIPPED if people is None else Decimal(people), "ia24": once,
    }  # fmt: skip


def test_impact(tmp_path):
    rows = [Row(f"r{place}", enter_indicator(*one)) for place, one in enumerate(INDICATORS)]
    goals = tuple(Row(f"g{place}", {"ia01": words}) for place, words in enumerate(("Water", "Schools", "Health")))
    people = [make_response(1, None, {"ia30": 4, "ia32": 2}, rows={"goals": goals, "indicators": tuple(rows)})]
    ledger, pack = tell("impact_assessment", people, tmp_path)
    found = [judge(row) for row in pack["data/indicators.csv"]]
    account_indicators(ledger, found)
    account_sdgs(ledger, found)
    account_goals(ledger, found, [row["ia01"] for row in pack["data/goals.csv"]])
    effects = [row["ia30"] for row in pack["data/responses_wide.csv"]]
    said = f"{sum(code in '24' for code in effects)} of {len(effects)} assessments name a good effect that nobody "
    ledger.account(f"{said}planned, {sum(code in '34' for code in effects)} a bad one")
    close_panels(ledger, 100)


def judge(row):
    """An indicator with its way: (value - baseline) / (target - baseline); what is older than a year is none."""
    baseline = {"4": None, "3": Decimal(0)}.get(row["ia14"], row["ia15"] and Decimal(row["ia15"]))
    target, value = Decimal(row["ia16"]), Decimal(row["ia17"])
    days = {name: date.fromisoformat(row[name]) for name in ("ia15_date", "ia16_date", "ia17_date")}
    raw = pace = None
    if NOON.date() - days["ia17_date"] <= timedelta(days=366):
        if row["ia13"] == "3":
            raw = float(abs(value - target) <= Decimal("0.05") * abs(target))
        elif baseline is None:
            raw = float(value / target)
        else:
            raw = float((value - baseline) / (target - baseline))
            passed = (days["ia17_date"] - days["ia15_date"]) / (days["ia16_date"] - days["ia15_date"])
            pace = raw / min(1, passed)
    capped = None if raw is None else 100 * min(1, max(0, raw))
    sdgs = [int(name.removeprefix("ia21__")) for name in row if name.startswith("ia21__") and row[name] == "1"]
    strict = raw is not None and baseline is not None
    return row | {"raw": raw, "capped": capped, "pace": pace, "strict": strict, "baseline": baseline, "sdgs": sdgs}


def weigh(found, share=lambda one: 1.0):
    weights = [int(one["ia20"]) * share(one) for one in found]
    return sum(w * one["capped"] for w, one in zip(weights, found, strict=True)) / sum(weights) if found else None


def account_indicators(ledger, found):
    for one in found:
        name = say(one["ia10"])
        start = "unknown" if one["baseline"] is None else f"{one['baseline']:g}"
        said = "none" if one["raw"] is None else f"{find_whole(100 * one['raw'])} %"
        ledger.account(name, start, one["ia17"], one["ia16"], said)
        if one["raw"] is not None:
            ledger.account(name, f"{said}(?: \\(no baseline\\))?: from {start} to {one['ia17']}, target {one['ia16']}")
        if one["pace"] is not None:
            ledger.account(name, f"{one['pace']:.2f}, (?:on track|watch|behind)")
    measured = [one for one in found if one["raw"] is not None]
    ledger.account(f"{len(measured)} of {len(found)} indicators measured", times=1)


def account_goals(ledger, found, goals):
    groups = [(goal, [one for one in found if one["ia10_goal"] == str(place)]) for place, goal in enumerate(goals, 1)]
    numbered = [(f"{place}. {goal}", own) for place, (goal, own) in enumerate(groups, 1)]
    for label, own in [*numbered, ("All goals", found)]:
        measured = [one for one in own if one["capped"] is not None]
        enough = len(measured) >= 0.6 * len(own)
        told = [weigh(measured), weigh([one for one in measured if one["strict"]])] if enough else [None, None]
        scores = ["no score" if score is None else str(find_whole(score)) for score in told]
        evidence = EVIDENCE[min(int(one["ia18"]) for one in measured)]
        ledger.account(say(label), *scores, f"{len(measured)} of {len(own)} indicators", say(evidence))
    whole = [one for one in found if one["capped"] is not None]
    ledger.account(str(find_whole(weigh(whole))), "of 100")
    for level in ("2", "3"):
        own = [one for one in found if one["ia11"] == level]
        measured = [one for one in own if one["capped"] is not None]
        ledger.account(
            f"Indicators of this level: {find_whole(weigh(measured))}, {len(measured)} of {len(own)} measured"
        )


def account_sdgs(ledger, found):
    by_goal = defaultdict(list)
    for one in found:
        for goal in one["sdgs"] if one["capped"] is not None else ():
            by_goal[goal].append(one)
    for goal, own in sorted(by_goal.items()):
        scores = ["one indicator"] * 2
        if len(own) > 1:
            split, full = weigh(own, lambda one: 1 / len(one["sdgs"])), weigh(own)
            scores = [str(find_whole(split)), str(find_whole(full))]
        reached = [one for one in own if one["ia22"] and not one["ia22"].startswith("-9")]
        people = [int(one["ia22"]) for one in reached]
        many = sum(people) if all(one["ia24"] == "1" for one in reached) else max(people)
        ledger.account(f"SDG {goal}", *scores, f"{many:,}" if people else "unknown", say(own[0]["ia10"]))


MONEY = [(2, "Aid", 42000, "USD", 1), (1, "County", 18000, "USD", 2), (4, "Company", 12500, "USD", 1),
         (4, "Shop", 500, "USD", 1), (3, "Fund", 90000, "USD", 4), (6, "Harvest", 300, "KES", 1)]  # fmt: skip
GIFTS = [(1, "Youth", 6000, "USD"), (4, "School", 2500, "USD"), (4, "Parish", 100, "KES")]


def test_money_beside_a_self_rating(tmp_path):
    names = ("sf01_type", "sf01_name", "sf01_amount", "sf01_currency", "sf01_status")
    rows = {
        "sf01": tuple(Row(f"r{n}", dict(zip(names, one, strict=True))) for n, one in enumerate(MONEY)),
        "sk01": tuple(
            Row(f"k{n}", {"sk01_kind": k, "sk01_giver": g, "sk01_value": v, "sk01_currency": c, "sk01_how": "wages"})
            for n, (k, g, v, c) in enumerate(GIFTS)
        ),
    }
    chance, people = random.Random(4), []
    for number in range(11):
        answers = {
            id_: chance.choice([2, 3, 4, 5, Missing.DONT_KNOW])
            for id_, question in DEFINITIONS["sustainability_planning"].questions.items()
            if question.score
        }
        answers["sf02"] = Decimal(5 + number)
        people.append(make_response(number, None, answers, rows=rows if number == 0 else {}))
    ledger, pack = tell("sustainability_planning", people, tmp_path, cases={None: {"I": 11, "NC": 4}})
    for currency in ("USD", "KES"):
        own = [row for row in pack["data/funding.csv"] if row["sf01_currency"] == currency]
        account_money(ledger, pack, currency, [row for row in own if row["sf01_status"] in "12"])
    months = median(int(row["sf02"]) for row in pack["data/responses_wide.csv"])
    ledger.account(f"could go on for {months:g} months \\(median of 11 estimates\\)")
    account_scorecard(ledger, Evaluator(pack))
    close_panels(ledger, 300)


def account_money(ledger, pack, currency, own):
    kinds, total = defaultdict(list), sum(int(row["sf01_amount"]) for row in own)
    for row in own:
        kinds[row["sf01_type"]].append(int(row["sf01_amount"]))
    (name,) = {row["scale"] for row in pack["data/codebook.csv"] if row["variable"] == "sf01_type"}
    labels = {r["code"]: r["label"] for r in pack["data/labels.csv"] if (r["list_name"], r["lang"]) == (name, "en")}
    for kind, amounts in kinds.items():
        share = f"{find_whole(100 * sum(amounts) / total)} %"
        ledger.account(say(labels[kind]), f"{sum(amounts):,} {share} {len(amounts)}")
    shares = [sum(amounts) / total for amounts in kinds.values()]
    index = sum(share**2 for share in shares)
    diversity = find_whole(100 * (1 - index) / (1 - 1 / 8))
    ledger.account(f"Diversity {diversity} of 100; {1 / index:.1f} effective kinds of source; the largest is "
                   f"{find_whole(100 * max(shares))} %")  # fmt: skip
    gifts = sum(int(row["sk01_value"]) for row in pack["data/inkind.csv"] if row["sk01_currency"] == currency)
    ledger.account(f"In kind: {find_whole(100 * gifts / (gifts + total))} %")


@pytest.mark.parametrize("name", ["formation_checklist", "legal_financial_checklist"])
def test_checklists(tmp_path, name):
    chance, definition = random.Random(7), DEFINITIONS[name]
    people = []
    for number in range(3):
        answers = {
            id_: chance.choice([1, 2, 3, 3, Missing.DONT_KNOW]) for id_, q in definition.questions.items() if q.score
        }
        answers |= {
            id_: NOON.date() - timedelta(days=9) for id_ in definition.questions if id_ in ("lf01_exp", "lf02_exp")
        }
        people.append(make_response(number, None, answers, finished_at=NOON + timedelta(minutes=number)))
    ledger, pack = tell(name, people, tmp_path)
    items = [row for row in pack["data/codebook.csv"] if row["score_rule"]]
    filled = [read_codes(items, person) for person in pack["data/responses_wide.csv"]]
    scores = [find_score(items, codes) for codes in filled]
    results = [judge_gates(items, codes) for codes in filled]
    for place, (result, one) in enumerate(zip(results, scores, strict=True), start=1):
        ledger.account(f"Checklist {place} {result} {find_whole(one)}")
    ledger.account(f"{len(filled)} people filled it in")
    order = ["Stop: resolve first", "Conditional", "[A-Z].*?"]
    worst = min(range(len(filled)), key=lambda place: (order.index(results[place]), scores[place]))
    ledger.account(f"{results[worst]}\\.", f"{find_whole(scores[worst])} of 100")
    labels = {r["code"]: r["label"] for r in pack["data/labels.csv"] if (r["list_name"], r["lang"]) == ("domain", "en")}
    for domain, label in labels.items():
        part = find_score([item for item in items if item["domain"] == domain], filled[worst])
        ledger.account(say(label), "none" if part is None else str(find_whole(part)))
    for date_ in {person["lf01_exp"] for person in pack["data/responses_wide.csv"] if "lf01_exp" in person}:
        ledger.account(date_)
    close_panels(ledger, 8)


def read_codes(items, person):
    """The answers of one checklist as they count: with evidence that has expired a yes is partly."""
    codes = {item["variable"]: person[item["variable"]] for item in items}
    dates = {id_: person.get(f"{id_}_exp", "") for id_ in codes}
    expired = {id_ for id_, until in dates.items() if until[:2] == "20" and until < f"{NOON:%Y-%m-%d}"}
    return {id_: "2" if id_ in expired and code == "3" else code for id_, code in codes.items()}


def judge_gates(items, codes):
    gates = [item for item in items if "gate" in item["score_rule"]]
    if any(codes[item["variable"]] == item["min"] for item in gates):
        return "Stop: resolve first"
    reached = all(codes[item["variable"]] == item["score_rule"].rpartition(" ")[2] for item in gates)
    return "[A-Z].*?" if reached else "Conditional"


def find_score(items, codes):
    asked = [item for item in items if codes[item["variable"]] not in ("-97", "-95", "-93")]
    given = [item for item in asked if not codes[item["variable"]].startswith("-9")]
    weights = [float(item["weight"]) for item in given]
    points = [read_rule(item["score_rule"])(codes[item["variable"]]) for item in given]
    if sum(weights) < 0.5 * sum(float(item["weight"]) for item in asked):
        return None
    return sum(w * p for w, p in zip(weights, points, strict=True)) / sum(weights)
