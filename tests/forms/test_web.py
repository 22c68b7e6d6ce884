"""A posted section is read in the order of its questions, along the path that its own answers make."""

from __future__ import annotations

import pytest
from sketches import GAINS, YES_NO, choices, interview, question, section

from forms.definition import SMS
from forms.values import Missing, Raw
from forms.web import SectionReading, read_section

NAME = question("text", "name", required=True)
AGE = question("integer", "age", min=0, max=120, dont_know=True, required=True)
HAS = question("select_one", "has", choices=YES_NO, required=True)
MANY = question("integer", "many", show_if="${has} = 1", required=True)
NOTES = question("text", "notes")


def read(course, form: dict[str, str | list[str]], language: str = "en", section_id: str = "s") -> SectionReading:
    fields = {name: [value] if isinstance(value, str) else value for name, value in form.items()}
    return read_section(course, course.find_section(section_id), fields, language)


def test_every_question_of_the_section_gets_its_value() -> None:
    reading = read(interview(NAME, AGE, HAS, NOTES), {"name": " Amina ", "age": "41", "has": "2"})
    assert reading.values == {"name": "Amina", "age": 41, "has": 2, "notes": None}
    assert reading.errors == {}


def test_all_errors_come_at_once_in_the_respondents_language_and_what_was_typed_stays() -> None:
    reading = read(interview(NAME, AGE, HAS), {"name": "", "age": "141", "has": "1"}, "fr")
    assert list(reading.errors) == ["name", "age"]
    assert reading.errors["age"] == "Veuillez indiquer un nombre de 0 à 120."
    assert reading.raw["age"] == Raw(("141",))
    assert reading.values == {"has": 1}


def test_dont_know_beside_a_free_input_has_its_own_field() -> None:
    course = interview(AGE)
    assert read(course, {"age": "", "age__st": "-98"}).values == {"age": Missing.DONT_KNOW}
    both = read(course, {"age": "5", "age__st": "-98"})
    assert "not both" in both.errors["age"]
    assert both.raw["age"] == Raw(("5",), Missing.DONT_KNOW)
    assert "age" in read(course, {"age__st": "-97"}).errors
    for forged in ("-99", "-92", "0", "junk"):
        assert "age" in read(course, {"age__st": forged}).errors


def test_dont_know_among_choices_is_one_more_value() -> None:
    course = interview(question("select_multiple", "g", choices=choices(GAINS), dont_know=True))
    assert read(course, {"g": ["1", "3"]}).values == {"g": (1, 3)}
    assert read(course, {"g": ["-98"]}).values == {"g": Missing.DONT_KNOW}
    assert "g" in read(course, {"g": ["1", "-98"]}).errors


def test_fields_that_name_no_question_of_the_section_are_ignored() -> None:
    other = section(question("text", "elsewhere"), id_="other")
    course = interview(section(NOTES), other)
    reading = read(course, {"notes": "x", "elsewhere": "y", "csrf_token": "z", "__proto__": "1", "notes__st": "junk"})
    assert reading.values == {"notes": "x"}
    assert set(reading.raw) == {"notes"}


def test_routing_inside_the_section_follows_the_answers_just_sent() -> None:
    course = interview(HAS, MANY)
    assert read(course, {"has": "1", "many": "3"}).values == {"has": 1, "many": 3}
    assert read(course, {"has": "2", "many": "3"}).values == {"has": 2}
    stored = interview(HAS, MANY, answers={"has": 1, "many": 3})
    hidden = read(stored, {"has": "2", "many": "junk"})
    assert hidden.values == {"has": 2}
    assert hidden.errors == {}


def test_a_question_that_could_not_be_seen_yet_is_neither_an_error_nor_an_answer() -> None:
    reading = read(interview(HAS, MANY), {"has": "1"})
    assert reading == SectionReading({"has": 1}, {}, {"has": Raw(("1",))})
    stored = interview(HAS, MANY, answers={"has": 1})
    assert "many" in read(stored, {"has": "1"}).errors, "now it was shown, and is required"


def test_a_condition_on_an_answer_that_was_refused_is_false() -> None:
    stored = interview(HAS, MANY, answers={"has": 1})
    reading = read(stored, {"has": "7", "many": "junk"})
    assert list(reading.errors) == ["has"]


def test_answers_of_other_sections_and_channels_are_seen() -> None:
    first = section(question("select_one", "kind", choices=YES_NO), id_="first")
    texted = question("integer", "t", channels=(SMS,))
    second = section(texted, question("text", "x", show_if="${kind} = 1 and ${t} = 5", required=True))
    course = interview(first, second, answers={"kind": 1, "t": 5})
    assert read(course, {"x": "yes", "t": "9"}).values == {"x": "yes"}


def test_what_is_given_is_not_read() -> None:
    course = interview(section(HAS, NOTES), given={"has": 1})
    assert read(course, {"has": "2", "notes": "x"}).values == {"notes": "x"}


def test_nothing_is_read_after_a_refused_consent() -> None:
    course = interview(question("consent", "c"), NAME)
    assert read(course, {"c": "2", "name": "Amina"}).values == {"c": 2}
    assert read(course, {"c": "2"}).errors == {}
    assert read(course, {"c": "1", "name": "Amina"}).values == {"c": 1, "name": "Amina"}


def test_a_constraint_sees_the_answers_just_sent() -> None:
    low = question("integer", "low")
    high = question("integer", "high", constraint=". >= ${low}", constraint_message="At least the lower number.")
    course = interview(low, high, answers={"low": 100})
    assert read(course, {"low": "5", "high": "7"}).errors == {}
    assert read(course, {"low": "5", "high": "3"}).errors == {"high": "At least the lower number."}
    assert read(course, {"low": "5", "high": ""}).errors == {}


def test_choices_that_an_answer_of_the_same_page_opens_are_asked_for_once_the_page_can_show_them() -> None:
    offered = choices({1: "One", 2: "Two"}, show_if={1: "${has} = 1", 2: "${has} = 1"})
    page = section(HAS, question("select_one", "pick", choices=offered, required=True))
    course = interview(page)
    first = read_section(course, course.sections[0], {"has": ["1"]}, "en")
    assert (first.values, first.errors) == ({"has": 1}, {})
    course = course.with_answers(first.values)
    assert [question.id for question in course.sections[0].questions] == ["has", "pick"]
    closed = read_section(course, course.sections[0], {"has": ["2"]}, "en")
    assert (closed.values, closed.errors) == ({"has": 2}, {})


def test_closed_choices_cannot_be_posted() -> None:
    offered = choices({1: "One", 2: "Two"}, show_if={2: "${has} = 1"})
    course = interview(HAS, question("select_one", "pick", choices=offered))
    assert read(course, {"has": "1", "pick": "2"}).values == {"has": 1, "pick": 2}
    assert list(read(course, {"has": "2", "pick": "2"}).errors) == ["pick"]


def test_a_note_in_the_section_needs_nothing() -> None:
    assert read(interview(question("note", "n"), NOTES), {"n": "x"}).values == {"notes": None}


@pytest.mark.parametrize("junk", [["a", "b"], ["\x00"], ["-98"], ["9" * 10_000], ["\ud800"]])
def test_whatever_is_posted_becomes_a_value_or_an_error(junk: list[str]) -> None:
    course = interview(NAME, AGE, HAS, NOTES, question("date", "d"), question("nps", "r"), question("scale", "e"))
    ids = [q.id for q in course.path]
    reading = read(course, dict.fromkeys(ids, junk))
    assert set(reading.values) | set(reading.errors) == set(ids)
    assert all("\ud800" not in value for raw in reading.raw.values() for value in raw.values)
