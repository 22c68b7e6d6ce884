"""Repeated sections: what is read, and that everything that cannot work is told with its place and its mend."""

from __future__ import annotations

from typing import Any

import pytest

from forms.definition import SMS, WEB, Repeat
from forms.errors import DefinitionError
from tests.forms.builders import load, question, scorecard, section

ENTRIES = {"over": "entries", "label": "name"}
ROSTER = {"over": "roster"}
NAME = question("name")


def entries(*questions: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return section("rows", NAME, *questions, repeat={**ENTRIES, **keys})


def roster(*questions: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return section("rows", *questions, repeat={**ROSTER, **keys})


def test_a_repeat_says_what_gives_its_rows_how_many_and_what_names_them():
    assert load(entries(min=1, max=5)).sections[0].repeat == Repeat(over="entries", min=1, max=5, label="name")
    assert load(roster(question("tie"))).sections[0].repeat == Repeat(over="roster", min=0, max=30)
    assert load(question("a")).sections[0].repeat is None


def test_a_definition_knows_its_repeats_and_whether_a_round_needs_a_roster():
    mixed = load(question("a"), entries(question("how", "select_one")))
    assert [section.id for section in mixed.repeats] == ["rows"]
    assert set(mixed.repeated) == {"name", "how"}
    assert not mixed.needs_roster
    assert load(roster(question("tie"))).needs_roster


def test_rows_that_the_respondent_adds_are_never_texted_and_a_rosters_are():
    added = load(entries(question("how", channels=["web", "sms"])))
    assert {question.channels for question in added.questions.values()} == {(WEB,)}
    assert load(roster(question("tie"))).questions["tie"].channels == (WEB, SMS)


def test_a_row_may_look_at_itself_at_what_stands_before_and_at_the_name_of_its_entry():
    load(
        question("place"),
        roster(
            question("tie", "integer", label="How often do you meet ${rows} in ${place}, ${who}?"),
            question("trust", show_if="${tie} > 1 and ${rows} != 'Nobody'"),
            question("twice", "calculate", calculation="${tie} * 2"),
        ),
        parameters={"who": {"label": "Who"}},
    )


def test_what_comes_after_takes_the_rows_together():
    load(
        entries(question("share", "decimal")),
        question("whole", "calculate", calculation="sum(${share})"),
        question("most", "calculate", calculation="max(${share}, 0) - min(${share})"),
        question("many", show_if="count(${rows}) > 2 and count(${name}) > 1"),
    )


BAD = {
    "an unknown key": (entries(labl="x"), "$.sections[0].repeat.labl", "`label`"),
    "no source of rows": (section("rows", NAME, repeat={}), "$.sections[0].repeat.over", "missing"),
    "an unknown source of rows": (entries(over="people"), "$.sections[0].repeat.over", "entries, roster"),
    "a repeat that is a word": (section("rows", NAME, repeat="entries"), "$.sections[0].repeat", "object in braces"),
    "more at least than at most": (entries(min=4, max=3), "$.sections[0].repeat.max", "At least 4"),
    "more at least than there are by default": (entries(min=31), "$.sections[0].repeat.min", "at most 30"),
    "too many rows": (entries(max=101), "$.sections[0].repeat.max", "at most 100"),
    "no rows at most": (entries(max=0), "$.sections[0].repeat.max", "at least 1"),
    "rows without a name": (
        section("rows", NAME, repeat={"over": "entries"}),
        "$.sections[0].repeat.label",
        "such as `name`",
    ),
    "a name that is no text": (entries(label=5), "$.sections[0].repeat.label", "id in quotes"),
    "a misspelt name": (entries(label="nam"), "$.sections[0].repeat.label", "Did you mean `name`?"),
    "a name that is only read": (
        section("rows", question("name", "note"), question("x"), repeat=ENTRIES),
        "$.sections[0].repeat.label",
        "no answer of its own",
    ),
    "a name where the roster has one": (roster(NAME, label="name"), "$.sections[0].repeat.label", "Leave the key out"),
    "consent for each row": (
        entries(question("agree", "consent")),
        "$.sections[0].questions[1].type",
        "asked once, not for each row",
    ),
    "a score for each row": (
        entries(question("fit", "scale", score={"domain": "A"})),
        "$.sections[0].questions[1].score",
        "once for each row",
    ),
    "texted only, and never texted": (
        entries(question("x", channels=["sms"])),
        "$.sections[0].questions[1].channels",
        'Add "web"',
    ),
    "the name of a section that is a question's": (
        section("name", NAME, repeat=ENTRIES),
        "$.sections[0].id",
        "id of a question too",
    ),
    "an added row called by its section": (
        entries(question("x", label="And ${rows}?")),
        "$.sections[0].questions[1].label",
        "`${name}`",
    ),
    "a text that names the answers of all rows": (
        (entries(), question("x", label="So ${name}?")),
        "$.sections[1].questions[0].label",
        "a `calculate` after the section",
    ),
    "a text that names the rows": (
        (entries(), question("x", label="So ${rows}?")),
        "$.sections[1].questions[0].label",
        "an answer in each row",
    ),
    "a condition that compares the answers of all rows": (
        (entries(question("n", "integer")), question("x", show_if="${n} > 1")),
        "$.sections[1].questions[0].show_if",
        "`sum(${n})`",
    ),
    "an answer of all rows between others": (
        (entries(question("n", "integer")), question("x", "calculate", calculation="sum(${n} * 2)")),
        "$.sections[1].questions[0].calculation",
        "an answer in each row",
    ),
    "a sum of names": (
        (entries(), question("x", "calculate", calculation="sum(${name})")),
        "$.sections[1].questions[0].calculation",
        "a text",
    ),
    "rows of another section inside a row": (
        (entries(), section("more", question("x", show_if="${name} = 'a'"), repeat={"over": "entries", "label": "x"})),
        "$.sections[1].questions[0].show_if",
        "an answer in each row",
    ),
    "rows that rest on themselves": (
        section("rows", NAME, repeat=ENTRIES, show_if="${name} != ''"),
        "$.sections[0].show_if",
        "asked later",
    ),
    "rows that rest on their number": (
        section("rows", NAME, repeat=ENTRIES, show_if="count(${rows}) > 1"),
        "$.sections[0].show_if",
        "asked later",
    ),
    "an answer of the same row that comes later": (
        entries(question("x", show_if="${y} = 'a'"), question("y")),
        "$.sections[0].questions[1].show_if",
        "asked later",
    ),
    "a name of the row in the heading of all": (
        section("rows", question("x"), repeat=ROSTER, title="About ${rows}"),
        "$.sections[0].title",
        "asked later",
    ),
}


@pytest.mark.parametrize(("parts", "path", "words"), BAD.values(), ids=BAD.keys())
def test_what_cannot_repeat_is_told_with_its_place_and_its_mend(parts, path, words):
    with pytest.raises(DefinitionError) as refusal:
        load(*(parts if isinstance(parts, tuple) else (parts,)), scorecard=scorecard("A"))
    told = {fault.path: fault.sentence() for fault in refusal.value.faults}
    assert list(told) == [path]
    assert words in told[path]


@pytest.mark.parametrize("key", [{"group_by": "g"}, {"essential": ["g"]}])
def test_what_there_is_once_cannot_be_asked_for_each_row(key):
    with pytest.raises(DefinitionError, match="once for each row"):
        load(entries(question("g", "select_one")), scorecard=scorecard(**key))
