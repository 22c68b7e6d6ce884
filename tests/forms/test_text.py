"""Text at the edge has one normal form."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.text import fold_digits, normalise

ANY_TEXT = st.text(
    st.characters() | st.sampled_from("\r\n\t\x00\x85\u2028\ufeff\u200b\u0301e \ud83d\ude00"), max_size=40
)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("  plain  ", "plain"),
        ("cafe\u0301", "café"),
        ("e\x00\u0301", "é"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\tb", "a\tb"),
        ("a\x00\x07\x1b[31mb\x7f", "a[31mb"),
        ("\ud800x", "\ufffdx"),
        ("\ud83d\ude00", "😀"),
        ("\ufeff\u200b hello \u200b\u00a0", "hello"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("\n\n", ""),
    ],
)
def test_what_is_sent_is_stored_in_normal_form(sent: str, stored: str) -> None:
    assert normalise(sent) == stored


@given(ANY_TEXT)
def test_the_normal_form_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once
    assert not any(unicodedata.category(character) == "Cc" for character in once.replace("\n", "").replace("\t", ""))
    assert once == once.strip()


def test_digits_of_every_script_become_ours() -> None:
    assert fold_digits("٤ of ５, ½ and ²") == "4 of 5, ½ and ²"
