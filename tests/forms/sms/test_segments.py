"""Segments are counted as the networks count them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.sms.segments import count_segments

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "vectors.json").read_text(encoding="utf-8"))["V24"]
RECORDED = json.loads((Path(__file__).parent / "recorded_segments.json").read_text(encoding="utf-8"))["texts"]
TEXTS = {
    "a*160": "a" * 160,
    "a*161": "a" * 161,
    "a*306": "a" * 306,
    "a*307": "a" * 307,
    "euro*80": "€" * 80,
    "euro*81": "€" * 81,
    "s-cedilla+a*69": "ş" + "a" * 69,
    "s-cedilla+a*70": "ş" + "a" * 70,
    "curly apostrophe in 60": "a" * 29 + "’" + "a" * 30,
    "emoji+a*68": "😀" + "a" * 68,
    "emoji+a*69": "😀" + "a" * 69,
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_reference_vectors_hold(name: str) -> None:
    counted = count_segments(TEXTS[name])
    assert [counted.encoding, counted.units, counted.segments] == VECTORS[name]


def test_twilios_own_calculator_says_the_same_of_every_text_of_the_corpus() -> None:
    assert len(RECORDED) >= 500
    differing = [
        (text, said, counted)
        for text, *said in RECORDED
        if [(counted := count_segments(text)).encoding, counted.units, counted.segments] != said
    ]
    assert differing == []


def test_what_people_see_as_one_character_is_never_split() -> None:
    assert count_segments("🇰🇪" * 32).segments == 2, "16 of 4 units fit a part of 67"
    assert count_segments("🇰🇪" * 33).segments == 3
    assert count_segments("👩‍💻" * 26).segments == 2, "13 of 5 units fit a part of 67"
    assert count_segments("👩‍💻" * 27).segments == 3


def test_a_pile_of_marks_that_no_segment_holds_is_cut_after_all() -> None:
    assert count_segments("e" + "\u0301" * 200).segments == 3
    assert count_segments("a" * 66 + "e" + "\u0301" * 100).segments == 3


def test_an_escape_pair_is_never_split() -> None:
    assert count_segments("€" * 152).segments == 2
    assert count_segments("€" * 153).segments == 3, "76 pairs fit a part of 153, so 153 pairs need three"
    assert count_segments("a" * 152 + "€" + "a" * 152).segments == 3


def test_a_surrogate_pair_is_never_split() -> None:
    assert count_segments("😀" * 66).segments == 2
    assert count_segments("😀" * 67).segments == 3, "33 pairs fit a part of 67"


def test_the_character_that_doubles_the_price_is_named() -> None:
    assert count_segments("It’s 5 €").forced_by == "’"
    assert count_segments("It's 5 €").forced_by is None


def test_an_empty_text_costs_nothing_and_room_is_what_is_left() -> None:
    assert count_segments("").segments == 0
    assert count_segments("a" * 150).room == 10
    assert count_segments("ş").room == 69
    assert count_segments("a" * 161).room == -1


@given(st.text(st.characters() | st.sampled_from("aé€^ş😀"), max_size=400))
def test_parts_are_enough_for_the_units_and_at_most_one_more(text: str) -> None:
    counted = count_segments(text)
    alone, joined = (160, 153) if counted.encoding == "GSM-7" else (70, 67)
    least = min(1, counted.units) if counted.units <= alone else -(-counted.units // joined)
    assert least <= counted.segments <= least + 1 + counted.units // (joined * (joined - 1))
