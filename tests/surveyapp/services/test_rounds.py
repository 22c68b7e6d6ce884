"""The life of a round: found by whoever may see it, counted as it is, closed and opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON, SECRET_KEY, find_token, publish

from surveyapp.database import Database
from surveyapp.errors import ConflictError, NotFoundError
from surveyapp.services.interviews import Change, begin_invited, finish_interview, record_answers
from surveyapp.services.rounds import close_round, count_round, find_round, find_status, list_rounds, reopen_round
from surveyapp.services.standings import find_interview


def answer(database: Database, token: str, *, finish: bool, channel: str = "web") -> None:
    with database.writing() as session:
        standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel=channel, now=NOON)
        changes = {"pfc": Change(1), "pf01": Change(4)}
        standing = record_answers(session, standing, changes, channel=channel, key=f"k{standing.id}", now=NOON)
        if finish:
            finish_interview(session, standing, channel=channel, now=NOON)


def test_a_round_is_found_by_code_id_or_name(database: Database) -> None:
    round_ = publish(database)
    with database.reading() as session:
        for reference in (round_.code, str(round_.id), "Spring 2026"):
            assert find_round(session, reference).id == round_.id


def test_another_partnerships_round_is_not_found_like_one_that_does_not_exist(database: Database) -> None:
    round_ = publish(database)
    with database.reading() as session:
        for reference in (round_.code, "nonsense"):
            with pytest.raises(NotFoundError):
                find_round(session, reference, partnership_id=round_.partnership_id + 1)
        assert list_rounds(session, partnership_id=round_.partnership_id + 1) == []
        assert [each.id for each in list_rounds(session, partnership_id=round_.partnership_id)] == [round_.id]


def test_a_name_that_two_partnerships_use_must_be_told_apart(database: Database) -> None:
    publish(database)
    publish(database, partnership="Another")
    with database.reading() as session, pytest.raises(ConflictError, match="code or the id"):
        find_round(session, "Spring 2026")


def test_the_status_follows_from_what_people_decided_and_what_the_clock_says(database: Database) -> None:
    round_ = publish(database, opens_at=NOON + timedelta(days=1), closes_at=NOON + timedelta(days=2))
    assert find_status(round_, NOON) == "scheduled"
    assert find_status(round_, NOON + timedelta(days=1)) == "open"
    assert find_status(round_, NOON + timedelta(days=2)) == "closed"


def test_counts_tell_channels_states_and_who_is_missing(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), finish=True, channel="sms")
    answer(database, find_token(database, round_, "Bruno"), finish=False)
    with database.reading() as session:
        counts = count_round(session, round_)
    assert (counts.invited, counts.finished, counts.in_progress) == (3, 1, 1)
    assert counts.by_channel == {"sms": 1}
    assert {(g.group, g.invited, g.finished) for g in counts.by_group} == {
        ("community", 1, 1),
        ("government", 1, 0),
        ("ngo_charity", 1, 0),
    }
    assert counts.last_answer_at == NOON


def test_an_empty_round_counts_zero_everywhere(database: Database) -> None:
    round_ = publish(database, contacts=None, open_link=True)
    with database.reading() as session:
        counts = count_round(session, round_)
    assert (counts.invited, counts.finished, counts.by_channel, counts.by_group) == (0, 0, {}, ())
    assert counts.last_answer_at is None


def test_closing_gives_the_keyword_back_and_reopening_wants_it_free(database: Database) -> None:
    first = publish(database, keyword="FEEDBACK")
    with database.writing() as session:
        close_round(session, find_round(session, first.code), actor="a", now=NOON)
    second = publish(database, name="Autumn", keyword="FEEDBACK")
    with pytest.raises(ConflictError, match="FEEDBACK"), database.writing() as session:
        reopen_round(session, find_round(session, first.code), actor="a", now=NOON)
    with database.writing() as session:
        close_round(session, find_round(session, second.code), actor="a", now=NOON)
        reopen_round(session, find_round(session, first.code), actor="a", now=NOON)
        assert find_status(find_round(session, first.code), NOON) == "open"


def test_reopening_takes_away_a_closing_time_that_has_passed(database: Database) -> None:
    round_ = publish(database, closes_at=NOON + timedelta(days=1))
    later = NOON + timedelta(days=3)
    with database.writing() as session:
        reopen_round(session, find_round(session, round_.code), actor="a", now=later)
    with database.reading() as session:
        assert find_status(find_round(session, round_.code), later) == "open"


def test_closing_an_anonymous_round_cuts_the_links_of_unfinished_interviews(database: Database) -> None:
    round_ = publish(database, confidentiality="anonymous")
    token = find_token(database, round_, "Amina")
    answer(database, token, finish=False)
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON)
    with database.reading() as session:
        standing = find_interview(session, token, NOON)
    assert standing.id is None
    assert standing.interview.answers == {}
    assert SECRET_KEY not in repr(standing)
