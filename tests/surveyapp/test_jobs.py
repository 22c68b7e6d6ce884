"""Jobs: woken by huey, told by our tables; what fails keeps nothing else from running."""

from __future__ import annotations

import io
import time
from dataclasses import replace

from builders import publish
from outbox import MORNING, SENDING, Post
from phones import ACCOUNT, AUTH_TOKEN
from sqlalchemy import select

from surveyapp import jobs
from surveyapp.gateways.base import DoubtfulError
from surveyapp.models import Heartbeat, OutboundMessage
from surveyapp.runtime import find_utc_now
from surveyapp.twilio_stand_in.terminal import run_stand_in

ALWAYS = replace(SENDING, quiet_from=24, quiet_until=0)
PEOPLE = "name,phone,consent\nAmina,+12025550142,yes\n"


def wait_for(condition, seconds: float = 20.0) -> bool:
    """Wait until it holds."""
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.05)
    return condition()


def find_states(database) -> list[str]:
    """Give the states of all texts."""
    with database.reading() as session:
        return list(session.scalars(select(OutboundMessage.state)))


def find_heartbeats(database) -> list[str]:
    """Give who runs the jobs."""
    with database.reading() as session:
        return list(session.scalars(select(Heartbeat.name)))


def test_the_jobs_of_a_process_show_their_heartbeat_and_send_what_they_are_woken_for(database, settings):
    settings = replace(settings, sending=ALWAYS)
    with jobs.beside(settings):
        assert wait_for(lambda: find_heartbeats(database))
        publish(database, contacts=PEOPLE, sending=ALWAYS, now=find_utc_now())
        jobs.wake(settings)
        assert wait_for(lambda: find_states(database) == ["delivered"])


def test_waking_nobody_is_no_fault(settings):
    jobs.wake(replace(settings, jobs_url="redis://127.0.0.1:1/0"))


def test_a_minute_looks_for_what_is_doubtful_and_reminds(database, settings, monkeypatch):
    post = Post(database, settings, contacts=PEOPLE, sending=SENDING, now=MORNING)
    post.gateway.answers = [DoubtfulError("time-out")]
    post.deliver()
    post.clock.pass_by(300)
    monkeypatch.setattr(jobs, "Deliverer", lambda *_: post.worker)
    assert jobs.tick(database, post.settings, post.clock)["looked for"] == 1
    post.deliver()
    post.clock.pass_by(25 * 3600)
    assert jobs.tick(database, post.settings, post.clock, "a worker")["reminders"] == 1
    assert find_heartbeats(database) == ["a worker"]


def test_a_job_that_fails_keeps_the_others_running(database, settings, monkeypatch):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(jobs, "EVERY_MINUTE", {"bad": fail, "good": lambda *_: 3})
    assert jobs.tick(database, settings) == {"good": 3}


def test_the_stand_in_of_twilio_explains_itself_and_takes_its_script(monkeypatch):
    out = io.StringIO()
    lines = ["\n", "!refuse 429\n", "!nonsense\n", "+12025550142 YES\n"]
    run_stand_in(0, "http://127.0.0.1:1", ACCOUNT, AUTH_TOKEN, "+12025550100", lines, out)
    said = out.getvalue()
    assert "SURVEYAPP_TWILIO_API_URL=http://127.0.0.1:" in said
    assert "answers with an error" in said
    assert "Write a number and a text" in said
    assert "not taken" in said


def test_the_stand_in_lets_the_phone_company_fail_as_it_is_told():
    out = io.StringIO()
    run_stand_in(0, "http://127.0.0.1:1", ACCOUNT, AUTH_TOKEN, "+12025550100", ["!fail 30006\n", "!fail\n"], out)
    assert out.getvalue().count("The next message: the gateway takes the message, and the phone company cannot") == 2


def test_the_stand_in_s_list_is_out_of_reach_as_long_as_people_wish():
    out = io.StringIO()
    run_stand_in(0, "http://127.0.0.1:1", ACCOUNT, AUTH_TOKEN, "+12025550100", ["!no-list\n", "!list\n"], out)
    assert out.getvalue().splitlines()[-2:] == [
        "The list of messages cannot be read.",
        "The list of messages can be read again.",
    ]
