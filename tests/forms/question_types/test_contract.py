"""What every question type promises, checked over the whole registry."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sketches import GAINS, interview, question, section

from forms.definition import ROSTER, WEB, Repeat, RosterEntry
from forms.errors import AnswerError
from forms.question_types import TYPES, find_type
from forms.sms.replies import read_reply
from forms.text import normalise
from forms.values import MISSING_CODES, Missing, Raw
from forms.web import read_section

ASKING = sorted(name for name, type_ in TYPES.items() if type_.asks)
OFFERED = {"consent": (), **{name: (Missing.DONT_KNOW, Missing.NOT_APPLICABLE) for name in ASKING if name != "consent"}}
VALUES = {
    "consent": st.sampled_from((1, 2)),
    "text": st.text(max_size=60).map(normalise).filter(bool),
    "integer": st.integers(-(10**18) + 1, 10**18 - 1),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    "date": st.dates(min_value=date(1000, 1, 1)),
    "select_one": st.sampled_from((1, 2, 3, 4, 5)),
    "rank": st.permutations((1, 2, 3)).map(tuple),
    "scale": st.sampled_from((1, 2, 3, 4, 5)),
    "nps": st.integers(0, 10),
    "select_multiple": st.lists(st.sampled_from(sorted(GAINS)), min_size=1, unique=True).map(
        lambda codes: tuple(code for code in GAINS if code in codes)
    ),
}
TEXTED = {
    "consent": ("YES", 1),
    "text": ("more water", "more water"),
    "integer": ("12", 12),
    "decimal": ("12.5", Decimal("12.5")),
    "date": ("2026-03-01", date(2026, 3, 1)),
    "select_one": ("4", 4),
    "rank": ("3 1 2", (3, 1, 2)),
    "scale": ("4", 4),
    "nps": ("10", 10),
    "select_multiple": ("1,3", (1, 3)),
}


def ask(name: str, **keys: object):
    return question(name, dont_know=name != "consent", not_applicable=name != "consent", **keys)


def test_every_type_that_asks_is_covered_here() -> None:
    assert ASKING == sorted(VALUES) == sorted(TEXTED)


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_registered_under_its_own_name(name: str) -> None:
    assert find_type(name).name == name


@pytest.mark.parametrize("name", ASKING)
@given(data=st.data())
def test_dump_and_load_give_the_same_value_back(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name] | st.sampled_from((None, *Missing)))
    again = find_type(name).load(json.loads(json.dumps(find_type(name).dump(value))))
    assert again == value
    assert type(again) is type(value)
    assert str(again) == str(value)


@pytest.mark.parametrize("name", ASKING)
@given(data=st.data())
def test_what_a_form_shows_again_is_read_as_the_same_value(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name] | st.sampled_from(OFFERED[name] or (1,)))
    type_, asked = find_type(name), ask(name)
    assert type_.parse(asked, type_.show(value), "en") == value
    if not isinstance(value, Missing):
        assert type_.parse(asked, Raw(type_.form_values(value)), "en") == value


@pytest.mark.parametrize("name", ASKING)
@given(data=st.data())
def test_there_is_a_cell_for_every_column_whatever_the_value(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name] | st.sampled_from((None, *Missing)))
    for asked in (ask(name), ask(name, min=0)):
        columns, cells = find_type(name).columns(asked), find_type(name).cells(asked, value)
        assert len(columns) == len(cells)
        assert all(column.question_id == asked.id for column in columns)
        if value is None or isinstance(value, Missing):
            code = -96 if value is None else value.value
            assert {cell for cell in cells if cell is not None} == {code}


@pytest.mark.parametrize("name", ASKING)
def test_web_and_sms_read_the_same_value(name: str) -> None:
    text, expected = TEXTED[name]
    asked = ask(name)
    course = interview(asked)
    by_text = read_reply(course, asked, text, "en")
    by_web = read_section(course, course.sections[0], {asked.id: list(by_text.raw.values)}, "en")
    assert by_text.value == by_web.values[asked.id] == expected


@pytest.mark.parametrize("name", [name for name in ASKING if name != "consent"])
def test_in_a_row_web_and_sms_read_the_same_value_and_it_is_recorded(name: str) -> None:
    text, expected = TEXTED[name]
    repeated = replace(section(ask(name), id_="ties"), repeat=Repeat(over=ROSTER))
    course = interview(repeated, roster=(RosterEntry(id="1", name="Health centre"),))
    [row] = course.list_rows("ties")
    [asked] = row.questions
    by_text = read_reply(course, asked, text, "en")
    by_web = read_section(course, row, {asked.id: list(by_text.raw.values)}, "en")
    assert by_text.value == by_web.values[asked.id] == expected
    [recorded] = course.with_answers(by_web.values).record_rows(WEB, finished=True)["ties"]
    assert (recorded.id, recorded.answers) == ("1", {ask(name).id: expected})


@pytest.mark.parametrize("name", ASKING)
def test_an_empty_answer_is_none_unless_the_question_is_required(name: str) -> None:
    if name != "consent":
        assert find_type(name).parse(ask(name), Raw(("", "  ")), "en") is None
    with pytest.raises(AnswerError):
        find_type(name).parse(ask(name, required=True), Raw(()), "en")


@pytest.mark.parametrize("name", [name for name in ASKING if name != "consent"])
def test_ways_out_are_taken_only_where_they_are_offered(name: str) -> None:
    type_ = find_type(name)
    for missing in (Missing.DONT_KNOW, Missing.NOT_APPLICABLE):
        assert type_.parse(ask(name), Raw(missing=missing), "en") is missing
        with pytest.raises(AnswerError):
            type_.parse(question(name), Raw(missing=missing), "en")
    assert type_.parse(question(name, required=True), Raw(missing=Missing.REFUSED), "en") is Missing.REFUSED
    for ours in (Missing.OFF_PATH, Missing.UNREADABLE, Missing.REMOVED):
        with pytest.raises(AnswerError):
            type_.parse(ask(name), Raw(missing=ours), "en")


@pytest.mark.parametrize("name", [name for name in ASKING if name != "consent"])
def test_an_answer_beside_dont_know_is_refused_with_both_named(name: str) -> None:
    value = find_type(name).form_values(TEXTED[name][1])
    with pytest.raises(AnswerError, match="Don't know"):
        find_type(name).parse(ask(name), Raw(value, Missing.DONT_KNOW), "en")


@pytest.mark.parametrize("name", ASKING)
@given(junk=st.lists(st.text(max_size=40), max_size=3))
def test_whatever_is_sent_is_read_or_refused_with_a_sentence(name: str, junk: list[str]) -> None:
    try:
        find_type(name).parse(ask(name), Raw(tuple(junk)), "fr")
    except AnswerError as error:
        assert str(error)


@pytest.mark.parametrize("name", ASKING)
def test_missing_reasons_are_told_in_the_readers_language(name: str) -> None:
    assert find_type(name).describe(ask(name), Missing.DONT_KNOW, "fr") == "Ne sais pas"
    assert find_type(name).describe(ask(name), Missing.OFF_PATH, "fr") == ""
    assert find_type(name).describe(ask(name), None, "fr") == ""


def test_no_code_of_ours_is_a_missing_code() -> None:
    for name in ("consent", "nps"):
        assert not {choice.value for choice in find_type(name).choices(question(name))} & MISSING_CODES


def test_a_note_asks_nothing_and_has_no_column() -> None:
    note = find_type("note")
    assert not note.asks
    assert note.parse(question("note"), Raw(("words",)), "en") is None
    assert note.columns(question("note")) == note.cells(question("note"), None) == ()


@pytest.mark.parametrize("name", ASKING)
def test_a_sound_question_has_no_faults(name: str) -> None:
    assert not list(find_type(name).check(ask(name)))
