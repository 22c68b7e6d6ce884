"""Responses are put in order by their names, however they come and however many are held at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_builders import DK, make_definition, make_question, make_response

from exports import columns, ordering
from exports.columns import Batch, make_batches
from exports.ordering import sort_batches
from exports.responses import Response, list_responses

DEFINITION = make_definition(make_question("clear"), make_question("idea", "text"), domains=("D",))
NAMES = st.lists(st.text("0123456789abcdefé", min_size=1, max_size=20), unique=True, max_size=40)


def person(name: str, place: int) -> Response:
    answers = {"clear": DK if place % 3 else place % 5, "idea": f"idea {name}"}
    return replace(make_response(0, None, answers, person=name[:1]), response_id=name)


@given(NAMES, st.integers(1, 50), st.integers(1, 9))
@settings(deadline=None)
def test_everybody_comes_once_and_in_order(names: list[str], held: int, length: int) -> None:
    some = [person(name, place) for place, name in enumerate(names)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "LENGTH", 7)
        patch.setattr(ordering, "LENGTH", length)
        patch.setattr(ordering, "RANGE", held)
        found = list(sort_batches(lambda: make_batches(DEFINITION, lambda: iter(some)), len(some)))
    assert list(list_responses(found)) == sorted(some, key=lambda one: one.response_id)
    assert all(len(batch) <= length for batch in found)


def test_no_more_is_held_than_a_range_and_no_batch_has_everybodys_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "LENGTH", 50)
    monkeypatch.setattr(ordering, "LENGTH", 10)
    monkeypatch.setattr(ordering, "RANGE", 100)
    some = [make_response(number * 7919 % 1000, None, {"clear": 3, "idea": f"{number}"}) for number in range(1000)]
    joined, join = [], ordering._join
    monkeypatch.setattr(ordering, "_join", lambda parts: joined.append(sum(map(len, parts))) or join(parts))

    def read() -> Iterator[Batch]:
        return make_batches(DEFINITION, lambda: iter(some))

    for batch in sort_batches(read, 1000):
        assert len(batch.answers["idea"].values) == len(batch)
    assert sum(joined) == 1000
    assert max(joined) <= 250
