"""Two versions side by side: what may be compared over time, and what is no longer the same question."""

from __future__ import annotations

from typing import Any

import pytest

from forms.checks.reports.comparability import build_keys, compare
from tests.forms.builders import choices, load, question, scorecard

BOTH = {"en": "English", "fr": "Français"}
SCORE = {"domain": "X", "weight": 1}
SCALE = {"choices": choices((1, "Low"), (2, "High")), "score": SCORE}


def versions(before: dict[str, Any], now: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    keys = {"scorecard": scorecard("X", "Y")}
    (one,) = compare(load(now, version="2.0.0", **keys), load(before, **keys)).questions
    assert (one.key == one.key_before) is (one.status == "same")
    return one.status, one.changes


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "same"),
        ({"hint": "A hint"}, "same"),
        ({"required": True}, "same"),
        ({"label": " Question  a? "}, "same"),
        ({"label": "Another question?"}, "reworded"),
        ({"sms": {"label": "Short?"}}, "reworded"),
        ({"choices": choices((1, "Low"), (2, "Higher"))}, "scale changed"),
        ({"choices": choices((1, "Low"), (2, "High"), (3, "Top"))}, "scale changed"),
        ({"choices": choices((2, "High"), (1, "Low"))}, "scale changed"),
        ({"dont_know": True}, "scale changed"),
        ({"score": {**SCORE, "weight": 2}}, "scale changed"),
        ({"score": {**SCORE, "reverse": True}}, "scale changed"),
        ({"score": {"domain": "Y"}}, "scale changed"),
        ({"score": {**SCORE, "core": True}}, "same"),
        ({"type": "select_one"}, "scale changed"),
    ],
)
def test_every_change_of_a_scale_has_its_name(change: dict[str, Any], status: str) -> None:
    assert versions(question("a", "scale", **SCALE), {**question("a", "scale", **SCALE), **change})[0] == status


def test_a_list_has_changed_choices_and_a_number_a_changed_scale() -> None:
    one = question("a", "select_one", choices=choices(1, 2))
    assert versions(one, question("a", "select_one", choices=choices(1, 2, 3)))[0] == "choices changed"
    assert versions(question("a", "integer", min=0), question("a", "integer", min=1))[0] == "scale changed"
    assert versions(question("a", "integer", unit="km"), question("a", "integer", unit="miles"))[0] == "scale changed"


def test_all_changes_are_told_the_gravest_first() -> None:
    other = question("a", "select_one", label="Now?", choices=choices(1, 3))
    assert versions(question("a", "select_one", choices=choices(1, 2)), other) == (
        "choices changed",
        ("choices changed", "reworded"),
    )


def test_what_came_and_what_went_is_told() -> None:
    report = compare(load(question("a"), question("c")), load(question("a"), question("b")))
    assert {one.question: one.status for one in report.questions} == {"a": "same", "c": "new", "b": "dropped"}
    assert [one.question for one in report.changed] == ["c", "b"]


def test_a_note_that_becomes_a_question_is_new() -> None:
    report = compare(load(question("a"), question("b")), load(question("a", "note"), question("b")))
    assert {one.question: one.status for one in report.questions} == {"a": "new", "b": "same"}


def test_a_language_that_was_added_changes_nothing_of_the_others() -> None:
    before = load(question("a", label="Why?"))
    now = load(question("a", label={"en": "Why?", "fr": "Pourquoi ?"}), languages=BOTH, title={"en": "T", "fr": "T"})
    report = compare(now, before)
    assert report.languages == ("en",)
    assert [one.status for one in report.questions] == ["same"]
    assert build_keys(now) != build_keys(before), "yet the key of the whole group of languages is another one"


def test_a_translation_that_changed_is_a_change() -> None:
    title = {"languages": BOTH, "title": {"en": "T", "fr": "T"}}
    before = load(question("a", label={"en": "Why?", "fr": "Pourquoi ?"}), **title)
    now = load(question("a", label={"en": "Why?", "fr": "Pour quoi ?"}), **title)
    assert [one.status for one in compare(now, before).questions] == ["reworded"]


def test_keys_are_the_same_on_every_machine() -> None:
    assert build_keys(load(question("a", "scale", **SCALE), scorecard=scorecard("X"))) == {"a": "142b4d6f4f9f0497"}
