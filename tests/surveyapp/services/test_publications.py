"""Results are told again as they were told until enough people have answered since; after the close they are final."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON, find_token, publish

from exports.disclosure import ALL
from surveyapp.database import Database
from surveyapp.errors import ConflictError
from surveyapp.models import Publication
from surveyapp.services.interviews import Change, begin_invited, finish_interview, record_answers
from surveyapp.services.publications import compare_rounds, keep, list_comparable, look
from surveyapp.services.rounds import close_round, find_round, reopen_round
from surveyapp.services.standings import find_interview
from surveyapp.showing import read_results

LATER = NOON + timedelta(days=1)
SCALES = [f"pf{n:02}" for n in range(1, 7)]
ANSWERS = {"pfc": 1, "pf07": 9, "pf08": None, "pf16": (1, 3), "pf17": 1} | {f"pf{n:02}": 4 for n in range(9, 16)}


def publish_many(database: Database, n: int = 40, **wishes):
    lines = [f"Person {number},+1202555{100 + number:04},community" for number in range(n)]
    return publish(database, contacts="\n".join(["name,phone,group", *lines]), **wishes)


def answer(database: Database, round_, *numbers: int, code: int = 4) -> None:
    for number in numbers:
        token = find_token(database, round_, f"Person {number}")
        with database.writing() as session:
            standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel="web", now=NOON)
            given = ANSWERS | {name: 1 + (code + number + place) % 5 for place, name in enumerate(SCALES)}
            changes = {id_: Change(value) for id_, value in given.items()}
            standing = record_answers(session, standing, changes, channel="web", key=f"k{number}", now=NOON)
            finish_interview(session, standing, channel="web", now=NOON)


def count_told(database: Database, round_) -> int | None:
    return read_results(database, round_.id, LATER).card.find("full", "GOAL", ALL).n


def close(database: Database, round_, *, again: bool = False) -> None:
    with database.writing() as session:
        act = reopen_round if again else close_round
        act(session, find_round(session, round_.code), actor="coordinator@example.org", now=NOON)


def test_an_open_round_tells_the_same_until_five_more_have_answered(database: Database) -> None:
    round_ = publish_many(database)
    answer(database, round_, *range(4))
    assert count_told(database, round_) is None
    answer(database, round_, 4, 5)
    assert count_told(database, round_) == 6
    answer(database, round_, 6, 7, 8, 9)
    assert count_told(database, round_) == 6
    answer(database, round_, 10)
    assert count_told(database, round_) == 11


def test_after_the_close_everything_is_told_and_told_the_same_again(database: Database) -> None:
    round_ = publish_many(database)
    answer(database, round_, *range(24))
    count_told(database, round_)
    answer(database, round_, 30)
    close(database, round_)
    final = read_results(database, round_.id, LATER)
    assert final.card.find("full", "GOAL", ALL).n == 25
    assert [row.n for row in final.items if (row.item, row.group) == ("pf01", ALL)] == [25]
    again = read_results(database, round_.id, LATER + timedelta(days=9))
    assert again == final or again.card.rows == final.card.rows
    assert again.card.study.computed_at == LATER


def test_a_round_that_is_opened_again_does_not_tell_the_next_answer_at_once(database: Database) -> None:
    round_ = publish_many(database)
    answer(database, round_, *range(10))
    close(database, round_)
    assert count_told(database, round_) == 10
    close(database, round_, again=True)
    answer(database, round_, 11)
    assert count_told(database, round_) == 10
    answer(database, round_, 12, 13, 14, 15)
    assert count_told(database, round_) == 15


def test_of_two_looks_at_once_only_one_is_told(database: Database) -> None:
    round_ = publish_many(database)
    answer(database, round_, *range(6))
    with database.reading() as session:
        first = look(session, find_round(session, round_.code), LATER)
    answer(database, round_, 6)
    with database.reading() as session:
        second = look(session, find_round(session, round_.code), LATER)
    with database.writing() as session:
        assert keep(session, first).card.find("full", "GOAL", ALL).n == 6
    with database.writing() as session:
        assert keep(session, second).card.find("full", "GOAL", ALL).n == 6
    with database.reading() as session:
        assert session.get_one(Publication, round_.id).version == 1


def test_looking_changes_nothing_but_what_is_kept_and_keeps_no_answer(database: Database) -> None:
    round_ = publish_many(database)
    answer(database, round_, *range(6))
    read_results(database, round_.id, LATER)
    with database.reading() as session:
        kept = repr(session.get_one(Publication, round_.id).content)
    assert "Person" not in kept
    assert "response_id" not in kept


def test_closed_rounds_of_one_instrument_are_compared(database: Database) -> None:
    spring, autumn = publish_many(database, name="Spring"), publish_many(database, name="Autumn", now=LATER)
    answer(database, spring, *range(15), code=1)
    answer(database, autumn, *range(5, 25), code=3)
    for round_ in (spring, autumn):
        close(database, round_)
    with database.reading() as session:
        ours, theirs = find_round(session, autumn.code), find_round(session, spring.code)
        assert [one.name for one in list_comparable(session, ours, LATER)] == ["Spring"]
        assert list_comparable(session, theirs, LATER) == []
        trend = compare_rounds(session, ours, theirs, LATER)
    row = trend.card.find("core", "GOAL", ALL)
    assert row.delta is not None
    linked = next(test for test in trend.rows if (test.subject, test.basis, test.group) == ("GOAL", "core", ALL))
    assert (linked.method, linked.pairs) == ("partially overlapping t", 10)
    assert "person" not in repr(trend.card.rows)


def test_an_open_round_and_a_round_itself_are_not_compared(database: Database) -> None:
    spring, autumn = publish_many(database, name="Spring"), publish_many(database, name="Autumn", now=LATER)
    close(database, spring)
    with database.reading() as session:
        ours, theirs = find_round(session, autumn.code), find_round(session, spring.code)
        with pytest.raises(ConflictError, match="not closed yet"):
            compare_rounds(session, ours, theirs, LATER)
        with pytest.raises(ConflictError, match="earlier round"):
            compare_rounds(session, theirs, theirs, LATER)
        assert list_comparable(session, ours, LATER) == ()


def test_people_of_an_anonymous_round_are_never_linked(database: Database) -> None:
    round_ = publish_many(database, confidentiality="anonymous")
    answer(database, round_, *range(6))
    from surveyapp.services.exporting import build_study

    with database.reading() as session:
        responses = list(build_study(session, find_round(session, round_.code), LATER).responses())
    assert len(responses) == 6
    assert {response.person for response in responses} == {None}
