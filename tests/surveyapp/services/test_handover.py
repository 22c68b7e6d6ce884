from __future__ import annotations

import pytest
from builders import NOON, SECRET_KEY, find_token, publish
from phones import Phone
from sqlalchemy import select

from surveyapp.database import Database
from surveyapp.models import Interview
from surveyapp.services.handover import can_go_on_by_text, make_code
from surveyapp.services.interviews import Change, begin_invited, record_answers
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.standings import Standing, find_interview


def begin_on_web(database: Database, round_, name: str = "Bruno") -> Standing:
    """Answer the first two questions on the web."""
    token = find_token(database, round_, name)
    with database.writing() as session:
        standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel="web", now=NOON)
        changes = {"pfc": Change(1), "pf01": Change(5)}
        return record_answers(session, standing, changes, channel="web", key="form:1", now=NOON)


def find_one(database: Database) -> Interview:
    with database.reading() as session:
        return session.scalars(select(Interview)).one()


def test_the_code_hands_the_interview_to_the_phone_that_sends_it(database):
    code = make_code(SECRET_KEY, begin_on_web(database, publish(database)))
    phone = Phone(database, "+12025550199")
    assert phone.text(code).startswith("2/9 Les partenaires"), "in the language of the web"
    assert phone.text("4").startswith("3/9")
    interview = find_one(database)
    assert interview.phone == phone.number
    assert (interview.channel_first, interview.channel_last) == ("web", "sms")
    assert interview.answers == {"pfc": 1, "pf01": 5, "pf02": 4}


def test_the_code_is_read_in_any_case_with_any_signs_around_it(database):
    code = make_code(SECRET_KEY, begin_on_web(database, publish(database)))
    assert Phone(database).text(f" {code.lower().replace('-', ' ')}. ").startswith("2/9")


def test_what_was_given_by_text_goes_back_to_the_web_and_forth_again(database):
    round_ = publish(database)
    code = make_code(SECRET_KEY, begin_on_web(database, round_))
    phone = Phone(database)
    phone.texts(code, "4")
    link = phone.text("WEB").split()[-1]
    with database.reading() as session:
        standing = find_interview(session, link.rsplit("/", 1)[1], NOON)
    assert standing.interview.answers == {"pfc": 1, "pf01": 5, "pf02": 4}
    assert phone.text(make_code(SECRET_KEY, standing)).startswith("3/9")


def test_a_code_that_was_changed_is_no_code(database):
    code = make_code(SECRET_KEY, begin_on_web(database, publish(database)))
    for place in (0, 6, 13):
        letter = "A" if code[place] != "A" else "B"
        assert (
            Phone(database, f"+1202555018{place % 10}")
            .text(code[:place] + letter + code[place + 1 :])
            .startswith("Sorry")
        )
    assert find_one(database).phone is None


def test_codes_do_not_count_interviews(database):
    round_ = publish(database)
    one, other = (make_code(SECRET_KEY, begin_on_web(database, round_, name)) for name in ("Bruno", "Chiara"))
    assert one[:4] != other[:4]


def test_a_phone_with_answers_of_its_own_takes_no_others(database):
    round_ = publish(database, keyword="FEEDBACK")
    code = make_code(SECRET_KEY, begin_on_web(database, round_))
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES")
    assert phone.text(code).startswith("Ce téléphone a déjà ses propres réponses")
    with database.reading() as session:
        assert session.scalars(select(Interview.phone).order_by(Interview.id)).all() == [None, phone.number]


def test_a_closed_round_hands_nothing_over(database):
    code = make_code(SECRET_KEY, begin_on_web(database, publish(database)))
    with database.writing() as session:
        close_round(session, find_round(session, "Spring 2026"), actor="a@example.org", now=NOON)
    assert Phone(database).text(code).startswith("Sorry")


@pytest.mark.parametrize("confidentiality", ["anonymous", "confidential"])
def test_an_anonymous_interview_is_never_handed_to_a_phone(database, confidentiality):
    standing = begin_on_web(database, publish(database, confidentiality=confidentiality))
    assert can_go_on_by_text(standing) == (confidentiality != "anonymous")
    reply = Phone(database).text(make_code(SECRET_KEY, standing))
    assert reply.startswith("Sorry") == (confidentiality == "anonymous")
