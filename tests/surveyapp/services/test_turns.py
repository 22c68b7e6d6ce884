from __future__ import annotations

import json
from datetime import timedelta

import pytest
from builders import NOON, publish
from phones import Phone
from sqlalchemy import select

from forms.values import Missing
from surveyapp.database import Database
from surveyapp.models import AnswerEvent, Interview, UnreadReply
from surveyapp.services.interviews import Change, record_answers
from surveyapp.services.standings import find_interview

WITHOUT_CONSENT = {
    "id": "water",
    "version": "1",
    "kind": "feedback",
    "default_language": "en",
    "languages": {"en": "English", "fr": "Français"},
    "title": "Water",
    "sections": [
        {
            "id": "one",
            "title": "One",
            "questions": [
                {
                    "id": "source",
                    "type": "select_one",
                    "label": "Where does your water come from?",
                    "choices": [{"value": "well", "label": "Well"}, {"value": "tap", "label": "Tap"}],
                },
                {
                    "id": "deep",
                    "type": "integer",
                    "min": 1,
                    "max": 200,
                    "label": "How deep is it, in metres?",
                    "show_if": "${source} = 'well'",
                },
                {"id": "litres", "type": "decimal", "label": "How many litres a day?"},
            ],
        }
    ],
}


@pytest.fixture
def phone(database: Database) -> Phone:
    publish(database, keyword="FEEDBACK")
    return Phone(database)


@pytest.fixture
def water(database: Database) -> Phone:
    publish(
        database,
        definition=json.dumps(WITHOUT_CONSENT),
        parameters={},
        name="Water",
        keyword="WATER",
        contacts=None,
    )
    return Phone(database)


def find(phone: Phone) -> Interview:
    with phone.database.reading() as session:
        return session.scalars(select(Interview).where(Interview.phone == phone.number)).one()


def test_the_second_reply_that_cannot_be_read_is_kept_and_the_interview_goes_on(phone):
    phone.texts("FEEDBACK", "YES")
    assert phone.text("bananas").startswith("Sorry, please reply with one number from the list: 1=Not at all")
    assert phone.text("apples").startswith("2/10")
    assert find(phone).answers["pf01"] == {"missing": Missing.UNREADABLE.value}
    with phone.database.reading() as session:
        event = session.scalars(select(AnswerEvent).order_by(AnswerEvent.id.desc())).first()
    assert event.changes["pf01"]["raw"] == "apples"
    assert event.changes["pf01"]["rule"] == "unreadable"


def test_each_question_has_its_own_second_chance(phone):
    phone.texts("FEEDBACK", "YES", "bananas", "4")
    assert phone.text("bananas").startswith("Sorry")
    assert phone.text("3").startswith("3/10")


def test_a_near_miss_is_asked_about_and_yes_confirms_it(phone):
    phone.texts("FEEDBACK", "YES")
    assert phone.text("mostlly") == "Did you mean 4=Mostly? Reply 4 or another number."
    assert phone.text("yes").startswith("2/10")
    assert find(phone).answers["pf01"] == 4


def test_skip_is_kept_as_refused(phone):
    assert phone.texts("FEEDBACK", "YES", "skip").startswith("2/10")
    assert find(phone).answers["pf01"] == {"missing": Missing.REFUSED.value}


def test_dont_know_and_not_applicable_are_answers(phone):
    phone.texts("FEEDBACK", "YES", "D", "n/a")
    assert find(phone).answers["pf01"] == {"missing": Missing.DONT_KNOW.value}
    assert find(phone).answers["pf02"] == {"missing": Missing.NOT_APPLICABLE.value}


def test_back_asks_again_and_the_new_reply_replaces_the_old_one(phone):
    phone.texts("FEEDBACK", "YES", "1", "2")
    assert phone.text("BACK").startswith("2/10")
    assert phone.text("BACK").startswith("1/10")
    assert phone.text("5").startswith("3/10")
    assert (find(phone).answers["pf01"], find(phone).answers["pf02"]) == (5, 2)


