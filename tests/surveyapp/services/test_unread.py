from __future__ import annotations

import json

import pytest
from builders import NOON, publish
from phones import Phone
from sqlalchemy import select

from forms.errors import AnswerError
from forms.values import Missing, Raw
from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.models import AnswerEvent, AuditEntry, Interview, OptOut, Round
from surveyapp.services import unread
from surveyapp.services.rounds import close_round
from surveyapp.services.standings import find_by_id
from surveyapp.services.transcripts import read_transcript

ACTOR = "coordinator@example.org"
REST = ["4"] * 5 + ["9", "More meetings", "1", "1"]


@pytest.fixture
def round_(database) -> Round:
    return publish(database, keyword="FEEDBACK")


@pytest.fixture
def phone(database, round_) -> Phone:
    """A phone whose reply to the first question waits to be read, and that has finished since."""
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "bananas", "the goals? well, rather", *REST)
    return phone


def find(phone: Phone) -> Interview:
    with phone.database.reading() as session:
        return session.scalars(select(Interview).where(Interview.phone == phone.number)).one()


def read(phone: Phone, round_: Round, *values: str, version: int = 0, missing: Missing | None = None):
    with phone.database.writing() as session:
        (line, *_) = [
            *unread.list_unread(session, round_).lines,
            *unread.list_unread(session, round_, done=True).lines,
        ]
        raw = Raw(values, missing)
        return unread.read_as(session, round_, line.id, raw, version=version, actor=ACTOR, now=phone.now)


def test_what_could_not_be_read_waits_with_its_words_and_its_question(phone, round_):
    with phone.database.reading() as session:
        page = unread.list_unread(session, round_)
    assert page.total == 1
    (line,) = page.lines
    assert (line.kind, line.question, line.body) == ("unreadable", "pf01", "the goals? well, rather")


def test_a_person_reads_it_and_the_answer_says_so(phone, round_):
    assert find(phone).state == "finished"
    line = read(phone, round_, "4")
    assert (line.outcome, line.resolved_by, line.version) == ("read", ACTOR, 1)
    interview = find(phone)
    assert interview.answers["pf01"] == 4
    assert (interview.state, interview.channel_last) == ("finished", "sms")
    with phone.database.reading() as session:
        event = session.scalars(select(AnswerEvent).order_by(AnswerEvent.id.desc())).first()
        assert unread.list_unread(session, round_).total == 0
        assert unread.list_unread(session, round_, done=True).total == 1
    expected = {"value": 4, "raw": "the goals? well, rather", "rule": "staff", "certainty": 0.9}
    assert event.changes == {"pf01": expected}


def test_the_change_is_audited_without_any_answer(phone, round_):
    read(phone, round_, "4")
    with phone.database.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor, entry.round_id) == ("reply.resolve", ACTOR, round_.id)
    assert entry.detail == {"text": 1, "kind": "unreadable", "question": "pf01", "outcome": "read", "before": None}
    assert "rather" not in json.dumps(entry.detail)


def test_a_second_resolution_replaces_the_first_and_both_stay_in_the_log(phone, round_):
    read(phone, round_, "4")
    read(phone, round_, "2", version=1)
    assert find(phone).answers["pf01"] == 2
    with phone.database.reading() as session:
        rules = [e.changes["pf01"]["value"] for e in session.scalars(select(AnswerEvent)) if "pf01" in e.changes]
    assert rules == [{"missing": -92}, 4, 2]


def test_of_two_coordinators_at_once_the_second_is_told(phone, round_):
    read(phone, round_, "4")
    with pytest.raises(ConflictError, match="Somebody else"):
        read(phone, round_, "2")
    assert find(phone).answers["pf01"] == 4


def test_a_value_is_judged_as_the_person_s_own_would_be(phone, round_):
    with pytest.raises(AnswerError):
        read(phone, round_, "9")
    with pytest.raises(AnswerError):
        read(phone, round_)
    assert find(phone).answers["pf01"] == {"missing": Missing.UNREADABLE.value}
    read(phone, round_, missing=Missing.DONT_KNOW)
    assert find(phone).answers["pf01"] == {"missing": Missing.DONT_KNOW.value}


def test_a_closed_round_can_still_be_read(phone, round_):
    with phone.database.writing() as session:
        close_round(session, session.get_one(Round, round_.id), actor=ACTOR, now=NOON)
    read(phone, round_, "3")
    assert find(phone).answers["pf01"] == 3


def test_keeping_it_unreadable_takes_an_earlier_reading_back(phone, round_):
    line = read(phone, round_, "4")
    with phone.database.writing() as session:
        unread.keep_unreadable(session, round_, line.id, version=1, actor=ACTOR, now=phone.now)
    assert find(phone).answers["pf01"] == {"missing": Missing.UNREADABLE.value}


def test_what_the_person_answered_since_counts(database, round_):
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "bananas", "apples", "BACK", "5")
    assert find(phone).answers["pf01"] == 5
    with pytest.raises(ConflictError, match="has answered this question since"):
        read(phone, round_, "2")
    assert find(phone).answers["pf01"] == 5


def test_another_round_does_not_know_the_text(phone, round_):
    other = publish(phone.database, name="Other", contacts=None, open_link=True)
    with phone.database.reading() as session, pytest.raises(NotFoundError):
        unread.find_unread(session, other, 1)


def test_a_wish_for_peace_can_be_granted(database, round_):
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "please stop texting me")
    with database.writing() as session:
        (line,) = unread.list_unread(session, round_).lines
        facts = {"version": 0, "actor": ACTOR, "now": phone.now}
        assert unread.note_seen(session, round_, line.id, stop=True, **facts).outcome == "stopped"
    with database.reading() as session:
        assert session.scalars(select(OptOut.phone)).all() == [phone.number]
    assert find(phone).state == "stopped"
    assert phone.text("4") is None


def test_the_transcript_shows_both_sides_with_rule_and_certainty(phone, round_):
    read(phone, round_, "4")
    with phone.database.reading() as session:
        lines = read_transcript(session, find_by_id(session, find(phone).id, NOON), cover=False)
    said = {line.text: line.read for line in lines if not line.ours}
    assert [one.rule for one in said["the goals? well, rather"]] == ["unreadable", "staff"]
    assert [(one.question, one.rule, one.certainty) for one in said["9"]] == [("pf07", "code", 1.0)]
    assert said["bananas"] == ()
    assert [line.text for line in lines if line.ours][1].startswith("1/10")


def test_beside_a_name_the_words_of_answers_are_covered(phone, round_):
    with phone.database.reading() as session:
        lines = read_transcript(session, find_by_id(session, find(phone).id, NOON), cover=True)
    theirs = [line.text for line in lines if not line.ours]
    assert [text for text in theirs if text] == ["FEEDBACK"]
    assert [line.covered for line in lines if not line.ours] == [False] + [True] * (len(theirs) - 1)


def test_a_question_that_repeats_a_near_miss_is_covered_beside_a_name(phone, round_):
    other = Phone(phone.database, "+12025550188")
    help_ = other.texts("FEEDBACK", "YES", "HELP")
    asked = other.texts("BACK", "YES", "mosty")
    assert asked.startswith("Did you mean 4=Mostly?")
    with phone.database.reading() as session:
        lines = read_transcript(session, find_by_id(session, find(other).id, NOON), cover=True)
    assert {"HELP", "BACK", help_} <= {line.text for line in lines}
    assert not {"mosty", asked} & {line.text for line in lines}
