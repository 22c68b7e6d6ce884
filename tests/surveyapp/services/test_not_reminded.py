"""Why somebody is not reminded: each reason is told, and whoever is reminded is told nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from outbox import MORNING, SENDING, Post
from phones import Phone
from respondents import ask, build_definition
from sqlalchemy import update

from surveyapp.models import Contact, Invitation, OutboundMessage, Round
from surveyapp.services.not_reminded import count_not_reminded
from surveyapp.services.texting_rounds import remind_by_text

AMINA, BRUNO, CHIARA = (f"+120255501{n}" for n in (21, 22, 23))
PEOPLE = f"""name,phone,email,consent
Amina,{AMINA},,yes
Bruno,{BRUNO},,yes
Chiara,{CHIARA},,
Dora,,dora@example.org,
"""
SMALL = build_definition({"id": "one", "questions": [ask("first", "scale"), ask("second", "scale")]})


@pytest.fixture
def post(database, settings) -> Post:
    """A round of which two were texted."""
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, sending=SENDING, now=MORNING)
    post.deliver()
    return post


@pytest.fixture
def remind(post, database) -> Callable[[], tuple[int, dict[str, int]]]:
    """Give a call that reminds by hand, sends, and tells how many were reminded and why others were not."""

    def call() -> tuple[int, dict[str, int]]:
        with database.writing() as session:
            round_ = session.get_one(Round, post.round.id)
            done = remind_by_text(session, round_, SENDING, actor="staff", now=post.clock.now)
        return done.texts, dict(done.left_out)

    return call


def test_whoever_was_texted_a_short_while_ago_waits_and_two_reminders_are_enough(post, remind):
    nobody = {"never_texted": 2}
    assert remind() == (0, {"recent": 2, **nobody})
    post.clock.pass_by(13 * 3600)
    assert remind() == (2, nobody)
    assert remind() == (0, {"waiting": 2, **nobody})
    post.clock.now = MORNING + timedelta(hours=24)
    post.deliver()
    post.clock.pass_by(2 * 3600)
    assert remind() == (2, nobody)
    post.deliver()
    post.clock.pass_by(13 * 3600)
    assert remind() == (0, {"most": 2, **nobody})


def test_who_is_done_or_wants_no_texts_or_has_been_silent_for_long_is_told_apart(post, remind, database):
    amina = Phone(database, AMINA, now=post.clock.now)
    amina.texts("YES", "2", "3")
    Phone(database, BRUNO, now=post.clock.now).text("STOP")
    post.clock.pass_by(80 * 3600)
    assert remind() == (0, {"never_texted": 2, "done": 1, "opted_out": 1})


def test_whoever_is_marked_is_told_apart(post, remind, database):
    with database.writing() as session:
        session.execute(update(Invitation).values(mark="illness"))
    post.clock.pass_by(13 * 3600)
    assert remind() == (0, {"marked": 4})


def test_a_conversation_that_stands_still_is_reminded_until_it_is_over(post, remind, database):
    Phone(database, AMINA, now=post.clock.now).texts("YES", "2")
    post.clock.pass_by(13 * 3600)
    assert remind() == (2, {"never_texted": 2})
    post.clock.pass_by(80 * 3600)
    assert remind()[1] == {"waiting": 2, "never_texted": 2}


@pytest.mark.parametrize(
    ("state", "reason"), [("queued", "waiting"), ("failed", "not_reached"), ("unknown", "not_reached")]
)
def test_a_first_text_that_has_not_arrived_is_not_repeated(post, remind, database, state, reason):
    with database.writing() as session:
        session.execute(update(OutboundMessage).values(state=state))
    post.clock.pass_by(13 * 3600)
    assert remind() == (0, {reason: 2, "never_texted": 2})


def test_whoever_goes_on_on_the_web_or_came_by_the_keyword_counts_too(database, settings):
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, now=MORNING, keyword="RIVER", name="Keyword")
    Phone(database, "+12025550177", now=post.clock.now).texts("RIVER", "YES")
    with database.writing() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.contact_id == Contact.id, Contact.name == "Dora")
            .values(state="started")
        )
    with database.reading() as session:
        round_ = session.get_one(Round, post.round.id)
        counts = count_not_reminded(session, round_, post.clock.now)
    assert counts == {"recent": 1, "never_texted": 3, "on_web": 1}


def test_an_anonymous_round_reminds_nobody_by_text(database, settings):
    post = Post(database, settings, definition=SMALL, contacts=PEOPLE, confidentiality="anonymous", name="Hidden")
    with database.reading() as session:
        assert count_not_reminded(session, session.get_one(Round, post.round.id), post.clock.now) == {"web_only": 4}