def test_back_at_the_first_question_repeats_it(phone):
    first = phone.text("FEEDBACK")
    assert phone.text("BACK") == first.split("\n")[0]


def test_unreadable_replies_after_back_leave_the_answer_as_it_was(phone):
    phone.texts("FEEDBACK", "YES", "1", "BACK", "bananas")
    assert phone.text("bananas").startswith("2/10")
    assert find(phone).answers["pf01"] == 1


def test_help_says_who_asks_and_the_question_stays_open(phone):
    phone.texts("FEEDBACK", "YES")
    reply = phone.text("HELP")
    assert "River Valley" in reply
    assert "STOP" in reply
    assert phone.text("4").startswith("2/10")


def test_web_sends_the_personal_link_of_this_very_interview(phone):
    phone.texts("FEEDBACK", "YES", "4")
    link = phone.text("WEB").split()[-1]
    token = link.removeprefix("http://localhost/a/")
    with phone.database.reading() as session:
        standing = find_interview(session, token, NOON)
    assert standing.interview.answers == {"pfc": 1, "pf01": 4}
    assert phone.text("4").startswith("3/10")


def test_a_question_that_the_web_answered_meanwhile_is_not_asked_again(phone):
    phone.texts("FEEDBACK", "YES")
    token = phone.text("WEB").rsplit("/", 1)[1]
    with phone.database.writing() as session:
        standing = find_interview(session, token, NOON, lock=True)
        changes = {"pf01": Change(2), "pf02": Change(3)}
        record_answers(session, standing, changes, channel="web", key="form:1", now=NOON)
    assert phone.text("5").startswith("3/10")
    assert find(phone).answers["pf01"] == 2


def test_where_the_web_answered_everything_that_is_texted_the_rest_is_on_the_web(phone):
    phone.texts("FEEDBACK", "YES")
    token = phone.text("WEB").rsplit("/", 1)[1]
    with phone.database.writing() as session:
        standing = find_interview(session, token, NOON, lock=True)
        questions = standing.interview.questions_in("sms")
        changes = {question.id: Change(Missing.REFUSED) for question in questions if question.type != "consent"}
        record_answers(session, standing, changes, channel="web", key="form:1", now=NOON)
    assert phone.text("5").startswith("You have answered all that we ask by text. Finish here: http://localhost/a/")
    assert find(phone).state == "started"


def test_the_language_changes_in_the_middle_and_answers_stay(phone):
    phone.texts("FEEDBACK", "YES", "4")
    assert phone.text("LANG fr").startswith("2/10 Les partenaires")
    assert phone.text("Largement").startswith("3/10 ")
    assert phone.text("lang english").startswith("3/10 Does your group")
    assert find(phone).answers == {"pfc": 1, "pf01": 4, "pf02": 4}


def test_an_unknown_language_is_answered_with_those_there_are(phone):
    phone.texts("FEEDBACK", "YES")
    assert phone.text("LANG de") == (
        "To change the language, reply LANG EN (English), LANG FR (Francais), LANG ES (Espanol), LANG SW (Kiswahili), "
        "LANG AR."
    )


def test_nothing_is_asked_without_a_yes(phone):
    phone.text("FEEDBACK")
    replies = [phone.text("what") for _ in range(5)]
    assert replies == ["Sorry, please reply YES or NO."] * 3 + [None] * 2
    assert phone.text("SKIP") is None
    assert phone.text("yes").startswith("1/10")


def test_no_ends_with_a_polite_goodbye(phone):
    assert phone.texts("FEEDBACK", "No thanks").startswith("Thank you for telling us")
    assert find(phone).state == "declined"


def test_a_definition_without_consent_gets_a_question_for_consent_of_ours(water):
    reply = water.text("WATER")
    assert reply.startswith("River Valley wants your view. Questions: 2. Confidential")
    assert water.text("maybe") == "Sorry, please reply YES or NO."
    assert water.text("YES").startswith("1/2 Where does")
    assert water.text("1").startswith("2/3 How deep")


