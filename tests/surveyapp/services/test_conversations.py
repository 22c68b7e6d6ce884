from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON, THREE_PEOPLE, find_token, publish
from phones import Phone
from sqlalchemy import select

from surveyapp.database import Database
from surveyapp.models import Interview, Invitation
from surveyapp.services.interviews import Change, begin_invited, record_answers
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.standings import find_interview

AMINA = "+12025550101"
ANSWERS = ["4"] * 6 + ["9", "More meetings", "1"]


def list_interviews(database: Database) -> list[Interview]:
    with database.reading() as session:
        return list(session.scalars(select(Interview).order_by(Interview.id)))


def close(database: Database, name: str = "Spring 2026") -> None:
    with database.writing() as session:
        close_round(session, find_round(session, name), actor="a@example.org", now=NOON)


def test_an_invited_contact_who_texts_anything_is_asked_for_consent(database):
    publish(database)
    phone = Phone(database, AMINA)
    assert phone.text("Hello").startswith("Hi, River Valley wants your view")
    assert phone.text("YES").startswith("1/9")
    (interview,) = list_interviews(database)
    assert interview.group == "community"
    with database.reading() as session:
        assert (
            session.scalars(select(Invitation.state).where(Invitation.id == interview.invitation_id)).one() == "started"
        )


def test_an_invited_contact_is_spoken_to_in_the_language_of_the_list(database):
    publish(database, contacts=THREE_PEOPLE.replace("community,en", "community,fr"))
    assert Phone(database, AMINA).text("Hello").startswith("Bonjour, River Valley")


def test_a_keyword_from_an_invited_number_answers_the_invitation(database):
    publish(database, keyword="FEEDBACK")
    Phone(database, AMINA).texts("FEEDBACK", "YES")
    assert [interview.invitation_id is not None for interview in list_interviews(database)] == [True]


@pytest.mark.parametrize("word", ["FEEDBACK", "feedback", " Feed back. ", "«feedback»!"])
def test_a_keyword_is_read_in_any_case_with_any_signs_around_it(database, word):
    publish(database, keyword="FEEDBACK")
    assert Phone(database).text(word).startswith("Hi, River Valley")


def test_a_finished_interview_gets_one_polite_reply_and_then_silence(database):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    end = phone.texts("FEEDBACK", "YES", *ANSWERS, "1")
    reference = list_interviews(database)[0].reference
    assert end.endswith(f"Your reference: {reference}")
    assert phone.text("Thanks!") == f"Your answers have been received already, thank you. Your reference: {reference}"
    assert phone.texts("Bye", "FEEDBACK") is None
    assert len(list_interviews(database)) == 1


def test_after_no_there_is_one_polite_reply_and_then_silence(database):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    assert phone.texts("FEEDBACK", "NO", "why?").startswith("You chose not to take part")
    assert phone.text("well") is None


def test_a_reply_after_the_close_gets_one_polite_sentence(database):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "4")
    close(database)
    assert phone.text("4") == "This survey is closed and takes no more answers. Thank you for writing."
    assert phone.text("4") is None
    assert "pf02" not in list_interviews(database)[0].answers


def test_an_interview_goes_on_where_its_round_is_opened_again(database):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "4")
    close(database)
    phone.text("4")
    with database.writing() as session:
        find_round(session, "Spring 2026").state = "published"
    assert phone.text("hello?").startswith("2/10")


def test_the_keyword_of_a_closed_round_is_answered_politely(database):
    publish(database, keyword="FEEDBACK")
    close(database)
    assert Phone(database).text("FEEDBACK").startswith("This survey is closed")


def test_the_keyword_of_a_round_that_opens_later_says_so(database):
    publish(database, keyword="FEEDBACK", opens_at=NOON + timedelta(days=1))
    phone = Phone(database)
    assert phone.text("FEEDBACK").startswith("This survey has not opened yet")
    phone.now += timedelta(days=2)
    assert phone.text("FEEDBACK").startswith("Hi, River Valley")


def test_an_invited_contact_of_a_closed_round_is_told_so(database):
    publish(database)
    close(database)
    assert Phone(database, AMINA).text("Hello").startswith("This survey is closed")


def test_an_invited_contact_of_a_round_that_opens_later_is_told_so(database):
    publish(database, opens_at=NOON + timedelta(days=1))
    assert Phone(database, AMINA).text("Hello").startswith("This survey has not opened yet")


def test_an_anonymous_round_is_never_answered_by_text(database):
    publish(database, confidentiality="anonymous")
    assert Phone(database, AMINA).text("Hello").startswith("Sorry, no survey")
    assert list_interviews(database) == []


def test_a_second_keyword_waits_until_the_first_interview_is_done(database):
    publish(database, keyword="FEEDBACK", contacts=None)
    publish(database, keyword="AUTUMN", name="Autumn", contacts=None)
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES")
    assert phone.text("AUTUMN").startswith("That survey comes next. First this one:\n1/10")
    assert phone.text("autumn").startswith("That survey comes next. First this one:\n1/10")
    assert phone.text("4").startswith("2/10")
    end = phone.texts(*ANSWERS[1:], "1")
    assert "Your reference: " in end
    assert "\nHi, River Valley" in end
    assert phone.text("YES").startswith("1/10")


