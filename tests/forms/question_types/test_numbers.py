"""Whole numbers and decimals as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sketches import question

from forms.errors import AnswerError
from forms.question_types import find_type
from forms.values import Missing, Raw


def read(type_: str, written: str, language: str = "en", **settings: object):
    return find_type(type_).parse(question(type_, **settings), Raw((written,)), language)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("+12", 12),
        ("-12", -12),
        ("−12", -12),
        ("007", 7),
        ("-0", 0),
        ("1 234", 1234),
        ("1\u00a0234\u202f567", 1234567),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1'234'567", 1234567),
        ("12,34,567", 1234567),
        ("5.0", 5),
        ("٤٢", 42),
        ("१२", 12),
        ("４２", 42),
        ("٬".join(("١", "٢٣٤")), 1234),
        ("9" * 18, int("9" * 18)),
    ],
)
def test_a_whole_number_is_read_in_any_script_and_with_thousands_marks(written: str, number: int) -> None:
    assert read("integer", written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1.234", "1.234"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("٣٫٥", "3.5"),
        ("-0.0", "0.0"),
    ],
)
def test_a_decimal_keeps_exactly_the_digits_that_were_written(written: str, number: str) -> None:
    assert str(read("decimal", written)) == number


@pytest.mark.parametrize(
    "written",
    ["nan", "NaN", "inf", "-Infinity", "1e5", "1E999999999", "0x1f", "1_0_0", "twelve", "1 2", "12 34", "--1"],
)
def test_what_is_no_plain_number_is_refused(written: str) -> None:
    for type_ in ("integer", "decimal"):
        with pytest.raises(AnswerError, match="digits"):
            read(type_, written)


def test_a_whole_number_takes_no_fraction() -> None:
    with pytest.raises(AnswerError, match="whole number"):
        read("integer", "1.5")


def test_a_number_that_can_be_read_in_two_ways_is_not_guessed() -> None:
    with pytest.raises(AnswerError, match=r"1234 or 1\.234"):
        read("decimal", "1,234")
    with pytest.raises(AnswerError, match="1234 or 1,"):
        read("integer", "1.234")
    assert read("decimal", "1234") == 1234
    assert read("integer", "1234") == 1234


def test_more_than_eighteen_digits_are_refused_at_once() -> None:
    for type_ in ("integer", "decimal"):
        with pytest.raises(AnswerError, match="18 digits"):
            read(type_, "1" * 19)
        with pytest.raises(AnswerError):
            read(type_, "1" * 1_000_000)


def test_limits_are_told_in_the_respondents_language() -> None:
    with pytest.raises(AnswerError, match="from 0 to 120"):
        read("integer", "121", min=0, max=120)
    with pytest.raises(AnswerError, match="at least 0"):
        read("integer", "-1", min=0)
    with pytest.raises(AnswerError, match="at most 9"):
        read("decimal", "9.1", max=Decimal(9))
    with pytest.raises(AnswerError, match="de 0 à 120"):
        read("integer", "121", "fr", min=0, max=120)
    assert read("integer", "120", min=0, max=120) == 120


def test_the_questions_own_unit_may_stand_beside_the_number() -> None:
    assert read("integer", "12 km", unit="km") == 12
    assert read("integer", "$1,200", unit="$") == 1200
    assert read("integer", "3 Jahre", unit={"en": "years", "de": "Jahre"}) == 3
    with pytest.raises(AnswerError):
        read("integer", "12 miles", unit="km")


def test_a_number_is_shown_with_its_unit_as_the_language_writes_it() -> None:
    asked = question("decimal", unit={"en": "days", "fr": "jours"})
    assert find_type("decimal").describe(asked, Decimal("1234.5000"), "en") == "1,234.5 days"
    assert find_type("decimal").describe(asked, Decimal("0.5"), "fr") == "0,5 jours"
    assert find_type("integer").describe(question("integer"), 12, "xx") == "12"


def test_a_missing_code_stands_in_the_cell_where_no_real_value_can_be_taken_for_it() -> None:
    counted = question("integer", min=0)
    assert [column.name for column in find_type("integer").columns(counted)] == ["q"]
    assert find_type("integer").cells(counted, Missing.DONT_KNOW) == (-98,)
    assert find_type("integer").cells(counted, 7) == ("7",)


def test_where_negatives_are_real_the_missing_code_has_its_own_column() -> None:
    for change in (question("decimal"), question("decimal", min=Decimal(-91)), question("decimal", min=Decimal(-500))):
        assert [column.name for column in find_type("decimal").columns(change)] == ["q", "q__st"]
        assert find_type("decimal").cells(change, Decimal("-98")) == ("-98", None)
        assert find_type("decimal").cells(change, Missing.DONT_KNOW) == (None, -98)
        assert find_type("decimal").cells(change, None) == (None, -96)


def test_limits_that_nobody_can_meet_are_a_fault() -> None:
    faults = list(find_type("integer").check(question("integer", min=5, max=4)))
    assert [fault.path for fault in faults] == [".max"]
    assert [f.path for f in find_type("integer").check(question("integer", id_="a" * 29))] == [".id"]
    assert not list(find_type("integer").check(question("integer", id_="a" * 29, min=0)))
