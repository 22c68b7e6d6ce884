"""Free text: normal form and length."""

from __future__ import annotations

import pytest
from sketches import question

from forms.errors import AnswerError
from forms.question_types import find_type
from forms.values import Missing, Raw

TEXT = find_type("text")


def test_a_text_is_stored_in_normal_form() -> None:
    assert TEXT.parse(question(), Raw(("  cafe\u0301\r\nnoir\x00 ",)), "en") == "café\nnoir"


def test_a_text_of_nothing_visible_is_an_empty_answer() -> None:
    assert TEXT.parse(question(), Raw(("\x00\u200b \n",)), "en") is None
    with pytest.raises(AnswerError, match="answer this question"):
        TEXT.parse(question(required=True), Raw(("\x00\u200b \n",)), "en")


def test_too_long_a_text_is_told_by_how_much() -> None:
    assert TEXT.parse(question(max_length=5), Raw(("12345",)), "en") == "12345"
    with pytest.raises(AnswerError, match=r"5 characters. Please shorten it by 2 characters"):
        TEXT.parse(question(max_length=5), Raw(("1234567",)), "en")
    with pytest.raises(AnswerError, match="2000 caractères"):
        TEXT.parse(question(), Raw(("x" * 2_001,)), "fr")


def test_length_counts_characters_not_bytes() -> None:
    assert TEXT.parse(question(max_length=2), Raw(("😀é",)), "en") == "😀é"


def test_several_texts_for_one_question_are_refused() -> None:
    with pytest.raises(AnswerError, match="one answer"):
        TEXT.parse(question(), Raw(("a", "b")), "en")


def test_a_missing_code_is_a_number_beside_texts() -> None:
    assert TEXT.cells(question(), Missing.REFUSED) == (-99,)
    assert TEXT.cells(question(), "=1+1") == ("=1+1",)
