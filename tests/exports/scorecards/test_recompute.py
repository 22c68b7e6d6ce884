"""Whoever has the CSV and the definition can work every number of the scorecard out again, with nothing of ours."""

import json
from math import ceil, sqrt
from statistics import mean

import pytest
from recomputing import INVITED, ByHand, make_example
from scipy.stats import t

from exports.scorecards.formats import scorecard_json


@pytest.fixture(scope="module", params=[1, 2, 3])
def example(request):
    """The results of a round, and its CSV."""
    return make_example(request.param)


@pytest.fixture(scope="module")
def published(example):
    """The rows of a scorecard as JSON, and the CSV of the same round."""
    results, rows = example
    return json.loads(scorecard_json(results.card)), rows


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
