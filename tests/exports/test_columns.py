"""Responses by column say the same as one by one."""

from decimal import Decimal

from study_builders import DK, make_definition, make_question, make_response, make_study

from exports.columns import LENGTH, encode

DEFINITION = make_definition(
    make_question("clear"), make_question("gains", "select_multiple"), make_question("note", "text"), domains=("D",)
)


def test_each_different_value_stands_once():
    column = encode([3, DK, 3, None, 3])
    assert list(column) == [3, DK, 3, None, 3]
    assert list(column.values) == [3, DK, None]


def test_equal_numbers_that_read_differently_stay_apart():
    column = encode([Decimal("1.0"), Decimal("1.00"), Decimal("1.0")])
    assert [str(number) for number in column] == ["1.0", "1.00", "1.0"]


def test_batches_have_everybody_in_order_with_all_that_is_known():
    people = [
        make_response(number, "ngo" if number % 2 else None, {"clear": number % 5 + 1, "gains": (1, 3)})
        for number in range(LENGTH + 2)
    ]
    first, last = make_study(DEFINITION, people).batches()
    assert (len(first), len(last)) == (LENGTH, 2)
    assert [*first.response_ids, *last.response_ids] == [one.response_id for one in people]
    assert list(last.groups) == [one.group for one in people[-2:]]
    assert list(last.answers["clear"]) == [one.answers["clear"] for one in people[-2:]]
    assert list(last.answers["gains"]) == [(1, 3), (1, 3)]
    assert list(last.answers["note"]) == [None, None]


def test_other_responses_do_not_keep_the_columns_of_the_first():
    study = make_study(DEFINITION, [make_response(1, "ngo", {"clear": 4})], columns=lambda: iter(()))
    assert list(study.batches()) == []
    other = study.with_responses(lambda: iter([make_response(2, "ngo", {"clear": 5})]))
    assert [batch.response_ids for batch in other.batches()] == [["r00002"]]
