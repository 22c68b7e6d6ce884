from __future__ import annotations

import io

import pytest
from builders import NOON, publish
from outbox import MORNING, SENDING, Post

from surveyapp.errors import SurveyAppError
from surveyapp.simulating import run_phone


def run(database, settings, *lines: str, phone: str = "+12025550142") -> str:
    out = io.StringIO()
    run_phone(database, settings, phone, [f"{line}\n" for line in lines], out, lambda: NOON)
    return out.getvalue()


def test_a_conversation_is_held_in_the_terminal(database, settings):
    publish(database, keyword="FEEDBACK")
    shown = run(database, settings, "FEEDBACK", "", "YES", "4", "STOP", "more")
    assert "Text FEEDBACK to begin “Spring 2026”." in shown
    assert "Invited to “Spring 2026”: +12025550101" in shown
    assert "  1/10 Are the shared goals" in shown
    assert "1 x SMS, GSM-7]" in shown
    assert shown.endswith("  (no reply)\n")


def test_an_empty_installation_says_that_nothing_is_open(database, settings):
    assert "No round is open to texts." in run(database, settings)


def test_a_number_that_could_belong_to_somebody_is_refused(database, settings):
    with pytest.raises(SurveyAppError, match="belong to nobody"):
        run(database, settings, "FEEDBACK", phone="+14155552671")


def test_what_comes_without_having_been_asked_is_shown_too(database, settings):
    post = Post(database, settings, contacts="name,phone,consent\nA,+12025550142,yes\n", sending=SENDING, now=MORNING)
    post.deliver()
    shown = run(database, settings, "YES")
    assert "Reply YES to start" in shown
    assert shown.index("Reply YES to start") < shown.index("1/10 Are the shared goals")
