"""Channel fit: the very words that are texted, and what a whole interview costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from forms.checks.reports.channel_fit import BOUNDS, TRIED, ChannelFit, InterviewCost, build_channel_fit
from tests.forms.builders import choices, load, question, scorecard

CONSENT = question("ok", "consent", label="May we ask?", required=True)
LONG = "a" * 200
FRENCH_TOO = {"languages": {"en": "English", "fr": "Français"}, "title": {"en": "T", "fr": "T"}}


def fit(*parts: dict[str, Any], price: Decimal | None = None, **keys: Any) -> ChannelFit:
    return build_channel_fit(load(*parts, **keys), price=price)


def cost(*parts: dict[str, Any], **keys: Any) -> InterviewCost:
    return fit(CONSENT, *parts, **keys).interviews[0]


def test_every_text_is_given_as_it_is_sent_with_its_counter_and_its_segments() -> None:
    report = fit(CONSENT, question("a", "scale", label="Clear?", choices=choices((1, "No"), (2, "Yes"))), question("b"))
    texts = {one.question: one for one in report.texts}
    assert texts["a"].text == "1/2 Clear? 1=No 2=Yes"
    assert texts["b"].text.startswith("2/2 ")
    assert texts["ok"].text.startswith("May we ask?")
    assert texts["closing"].text.endswith("XXXX-XXXX")
    assert (texts["a"].encoding, texts["a"].units, texts["a"].segments) == ("GSM-7", 21, 1)
    assert "opening" not in texts


def test_the_character_that_forces_ucs_2_is_named_in_its_own_language_only() -> None:
    report = fit(question("a", label={"en": "Why?", "fr": "Reçu ?"}), **FRENCH_TOO)
    by_language = {one.language: one for one in report.texts if one.question == "a"}
    assert by_language["en"].forced_by is None
    assert (by_language["fr"].forced_by, by_language["fr"].code_point) == ("ç", "U+00E7")
    assert by_language["fr"].encoding == "UCS-2"


def test_without_a_question_for_consent_our_own_first_text_counts() -> None:
    report = fit(question("a"), question("b"))
    (opening,) = [one for one in report.texts if one.question == "opening"]
    assert "Questions: 2." in opening.text
    assert report.interviews[0].longest == 4, "the opening, two questions and the thanks"


def test_the_first_text_says_how_to_change_the_language_as_it_does_when_it_is_sent() -> None:
    report = fit(question("ok", "consent", label={"en": "May we?", "fr": "On peut ?"}), **FRENCH_TOO)
    assert report.texts[0].text.endswith("\nFrancais: LANG FR")


def test_what_is_not_texted_costs_nothing() -> None:
    assert fit(question("a", channels=["web"])) == ChannelFit((), ())
    assert cost(question("a"), question("b", label=LONG, channels=["web"])).longest == 3
    assert cost(question("a"), question("b", label=LONG, sms={"part": 2})).longest == 3


def test_shortest_and_longest_follow_the_path_and_typical_is_the_median_of_the_answered() -> None:
    spread = cost(
        question("a", "select_one", choices=choices(1, 2, 3)),
        question("b", label=LONG, show_if="${a} = 1"),
        question("c", show_if="${a} = 1 or ${a} = 2"),
    )
    assert (spread.shortest, spread.typical, spread.longest) == (3, 4, 6)
    assert spread.basis == TRIED


def test_questions_that_exclude_each_other_are_never_counted_together() -> None:
    either = cost(
        question("a", "select_one", choices=choices(1, 2)),
        question("b", label=LONG, show_if="${a} = 1"),
        question("c", label=LONG, show_if="${a} = 2"),
    )
    assert (either.shortest, either.typical, either.longest) == (3, 5, 5)


def test_a_group_that_is_known_is_not_asked_for() -> None:
    known = cost(question("g", "select_one"), question("a"), scorecard=scorecard(group_by="g"))
    assert (known.shortest, known.typical) == (3, 4)


def test_where_the_paths_are_too_many_the_numbers_are_bounds_and_say_so() -> None:
    open_ = cost(question("a"), question("b", show_if="string-length(${a}) > 3"), question("c"))
    assert (open_.shortest, open_.typical, open_.longest, open_.basis) == (4, 4, 5, BOUNDS)


def test_a_price_is_exact_and_stands_beside_each_number() -> None:
    priced = cost(question("a"), price=Decimal("0.0079"))
    assert priced.price == (Decimal("0.0237"),) * 3
    report = fit(CONSENT, question("a"), price=Decimal("0.0079")).as_json()
    assert report["interviews"][0]["price"] == {"shortest": "0.0237", "typical": "0.0237", "longest": "0.0237"}
    assert fit(CONSENT, question("a")).as_json()["interviews"][0]["price"] is None


@pytest.mark.parametrize(("given", "segments"), [(None, 2), ({"p": "Us"}, 1)])
def test_a_parameter_counts_at_its_longest_until_it_is_filled_in(given: Any, segments: int) -> None:
    built = load(question("a", label="${p} " + "a" * 140), parameters={"p": {"label": "P", "max_length": 40}})
    named = build_channel_fit(built, parameters=given)
    (text,) = [one for one in named.texts if one.question == "a"]
    assert text.segments == segments
    assert [one.question for one in named.costly] == (["a"] if segments == 2 else [])
