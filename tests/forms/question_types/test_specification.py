"""Free text beside a choice: it comes along with the choice, on the web and by text, and has its own column."""

from __future__ import annotations

import pytest
from sketches import definition, interview, question, specified

from forms.question_types import find_type
from forms.sms.prompts import build_prompt
from forms.sms.replies import Unreadable, read_reply
from forms.values import Missing
from forms.web import read_section
from tests.forms import builders
from tests.forms.builders import choice, load

WORK = specified()


def post(asked, **fields):
    course = interview(asked)
    return read_section(course, course.sections[0], {name: [value] for name, value in fields.items()}, "en")


@pytest.mark.parametrize("asked", [WORK, specified("select_multiple")])
def test_what_is_written_beside_the_choice_is_kept_with_it(asked):
    reading = post(asked, q="3", q__oth="  I mend nets ")
    assert reading.values == {"q": (3,) if asked.type == "select_multiple" else 3, "q__oth": "I mend nets"}
    assert reading.errors == {}


def test_without_that_choice_what_is_written_does_not_count():
    assert post(WORK, q="1", q__oth="I mend nets").values == {"q": 1}


def test_who_writes_and_ticks_nothing_has_chosen_it():
    assert post(WORK, q__oth="I mend nets").values == {"q": 3, "q__oth": "I mend nets"}


def test_it_may_stay_empty():
    assert post(WORK, q="3").values == {"q": 3, "q__oth": None}


def test_one_that_is_too_long_is_told_at_its_own_field():
    assert list(post(WORK, q="3", q__oth="x" * 201).errors) == ["q__oth"]


def test_it_is_recorded_on_the_path_only():
    def record(**answers):
        return interview(WORK, answers=answers).record("web", finished=True)["q__oth"]

    assert record(q=3, q__oth="Nets") == "Nets"
    assert record(q=3, q__oth=None) is Missing.SKIPPED
    assert record(q=1, q__oth="Nets") is Missing.OFF_PATH


def test_it_is_no_question_of_its_own():
    course = interview(WORK, question("text", "why"), answers={"q": 3})
    assert [q.id for section in course.sections for q in section.questions] == ["q", "why"]
    assert course.next_question("sms").id == "why"
    assert build_prompt(course, WORK, "en").startswith("1/2 ")


def test_its_column_stands_after_those_of_the_question():
    asked = definition(specified("select_multiple"), question("text", "why"))
    names = [c.name for q in asked.questions.values() for c in find_type(q.type).columns(q)]
    assert names[-5:] == ["q__1", "q__2", "q__3", "q__oth", "why"]


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("3 I mend nets", 3, "I mend nets"),
        ("3: nets", 3, "nets"),
        ("3. Nets, since 2004", 3, "Nets, since 2004"),
        ("3", 3, None),
        ("3 something else", 3, None),
        ("Something else", 3, None),
        ("1", 1, None),
        ("1 farmer", 1, None),
    ],
)
def test_by_text_it_is_what_stands_after_the_code(text, value, words):
    reading = read_reply(interview(WORK), WORK, text, "en")
    assert (reading.value, reading.specified) == (value, words)


@pytest.mark.parametrize("text", ["3 or 1", "1 I mend nets", "nets"])
def test_what_may_mean_another_choice_is_asked_again(text):
    with pytest.raises(Unreadable):
        read_reply(interview(WORK), WORK, text, "en")


def test_by_text_it_follows_the_last_of_several_codes():
    asked = specified("select_multiple")
    reading = read_reply(interview(asked), asked, "1, 3 I mend nets", "en")
    assert (reading.value, reading.specified) == ((1, 3), "I mend nets")
    both = read_reply(interview(asked), asked, "1 and 3", "en")
    assert (both.value, both.specified) == ((1, 3), None)


def test_a_definition_names_it_by_the_choice():
    loaded = load(builders.question("work", "select_one", choices=[choice(1), choice(9, "Other", specify=True)]))
    beside = loaded.questions["work__oth"]
    assert beside.label.in_("en") == "Other"
    assert list(loaded.questions) == ["work", "work__oth"]
    assert loaded.questions["work"].specifies(9)
    assert not loaded.questions["work"].specifies(1)
