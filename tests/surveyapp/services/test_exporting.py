"""Rows become research data: names and numbers stop here, and the frame tells who could have answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import INSTRUMENTS, NOON, SECRET_KEY, find_token, publish
from invited import SCALES, WEB, answer

from forms.values import Missing
from surveyapp.database import Database
from surveyapp.services import exporting
from surveyapp.services.exporting import build_study
from surveyapp.services.interviews import start_open_interview
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.standings import find_round_facts

LATER = NOON + timedelta(days=1)


def study_of(database: Database, code: str, session):
    return build_study(session, find_round(session, code), LATER)


def test_a_response_carries_no_name_no_number_and_no_token(database: Database) -> None:
    round_ = publish(database)
    token = find_token(database, round_, "Chiara")
    answer(database, token, WEB)
    with database.reading() as session:
        (response,) = study_of(database, round_.code, session).responses()
    told = repr(response)
    for secret in ("Chiara", "chiara@example.org", "2025550103", token):
        assert secret not in told
    assert (response.group, response.disposition, response.language) == ("ngo_charity", "I", "en")


def test_every_question_has_an_answer_or_the_reason_why_not(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), {"pfc": 1, **dict.fromkeys(SCALES, 2)}, channel="sms")
    with database.reading() as session:
        (response,) = study_of(database, round_.code, session).responses()
    assert set(response.answers) == {f"pf{n:02}" for n in range(18)} | {"pfc"}
    assert None not in response.answers.values()
    assert response.answers["pf01"] == 2
    assert response.answers["pf00"] == 1
    assert response.answers["pf09"] is Missing.NOT_IN_CHANNEL


def test_what_was_told_in_confidence_stays_out_of_the_research_data(database: Database) -> None:
    voice = (INSTRUMENTS / "community_voice.json").read_bytes()
    words = {"partnership": "River Valley", "goal": "safe water", "since": "2024"}
    round_ = publish(database, definition=voice, parameters=words)
    told = {"ivc": 1, "iv01": 3, "iv03": 4, "iv04": 2, "iv05": "They took my field."}
    answer(database, find_token(database, round_, "Amina"), told)
    answer(database, find_token(database, round_, "Bruno"), {**told, "iv04": 1, "iv05": None})
    with database.reading() as session:
        responses = list(study_of(database, round_.code, session).responses())
    assert {response.answers["iv05"] for response in responses} == {Missing.REMOVED, Missing.OFF_PATH}
    assert "field" not in repr(responses)


def test_what_is_not_finished_is_pending_until_the_close_and_judged_then(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), WEB, finish=False)
    answer(database, find_token(database, round_, "Bruno"), {"pfc": 1, "pf01": 3}, finish=False)
    with database.reading() as session:
        study = study_of(database, round_.code, session)
        assert {response.disposition for response in study.responses()} == {"pending"}
        assert list(study.counted()) == []
        assert study.frame.cases["ngo_charity"] == {"pending": 1}
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON)
    with database.reading() as session:
        study = study_of(database, round_.code, session)
        assert {r.group: r.disposition for r in study.responses()} == {"community": "I", "government": "R"}
        assert study.frame.cases["ngo_charity"] == {"NC": 1}
        assert study.frame.eligible(everyone=True) == 3


def test_stopping_early_is_a_refusal(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), {"pfc": 1, "pf01": 3}, finish=False, stop=True)
    with database.reading() as session:
        (response,) = study_of(database, round_.code, session).responses()
    assert response.disposition == "R"


def test_one_answer_by_the_open_link_takes_the_roster_away(database: Database) -> None:
    round_ = publish(database, open_link=True)
    answer(database, find_token(database, round_, "Amina"), WEB)
    with database.reading() as session:
        assert study_of(database, round_.code, session).frame.kind == "roster"
    with database.writing() as session:
        facts = find_round_facts(session, round_.code)
        token = start_open_interview(session, facts, start_key="k", language="en", secret_key=SECRET_KEY, now=NOON)
    answer(database, token, {**WEB, "pf00": 2})
    with database.reading() as session:
        study = study_of(database, round_.code, session)
        assert study.frame.kind == "self_selected"
        assert study.frame.eligible(everyone=True) is None
        assert {response.group for response in study.responses()} == {"community", "government"}


def test_an_anonymous_roster_is_still_a_roster_and_counts_its_groups(database: Database) -> None:
    round_ = publish(database, confidentiality="anonymous")
    answer(database, find_token(database, round_, "Amina"), WEB)
    with database.reading() as session:
        study = study_of(database, round_.code, session)
        assert study.frame.kind == "roster"
        assert study.frame.cases["community"] == {"I": 1}
        assert study.frame.cases["government"] == {"pending": 1}


def test_responses_come_in_the_order_of_their_random_ids(database: Database) -> None:
    round_ = publish(database)
    for name in ("Amina", "Bruno", "Chiara"):
        answer(database, find_token(database, round_, name), WEB)
    with database.reading() as session:
        ids = [response.response_id for response in study_of(database, round_.code, session).responses()]
    assert ids == sorted(ids)


def test_groups_that_only_the_contact_list_knows_are_labelled_after_the_definitions_own(database: Database) -> None:
    round_ = publish(database, contacts="name,email,group\nA,a@example.org,Local press\n")
    with database.reading() as session:
        labels = study_of(database, round_.code, session).group_labels
    assert next(iter(labels)) == "community"
    assert list(labels)[-1] == "local_press"


def test_cases_are_everybody_who_began_and_whoever_was_asked(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), WEB)
    answer(database, find_token(database, round_, "Bruno"), {"pfc": 1}, finish=False, channel="sms", stop=True)
    with database.reading() as session:
        cases = list(study_of(database, round_.code, session).cases())
    assert sorted((case.disposition, case.code, case.source) for case in cases) == [
        ("I", "1.1", "invitation"),
        ("R", "2.11", "invitation"),
        ("pending", None, "invitation"),
    ]
    assert len({case.case_id for case in cases}) == 3
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="x", now=LATER)
    with database.reading() as session:
        assert [(c.disposition, c.code) for c in study_of(database, round_.code, session).cases()][-1] == ("NC", "2.2")


def test_events_tell_how_answers_came_and_never_what_they_were(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), {"pfc": 1, "pf01": 4}, finish=False, channel="sms")
    with database.reading() as session:
        study = study_of(database, round_.code, session)
        events, (response,) = list(study.events()), study.responses()
    assert [(event.question_id, event.channel) for event in events] == [("pfc", "sms"), ("pf01", "sms")]
    assert {event.response_id for event in events} == {response.response_id}
    assert not hasattr(events[0], "value")


def test_a_study_bears_the_time_of_its_last_change(database: Database) -> None:
    round_ = publish(database)
    answer(database, find_token(database, round_, "Amina"), WEB)
    with database.reading() as session:
        assert study_of(database, round_.code, session).dated == NOON
        assert build_study(session, find_round(session, round_.code), LATER + timedelta(days=9)).dated == NOON


def test_who_could_have_answered_is_counted_only_when_it_is_asked_for(database: Database, monkeypatch) -> None:
    round_ = publish(database)
    counted = []
    count = exporting._build_frame
    monkeypatch.setattr(exporting, "_build_frame", lambda *facts: counted.append(1) or count(*facts))
    with database.reading() as session:
        study = study_of(database, round_.code, session)
        assert not list(study.responses())
        assert not counted
        assert [study.frame.kind, replace(study, closed=True).frame.kind] == ["roster", "roster"]
        assert counted == [1]
