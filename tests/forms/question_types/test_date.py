"""Dates as browsers send them and people text them."""

from __future__ import annotations

from datetime import date

import pytest
from sketches import question

from forms.errors import AnswerError
from forms.question_types import find_type
from forms.values import Raw

THIRD_OF_APRIL = date(2026, 4, 3)


def read(written: str, language: str = "en", **settings: object):
    return find_type("date").parse(question("date", **settings), Raw((written,)), language)


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("2026-04-03", "en"),
        ("2026/4/3", "en"),
        ("٢٠٢٦-٠٤-٠٣", "ar"),
        ("3.4.2026", "en"),
        ("03.04.2026", "de"),
        ("3/4/2026", "fr"),
        ("03-04-2026", "es"),
        ("3 April 2026", "en"),
        ("3rd of april 2026", "en"),
        ("April 3, 2026", "en"),
        ("Apr 3 2026", "en"),
        ("3 avril 2026", "fr"),
        ("3 avr. 2026", "fr"),
        ("3 april 2026", "fr"),
        ("3 de abril de 2026", "es"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, language: str) -> None:
    assert read(written, language) == THIRD_OF_APRIL


def test_day_and_month_are_told_apart_where_only_one_order_is_possible() -> None:
    assert read("13/4/2026") == date(2026, 4, 13)
    assert read("4/13/2026") == date(2026, 4, 13)
    assert read("4/4/2026") == date(2026, 4, 4)


def test_a_date_that_can_be_read_in_two_ways_is_not_guessed() -> None:
    with pytest.raises(AnswerError, match="3 April 2026 or 4 March 2026"):
        read("3/4/2026")
    assert read("3 April 2026") == THIRD_OF_APRIL


@pytest.mark.parametrize(
    "written",
    ["2026-02-30", "31/4/2026", "3/4/26", "yesterday", "2026", "0000-01-01", "3 Foo 2026", "2026-1", "99999-1-1"],
)
def test_what_is_no_date_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(AnswerError, match="2025-12-31"):
        read(written)


def test_limits_are_told_in_the_respondents_language() -> None:
    with pytest.raises(AnswerError, match="not before 1 January 2026"):
        read("2025-12-31", min=date(2026, 1, 1))
    with pytest.raises(AnswerError, match="au plus tard le 1 janvier 2026"):
        read("2026-01-02", "fr", max=date(2026, 1, 1))
    assert read("2026-01-01", min=date(2026, 1, 1), max=date(2026, 1, 1)) == date(2026, 1, 1)


def test_limits_that_nobody_can_meet_are_a_fault() -> None:
    asked = question("date", min=date(2026, 1, 2), max=date(2026, 1, 1))
    assert [fault.path for fault in find_type("date").check(asked)] == [".max"]


def test_a_date_stands_in_iso_form_in_the_table_and_in_words_for_people() -> None:
    assert find_type("date").cells(question("date"), THIRD_OF_APRIL) == ("2026-04-03",)
    assert find_type("date").describe(question("date"), THIRD_OF_APRIL, "fr") == "3 avril 2026"
    assert find_type("date").describe(question("date"), THIRD_OF_APRIL, "xx") == "2026-04-03"
