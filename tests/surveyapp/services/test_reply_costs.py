"""The replies within conversations cost money too, and count towards their round's budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import publish
from outbox import SENDING, Post
from phones import Phone

from forms.sms.segments import count_segments
from surveyapp import jobs
from surveyapp.sending import read_prices
from surveyapp.services import reply_costs
from surveyapp.services.outbox import find_pauses
from surveyapp.services.tallies import Tally, find_tally

PRICED = replace(SENDING, prices=read_prices("0.01"))


def reckon(database, phone: Phone, *, later: timedelta = timedelta(minutes=2), sending=PRICED) -> int:
    with database.writing() as session:
        return reply_costs.count_new_replies(session, sending, phone.now + later)


def find_sent(database, round_) -> Tally:
    with database.reading() as session:
        return find_tally(session, round_.id)


def test_every_reply_of_a_conversation_counts_once(database):
    round_ = publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    replies = [phone.text(body) for body in ("FEEDBACK", "YES", "4", "nonsense")]
    segments = sum(count_segments(reply).segments for reply in replies)
    assert reckon(database, phone) == 4
    assert reckon(database, phone) == 0
    assert find_sent(database, round_) == Tally(4, segments, 10_000 * segments)
    more = count_segments(phone.text("5")).segments
    assert reckon(database, phone) == 1
    assert find_sent(database, round_) == Tally(5, segments + more, 10_000 * (segments + more))


def test_silence_and_strangers_cost_no_round_anything(database):
    round_ = publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    assert phone.text("who is this") is not None
    assert phone.text("hello") is None
    assert reckon(database, phone) == 2
    assert find_sent(database, round_) == Tally()


def test_what_has_no_known_price_counts_its_segments(database):
    round_ = publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    segments = count_segments(phone.text("FEEDBACK")).segments
    reckon(database, phone, sending=replace(SENDING, prices=read_prices("+44=0.01")))
    assert find_sent(database, round_) == Tally(1, segments, 0)


def test_a_text_that_has_only_just_come_waits_and_nothing_after_it_is_taken(database):
    round_ = publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    phone.text("FEEDBACK")
    phone.text("YES")
    assert reckon(database, phone, later=timedelta(seconds=30)) == 1
    assert find_sent(database, round_).messages == 1
    assert reckon(database, phone) == 1
    assert find_sent(database, round_).messages == 2


def test_long_lists_are_counted_in_short_transactions(database, monkeypatch):
    monkeypatch.setattr(reply_costs, "MOST_AT_ONCE", 2)
    round_ = publish(database, keyword="FEEDBACK")
    phone = Phone(database)
    for body in ("FEEDBACK", "YES", "4"):
        phone.text(body)
    assert [reckon(database, phone) for _ in range(3)] == [2, 1, 0]
    assert find_sent(database, round_).messages == 3


def test_a_budget_that_conversations_have_used_up_begins_no_further_text(database, settings):
    post = Post(database, settings, PRICED, budget_micros=35_000, keyword="FEEDBACK")
    post.queue("+12025550101")
    assert post.deliver() == {"sent": 1}
    phone = Phone(database, now=post.clock.now)
    replies = phone.text("FEEDBACK"), phone.text("YES")
    assert sum(count_segments(reply).segments for reply in replies) == 2
    post.clock.now = phone.now + timedelta(minutes=2)
    assert jobs.tick(database, post.settings, post.clock)["replies counted"] == 2
    post.queue("+12025550102")
    assert post.deliver() == {}
    with database.reading() as session:
        assert find_pauses(session)[f"round:{post.round.id}"].reason == "budget"
    assert phone.text("4") is not None, "a conversation under way goes on"
