from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from builders import NOON, publish
from phones import Phone
from sqlalchemy import func, select

from surveyapp.database import Database
from surveyapp.models import AnswerEvent, InboundMessage, Interview, OptOut
from surveyapp.services.pacing import MOST_A_DAY


@pytest.fixture
def phone(database: Database) -> Phone:
    publish(database, keyword="FEEDBACK")
    return Phone(database)


def find_interview(phone: Phone) -> Interview:
    with phone.database.reading() as session:
        return session.scalars(select(Interview).where(Interview.phone == phone.number)).one()


def count(phone: Phone, table: type) -> int:
    with phone.database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_same_message_gets_the_same_reply_and_is_stored_once(phone):
    phone.texts("FEEDBACK", "YES")
    first = phone.text("4", message_id="SMsame")
    phone.text("5")
    assert {phone.text("4", message_id="SMsame") for _ in range(5)} == {first}
    assert find_interview(phone).answers["pf01"] == 4
    assert count(phone, AnswerEvent) == 3


def test_the_same_message_gets_the_same_reply_a_year_later(phone):
    phone.texts("FEEDBACK", "YES")
    first = phone.text("4", message_id="SMsame")
    phone.now += timedelta(days=365)
    assert phone.text("4", message_id="SMsame") == first


def test_a_message_that_was_met_with_silence_is_met_with_silence_again(phone):
    phone.text("STOP")
    assert [phone.text("hello", message_id="SMquiet") for _ in range(2)] == [None, None]


def test_twenty_of_one_message_at_once_are_one_answer(phone):
    phone.texts("FEEDBACK", "YES")
    barrier = threading.Barrier(20)

    def send(_: int) -> str | None:
        barrier.wait()
        return Phone(phone.database, phone.number, phone.now).text("4", message_id="SMtwenty")

    with ThreadPoolExecutor(20) as pool:
        replies = set(pool.map(send, range(20)))
    assert len(replies) == 1
    assert "2/10" in replies.pop()
    assert count(phone, AnswerEvent) == 2


def test_different_messages_of_one_phone_at_once_are_taken_one_after_the_other(phone):
    phone.texts("FEEDBACK", "YES")

    def send(_: int) -> str | None:
        return Phone(phone.database, phone.number, phone.now).text("4")

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(send, range(4)))
    assert sorted(reply[:4] for reply in replies) == ["2/10", "3/10", "4/10", "5/10"]
    assert {find_interview(phone).answers[f"pf0{number}"] for number in range(1, 5)} == {4}


def test_two_keywords_at_once_begin_one_interview(phone):
    with ThreadPoolExecutor(8) as pool:
        replies = set(pool.map(lambda _: Phone(phone.database, phone.number).text("FEEDBACK"), range(8)))
    assert count(phone, Interview) == 1
    assert all(reply.startswith("Hi, River Valley") for reply in replies)


@pytest.mark.parametrize("word", ["STOP", "stop.", "Opt out", "Arrêt", "END"])
def test_stop_is_confirmed_once_and_then_there_is_silence(phone, word):
    phone.texts("FEEDBACK", "YES", "4")
    assert phone.text(word).startswith("You will get no more texts")
    assert [phone.text(body) for body in ("4", word, "HELP", "FEEDBACK", "YES")] == [None] * 5
    assert find_interview(phone).state == "stopped"
    assert "pf02" not in find_interview(phone).answers


def test_the_carriers_own_reading_of_stop_counts_as_stop(phone):
    phone.texts("FEEDBACK", "YES")
    phone.text("no more of this", opt_out="STOP")
    assert find_interview(phone).state == "stopped"
    assert phone.text("4") is None


def test_a_yes_that_the_carrier_reads_as_opting_in_is_still_a_yes(phone):
    phone.text("FEEDBACK")
    assert phone.text("YES", opt_out="START").startswith("1/10")


def test_stop_within_a_sentence_stays_an_answer(phone):
    phone.texts("FEEDBACK", "YES", *["4"] * 6, "9")
    assert phone.text("Please stop the dumping").startswith("9/10")
    assert find_interview(phone).answers["pf08"] == "Please stop the dumping"


def test_stop_reaches_every_round_of_the_number(phone):
    publish(phone.database, name="Second", keyword="SECOND", contacts=None)
    phone.texts("FEEDBACK", "YES", "STOP")
    assert phone.text("SECOND") is None


def test_start_brings_back_the_question_that_was_open(phone):
    phone.texts("FEEDBACK", "YES", "4", "STOP", "3")
    assert phone.text("START").startswith("Welcome back.\n2/10")
    assert phone.text("5").startswith("3/10")
    assert find_interview(phone).state == "started"
    assert count(phone, OptOut) == 0


def test_start_without_a_conversation_allows_texts_again(phone):
    phone.text("STOP")
    assert phone.text("unstop").startswith("Texts to you are on again")
    assert phone.text("FEEDBACK").startswith("Hi, River Valley")


def test_a_stranger_gets_one_reply_at_most(phone):
    assert phone.text("Who is this?").startswith("Sorry, no survey")
    assert phone.texts("Hello?", "Hello??") is None


def test_two_robots_do_not_talk_for_ever(phone):
    phone.pause = timedelta(seconds=2)
    assert [phone.text("HELP") is not None for _ in range(8)] == [True] * 5 + [False] * 3
    phone.now += timedelta(minutes=6)
    assert phone.text("HELP") is not None


def test_a_number_is_listened_to_only_so_often_a_day_but_stop_always_counts(phone):
    with phone.database.writing() as session:
        for number in range(MOST_A_DAY):
            session.add(
                InboundMessage(
                    gateway="twilio",
                    account="AC",
                    message_id=f"SMflood{number}",
                    phone=phone.number,
                    our_number="",
                    body="x",
                    received_at=NOON,
                )
            )
    assert phone.text("FEEDBACK") is None
    phone.text("STOP")
    assert count(phone, OptOut) == 1
    phone.now += timedelta(days=2)
    assert phone.text("START") is not None


def test_what_a_text_changed_keeps_its_words_its_rule_and_its_certainty(phone):
    phone.texts("FEEDBACK", "YES", "Mostly!")
    with phone.database.reading() as session:
        event = session.scalars(select(AnswerEvent).order_by(AnswerEvent.id.desc())).first()
    assert event.channel == "sms"
    assert event.changes == {"pf01": {"value": 4, "raw": "Mostly!", "rule": "label", "certainty": 1.0}}


def test_a_text_that_is_not_committed_never_came(phone):
    phone.texts("FEEDBACK", "YES")
    with pytest.raises(ConnectionError), phone.database.writing() as session:
        phone.text("4", message_id="SMlost", session=session)
        raise ConnectionError
    assert phone.text("4", message_id="SMlost").startswith("2/10")
