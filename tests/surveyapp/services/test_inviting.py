"""Everybody who agreed to be texted is invited once, and the answer to the invitation is the first answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import publish
from outbox import MORNING, SENDING, Post
from phones import Phone
from respondents import ask, build_definition
from sqlalchemy import select, update

from forms.sms.segments import count_segments
from surveyapp import jobs
from surveyapp.jobs import finish_inviting
from surveyapp.models import Interview, Invitation, OptOut, OutboundMessage, Round
from surveyapp.sending import read_prices
from surveyapp.services import inviting
from surveyapp.services.inviting import queue_invitations
from surveyapp.services.reminding import queue_due_reminders, queue_reminders
from surveyapp.services.rounds import close_round, reopen_round
from surveyapp.services.silenced import find_silenced
from surveyapp.services.texting_rounds import invite_by_text, pause_round, resume_round

AMINA, BRUNO, CHIARA, DAVID = (f"+120255501{n}" for n in (21, 22, 23, 24))
PEOPLE = f"""name,phone,email,group,language,consent
Amina,{AMINA},,community,en,yes
Bruno,{BRUNO},,ngo,fr,2026-01-04 paper
Chiara,{CHIARA},,ngo,en,
David,{DAVID},,ngo,en,no
Erna,,erna@example.org,ngo,en,yes
"""
SMALL = build_definition(
    {"id": "one", "questions": [ask("first", "scale"), ask("second", "scale")]},
)


@pytest.fixture
def post(database, settings) -> Post:
    """An outbox, with a round that invites by text."""
    return Post(database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING)


def test_whoever_agreed_is_texted_in_their_language_in_the_commit_that_publishes(post):
    texted = {message.phone: message.body for message in post.messages()}
    assert set(texted) == {AMINA, BRUNO}
    assert "Reply YES to start" in texted[AMINA]
    assert "OUI" in texted[BRUNO]
    assert all(
        count_segments(body).segments == message.segments
        for body, message in zip(texted.values(), post.messages(), strict=True)
    )


def test_inviting_again_texts_nobody_twice_and_says_who_is_left_out_and_why(post, database):
    with database.writing() as session:
        again = queue_invitations(session, session.get_one(Round, post.round.id), SENDING, MORNING)
    assert len(post.messages()) == 2
    assert again.texts == 0
    assert again.left_out == {"no_consent": 2, "no_phone": 1}


def test_whoever_wrote_stop_is_not_invited(database, settings):
    with database.writing() as session:
        session.add(OptOut(phone=AMINA, at=MORNING))
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING)
    assert [message.phone for message in post.messages()] == [BRUNO]


def test_a_number_that_did_not_exist_in_two_rounds_is_dropped_until_it_is_reached_again(database, settings):
    for number, name in enumerate(("first", "second")):
        earlier = Post(database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING, name=name)
        with database.writing() as session:
            bad = update(OutboundMessage).where(OutboundMessage.round_id == earlier.round.id)
            session.execute(bad.values(gateway="twilio", state="failed", error_code="30005"))
            session.execute(bad.where(OutboundMessage.phone == BRUNO).values(error_code="30003"))
        with database.reading() as session:
            silenced = find_silenced(session, [AMINA, BRUNO])
        assert silenced.bounced == ({AMINA} if number else set())
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING, name="third")
    with database.reading() as session:
        assert inviting.count_left_out(session, post.round, SENDING, MORNING)["bounced"] == 1
    with database.writing() as session:
        last = update(OutboundMessage).where(OutboundMessage.phone == AMINA, OutboundMessage.id > 2)
        session.execute(last.values(state="delivered"))
        assert find_silenced(session, [AMINA]).bounced == set()


def test_an_anonymous_round_texts_nobody(database, settings):
    post = Post(
        database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING, confidentiality="anonymous"
    )
    assert post.messages() == []


def test_nothing_goes_before_the_round_opens(database, settings):
    opens = MORNING + timedelta(days=1)
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING, opens_at=opens)
    assert post.deliver() == {}
    post.clock.now = opens
    assert post.deliver() == {"sent": 2}


def test_the_cost_is_known_before_anything_goes(database, settings):
    priced = replace(SENDING, prices=read_prices("0.01 +44=0.05"))
    post = Post(database, settings, priced, definition=SMALL, contacts=PEOPLE, now=MORNING)
    with database.writing() as session:
        reach = queue_invitations(session, session.get_one(Round, post.round.id), priced, MORNING)
    assert (reach.texts, reach.segments, reach.cost_micros) == (2, 2, 20_000)


def test_yes_to_the_invitation_starts_the_interview_with_the_first_question(post, database):
    post.deliver()
    amina = Phone(database, AMINA, now=post.clock.now)
    assert "Question first?" in amina.text("YES")
    assert "Question second?" in amina.text("2")
    assert "Thank you" in amina.text("3")


def test_an_invitation_still_in_flight_can_be_answered_too(post, database):
    said = []
    post.gateway.on_send = lambda outbound: said.append(Phone(database, outbound.phone, now=post.clock.now).text("YES"))
    post.worker.deliver_one()
    assert "Question first?" in said[0]


def test_no_to_the_invitation_declines(post, database):
    post.deliver()
    assert "will not ask you" in Phone(database, AMINA, now=post.clock.now).text("NO")
    with database.reading() as session:
        assert sorted(session.scalars(select(Invitation.state))) == ["declined", *["invited"] * 4]


def test_anything_else_to_the_invitation_asks_again_and_begins_nothing_by_itself(post, database):
    post.deliver()
    assert "YES" in Phone(database, AMINA, now=post.clock.now).text("Who is this?")
    with database.reading() as session:
        assert session.scalars(select(Interview.asked)).all() == ["+consent"]


def test_the_invitation_texted_last_is_the_one_that_is_answered(post, database, settings):
    post.deliver()
    post.clock.pass_by(73 * 3600)  # the first is a break-off by now
    later = publish(database, definition=SMALL, contacts=PEOPLE, now=post.clock.now, sending=SENDING, name="Second")
    assert post.deliver() == {"sent": 2}
    Phone(database, AMINA, now=post.clock.now).text("YES")
    with database.reading() as session:
        assert session.scalars(select(Interview.round_id)).all() == [later.id]


def test_a_second_round_waits_until_the_first_is_finished_or_silent_for_three_days(post, database, settings):
    post.deliver()
    second = publish(database, definition=SMALL, contacts=PEOPLE, now=MORNING, sending=SENDING, name="Second")
    assert post.deliver() == {}
    waiting = [message for message in post.messages() if message.round_id == second.id]
    assert {message.reason for message in waiting} == {"other_round"}
    amina = Phone(database, AMINA, now=post.clock.now)
    reply = amina.texts("YES", "2", "3")
    assert "Reply YES" in reply  # the second round begins in the reply that ends the first
    post.clock.pass_by(3600)
    post.deliver()
    assert ("cancelled", "answered") in {(m.state, m.reason) for m in post.messages() if m.round_id == second.id}


def test_closing_the_round_takes_its_texts_out_of_the_queue(post, database):
    with database.writing() as session:
        close_round(session, session.get_one(Round, post.round.id), actor="coordinator@example.org", now=MORNING)
    assert {(m.state, m.reason) for m in post.messages()} == {("cancelled", "round_closed")}


def remind(post, database) -> int:
    """Do what the scheduler does, and send what that gives."""
    with database.writing() as session:
        queued = queue_due_reminders(session, SENDING, post.clock.now)
    post.deliver()
    return queued


def test_two_reminders_go_to_those_who_are_silent_and_then_nothing_more(post, database):
    post.deliver()
    for hours, queued in ((1, 0), (24, 2), (1, 0), (23, 2), (20, 0), (48, 0)):
        post.clock.pass_by(hours * 3600)
        assert remind(post, database) == queued, hours
    amina = [outbound.body for outbound in post.gateway.taken if outbound.phone == AMINA]
    assert len(amina) == 3
    assert amina[0] in amina[1]


def test_a_reminder_repeats_the_open_question(post, database):
    post.deliver()
    amina = Phone(database, AMINA, now=post.clock.now)
    question = amina.texts("YES", "2")
    post.clock.pass_by(25 * 3600)
    remind(post, database)
    assert question in [outbound.body for outbound in post.gateway.taken if outbound.phone == AMINA][-1]
    amina.now = post.clock.now
    assert "Thank you" in amina.text("3")


def test_a_reminder_whose_question_was_answered_before_it_went_does_not_go(post, database):
    post.deliver()
    amina = Phone(database, AMINA, now=post.clock.now)
    amina.text("YES")
    post.clock.pass_by(25 * 3600)
    with database.writing() as session:
        assert queue_due_reminders(session, SENDING, post.clock.now) == 2
    amina.now = post.clock.now
    amina.text("2")
    assert post.deliver() == {"sent": 1}
    assert ("cancelled", "answered") in {(m.state, m.reason) for m in post.messages() if m.kind == "reminder"}


def test_whoever_came_by_keyword_is_reminded_too(database, settings):
    post = Post(database, settings, definition=SMALL, contacts=None, now=MORNING, keyword="RIVER", name="Keyword")
    Phone(database, AMINA, now=post.clock.now).texts("RIVER", "YES")
    post.clock.pass_by(25 * 3600)
    assert remind(post, database) == 1
    assert "Question first?" in post.gateway.taken[0].body


def test_by_hand_a_reminder_goes_after_half_a_day_and_not_twice_in_a_row(post, database):
    post.deliver()
    counts = []
    for hours in (1, 12, 1):
        post.clock.pass_by(hours * 3600)
        with database.writing() as session:
            counts.append(queue_reminders(session, session.get_one(Round, post.round.id), SENDING, post.clock.now))
    assert counts == [0, 2, 0]


@pytest.mark.parametrize("closes", [True, False])
def test_what_could_not_go_while_there_was_time_is_invited_again(post, database, closes):
    actor = "coordinator@example.org"
    with database.writing() as session:
        round_ = session.get_one(Round, post.round.id)
        pause_round(session, round_, actor=actor, now=post.clock.now)
        if closes:
            close_round(session, round_, actor=actor, now=post.clock.now)
    post.clock.pass_by(100 * 3600)
    with database.writing() as session:
        round_ = session.get_one(Round, post.round.id)
        reopen_round(session, round_, actor=actor, now=post.clock.now)
        resume_round(session, round_, actor=actor, now=post.clock.now)
    post.deliver()
    assert set(post.states()) == {"cancelled"}
    with database.writing() as session:
        round_ = session.get_one(Round, post.round.id)
        reach = invite_by_text(session, round_, SENDING, actor=actor, now=post.clock.now)
        assert (reach.texts, reach.segments) == (2, sum(m.segments for m in post.messages()))
        assert invite_by_text(session, round_, SENDING, actor=actor, now=post.clock.now).texts == 0
    assert post.deliver() == {"sent": 2}


def test_what_waits_in_a_round_whose_time_is_over_leaves_the_queue(database, settings):
    closes = MORNING + timedelta(hours=1)
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, sending=SENDING, now=MORNING, closes_at=closes)
    assert jobs.tick(database, post.settings, post.clock)["ended"] == 0
    post.clock.now = closes
    assert jobs.tick(database, post.settings, post.clock)["ended"] == 2
    assert {(m.state, m.reason) for m in post.messages()} == {("cancelled", "round_closed")}


def test_whoever_is_left_out_is_counted_as_far_as_the_list_was_seen_to(database, settings, monkeypatch):
    monkeypatch.setattr(inviting, "_BATCH", 3)
    monkeypatch.setattr(inviting, "MOST_AT_ONCE", 6)
    rows = "".join(f"P{n},+120255501{n:02},{'yes' if n % 2 else ''}\n" for n in range(20))
    post = Post(
        database, settings, definition=SMALL, contacts=f"name,phone,consent\n{rows}", sending=SENDING, now=MORNING
    )
    counts = []
    more = True
    while more:
        with database.reading() as session:
            counts.append(inviting.count_left_out(session, post.round, SENDING, MORNING)["no_consent"])
        with database.writing() as session:
            more = inviting.continue_inviting(session, SENDING, MORNING) is not None
    assert (counts[0], counts[-1]) == (3, 10)
    assert counts == sorted(counts)


def test_a_long_list_is_written_in_batches_that_go_on_where_they_stopped(database, settings, monkeypatch):
    monkeypatch.setattr(inviting, "_BATCH", 3)
    monkeypatch.setattr(inviting, "MOST_AT_ONCE", 6)
    rows = "".join(f"P{n},+120255501{n:02},{'yes' if n % 4 else ''}\n" for n in range(20))
    post = Post(
        database, settings, definition=SMALL, contacts=f"name,phone,consent\n{rows}", now=MORNING, sending=SENDING
    )
    assert len(post.messages()) == 4  # the first six people, two of whom have not agreed
    reach = finish_inviting(database, post.settings, post.clock)
    assert (reach.texts, reach.left_out) == (11, {"no_consent": 3})
    assert len({message.phone for message in post.messages()}) == 15
    assert finish_inviting(database, post.settings, post.clock).texts == 0