def test_our_own_question_for_consent_takes_no_for_an_answer(water):
    assert water.texts("WATER", "NO").startswith("Thank you for telling us")
    assert find(water).state == "declined"
    assert find(water).answers == {}


def test_replies_are_judged_by_the_limits_of_the_question(water):
    water.texts("WATER", "YES", "well")
    assert "200" in water.text("500")
    assert water.text("12").startswith("3/3 How many litres")
    assert water.text("3.5").startswith("Thank you, your answers have been received. Your reference: ")
    assert find(water).answers == {"source": "well", "deep": 12, "litres": "3.5"}


def test_back_over_a_fork_asks_what_the_new_answer_leads_to(water):
    water.texts("WATER", "YES", "tap")
    assert water.text("BACK").startswith("1/2")
    assert water.text("well").startswith("2/3 How deep")


def test_what_stands_after_the_code_of_such_a_choice_is_kept_beside_it(database):
    choices = [{"value": 1, "label": "Farming"}, {"value": 9, "label": "Something else", "specify": True}]
    work = {"id": "work", "type": "select_one", "label": "What is your work?", "choices": choices}
    age = {"id": "age", "type": "integer", "label": "How old are you?", "min": 0}
    small = {**WITHOUT_CONSENT, "sections": [{"id": "one", "questions": [work, age]}]}
    facts = {"parameters": {}, "name": "Work", "keyword": "WORK", "contacts": None}
    publish(database, definition=json.dumps(small), **facts)
    phone = Phone(database)
    assert phone.texts("WORK", "YES", "9 I mend nets").startswith("2/2")
    assert find(phone).answers == {"work": 9, "work__oth": "I mend nets"}
    phone.texts("BACK", "9")
    assert find(phone).answers == {"work": 9, "work__oth": None}


def list_flags(phone: Phone) -> list[UnreadReply]:
    with phone.database.reading() as session:
        return list(session.scalars(select(UnreadReply).order_by(UnreadReply.id)))


def test_a_reply_that_is_given_up_waits_for_a_person(phone):
    phone.texts("FEEDBACK", "YES", "bananas", "apples")
    (flag,) = list_flags(phone)
    assert (flag.kind, flag.question, flag.interview_id, flag.outcome) == ("unreadable", "pf01", find(phone).id, None)


def test_a_wish_for_peace_is_told_how_to_stop_once_and_waits_for_a_person(phone):
    phone.texts("FEEDBACK", "YES")
    assert phone.text("please stop texting me").startswith("To end all texts, reply STOP and nothing else.")
    assert phone.text("stop texting me").startswith("Sorry, please reply with one number")
    assert [flag.kind for flag in list_flags(phone)] == ["peace"]
    assert "pf01" not in find(phone).answers


def test_a_wish_for_peace_in_ones_own_words_is_kept_as_an_answer_and_waits_for_a_person(phone):
    phone.texts("FEEDBACK", "YES", *["4"] * 6, "9")
    assert phone.text("Please stop texting me about this").startswith("9/10")
    assert find(phone).answers["pf08"] == "Please stop texting me about this"
    assert [flag.kind for flag in list_flags(phone)] == ["peace"]


def test_a_robot_in_the_middle_of_an_interview_meets_silence_and_a_person_is_told(phone):
    phone.texts("FEEDBACK", "YES")
    phone.pause = timedelta(seconds=5)
    replies = [phone.text("HELP") for _ in range(14)]
    assert replies[-1] is None
    assert [flag.kind for flag in list_flags(phone)] == ["loop"]
    phone.now += timedelta(minutes=6)
    assert phone.text("4").startswith("2/10")


def test_quick_answers_are_no_loop(phone):
    phone.pause = timedelta(seconds=3)
    end = phone.texts("FEEDBACK", "YES", *["4"] * 6, "9", "More meetings", "1", "1")
    assert "Your reference: " in end
    assert list_flags(phone) == []