def test_a_round_that_waits_begins_when_the_first_is_declined_and_not_after_stop(database):
    publish(database, keyword="FEEDBACK", contacts=None)
    publish(database, keyword="AUTUMN", name="Autumn", contacts=None)
    phone = Phone(database)
    assert phone.texts("FEEDBACK", "AUTUMN", "NO").split("\n")[1].startswith("Hi, River Valley")
    other = Phone(database, "+12025550143")
    other.texts("FEEDBACK", "AUTUMN", "STOP", "START")
    assert "Hi, River" not in other.text("NO").split("\n", 1)[-1]


def test_a_round_that_went_cold_keeps_no_other_waiting_and_takes_late_replies(database):
    publish(database, keyword="FEEDBACK", contacts=None)
    publish(database, keyword="AUTUMN", name="Autumn", contacts=None)
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "4")
    phone.now += timedelta(hours=73)
    assert phone.text("AUTUMN").startswith("Hi, River Valley")
    assert phone.texts("YES", "3").startswith("2/10"), "the open question is the one asked last"
    first, second = list_interviews(database)
    assert "pf02" not in first.answers
    assert second.answers["pf01"] == 3
    phone.texts(*ANSWERS[1:], "1")
    assert phone.text("hello again").startswith("2/10"), (
        "what is no answer after a long silence is met with the question"
    )
    assert phone.text("5").startswith("3/10")
    assert list_interviews(database)[0].answers["pf02"] == 5


def test_a_late_reply_is_an_answer_until_the_round_closes(database):
    publish(database, keyword="FEEDBACK", contacts=None)
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "4")
    phone.now += timedelta(days=30)
    assert phone.text("5").startswith("3/10")


@pytest.fixture
def two_cold(database) -> Phone:
    """A phone with two surveys of two partnerships, both asked long ago."""
    publish(database, keyword="FEEDBACK", contacts=None)
    wishes = {"partnership": "Hill Forum", "parameters": {"partnership": "Hill Forum"}}
    publish(database, keyword="AUTUMN", name="Autumn", contacts=None, **wishes)
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "4")
    phone.now += timedelta(hours=73)
    phone.texts("AUTUMN", "YES")
    phone.now += timedelta(hours=73)
    return phone


def test_a_reply_that_could_belong_to_two_is_asked_about_and_then_taken(two_cold):
    assert two_cold.text("5") == "Which survey is this for? Reply 1 for Hill Forum, 2 for River Valley."
    assert two_cold.text("2").startswith("3/10")
    first, second = list_interviews(two_cold.database)
    assert first.answers["pf02"] == 5
    assert second.answers == {"pfc": 1}
    assert two_cold.text("4").startswith("4/10"), "from then on that conversation is the open one"


def test_what_is_no_answer_leads_to_the_question_of_the_survey_that_is_chosen(two_cold):
    assert two_cold.text("hello?").startswith("Which survey is this for?")
    assert two_cold.text("١").startswith("1/10")
    assert two_cold.text("9").startswith("Sorry")


def test_a_choice_that_is_not_made_is_asked_again(two_cold):
    assert two_cold.texts("5", "what?").startswith("Which survey is this for?")
    assert two_cold.texts("1").startswith("1/10")


def test_help_and_the_keyword_need_no_choice(two_cold):
    assert two_cold.text("HELP").startswith("Hill Forum asks for your view")
    assert two_cold.text("FEEDBACK").startswith("2/10")


def test_the_own_keyword_repeats_the_open_question(database):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    assert phone.texts("FEEDBACK", "YES", "4", "FEEDBACK").startswith("2/10")


def test_after_the_end_the_next_invitation_is_offered(database):
    publish(database)
    publish(database, name="Autumn")
    phone = Phone(database, AMINA)
    end = phone.texts("Hello", "YES", *ANSWERS)
    assert "Your reference: " in end
    assert end.split("\n")[2].startswith("Hi, River Valley")
    assert phone.text("YES").startswith("1/9")
    assert [interview.state for interview in list_interviews(database)] == ["finished", "started"]


def test_what_was_begun_on_the_web_goes_on_by_text(database):
    round_ = publish(database)
    token = find_token(database, round_, "Amina")
    with database.writing() as session:
        standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel="web", now=NOON)
        record_answers(session, standing, {"pfc": Change(1), "pf01": Change(5)}, channel="web", key="form:1", now=NOON)
    phone = Phone(database, AMINA)
    assert phone.text("hello").startswith("2/9")
    assert phone.text("3").startswith("3/9")
    (interview,) = list_interviews(database)
    assert (interview.channel_first, interview.channel_last) == ("web", "sms")
    assert interview.answers == {"pfc": 1, "pf01": 5, "pf02": 3}


def test_help_names_who_asks_also_before_anything_is_begun(database):
    publish(database)
    assert Phone(database, AMINA).text("INFO").startswith("River Valley asks for your view")
    assert Phone(database, "+12025550177").text("INFO").startswith("This number carries surveys")
