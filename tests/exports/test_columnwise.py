"""What is done for each different value is what would be done for everybody."""

from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import columns as columns_module
from exports.columns import combine, count, encode
from exports.columnwise import find_places, stack

rows = st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc"), st.integers(0, 300)), min_size=1, max_size=60)


def split(people):
    """The columns of rows; a value that nobody has is among those of the first."""
    first, *others = zip(*people, strict=True)
    return [encode([99, *first]).keep(np.arange(1, len(people) + 1)), *map(encode, others)]


@pytest.mark.parametrize("way", ["in a table", "by sorting"])
@settings(max_examples=50, deadline=None)
@given(rows)
def test_combinations_are_found_and_counted_as_one_by_one(way, people):
    with pytest.MonkeyPatch.context() as patch:
        if way == "by sorting":
            patch.setattr(columns_module, "_FEW", 0)
        combined, counts = combine(split(people)), count(split(people))
    assert list(combined) == people
    assert dict(combined.count()) == counts == Counter(people)


def test_numbers_that_are_equal_count_together_however_they_read():
    assert count([encode([Decimal("1.0"), Decimal("1.00"), Decimal(2)])]) == {(1,): 2, (2,): 1}


def test_more_combinations_than_there_are_numbers_of_a_byte_are_told_apart():
    column = stack([encode(range(200)), encode(range(100))])
    assert column.places.dtype == np.uint8
    assert set(combine([column, column, column])) == {(n, n, n) for n in range(200)}


@given(rows)
def test_people_are_found_by_what_they_have(people):
    column = split(people)[2]
    assert find_places(column, {3, 7}).tolist() == [place for place, row in enumerate(people) if row[2] in (3, 7)]


@given(st.lists(rows, max_size=4))
def test_columns_that_were_made_apart_are_stacked_by_value(parts):
    stacked = stack([split(part)[2] for part in parts])
    assert list(stacked) == [row[2] for part in parts for row in part]
    assert len(set(stacked.values)) == len(stacked.values)
