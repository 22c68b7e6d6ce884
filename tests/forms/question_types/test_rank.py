"""Putting choices in order: every place once, the same by form and by text."""

from __future__ import annotations

import pytest
from sketches import interview, question

from forms.errors import AnswerError
from forms.question_types import find_type
from forms.sms.replies import Unreadable, read_reply
from forms.values import Missing, Raw

RANK = find_type("rank")
ALL = question("rank")
TWO = question("rank", max=2)


def read(asked, *values):
    return RANK.parse(asked, Raw(values), "en")


def test_a_form_says_the_place_of_each_in_any_order():
    assert read(ALL, "3:1", "1:2", "2:3") == (2, 3, 1)
    assert read(TWO, "", "2:2", "1:3") == (3, 2)


def test_codes_alone_stand_in_order():
    assert read(ALL, "2", "3", "1") == (2, 3, 1)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        (ALL, ("1:1", "1:2", "2:3")),
        (ALL, ("1:1", "2:2")),
        (ALL, ("1:1", "2:2", "4:3")),
        (ALL, ("1:1", "2:1", "3:3")),
        (ALL, ("1:1", "2:2", "3")),
        (ALL, ("1", "2")),
        (ALL, ("1", "1", "2")),
        (TWO, ("1", "2", "3")),
    ],
)
def test_a_place_that_is_open_or_given_twice_is_told(asked, values):
    with pytest.raises(AnswerError, match=r"Please put \d different answers in order"):
        read(asked, *values)


def test_a_choice_that_is_not_listed_is_told():
    with pytest.raises(AnswerError, match="listed"):
        read(ALL, "1:1", "2:2", "3:9")


def test_with_fewer_open_choices_there_are_fewer_places():
    asked = question("rank", choices={1: "A", 2: "B"}, max=3)
    assert read(asked, "2:1", "1:2") == (2, 1)


@pytest.mark.parametrize("text", ["3 1 2", "3,1,2", "312", "3 Light, 1 Water, 2 Roads", "light, water, roads"])
def test_a_text_has_the_codes_in_order(text):
    assert read_reply(interview(ALL), ALL, text, "en").value == (3, 1, 2)


@pytest.mark.parametrize("text", ["3", "3 1", "3 3 1", "3 1 2 4"])
def test_a_text_that_leaves_places_open_is_asked_again(text):
    with pytest.raises(Unreadable):
        read_reply(interview(ALL), ALL, text, "en")


def test_the_export_has_a_place_for_each_choice_and_0_for_none():
    assert [column.name for column in RANK.columns(TWO)] == ["q__1", "q__2", "q__3"]
    assert RANK.cells(TWO, (3, 1)) == (2, 0, 1)
    assert RANK.cells(TWO, Missing.DONT_KNOW) == (-98, -98, -98)


def test_it_is_told_with_its_places():
    assert RANK.describe(ALL, (3, 1, 2), "en") == "1. Light, 2. Water, 3. Roads"
