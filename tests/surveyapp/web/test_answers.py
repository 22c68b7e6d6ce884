"""The answers of a round in the console: as a table, one by one, and corrected with a reason."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from builders import INSTRUMENTS, NOON, find_token, publish
from collected import bring
from invited import WEB, answer
from sqlalchemy import select
from staff import enter, post

from surveyapp.models import AnswerEvent, AuditEntry, Interview
from surveyapp.services.rounds import close_round, find_round

MANY = "name,email,group\n" + "".join(f"P{n},p{n}@x.org,community\n" for n in range(35))
CONSENT = {"pfc": 1}


def read(visitor, round_, **query):
    return visitor.get(f"/console/rounds/{round_.id}/answers", query_string=query).text


def list_responses(page: str) -> list[str]:
    return re.findall(r'/answers/(\w+)">', page)


def find_only(database) -> Interview:
    with database.reading() as session:
        return session.scalars(select(Interview)).one()


def test_thirty_a_page_with_labels_or_codes_and_partial_ones_marked(visitor, database):
    round_ = publish(database, contacts=MANY, confidentiality="named")
    for n in range(33):
        answer(database, find_token(database, round_, f"P{n}"), WEB if n else {**CONSENT, "pf01": 4}, finish=bool(n))
    enter(visitor, database)
    page = read(visitor, round_)
    assert "33 interviews, newest first, page 1 of 2" in page
    assert len(list_responses(page)) == 30
    assert len(list_responses(read(visitor, round_, page=2))) == 3
    assert "Mostly" in page
    coded = read(visitor, round_, shown="codes", state="started")
    assert "Mostly" not in coded
    assert "In progress</span>" in coded
    assert "1 interview, newest first" in coded
    assert "No answers fit" in read(visitor, round_, channel="sms")


def test_names_stand_beside_answers_in_named_rounds_only(visitor, database):
    enter(visitor, database)
    for confidentiality in ("named", "confidential", "anonymous"):
        round_ = publish(database, name=confidentiality, confidentiality=confidentiality)
        answer(database, find_token(database, round_, "Amina"), {**WEB, "pf08": "More water"})
        page = read(visitor, round_)
        assert "More water" in page
        (response,) = list_responses(page)
        one = visitor.get(f"/console/rounds/{round_.id}/answers/{response}").text
        named = confidentiality == "named"
        people = visitor.get(f"/console/rounds/{round_.id}/people").text
        seat = re.search(r'people/(\d+)">Amina', people)[1]
        assert ("/answers/" in visitor.get(f"/console/rounds/{round_.id}/people/{seat}").text) == named
        assert ("Amina" in page, "Amina" in one, "12:00" in page) == (named, named, named)


def test_what_was_told_in_confidence_is_nowhere(visitor, database):

    voice = (INSTRUMENTS / "community_voice.json").read_bytes()
    words = {"partnership": "River Valley", "goal": "safe water", "since": "2024"}
    round_ = publish(database, definition=voice, parameters=words, confidentiality="named")
    told = {"ivc": 1, "iv01": 3, "iv03": 4, "iv04": 2, "iv05": "They took my field."}
    answer(database, find_token(database, round_, "Amina"), told)
    enter(visitor, database)
    page = read(visitor, round_)
    (response,) = list_responses(page)
    assert "field" not in page
    assert "my field" not in visitor.get(f"/console/rounds/{round_.id}/answers/{response}").text


@pytest.fixture
def one(visitor, database):
    """A confidential round with one interview, and the way to it for a coordinator."""
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), WEB)
    enter(visitor, database)
    return round_, f"/console/rounds/{round_.id}/answers/{find_only(database).response_id}"


def test_an_answer_is_corrected_with_a_reason_and_the_old_one_kept(visitor, database, one):
    _, path = one
    form = visitor.get(f"{path}?correct=pf01").text
    assert "Correct an answer" in form
    revision = re.search(r'name="revision" value="(\d+)"', form)[1]
    done = post(visitor, path, question="pf01", value="2", why="misread on paper", revision=revision)
    assert (done.status_code, done.location) == (303, f"{path}#pf01")
    assert find_only(database).answers["pf01"] == 2
    with database.reading() as session:
        (act,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "answer.correct")).all()
        events = session.scalars(select(AnswerEvent.changes).order_by(AnswerEvent.id)).all()
    assert act.detail["why"] == "misread on paper"
    assert "2" not in str(act.detail["question"])
    assert [event["pf01"]["value"] for event in events if "pf01" in event] == [4, 2]
    late = post(visitor, path, question="pf01", value="3", why="again", revision=revision)
    assert (late.status_code, "changed meanwhile" in late.text) == (409, True)


def test_corrections_are_judged_and_need_a_reason(visitor, database, one):
    _, path = one
    revision = find_only(database).revision
    facts = {"question": "pf01", "revision": revision}
    assert "Say why it is corrected" in post(visitor, path, value="2", why=" ", **facts).text
    wrong = post(visitor, path, value="9", why="because", **facts)
    assert (wrong.status_code, "Please choose one of the answers listed." in wrong.text) == (422, True)
    assert post(visitor, path, question="pfc", value="2", why="because", revision=revision).status_code == 404
    assert post(visitor, path, question="nothing", value="2", why="because", revision=revision).status_code == 404


def test_results_that_are_final_are_not_changed_by_a_correction(visitor, database, one):
    round_, path = one
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON + timedelta(days=1))
    assert "Answers cannot be corrected: The round is closed." in visitor.get(path).text
    done = post(visitor, path, question="pf01", value="2", why="because", revision=find_only(database).revision)
    assert done.status_code == 409


def test_imported_answers_and_other_rounds_are_told_apart(visitor, database, one):
    round_, path = one
    other = publish(database, name="Other", contacts=None, open_link=True)
    bring(
        database,
        other,
        [
            {
                "response_id": "a",
                **{k: list(v) if isinstance(v, tuple) else v for k, v in WEB.items()},
                "pf00": 1,
                "pf08": "-99",
            }
        ],
    )
    assert "Import</td>" in read(visitor, other)
    assert visitor.get(path.replace(f"/{round_.id}/", f"/{other.id}/")).status_code == 404


def test_evaluators_have_no_table_of_answers(visitor, database):
    round_ = publish(database)
    enter(visitor, database, "evaluator")
    assert visitor.get(f"/console/rounds/{round_.id}/answers").status_code == 403
    assert "/answers" not in visitor.get(f"/console/rounds/{round_.id}").text


def test_answers_are_sorted_by_what_their_column_head_says(visitor, database):
    round_ = publish(database, confidentiality="named")
    answer(database, find_token(database, round_, "Amina"), WEB)
    answer(database, find_token(database, round_, "Bruno"), {"pfc": 1}, finish=False)
    enter(visitor, database)
    names = re.compile(r'/answers/\w+">(\w+)<')
    assert names.findall(read(visitor, round_, sort="state")) == ["Amina", "Bruno"]
    turned = read(visitor, round_, sort="-state")
    assert names.findall(turned) == ["Bruno", "Amina"]
    assert 'aria-sort="descending"' in turned
    assert "newest first" not in turned
