"""XLSForms as people write them become forms that can be answered; what has no equivalent is named, cell by cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from workbooks import build, in_two, items, row

from forms.definition import Definition, Question, Repeat
from forms.errors import AnswerError
from forms.interview import Interview
from forms.question_types import find_type
from forms.values import Raw
from forms.web import read_section
from forms.xlsform import Imported, read_xlsform

TODAY = date(2026, 11, 30)
SETTINGS = [{"form_title": "Household", "form_id": "household", "version": "3", "default_language": "English (en)"}]


def take(folder: Path, *survey: dict[str, Any], choices: Any = (), **sheets: Any) -> Imported:
    given = {"survey": list(survey), "settings": SETTINGS, **({"choices": list(choices)} if choices else {}), **sheets}
    return read_xlsform(build(folder / "form.xlsx", **given))


def said(imported: Imported) -> list[str]:
    return [remark.sentence() for remark in imported.remarks]


def answer(definition: Definition, language: str = "en", **answers: Any) -> tuple[dict[str, Any], list[str]]:
    """Answer a form on the web, a section a page; what is not given is left empty. Gives answers, and sections seen."""
    course = Interview(definition, {}, TODAY)
    seen: list[str] = []
    section = course.next_section()
    while section is not None:
        seen.append(section.id)
        fields = {name: value if isinstance(value, list) else [str(value)] for name, value in answers.items()}
        for _ in range(len(section.questions) + 1):  # once more for what the answers have brought onto the page
            reading = read_section(course, section, fields, language)
            assert reading.errors == {}, reading.errors
            course = course.with_answers(reading.values)
            section = course.find_section(section.id) or section
        section = course.next_section(section.id)
    return {id_: value for id_, value in course.scope.values.items() if value is not None}, seen


def test_the_plain_types_become_ours_and_are_answered(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("text", "who", "Your name", required="yes", hint="First name"),
        row("integer", "age", "Age of ${who}", constraint=". >= 0 and . <= 120", constraint_message="Too old"),
        row("decimal", "land", "Hectares"),
        row("date", "born", constraint=". <= today() and . > date('1900-01-01')"),
        row("note", "thanks", "Thank you, ${who}."),
    )
    assert said(imported) == []
    assert [q.type for q in imported.definition.questions.values()] == ["text", "integer", "decimal", "date", "note"]
    answers, _ = answer(imported.definition, who="Amina", age=41, land="0.5", born="1985-03-01")
    assert answers["age"] == 41
    with pytest.raises(AssertionError, match="Too old"):
        answer(imported.definition, who="Amina", age=121)


def test_choices_filters_and_something_else(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("select_one yes_no", "agree", required="true()"),
        row("select_multiple water", "water", constraint="not(selected(., 'none') and count-selected(.) > 1)"),
        row("select_one region", "region"),
        row("select_one district", "district", choice_filter="region = ${region}"),
        row("select_one work or_other", "work"),
        row("rank work", "order"),
        choices=[
            *items("yes_no", "Yes", "No"),
            *items("water", "tap", "Bore-hole", "none"),
            *items("region", "n", "s"),
            *items("district", "n1", "n2", "s1", region=["n", "n", "s"]),
            *items("work", 1, 2, 3),
        ],
    )
    read = imported.definition
    assert [choice.value for choice in read.questions["water"].choices] == ["tap", "bore_hole", "none"]
    assert [choice.value for choice in read.questions["work"].choices] == [1, 2, 3, "other"]
    given = {"water": ["tap", "bore_hole"], "region": "s", "district": "s1", "work": "other", "work__oth": "Nets"}
    answers, _ = answer(read, agree="yes", **given, order=["1:3", "2:1", "3:2"])
    assert answers["water"] == ("tap", "bore_hole")
    assert (answers["district"], answers["work__oth"], answers["order"]) == ("s1", "Nets", (3, 1, 2))
    with pytest.raises(AssertionError, match="district"):
        answer(read, agree="yes", **(given | {"district": "n1"}))
    with pytest.raises(AssertionError, match="water"):
        answer(read, agree="yes", **(given | {"water": ["tap", "none"]}))
    assert [sentence.split(":")[0] for sentence in said(imported)] == ["choices!B2", "choices!B3", "choices!B5"]


def test_ranges_and_steps_are_numbers_within_limits(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("range", "plain"),
        row("range", "even", parameters="start=0 end=10 step=2"),
        row("range", "warm", parameters="start=35.5 end=42 step=0.5"),
    )
    read = imported.definition
    assert [q.type for q in read.questions.values()] == ["integer", "integer", "decimal"]
    assert answer(read, plain=10, even=4, warm="36.5")[0]["even"] == 4
    for wrong in ({"plain": 11}, {"even": 3}, {"warm": "36.2"}):
        with pytest.raises(AssertionError):
            answer(read, **wrong)


def test_groups_become_sections_and_inner_ones_keep_the_conditions_around_them(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("select_one yes_no", "farms"),
        row("begin group", "farm", "Your farm", relevant="${farms} = 'yes'"),
        row("integer", "size"),
        row("begin_group", "crops", "Crops", relevant="${size} > 0", appearance="field-list"),
        row("text", "crop"),
        row("end_group"),
        row("text", "herd"),
        row("end group"),
        row("text", "last"),
        choices=items("yes_no", "yes", "no"),
    )
    assert said(imported) == []
    assert [section.id for section in imported.definition.sections] == ["main", "farm", "crops", "farm_2", "main_2"]
    assert answer(imported.definition, farms="no")[1] == ["main", "main_2"]
    assert answer(imported.definition, farms="yes", size=0)[1] == ["main", "farm", "farm_2", "main_2"]
    answers, seen = answer(imported.definition, farms="yes", size=2, crop="Maize")
    assert answers["crop"] == "Maize"
    assert seen == ["main", "farm", "crops", "farm_2", "main_2"]


def test_a_repeat_becomes_a_section_with_rows(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("select_one yes_no", "any"),
        row("begin_repeat", "child", "Children", relevant="${any} = 'yes'", repeat_count="3"),
        row("integer", "age"),
        row("begin_group", "school", relevant="${age} > 5"),
        row("text", "Name", "Name of the school"),
        row("end_group"),
        row("begin_repeat", "inner"),
        row("text", "toy"),
        row("end_repeat"),
        row("end_repeat"),
        row("calculate", "oldest", calculation="max(${age})"),
        row("calculate", "children", calculation="count(${child})"),
        row("text", "why", "${oldest}?", relevant="${children} > 1"),
        choices=items("yes_no", "yes", "no"),
    )
    read = imported.definition
    repeated = next(section for section in read.sections if section.repeat is not None)
    assert (repeated.id, repeated.repeat) == ("child", Repeat(over="entries", min=3, max=3, label="name"))
    assert [question.id for question in repeated.questions] == ["age", "name"]
    assert [str(one.show_if and one.show_if.text) for one in repeated.questions] == ["None", "${age} > 5"]
    assert repeated.show_if is not None
    assert repeated.show_if.text == "${any} = 'yes'"
    assert read.questions["children"].settings["calculation"].text == "count(${child})"  # type: ignore[attr-defined]
    assert [remark.where for remark in imported.remarks] == ["survey!C5", "survey!B6", "survey!C8", "survey!A9"]


def test_calculations_and_what_is_empty_mean_the_same_as_in_odk(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("integer", "men"),
        row("integer", "women"),
        row("calculate", "both", calculation="${men} + ${women}"),
        row("text", "why", relevant="${both} = ''"),
        row("text", "few", relevant="${both} != '' and ${both} < 10"),
        row("text", "other", relevant="${men} != 3"),
        row("note", "total", "You are ${both}."),
    )
    assert said(imported) == []
    course = Interview(imported.definition, {}, TODAY)
    assert {"why", "other"} <= {q.id for q in course.path}
    assert not {"few"} & {q.id for q in course.path}
    full = course.with_answers({"men": 3, "women": 4})
    assert {"few"} == {"why", "few", "other"} & {q.id for q in full.path}
    total = imported.definition.questions["total"].label.in_("en")
    assert full.say(total, "en") == "You are 7."


def test_translations_are_read_by_language(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        {"type": "text", "name": "why", **in_two("Why?", "Pourquoi ?"), **in_two("In short", "En bref", "hint")},
        {"type": "select_one l", "name": "one", **in_two("Which?", "Lequel ?")},
        choices=[
            {"list_name": "l", "name": "1", **in_two("Red", "Rouge")},
            {"list_name": "l", "name": "2", **in_two("Blue", "Bleu")},
        ],
    )
    assert said(imported) == []
    read = imported.definition
    assert dict(read.languages) == {"en": "English", "fr": "Français"}
    why = read.questions["why"]
    assert why.hint is not None
    assert (why.label.in_("fr"), why.hint.in_("fr"), read.questions["one"].choices[1].label.in_("fr")) == (
        *("Pourquoi ?", "En bref", "Bleu"),
    )


def test_a_plain_label_beside_others_is_in_the_default_language(tmp_path: Path) -> None:
    cells = {"type": "text", "name": "a", "label": "Old?", "label::Russian": "Старый?"}
    book = build(tmp_path / "form.xlsx", survey=[cells])
    read = read_xlsform(book).definition
    assert (read.default_language, dict(read.questions["a"].label.by_language)) == (
        "en",
        {"en": "Old?", "ru": "Старый?"},
    )
    twice = take(tmp_path, {**cells, "label::English (en)": "How old?"})
    assert twice.definition.questions["a"].label.in_("en") == "How old?"
    assert "There are two texts in `en`; `Old?` is the second." in said(twice)[0]


@pytest.mark.parametrize(
    ("written", "code"),
    [("French", "fr"), ("Français", "fr"), ("fr", "fr"), ("fra", "fr"), ("Klingonese", "qaa"), ("x (pt_BR)", "pt-BR")],
)
def test_a_language_is_known_by_its_name_or_its_code(tmp_path: Path, written: str, code: str) -> None:
    asked = {"type": "text", "name": "a", "label::English (en)": "A", f"label::{written}": "B"}
    imported = take(tmp_path, asked)
    assert list(imported.definition.languages) == ["en", code]
    assert bool(said(imported)) is (code == "qaa")


def test_a_name_that_is_no_id_is_renamed_everywhere_and_told(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("integer", "Age.Years"),
        row("integer", "age-years"),
        row("integer", "if"),
        row("text", "a_very_long_name_that_no_statistics_program_takes", "Aged ${Age.Years} and ${age-years}?"),
        row("text", "b", relevant="${a_very_long_name_that_no_statistics_program_takes}!='' and ${if}>${Age.Years}"),
    )
    ids = list(imported.definition.questions)
    assert ids == ["age_years_2", "age_years", "if_2", "a_very_long_name_that_no_st", "b"]
    last = imported.definition.questions["b"]
    assert last.show_if is not None
    assert last.show_if.text == "${a_very_long_name_that_no_st} != '' and ${if_2} > ${age_years_2}"
    assert imported.definition.questions[ids[3]].label.in_("en") == "Aged ${age_years_2} and ${age_years}?"
    assert sum("cannot be a name here" in sentence for sentence in said(imported)) == 4


GONE = [
    *("start", "end", "deviceid", "username", "phonenumber", "email", "audit"),
    *("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file"),
]


@pytest.mark.parametrize("type_", GONE)
def test_a_type_without_equivalent_is_named_and_the_rest_is_asked(tmp_path: Path, type_: str) -> None:
    name = "audit" if type_ == "audit" else "odd"
    more = [row("text", "then", "At ${odd}", relevant="${odd} != ''")] if name == "odd" else []
    imported = take(tmp_path, row(type_, name), *more, row("text", "why"))
    assert list(imported.definition.questions) == ["then", "why"][not more :]
    assert [sentence.split(":")[0] for sentence in said(imported)] == [
        "survey!A2",
        *(["survey!C3", "survey!D3"] if more else []),
    ]


@pytest.mark.parametrize("type_", ["time", "dateTime", "barcode"])
def test_what_can_be_typed_becomes_a_text(tmp_path: Path, type_: str) -> None:
    imported = take(tmp_path, row(type_, "odd"))
    assert imported.definition.questions["odd"].type == "text"
    assert [sentence.split(":")[0] for sentence in said(imported)] == ["survey!A2"]


def test_the_day_of_the_interview_is_today(tmp_path: Path) -> None:
    imported = take(tmp_path, row("today", "today"), row("text", "a", relevant="${today} > date('2026-01-01')"))
    assert answer(imported.definition, a="x")[0]["a"] == "x"


def test_an_acknowledgement_must_be_a_yes_where_it_is_required(tmp_path: Path) -> None:
    imported = take(tmp_path, row("acknowledge", "ok", required="yes"), row("text", "a", relevant="${ok} = 'OK'"))
    assert answer(imported.definition, ok="ok", a="x")[0] == {"ok": "ok", "a": "x"}
    with pytest.raises(AssertionError):
        answer(imported.definition, ok="no")


@pytest.mark.parametrize(
    ("cells", "where", "about"),
    [
        ({"relevant": "regex(${a}, '^x')"}, "survey!D3", "regex()"),
        ({"relevant": "${a} = 1 | ${a}"}, "survey!D3", "`|`"),
        ({"relevant": "${a} > 5"}, "survey!D3", "compares a text with a number"),
        ({"relevant": "${later} = 'x'"}, "survey!D3", "asked later"),
        ({"relevant": "position(..) > 1"}, "survey!D3", "cannot be read"),
        ({"relevant": "jr:choice-name(${a}, '${a}') = 'x'"}, "survey!D3", "cannot be read"),
        ({"constraint": "pulldata('f', 'x', 'y', .) = 1"}, "survey!D3", "pulldata()"),
        ({"required": "${a} = 'x'"}, "survey!D3", "required"),
        ({"appearance": "multiline"}, "survey!D3", "The look"),
        ({"default": "x"}, "survey!D3", "filled in beforehand"),
        ({"guidance_hint": "x"}, "survey!D3", "one hint only"),
        ({"media::image": "a.png"}, "survey!D3", "pictures"),
        ({"read_only": "yes"}, "survey!D3", "can be answered"),
        ({"body::accuracyThreshold": "5"}, "survey!D3", "no equivalent"),
        ({"my own column": "5"}, "survey!D3", "no equivalent"),
        ({"label": "**Bold** and <b>more</b>"}, "survey!C3", "Markdown or HTML"),
        ({"label": "See ${later}"}, "survey!C3", "asked later"),
    ],
)
def test_a_cell_without_equivalent_is_named_and_the_question_is_kept(
    tmp_path: Path, cells: dict[str, str], where: str, about: str
) -> None:
    imported = take(tmp_path, row("text", "a"), row("text", "odd", **cells), row("text", "later"))
    assert list(imported.definition.questions) == ["a", "odd", "later"]
    [told] = imported.remarks
    assert told.where == where
    assert about in told.sentence()
    answer(imported.definition, a="x", odd="y")


def test_every_cell_is_looked_at_or_named(tmp_path: Path) -> None:
    imported = take(
        tmp_path,
        row("text", "a"),
        choices=[*items("l", "1", "2", extra=["x", "y"]), {"name": "3", "label": "of no list"}],
        settings=[{**SETTINGS[0], "style": "pages"}, {"form_title": "again"}],
        notes=[{"to": "ourselves"}],
    )
    assert sorted(remark.where for remark in imported.remarks) == [
        *("choices!A2", "choices!B4", "choices!C4", "notes", "settings!3", "settings!A3", "settings!E2"),
    ]


def test_what_nobody_may_be_called_by_text_keeps_the_question_on_the_web(tmp_path: Path) -> None:
    stop = {"list_name": "l", "name": 2, "label": "Stop"}
    imported = take(tmp_path, row("select_one l", "a"), choices=[*items("l", 1), stop])
    assert imported.definition.questions["a"].channels == ("web",)
    assert "on the web only" in said(imported)[0]


def test_a_list_of_thousands_costs_its_question_only(tmp_path: Path) -> None:
    imported = take(tmp_path, row("select_one l", "a"), row("text", "b"), choices=items("l", *range(3_000)))
    assert list(imported.definition.questions) == ["b"]
    assert "at most 500" in said(imported)[0]


def find_refusal(question: Question, text: str) -> str | None:
    try:
        find_type(question.type).parse(question, Raw((text,)), "en")
    except AnswerError as error:
        return str(error)
    return None


def test_old_and_plain_files_are_read_too(tmp_path: Path) -> None:
    table = "| survey |\n| | type | name | label |\n| | integer | age | How old? |\n"
    csv = '"survey"\n,"type","name","label"\n,"integer","age","How old?"\n'
    for name, text in (("form.md", table), ("form.csv", csv)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        read = read_xlsform(tmp_path / name).definition
        assert find_refusal(read.questions["age"], "old") is not None
        assert find_refusal(read.questions["age"], "41") is None
