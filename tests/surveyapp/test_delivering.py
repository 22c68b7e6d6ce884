"""Delivery keeps its promises: each text goes once, in its time, at the rate, and nothing starts after STOP."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from outbox import SENDING, Clock, Post
from phones import Phone
from sqlalchemy import select, update

from surveyapp.gateways.base import DoubtfulError, Fate, NotAcceptedError
from surveyapp.models import OptOut, OutboundMessage, Round
from surveyapp.sending import read_prices
from surveyapp.services.claiming import Claim, claim_next
from surveyapp.services.fates import note_accepted, record_status
from surveyapp.services.outbox import find_pauses, pause, resume
from surveyapp.services.tallies import find_tally
from surveyapp.services.texting_rounds import change_budget

PHONE = "+12025550142"
OTHER = "+12025550143"


@pytest.fixture
def post(database, settings) -> Post:
    """An outbox with a round behind it."""
    return Post(database, settings)


def test_a_text_is_attempting_in_the_database_before_the_gateway_hears_of_it(post):
    post.queue(PHONE)
    seen = []
    post.gateway.on_send = lambda outbound: seen.append(post.message.state)
    assert post.deliver() == {"sent": 1}
    assert seen == ["attempting"]
    assert (post.message.state, post.message.provider_id) == ("sent", "SM1")


def test_the_same_text_queued_twice_goes_once(post):
    post.queue(PHONE)
    post.queue(PHONE, body="Hello again?")
    post.deliver()
    assert [outbound.body for outbound in post.gateway.taken] == ["Hello?"]


def test_the_callback_address_carries_our_own_id(post):
    post.queue(PHONE)
    post.deliver()
    assert post.gateway.taken[0].status_url == f"http://localhost/sms/simulator/status?message={post.message.id}"


@pytest.mark.parametrize("retry_after", [None, 40.0])
def test_what_was_surely_not_taken_is_tried_again_later(post, retry_after):
    post.queue(PHONE)
    post.gateway.answers = [NotAcceptedError("429", retry_after=retry_after)]
    assert post.deliver(patience=0) == {"not accepted": 1}
    assert (post.message.state, post.message.reason, post.message.error_code) == ("queued", "refused", "429")
    waits = (post.message.not_before - post.clock.now).total_seconds()
    assert waits == (retry_after or 5.0)
    assert post.deliver(patience=0) == {}
    post.clock.pass_by(waits)
    assert post.deliver(patience=0) == {"sent": 1}


def test_a_gateway_that_asks_for_patience_keeps_the_whole_number_silent(post):
    post.queue(PHONE, OTHER)
    post.gateway.answers = [NotAcceptedError("429", retry_after=30)]
    post.deliver(patience=0)
    began = post.clock.now
    post.deliver(patience=60)
    assert len(post.gateway.taken) == 3
    assert post.clock.now - began >= timedelta(seconds=30)


def test_back_off_doubles_and_ends(post):
    post.queue(PHONE, valid_until=post.clock.now + timedelta(days=3))
    post.gateway.answers = [NotAcceptedError("connection refused")] * 12
    waits = []
    for _ in range(12):
        post.deliver(patience=0)
        waits.append((post.message.not_before - post.clock.now).total_seconds())
        post.clock.now = post.message.not_before
        if not 8 <= post.clock.now.hour < 20:
            break
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == 900


def test_a_permanent_refusal_is_never_tried_again(post):
    post.queue(PHONE)
    post.gateway.answers = [NotAcceptedError("21211", permanent=True)]
    post.deliver()
    post.clock.pass_by(3600)
    assert post.deliver() == {}
    assert (post.message.state, post.message.reason, post.message.error_code) == ("failed", "rejected", "21211")


def test_the_carriers_word_that_somebody_wrote_stop_counts_as_stop(post, database):
    post.queue(PHONE)
    post.queue(PHONE, kind="reminder", step=1, not_before=post.clock.now + timedelta(hours=1))
    post.gateway.answers = [NotAcceptedError("21610", permanent=True, opted_out=True)]
    post.deliver()
    with database.reading() as session:
        assert session.scalars(select(OptOut.phone)).all() == [PHONE]
    assert [(m.state, m.reason) for m in post.messages()] == [("failed", "opted_out"), ("cancelled", "opted_out")]


def test_what_nobody_knows_is_looked_for_and_sent_once_more_only_if_the_list_says_no(post):
    post.queue(PHONE)
    post.gateway.answers = [DoubtfulError("time-out"), DoubtfulError("time-out")]
    post.deliver()
    assert (post.message.state, post.message.error_code) == ("unknown", "time-out")
    assert dict(post.worker.reconcile_due()) == {}  # too early: a callback may still come
    post.clock.pass_by(300)
    assert dict(post.worker.reconcile_due()) == {"queued": 1}
    post.deliver()
    post.clock.pass_by(300)
    assert dict(post.worker.reconcile_due()) == {"held": 1}
    post.clock.pass_by(3600)
    assert post.deliver() == {}
    assert (post.message.state, post.message.reason, len(post.gateway.taken)) == ("unknown", "not_listed", 2)


def test_what_the_list_knows_is_not_sent_again(post):
    post.queue(PHONE)
    post.gateway.answers = [DoubtfulError("HTTP 500")]
    post.deliver()
    post.gateway.listed = [Fate(provider_id="SM77", state="delivered", cost_micros=8300)]
    post.clock.pass_by(300)
    assert dict(post.worker.reconcile_due()) == {"found": 1}
    assert (post.message.state, post.message.provider_id, post.message.cost_micros) == ("delivered", "SM77", 8300)


def test_a_listed_text_that_is_another_one_of_ours_does_not_count(post):
    post.queue(PHONE)
    post.deliver()
    post.queue(PHONE, kind="reminder", step=1)
    post.gateway.answers = [DoubtfulError("time-out")]
    post.deliver()
    post.gateway.listed = [Fate(provider_id="SM1", state="delivered")]
    post.clock.pass_by(300)
    assert dict(post.worker.reconcile_due()) == {"queued": 1}


def test_a_list_out_of_reach_holds_the_text_until_it_answers(post):
    post.queue(PHONE)
    post.gateway.answers = [DoubtfulError("connection lost")]
    post.gateway.listed = None
    post.deliver()
    for _ in range(3):
        post.clock.pass_by(1000)
        assert dict(post.worker.reconcile_due()) == {"held": 1}
        assert post.deliver() == {}
    assert (post.message.state, post.message.reason) == ("unknown", "no_list")
    post.gateway.listed = ()
    post.clock.pass_by(3600)
    assert dict(post.worker.reconcile_due()) == {"queued": 1}


def test_a_worker_that_died_leaves_a_doubtful_text(post):
    post.queue(PHONE)
    post.gateway.on_send = lambda outbound: (_ for _ in ()).throw(SystemExit)
    with pytest.raises(SystemExit):
        post.deliver()
    post.worker.reconcile_due()
    assert post.message.state == "attempting"
    post.clock.pass_by(61)
    post.worker.reconcile_due()
    assert (post.message.state, post.message.error_code) == ("unknown", "worker lost")


def test_a_worker_stopped_past_its_lease_changes_nothing_when_another_has_taken_over(post, database):
    post.queue(PHONE)
    with database.writing() as session:
        stopped = claim_next(session, post.settings.sending, owner="stopped", now=post.clock.now)
    assert isinstance(stopped, Claim)
    post.clock.pass_by(61)
    post.worker.reconcile_due()
    post.clock.pass_by(300)
    post.worker.reconcile_due()
    post.deliver()
    assert (post.message.state, post.message.provider_id) == ("sent", "SM1")
    with database.writing() as session:
        assert not note_accepted(session, stopped, Fate(provider_id="SM9", state="failed"), post.clock.now)
    assert (post.message.state, post.message.provider_id) == ("sent", "SM1")


def test_a_worker_that_was_stopped_between_claim_and_call_does_not_call(post):
    post.queue(PHONE)
    moments = iter([post.clock.now])
    post.worker.clock = lambda: next(moments, post.clock.now + timedelta(minutes=5))
    assert post.worker.deliver_one() == "not accepted"
    assert post.gateway.taken == []
    assert post.message.state == "queued"


def test_a_late_report_of_an_attempt_that_nobody_replaced_still_counts(post, database):
    post.queue(PHONE)
    with database.writing() as session:
        claim = claim_next(session, post.settings.sending, owner="slow", now=post.clock.now)
    post.clock.pass_by(61)
    post.worker.reconcile_due()
    with database.writing() as session:
        assert note_accepted(session, claim, Fate(provider_id="SM5", state="sent"), post.clock.now)
    assert (post.message.state, post.message.provider_id) == ("sent", "SM5")


def test_any_order_of_callbacks_ends_in_the_same_state_and_never_goes_back(post, database):
    rank = {"queued": 0, "attempting": 0, "sent": 1, "failed": 2, "delivered": 3}
    reports = [("sent", None), ("sent", None), ("failed", "30005"), ("delivered", None)]
    for number, _order in enumerate(itertools.permutations(reports)):
        phone = f"+120255501{number:02}"
        post.queue(phone, not_before=post.clock.now)
    ids = [message.id for message in post.messages()]
    for id_, order in zip(ids, itertools.permutations(reports), strict=True):
        highest = 0
        for state, code in order:
            fate = Fate(provider_id=f"SM{id_}", state=state, message=id_, error_code=code)
            with database.writing() as session:
                assert record_status(session, "simulator", fate, post.clock.now)
            now = next(message.state for message in post.messages() if message.id == id_)
            assert rank[now] >= highest
            highest = rank[now]
    assert set(post.states()) == {"delivered"}


def test_a_callback_that_is_faster_than_the_answer_loses_nothing(post, database):
    post.queue(PHONE)

    def call_back(outbound):
        fate = Fate(provider_id="SM1", state="delivered", message=outbound.message)
        with database.writing() as session:
            record_status(session, "simulator", fate, post.clock.now)

    post.gateway.on_send = call_back
    post.deliver()
    assert post.message.state == "delivered"


def test_a_callback_settles_a_doubt_and_nothing_is_sent_again(post, database):
    post.queue(PHONE)
    post.gateway.answers = [DoubtfulError("time-out")]
    post.deliver()
    with database.writing() as session:
        record_status(
            session, "simulator", Fate(provider_id="SM3", state="sent", message=post.message.id), post.clock.now
        )
    post.clock.pass_by(600)
    assert dict(post.worker.reconcile_due()) == {}
    assert (post.message.state, post.message.provider_id) == ("sent", "SM3")


def test_a_callback_of_another_gateway_or_about_nothing_of_ours_is_ignored(post, database):
    post.queue(PHONE)
    post.deliver()
    with database.writing() as session:
        for gateway, fate in (
            ("twilio", Fate(provider_id="SM1", state="failed", message=post.message.id)),
            ("simulator", Fate(provider_id="SM999", state="failed")),
            ("simulator", Fate(provider_id="SM1", state="failed", message=10**17)),
        ):
            assert not record_status(session, gateway, fate, post.clock.now)
    assert post.message.state == "sent"


def test_a_text_goes_by_the_gateway_of_the_day_and_its_callbacks_find_it(post, database):
    post.queue(PHONE)
    with database.writing() as session:
        session.execute(update(OutboundMessage).values(gateway="twilio", sender="+12025550111"))
    post.deliver()
    assert (post.message.gateway, post.gateway.taken[0].sender) == ("simulator", "+12025550100")
    with database.writing() as session:
        fate = Fate(provider_id="SM1", state="delivered", message=post.message.id)
        assert record_status(session, "simulator", fate, post.clock.now)


def test_stop_cancels_what_is_queued_and_nothing_starts_after_its_answer(post, database):
    post.queue(PHONE, OTHER)
    phone = Phone(database, PHONE, now=post.clock.now)
    stopped = []
    # While one text is in flight, the person it goes to writes STOP; so does nobody else.
    post.gateway.on_send = lambda outbound: stopped.append(Phone(database, OTHER, now=post.clock.now).text("STOP"))
    assert "no more texts" in phone.text("STOP")
    assert post.deliver() == {"sent": 1}
    assert [outbound.phone for outbound in post.gateway.taken] == [OTHER]
    post.queue(OTHER, kind="reminder", step=1)
    post.queue(PHONE, kind="reminder", step=1)
    assert post.deliver() == {}
    assert next((m.phone, m.state, m.reason) for m in post.messages()) == (PHONE, "cancelled", "opted_out")
    assert {m.state for m in post.messages() if m.kind == "reminder"} == {"cancelled"}


def test_the_rate_is_held_in_segments_by_all_workers_together(database, settings):
    post = Post(database, settings, replace(SENDING, rate=10.0))
    post.queue(*(f"+120255501{n:02}" for n in range(60)), body="x" * 200)  # two segments each
    workers = [post.employ("one"), post.employ("two")]
    times = []
    post.gateway.on_send = lambda outbound: times.append(post.clock.now)
    while "queued" in post.states():
        for worker in workers:
            worker.deliver_due(most=1, patience=10**6)
    seconds = (times[-1] - times[0]).total_seconds()
    assert len(times) == 60
    assert 9.5 <= 2 * 59 / seconds <= 10.0
    for start in times:
        within = sum(start <= moment < start + timedelta(seconds=1) for moment in times)
        assert 2 * within <= 10 + 2


def test_no_second_holds_more_calls_than_the_rate_whatever_delays_a_worker(database, settings):
    post = Post(database, settings, replace(SENDING, rate=10.0))
    post.queue(*(f"+120255501{n:02}" for n in range(60)))
    chance = Random(7)

    class Busy(Clock):
        """A clock by which everything takes its time, and now and then a long one."""

        def __call__(self) -> datetime:
            self.pass_by(chance.choice((0.0, 0.001, 0.004, 0.02, 0.06, 0.3)))
            return self.now

    post.clock = Busy(post.clock.now)
    workers = [post.employ("one"), post.employ("two")]
    times = []
    post.gateway.on_send = lambda outbound: times.append(post.clock.now)
    while "queued" in post.states():
        for worker in workers:
            worker.deliver_due(most=1, patience=10**6)
    assert len(times) == 60
    assert max(sum(start <= moment < start + timedelta(seconds=1) for moment in times) for start in times) <= 10


def test_a_worker_that_is_stopped_before_its_slot_gives_the_text_back(post):
    post.queue(PHONE)
    post.worker.stopped = lambda: True
    assert post.worker.deliver_one() == "not accepted"
    assert (post.message.state, post.gateway.taken) == ("queued", [])


def test_a_clock_set_back_does_not_silence_the_number(post):
    post.queue(PHONE, OTHER)
    post.clock.now += timedelta(hours=5)
    post.worker.deliver_due(most=1)
    post.clock.now -= timedelta(hours=5)
    assert post.deliver() == {"sent": 1}


def test_a_clock_set_back_does_not_hold_a_lost_attempt_for_ever(post, database):
    post.queue(PHONE)
    with database.writing() as session:
        claim_next(session, post.settings.sending, owner="dead", now=post.clock.now + timedelta(days=1))
    post.worker.reconcile_due()
    assert post.message.state == "unknown"


def test_nobody_is_texted_in_the_night_where_they_live(post):
    post.queue(PHONE, timezone="Asia/Tokyo")  # midnight there
    assert post.deliver() == {}
    assert post.message.reason == "quiet"
    assert post.message.not_before == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    post.clock.now = post.message.not_before
    assert post.deliver() == {"sent": 1}


def test_what_could_not_go_in_time_never_goes(post):
    post.queue(PHONE, valid_until=post.clock.now + timedelta(minutes=5))
    post.clock.pass_by(400)
    assert post.deliver() == {}
    assert (post.message.state, post.message.reason) == ("cancelled", "expired")


def test_a_phone_gets_no_more_texts_a_day_than_it_may(database, settings):
    post = Post(database, settings, replace(SENDING, most_per_number=2))
    for step in range(3):
        post.queue(PHONE, kind="reminder", step=step)
    assert post.deliver() == {"sent": 2}
    waiting = post.messages()[2]
    assert (waiting.state, waiting.reason) == ("queued", "cap")
    post.clock.now = waiting.not_before
    assert post.deliver() == {"sent": 1}


def test_the_service_sends_no_more_segments_a_day_than_it_may(database, settings):
    post = Post(database, settings, replace(SENDING, most_a_day=2))
    post.queue(*(f"+120255501{n:02}" for n in range(4)))
    assert post.deliver() == {"sent": 2}
    post.clock.now = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    assert post.deliver() == {"sent": 2}


def test_a_long_text_does_not_overrun_the_day(database, settings):
    post = Post(database, settings, replace(SENDING, most_a_day=3))
    post.queue("+12025550101", "+12025550102", body="a" * 161)
    assert post.deliver() == {"sent": 1}, "two segments, and one left"
    post.clock.now = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    assert post.deliver() == {"sent": 1}


def test_a_text_that_is_too_long_for_the_day_is_put_off_and_holds_up_nobody(database, settings):
    post = Post(database, settings, replace(SENDING, most_a_day=3))
    post.queue("+12025550101", body="a" * 600)
    post.queue("+12025550102", "+12025550103", body="a" * 161)
    post.queue("+12025550104")
    assert post.deliver() == {"sent": 2}
    assert [(m.state, m.reason) for m in post.messages()] == [
        ("queued", "over_cap"),
        ("sent", None),
        ("queued", "daily_cap"),
        ("sent", None),
    ]
    post.clock.now = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    assert post.deliver() == {"sent": 1}


def test_a_text_that_costs_more_than_is_left_holds_up_nobody_until_there_is_more(database, settings):
    prices = read_prices("0.01 +44=0.05")
    post = Post(database, settings, replace(SENDING, prices=prices), budget_micros=30_000)
    post.queue("+447700900123", valid_until=post.clock.now + timedelta(days=3))
    post.queue("+12025550101", "+12025550102")
    assert post.deliver(patience=5) == {"sent": 2}
    assert next((m.state, m.reason) for m in post.messages()) == ("queued", "budget")
    post.clock.pass_by(3600)
    assert post.deliver(patience=5) == {}
    with database.reading() as session:
        assert find_pauses(session)[f"round:{post.round.id}"].reason == "budget"
    with database.writing() as session:
        round_ = session.get_one(Round, post.round.id)
        change_budget(session, round_, 100_000, actor="coordinator@example.org", now=post.clock.now)
    assert post.deliver(patience=5) == {"sent": 1}


def test_a_budget_stops_the_round_before_it_is_overrun(database, settings):
    post = Post(database, settings, replace(SENDING, prices=read_prices("0.01")), budget_micros=25_000)
    post.queue(*(f"+120255501{n:02}" for n in range(4)))
    assert post.deliver() == {"sent": 2}
    with database.reading() as session:
        assert find_tally(session, post.round.id).cost_micros == 20_000
        assert find_pauses(session)[f"round:{post.round.id}"].reason == "budget"
    assert post.deliver() == {}


def test_a_budget_without_a_price_sends_nothing(database, settings):
    post = Post(database, settings, replace(SENDING, prices=read_prices("+44=0.01")), budget_micros=25_000)
    post.queue(PHONE)
    assert post.deliver() == {}
    with database.reading() as session:
        assert find_pauses(session)[f"round:{post.round.id}"].reason == "price"


def test_what_was_surely_not_sent_costs_nothing(database, settings):
    post = Post(database, settings, replace(SENDING, prices=read_prices("0.01")), budget_micros=25_000)
    post.queue(PHONE)
    post.gateway.answers = [NotAcceptedError("21211", permanent=True)]
    post.deliver()
    with database.reading() as session:
        assert find_tally(session, post.round.id).cost_micros == 0


@pytest.mark.parametrize("whole", [True, False])
def test_a_pause_stops_everything_until_it_is_lifted(post, database, whole):
    scope = None if whole else post.round.id
    post.queue(PHONE)
    with database.writing() as session:
        pause(session, scope, reason="staff", actor="coordinator@example.org", now=post.clock.now)
    assert post.deliver() == {}
    with database.writing() as session:
        assert resume(session, scope)
    assert post.deliver() == {"sent": 1}


def test_texts_to_countries_that_are_not_on_the_list_do_not_go(database, settings):
    post = Post(database, settings, replace(SENDING, everywhere=False))
    post.queue("+447700900123", PHONE)
    assert post.deliver() == {"sent": 1}
    assert [(m.state, m.reason) for m in post.messages()] == [("cancelled", "country"), ("sent", None)]
