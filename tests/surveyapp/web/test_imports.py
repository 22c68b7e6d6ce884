"""Answers sent in at the console: judged first, brought in on a word, thrown away without a trace."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from builders import NOON, publish
from respondents import ask, build_definition
from sqlalchemy import func, select, update
from staff import bring_in, enter, post

from surveyapp import bringing_in
from surveyapp.bringing_in import FOLDER
from surveyapp.models import AnswerImport, AuditEntry, Contact, Interview, Invitation
from surveyapp.services.rounds import close_round, find_round

CONSENT = {"id": "consent", "questions": [ask("agree", "consent", required=True)]}
VIEWS = {"id": "views", "questions": [ask("view", "scale", required=True), ask("why")]}
GOALS = {
    "id": "goals",
    "repeat": {"over": "entries", "max": 3, "label": "goal"},
    "questions": [ask("goal", required=True)],
}
GOOD = "response_id,agree,view,why\na,1,3,Because\nb,1,2,\n"


@pytest.fixture
def round_(database):
    return publish(database, definition=build_definition(CONSENT, VIEWS))


def send(visitor, round_, text: str, name: str = "paper.csv", **more):
    files = {key: (io.BytesIO(content.encode()), f"{key}.csv") for key, content in more.items()}
    path = f"/console/rounds/{round_.id}/import"
    return post(visitor, path, answers=(io.BytesIO(text.encode()), name), **files)


def read(visitor, round_) -> str:
    return visitor.get(f"/console/rounds/{round_.id}/import").text


def count(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Interview))


def list_files(visitor) -> list[str]:
    folder = visitor.application.extensions["surveyapp"].settings.data_dir / FOLDER
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def decide(visitor, round_, act: str, number: int = 1):
    return post(visitor, f"/console/rounds/{round_.id}/import/{number}", act=act)


@pytest.mark.parametrize("name", ["paper.csv", "paper.jsonl"])
def test_a_file_is_looked_at_first_and_stored_when_staff_say_so(visitor, database, round_, name):
    enter(visitor, database)
    lines = '{"response_id": "a", "agree": 1, "view": 3}\n{"response_id": "b", "agree": 1, "view": 2}\n'
    answer = send(visitor, round_, GOOD if name.endswith("csv") else lines, name)
    assert (answer.status_code, answer.location) == (303, f"/console/rounds/{round_.id}/import#files")
    bring_in(visitor)
    page = read(visitor, round_)
    assert "2 responses can be imported. Nothing is stored yet" in page
    assert count(database) == 0
    assert decide(visitor, round_, "import").status_code == 303
    bring_in(visitor)
    assert "<b>Imported</b>: 2 new, 0 were there already." in read(visitor, round_)
    assert (count(database), list_files(visitor)) == (2, [])
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("answers.%"))).all()
    assert sorted(actions) == ["answers.import", "answers.sent"]


def test_every_fault_is_shown_by_row_and_column_and_nothing_is_stored(visitor, database, round_):
    enter(visitor, database)
    send(visitor, round_, "response_id,agree,view,wy\na,1,<9>,\nb,,2,\n")
    bring_in(visitor)
    page = read(visitor, round_)
    assert "Not imported" in page
    assert "Did you mean why?" in page
    assert '<th scope="row" class="n">2</th><td class="fixed">view</td>' in page
    assert '<th scope="row" class="n">3</th><td class="fixed">agree</td>' in page
    assert count(database) == 0
    assert list_files(visitor) == []
    assert decide(visitor, round_, "import").status_code == 409


def test_rows_of_repeated_sections_come_in_a_file_of_their_own(visitor, database):
    round_ = publish(database, definition=build_definition(CONSENT, GOALS))
    enter(visitor, database)
    send(visitor, round_, "response_id,agree\na,1\n", rows_goals="response_id,row,goal\na,1,Water\na,2,Light\n")
    bring_in(visitor)
    decide(visitor, round_, "import")
    bring_in(visitor)
    with database.reading() as session:
        (answers,) = session.scalars(select(Interview.answers)).all()
    assert sorted(value for key, value in answers.items() if key.endswith("-goal")) == ["Light", "Water"]


def test_a_file_can_be_thrown_away_at_any_time_before(visitor, database, round_):
    enter(visitor, database)
    for number, act in ((1, False), (2, True)):
        send(visitor, round_, GOOD)
        if act:
            bring_in(visitor)
        decide(visitor, round_, "drop", number)
    bring_in(visitor)
    page = read(visitor, round_)
    assert page.count("Thrown away</b>") == 2
    assert (count(database), list_files(visitor)) == (0, [])


def test_nothing_chosen_a_closed_round_and_strangers_are_refused(visitor, database, round_):
    enter(visitor, database)
    empty = post(visitor, f"/console/rounds/{round_.id}/import")
    assert (empty.status_code, "Choose a file with answers" in empty.text) == (422, True)
    assert decide(visitor, round_, "import", 99).status_code == 404
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON + timedelta(days=1))
    assert send(visitor, round_, GOOD).status_code == 409
    assert list_files(visitor) == []


def test_evaluators_bring_nothing_in(visitor, database, round_):
    enter(visitor, database, "evaluator")
    assert send(visitor, round_, GOOD).status_code == 403
    assert visitor.get(f"/console/rounds/{round_.id}/import").status_code == 403


def test_a_round_that_closes_between_look_and_word_takes_none(visitor, database, round_):
    enter(visitor, database)
    send(visitor, round_, GOOD)
    bring_in(visitor)
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON + timedelta(days=1))
    decide(visitor, round_, "import")
    bring_in(visitor)
    page = read(visitor, round_)
    assert "is closed. Reopen it, import the answers" in page
    assert count(database) == 0


def test_answers_can_be_those_of_an_invited_person_who_counts_as_having_answered(visitor, database, round_):
    enter(visitor, database)
    send(visitor, round_, "contact_email,contact_phone,agree,view\nBruno@example.org,,1,3\n,+1 202 555 0101,1,2\n")
    bring_in(visitor)
    decide(visitor, round_, "import")
    bring_in(visitor)
    assert "2 new" in read(visitor, round_)
    with database.reading() as session:
        rows = session.execute(
            select(Contact.name, Interview.group, Invitation.state, Interview.entry)
            .join(Invitation, Invitation.contact_id == Contact.id)
            .join(Interview, Interview.invitation_id == Invitation.id)
            .order_by(Contact.name)
        ).all()
        stored = session.scalars(select(Interview)).all()
        reports = session.scalars(select(AnswerImport.report)).all()
    assert [tuple(row) for row in rows] == [
        ("Amina", "community", "finished", "import"),
        ("Bruno", "government", "finished", "import"),
    ]
    kept = repr([(one.answers, one.given, one.start_key, one.phone) for one in stored]) + repr(reports)
    assert "example.org" not in kept
    assert "0101" not in kept


def test_an_empty_table_has_the_columns_that_can_be_filled_in_and_sent(visitor, database):
    round_ = publish(database, definition=build_definition(CONSENT, GOALS))
    enter(visitor, database)
    path = f"/console/rounds/{round_.id}/import/columns.csv"
    main, rows = visitor.get(path).text, visitor.get(f"{path}?section=goals").text
    assert main.startswith("\ufeffresponse_id,")
    assert main.strip().endswith("agree,contact_phone,contact_email")
    assert "finished_at" not in main
    assert rows.startswith("\ufeffresponse_id,row,")
    assert visitor.get(f"{path}?section=nothing").status_code == 404
    columns = main.strip().lstrip("\ufeff").split(",")
    filled = ["a" if name == "response_id" else "1" if name == "agree" else "" for name in columns]
    send(visitor, round_, f"{main.strip()}\r\n{','.join(filled)}\r\n", rows_goals=f"{rows.strip()}\r\na,1,,Water\r\n")
    bring_in(visitor)
    assert "1 response can be imported" in read(visitor, round_)
    decide(visitor, round_, "import")
    bring_in(visitor)
    with database.reading() as session:
        assert session.scalars(select(Interview.state)).all() == ["finished"]


def test_a_file_that_is_thrown_away_while_it_is_looked_at_is_let_go(visitor, database, round_, monkeypatch):
    enter(visitor, database)
    send(visitor, round_, GOOD)
    judge = bringing_in.judge_answers

    def judge_slowly(session, found, file, now, watch):
        decide(visitor, round_, "drop")
        return judge(session, found, file, now, watch)

    monkeypatch.setattr(bringing_in, "BETWEEN_WORDS", 0)
    monkeypatch.setattr(bringing_in, "judge_answers", judge_slowly)
    bring_in(visitor)
    assert "<b>Thrown away</b>." in read(visitor, round_)
    assert (count(database), list_files(visitor)) == (0, [])


def test_what_fails_in_the_middle_says_so_and_stores_nothing(visitor, database, round_, monkeypatch):
    enter(visitor, database)
    send(visitor, round_, GOOD)
    monkeypatch.setattr(bringing_in, "judge_answers", lambda *facts: 1 / 0)
    bring_in(visitor)
    assert "Something went wrong in the service; it is in its log. Nothing was stored." in read(visitor, round_)
    assert count(database) == 0


def test_nobody_decides_for_a_day_and_the_file_is_gone(visitor, database, round_):
    enter(visitor, database)
    send(visitor, round_, GOOD)
    bring_in(visitor)
    with database.writing() as session:
        session.execute(update(AnswerImport).values(requested_at=NOON - timedelta(days=300)))
    bring_in(visitor)
    assert "Thrown away after a day" in read(visitor, round_)
    assert list_files(visitor) == []
    assert decide(visitor, round_, "import").status_code == 409
