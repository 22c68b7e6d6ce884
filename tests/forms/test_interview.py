"""The course of one interview: routing is forward only, and what is off the path does not exist."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sketches import EXTENT, YES_NO, choices, interview, question, section

from forms.definition import SMS, WEB, SmsWording
from forms.errors import AnswerError
from forms.interview import CONSENT_NO, CONSENT_YES
from forms.values import MISSING_CODES, Missing

CONSENT = question("consent", "c")
HAS = question("select_one", "has", choices=YES_NO)
HOW_MANY = question("integer", "many", show_if="${has} = 1")
WHY_NOT = question("text", "why", show_if="${many} < 3")
LAST = question("text", "last")
MAIN = section(HAS, HOW_MANY, WHY_NOT, id_="main")
END = section(LAST, id_="end")


def ids(questions) -> list[str]:
    return [question.id for question in questions]


def test_the_path_follows_the_answers() -> None:
    course = interview(MAIN, END)
    assert ids(course.path) == ["has", "last"]
    assert ids(course.with_answers({"has": 1}).path) == ["has", "many", "last"]
    assert ids(course.with_answers({"has": 1, "many": 2}).path) == ["has", "many", "why", "last"]


def test_an_answer_off_the_path_counts_for_nothing_and_comes_back_with_the_path() -> None:
    course = interview(MAIN, END, answers={"has": 2, "many": 2, "why": "because"})
    assert ids(course.path) == ["has", "last"], "an answer off the path opens no other question"
    assert course.value("many") is None
    assert course.record(WEB, finished=True)["why"] is Missing.OFF_PATH
    assert course.with_answers({"has": 1}).value("why") == "because"


def test_a_section_with_nothing_to_ask_is_not_shown() -> None:
    hidden = section(question("text", "x"), id_="hidden", show_if="${has} = 1")
    texted = section(question("text", "y", channels=(SMS,)), id_="texted")
    course = interview(MAIN, hidden, texted, END)
    assert ids(course.sections) == ["main", "end"]
    assert ids(course.with_answers({"has": 1}).sections) == ["main", "hidden", "end"]
    assert course.find_section("hidden") is None


def test_a_section_holds_only_its_questions_on_the_path() -> None:
    assert ids(interview(MAIN, END).find_section("main").questions) == ["has"]
    assert ids(interview(MAIN, END, answers={"has": 1}).find_section("main").questions) == ["has", "many"]


def test_sections_come_one_after_another() -> None:
    middle = section(question("text", "m"), id_="middle", show_if="${has} = 1")
    course = interview(MAIN, middle, END)
    assert course.next_section("main").id == "end"
    assert course.with_answers({"has": 1}).next_section("main").id == "middle"
    assert course.previous_section("end").id == "main"
    assert course.previous_section("main") is None
    assert course.next_section("end") is None


def test_the_interview_goes_on_at_the_first_section_with_an_open_question() -> None:
    assert interview(MAIN, END).next_section().id == "main"
    assert interview(MAIN, END, answers={"has": 2}).next_section().id == "end"
    assert interview(MAIN, END, answers={"has": 1}).next_section().id == "main"
    assert interview(MAIN, END, answers={"has": 2, "last": None}).next_section() is None


def test_an_empty_answer_and_a_missing_one_are_answers_given() -> None:
    for value in (None, Missing.REFUSED, Missing.UNREADABLE, "words"):
        assert interview(LAST, answers={"last": value}).next_question(WEB) is None


def test_a_note_is_shown_and_never_waits() -> None:
    course = interview(section(question("note", "n"), LAST, id_="end"))
    assert ids(course.find_section("end").questions) == ["n", "last"]
    assert ids(course.questions_in(WEB)) == ["last"]
    assert "n" not in course.record(WEB, finished=True)


def test_nothing_is_asked_after_a_refused_consent() -> None:
    course = interview(CONSENT, LAST)
    assert ids(course.path) == ["c", "last"]
    assert not course.declined
    declined = course.with_answers({"c": CONSENT_NO})
    assert declined.declined
    assert declined.next_question(SMS) is None
    assert declined.record(SMS, finished=True) == {"c": CONSENT_NO, "last": Missing.OFF_PATH}
    assert ids(course.with_answers({"c": CONSENT_YES}).path) == ["c", "last"]


@pytest.mark.parametrize("value", [None, Missing.REFUSED, Missing.UNREADABLE])
def test_consent_that_is_not_a_yes_opens_nothing(value: object) -> None:
    course = interview(CONSENT, LAST, answers={"c": value})
    assert course.next_question(WEB) is None
    assert not course.declined


def test_what_is_given_counts_and_is_never_asked() -> None:
    about = question("text", "about", show_if="${has} = 1")
    course = interview(section(HAS, about), given={"has": 1})
    assert ids(course.questions_in(WEB)) == ["about"]
    assert ids(course.sections[0].questions) == ["about"]
    assert course.value("has") == 1
    assert course.record(WEB, finished=True)["has"] == 1
    assert course.with_answers({"has": 2}).value("has") == 1, "what is given wins"


def test_each_channel_asks_its_own_questions() -> None:
    on_web = question("text", "w", channels=(WEB,))
    follow_up = question("text", "f", sms=SmsWording(part=2))
    course = interview(LAST, on_web, follow_up)
    assert ids(course.questions_in(WEB)) == ["last", "w", "f"]
    assert ids(course.questions_in(SMS)) == ["last"]
    assert ids(course.questions_in(SMS, part=2)) == ["f"]
    assert course.next_question(SMS, part=2).id == "f"


def test_every_question_has_an_answer_or_the_reason_why_there_is_none() -> None:
    on_web = question("text", "w", channels=(WEB,))
    follow_up = question("text", "f", sms=SmsWording(part=2))
    course = interview(HAS, HOW_MANY, LAST, on_web, follow_up, answers={"has": 2})
    assert course.record(SMS, finished=False) == {
        "has": 2,
        "many": Missing.OFF_PATH,
        "last": Missing.NOT_REACHED,
        "w": Missing.NOT_IN_CHANNEL,
        "f": Missing.NOT_IN_CHANNEL,
    }
    assert course.record(WEB, finished=True)["last"] is Missing.SKIPPED
    assert course.with_answers({"last": None}).record(WEB, finished=False)["last"] is Missing.SKIPPED
    assert course.with_answers({"w": "yes"}).record(SMS, finished=True)["w"] == "yes"


def test_texts_are_filled_with_answers_and_parameters_as_plain_text() -> None:
    name = question("text", "name")
    when = question("date", "when")
    off = question("text", "off", show_if="${has} = 1")
    course = interview(
        HAS,
        name,
        when,
        off,
        answers={"has": 2, "name": "${has} <b>", "when": date(2026, 4, 3), "off": "hidden"},
        parameters={"partnership": "River Valley"},
    )
    assert course.say("${partnership}: ${ name } ${has} ${when}", "en") == "River Valley: ${has} <b> No 3 April 2026"
    assert course.say("[${off}] [${unknown}]", "en") == "[...] [...]"
    assert course.with_answers({"name": Missing.DONT_KNOW}).say("[${name}]", "en") == "[...]"


def test_parameters_can_be_asked_in_conditions() -> None:
    asked = question("text", "x", show_if="${kind} = 'big'")
    assert ids(interview(asked, parameters={"kind": "big"}).path) == ["x"]
    assert ids(interview(asked, parameters={"kind": "small"}).path) == []


def test_a_question_none_of_whose_choices_is_open_is_not_asked() -> None:
    offered = choices({1: "One", 2: "Two"}, show_if={1: "${has} = 1", 2: "${has} = 1"})
    course = interview(HAS, question("select_one", "one", choices=offered, required=True), LAST)
    assert ids(course.path) == ["has", "last"]
    assert ids(course.with_answers({"has": 2}).path) == ["has", "last"]
    assert ids(course.with_answers({"has": 1}).path) == ["has", "one", "last"]
    assert course.with_answers({"has": 2}).record(WEB, finished=True)["one"] is Missing.OFF_PATH


def test_an_answer_whose_choice_has_closed_is_asked_again() -> None:
    offered = choices({1: "One", 2: "Two"}, show_if={2: "${has} = 1"})
    one, several = question("select_one", "one", choices=offered), question("select_multiple", "more", choices=offered)
    course = interview(HAS, one, several, answers={"has": 1, "one": 2, "more": (1, 2)})
    assert course.value("one") == 2
    closed = course.with_answers({"has": 2})
    assert closed.value("one") is None
    assert closed.is_open(one)
    assert closed.is_open(several)
    assert [choice.value for choice in closed.choices(one)] == [1]
    assert closed.with_answers({"one": Missing.REFUSED, "more": (1,)}).next_question(WEB) is None


def test_a_constraint_is_not_asked_of_an_empty_answer() -> None:
    even = question("integer", "e", constraint=". mod 2 = 0", constraint_message="Even only, ${has}.")
    course = interview(HAS, even, answers={"has": 1})
    for value in (2, None, Missing.DONT_KNOW):
        course.check_constraint(even, value, "en")
    with pytest.raises(AnswerError, match="Even only, Yes"):
        course.check_constraint(even, 3, "en")
    with pytest.raises(AnswerError, match="pas possible"):
        interview().check_constraint(question("integer", constraint=". > 5"), 3, "fr")


def test_progress_counts_the_sections_on_the_path() -> None:
    assert interview(MAIN, END).progress("end") == (2, 2)


def test_the_day_of_the_interview_is_what_conditions_see() -> None:
    assert ids(interview(question("text", "x", show_if="today() = '2026-03-02'")).path) == ["x"]


VALUES = st.sampled_from((None, 1, 2, 3, Missing.DONT_KNOW, Missing.REFUSED))


@given(
    answers=st.dictionaries(st.sampled_from("abcd"), VALUES),
    finished=st.booleans(),
    channel=st.sampled_from((WEB, SMS)),
)
def test_the_record_is_whole_and_agrees_with_the_path(answers, finished: bool, channel: str) -> None:
    course = interview(
        question("scale", "a", choices=EXTENT),
        question("scale", "b", show_if="${a} > 1"),
        question("scale", "c", show_if="${b} = 1 or ${a} = 3"),
        question("scale", "d", channels=(WEB,)),
        answers=answers,
    )
    record = course.record(channel, finished)
    assert list(record) == ["a", "b", "c", "d"]
    for id_, value in record.items():
        assert value is not None
        assert (value is Missing.OFF_PATH) == (id_ not in ids(course.path))
        if not isinstance(value, Missing):
            assert value == answers[id_]
            assert value not in MISSING_CODES
