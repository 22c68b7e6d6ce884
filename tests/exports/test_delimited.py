"""By column is by row: the CSV to the byte, what a level tells, and what became of an interview."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_builders import DK, NA, NOON, OFF_PATH, SKIPPED, make_definition, make_question, make_response, make_study

from exports import columns
from exports.columns import combine, encode, make_batch
from exports.delimited import write_table
from exports.dispositions import CLASSES, find_disposition, find_dispositions
from exports.levels import protect
from exports.options import INCLUDED, MULTIPLE, RESEARCH, RESTRICTED, SHOWN, Options
from exports.responses import Response
from exports.table import build_table
from forms.definition import Repeat, Section
from forms.expressions import parse

DEFINITION = make_definition(
    make_question("agree", "consent"),
    make_question("who", "select_one"),
    make_question("clear"),
    make_question("only_one", show_if=parse("${who} = 1")),
    make_question("gains", "select_multiple"),
    make_question("change", "decimal"),
    make_question("idea", "text"),
    domains=("D",),
    group_by="who",
    essential=("clear",),
    k=3,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "agree": st.just("yes"),
    "who": st.integers(1, 3),
    "clear": st.integers(1, 5),
    "only_one": st.integers(1, 5),
    "gains": st.lists(st.integers(1, 5), min_size=1, max_size=3, unique=True).map(tuple),
    "change": st.sampled_from([Decimal("1.0"), Decimal("1.00"), Decimal("-2.5"), Decimal(0)]),
    "idea": st.text(max_size=4) | st.sampled_from(["=1+1", "a,b", 'say "so"', "two\r\nlines", "", "'", "\ud800"]),
}
GROUPS = ("1", "2", "3", None, "=ngo", "a,b")
TIMES = (NOON, NOON.replace(microsecond=250), NOON.replace(hour=23, second=59))


@st.composite
def people(draw: st.DrawFn) -> list[Response]:
    reasons = st.sampled_from([DK, NA, SKIPPED, OFF_PATH])
    return [
        make_response(
            number,
            draw(st.sampled_from(GROUPS)),
            {id_: draw(values | reasons) for id_, values in VALUES.items()},
            channel_first=draw(st.sampled_from(["web", "sms"])),
            disposition=draw(st.sampled_from(CLASSES)),
            started_at=draw(st.sampled_from(TIMES)),
            finished_at=draw(st.sampled_from([None, *TIMES])),
            person=f"p{number}",
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@given(people(), st.sampled_from([*product(SHOWN, INCLUDED, MULTIPLE, (RESEARCH, RESTRICTED))]))
@settings(deadline=None)
def test_every_cell_is_written_as_row_by_row(some: list[Response], wishes: tuple[str, str, str, str]) -> None:
    shown, included, multiple, level = wishes
    options = Options(shown=shown, included=included, multiple=multiple, level=level)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "LENGTH", 5)
        table = build_table(protect(make_study(DEFINITION, some), level), options)
        by_column, by_row = io.BytesIO(), io.BytesIO()
        write_table(table, by_column)
        write_table(replace(table, pages=None), by_row)
    assert by_column.getvalue() == by_row.getvalue()


@given(people())
@settings(deadline=None)
def test_research_tells_the_same_of_a_round_with_repeated_sections_and_without(some: list[Response]) -> None:
    lists = Section(id="list", questions=(make_question("what", "text"),), repeat=Repeat(over="entries"))
    longer = replace(DEFINITION, sections=(*DEFINITION.sections, lists))
    by_column, by_row = (list(protect(make_study(one, some), RESEARCH).responses()) for one in (DEFINITION, longer))
    assert [replace(one, answers=dict(one.answers)) for one in by_column] == by_row


@given(people(), st.booleans())
@settings(deadline=None)
def test_what_became_of_many_is_what_became_of_each(some: list[Response], closed: bool) -> None:
    if not some:
        return
    ends = [(one.finished_at is not None, one.disposition == "R") for one in some]
    found = find_dispositions(DEFINITION, make_batch(DEFINITION, some).answers, encode(ends), closed=closed)
    assert list(found) == [
        find_disposition(DEFINITION, one.answers, finished=end[0], stopped_or_declined=end[1], closed=closed)
        for one, end in zip(some, ends, strict=True)
    ]


@given(st.lists(st.lists(st.integers(0, 400), min_size=40, max_size=40), min_size=1, max_size=5))
def test_facts_taken_together_are_those_of_each(facts: list[list[int]]) -> None:
    together = combine([encode(fact) for fact in facts])
    assert list(together) == list(zip(*facts, strict=True))
    assert sorted(set(together)) == sorted(together.values)
    assert sum(count for _, count in together.count()) == 40
