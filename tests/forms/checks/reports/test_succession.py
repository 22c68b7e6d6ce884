"""Which version may follow which: what was asked stays what it was, until the major version says otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forms.checks.reports import build_reports, summarise
from forms.checks.reports.succession import find_refusals, find_refusals_after
from forms.definition import Definition
from forms.loading import load_definition
from tests.forms.builders import choices, load, question

FIT = question("fit", "scale", choices=choices((1, "Low"), (2, "High")))
WHY = question("why", label="Why?")
SAME = [FIT, WHY]


def version(number: str, *asked: dict[str, Any]) -> Definition:
    return load(*(asked or SAME), version=number)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([FIT, question("why", label="Why so?")], "`why` is reworded since 1.0.0."),
        ([question("fit", "scale", choices=choices((1, "Low"), (2, "Top"))), WHY], "`fit` is answered or scored"),
        ([FIT, question("why", label="Why?", max_length=5)], "`why` has other choices"),
        ([FIT], "`why` is dropped since 1.0.0."),
    ],
)
@pytest.mark.parametrize("number", ["1.0.0", "1.0.1", "1.7.0", "1"])
def test_a_change_within_a_major_version_is_refused(asked: list[dict[str, Any]], said: str, number: str) -> None:
    refusals = find_refusals(version(number, *asked), version("1.0.0"))
    assert len(refusals) == 2
    assert refusals[0].startswith(said)
    assert "Count the version up to 2.0.0" in refusals[1]
    assert find_refusals(version("2.0.0", *asked), version("1.0.0")) == ()


def test_every_changed_question_is_named() -> None:
    refusals = find_refusals(version("1.1.0", question("why", label="?"), question("new")), version("1.0.0"))
    assert [refusal.split("`")[1] for refusal in refusals[:-1]] == ["why", "fit"]


def test_a_new_question_needs_a_higher_version_only() -> None:
    more = [*SAME, question("more")]
    assert find_refusals(version("1.1.0", *more), version("1.0.0")) == ()
    for number in ("1.0.0", "0.9.0", "1"):
        refused = find_refusals(version(number, *more), version("1.0.0"))
        assert bool(refused) is (number != "0.9.0")
    assert "Count it up, to 1.1.0" in find_refusals(version("1.0.0", *more), version("1.0.0"))[0]


def test_the_same_content_may_always_be_published_again_however_it_is_written() -> None:
    one = version("1.0.0")
    spaced = load_definition(json.dumps({**json.loads(one.source), "$schema": "x"}, indent=4))
    assert find_refusals(spaced, one) == ()
    assert find_refusals_after(one, [version("1.1.0", *SAME, question("more")), one]) == ()


def test_the_newest_of_the_same_major_version_counts() -> None:
    published = [version("2.0.0", WHY), version("1.1.0", *SAME, question("more")), version("1.0.0")]
    assert find_refusals_after(version("1.2.0"), published)[0].startswith("`more` is dropped since 1.1.0.")
    assert find_refusals_after(version("2.0.1", WHY), published) == ()
    assert find_refusals_after(version("3.0.0", FIT), published) == ()
    assert find_refusals_after(version("1.0.0"), []) == ()


def test_the_report_says_what_publishing_would_refuse() -> None:
    reports = build_reports(version("1.1.0", FIT), earlier=version("1.0.0"))
    assert reports.as_json()["comparability"]["refused"][0] == "`why` is dropped since 1.0.0."
    assert "comparability: publishing would refuse it: `why` is dropped since 1.0.0." in summarise(reports)
