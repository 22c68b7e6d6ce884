from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON, publish
from phones import Phone
from sqlalchemy import select

from surveyapp.database import Database
from surveyapp.models import Interview, OutboundMessage
from surveyapp.sending import Sending
from surveyapp.services.claiming import Claim, claim_next
from surveyapp.services.following_up import AFTER, queue_due_follow_ups

SENDING = Sending(gateway="simulator", sender="+12025550100", quiet_from=24, quiet_until=0)
FIRST_PART = ["YES", *["4"] * 6, "9", "More meetings"]


@pytest.fixture
def phone(database: Database) -> Phone:
    """A phone that has finished the first part and agreed to more."""
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    phone.texts("FEEDBACK", *FIRST_PART, "1", "1")
    return phone


def find(phone: Phone) -> Interview:
    with phone.database.reading() as session:
        return session.scalars(select(Interview).where(Interview.phone == phone.number)).one()


def wait(phone: Phone, after: timedelta = AFTER + timedelta(hours=1)) -> int:
    phone.now += after
    with phone.database.writing() as session:
        return queue_due_follow_ups(session, SENDING, phone.now)


def test_who_agreed_is_asked_the_second_part_a_week_later(phone):
    assert wait(phone, timedelta(days=6)) == 0
    assert wait(phone, timedelta(days=2)) == 1
    assert wait(phone, timedelta()) == 0, "once"
    with phone.database.writing() as session:
        claim = claim_next(session, SENDING, owner="w", now=phone.now)
    assert isinstance(claim, Claim)
    assert claim.body.startswith(
        "As agreed, a few more questions. STOP ends all texts.\n1/8 Are the right groups taking part"
    )


def test_its_answers_belong_to_the_same_interview_which_stays_finished(phone):
    before = find(phone)
    wait(phone)
    assert phone.text("4").startswith("2/8 Are there enough money")
    assert phone.text("BACK").startswith("1/8")
    end = phone.texts("5", "3", "2", "1", "4", "3", "2", "1 3")
    after = find(phone)
    assert end.endswith(f"Your reference: {after.reference}")
    assert after.answers["pf09"] == 5
    assert after.answers["pf16"] == [1, 3]
    assert (after.state, after.finished_at) == ("finished", before.finished_at)
    assert phone.text("Thanks!").startswith("Your answers have been received already")
    assert wait(phone, timedelta(days=30)) == 0


@pytest.mark.parametrize("closing", ["2", "S", "STOP"])
def test_who_did_not_agree_or_wrote_stop_is_left_alone(database, closing):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    phone.texts("FEEDBACK", *FIRST_PART, *([closing, "1"] if closing != "STOP" else ["1", "1", "STOP"]))
    assert wait(phone) == 0
    with database.reading() as session:
        assert session.scalars(select(OutboundMessage)).all() == []


def test_what_was_finished_on_the_web_or_not_at_all_is_not_followed_up(database):
    publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    phone.texts("FEEDBACK", *FIRST_PART)
    assert wait(phone) == 0
    assert find(phone).state == "started"


def test_a_closed_round_asks_no_more(database):
    publish(database, keyword="FEEDBACK", closes_at=NOON + timedelta(days=5))
    phone = Phone(database)
    phone.texts("FEEDBACK", *FIRST_PART, "1", "1")
    assert wait(phone) == 0


def test_stop_ends_the_follow_up_and_start_takes_it_up(phone):
    wait(phone)
    phone.texts("4", "STOP")
    assert phone.text("3") is None
    assert phone.text("START").startswith("Welcome back.\n2/8")


def test_a_follow_up_goes_on_the_web_by_its_link(phone, app):
    wait(phone)
    phone.text("4")
    link = phone.text("WEB").split()[-1].removeprefix("http://localhost")
    page = app.test_client().get(link)
    assert page.status_code == 200
    assert "Are there enough money" in page.text
