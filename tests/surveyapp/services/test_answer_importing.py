"""Answers collected elsewhere count like those of the web, and stand in the data with where they came from."""

from __future__ import annotations

import csv
import io

import pytest
from builders import publish
from collected import LATER, bring, find_faults, judge
from export_files import write_file
from respondents import ask, find_interviews, publish_small
from sqlalchemy import select

from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import AuditEntry
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import close_round, find_round


def label(labels):
    return [{"value": value, "label": words} for value, words in labels.items()]


QUESTIONS = [
    ask("agree", "consent"),
    ask("who", "select_one", choices=label({"ngo": {"en": "NGO", "fr": "ONG"}, "gov": "Government, local"})),
    ask("clear", "scale", dont_know=True),
    ask("gains", "select_multiple", choices=label({1: "Money", 2: "Time", 9: "Other"})),
    ask("order", "rank", choices=label({1: "One", 2: "Two"})),
    ask("change", "decimal", min=-100, max=100),
    ask("since", "date", required=True),
    ask("why", "text", show_if="${clear} = 1"),
    ask("more", "text", required=False),
]
GOALS = {
    "id": "goals",
    "repeat": {"over": "entries", "label": "goal", "min": 1},
    "questions": [ask("goal", required=True), ask("met", "scale")],
}
HEAD = "response_id,agree,who,clear,gains,order,change,since,why,more\n"


@pytest.fixture
def round_(database):
    return publish_small(database, {"id": "one", "questions": QUESTIONS})


def write(database, round_, format_="csv", **options):
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), LATER)
        return write_file(study, format_, included="all", **options)


def read_rows(database, round_, **options):
    return list(csv.DictReader(io.StringIO(write(database, round_, **options).decode(), newline="")))


def test_codes_and_labels_are_read_in_any_language(database, round_):
    done = bring(
        database,
        round_,
        HEAD
        + "a,1,ngo,2,1 9,2 1,-12.50,2024-05-01,,\n"
        + 'b,Yes,ong,Label 3,"Money, Time","One, Two",7,1 May 2024,,words\n'
        + 'c,Yes,"Government, local",-98,,1 2,0,2024-05-01,,\'-98\n',
    )
    assert (done.new, done.unchanged) == (3, 0)
    rows = {row["more"]: row for row in read_rows(database, round_)}
    several = ("gains__1", "gains__2", "gains__9", "order__1", "change")
    assert [rows["-96"][name] for name in several] == [*"1012", "-12.50"]
    assert [rows["words"][name] for name in ("who", "clear", "gains__1", "gains__2", "since")] == [
        *("ngo", "3", "1", "1", "2024-05-01")
    ]
    assert (rows["'-98"]["who"], rows["'-98"]["clear"], rows["'-98"]["gains__1"]) == ("gov", "-98", "-96")
    assert {row["why"] for row in rows.values()} == {"-95"}
    assert {(row["channel_first"], row["channel_last"], row["disposition"]) for row in rows.values()} == {
        ("import", "import", "I")
    }


def test_every_fault_is_said_at_once_by_row_and_column_and_nothing_is_stored(database, round_):
    data = (
        HEAD
        + "a,1,nobody,2,1,1 2,5,2024-05-01,,\n"
        + "b,,ngo,9,1,1,500,31/02/2024,,\n"
        + "c,1,ngo,2,1,1 2,5,2024-05-01,not asked,\n"
        + "a,1,ngo,1,1,1 2,5,2024-05-01,x,\n"
    )
    assert find_faults(database, round_, data) == [(5, "response_id")]
    assert find_faults(database, round_, data.replace("\na,1,ngo,1", "\nd,1,ngo,1")) == [
        (2, "who"),
        (3, "agree"),
        (3, "clear"),
        (3, "order"),
        (3, "change"),
        (3, "since"),
        (4, "why"),
    ]
    with pytest.raises(InvalidError, match="Nothing was stored"):
        bring(database, round_, data)
    assert find_interviews(database) == []


def test_the_same_file_twice_changes_nothing(database, round_):
    named = HEAD + "a,1,ngo,2,1,1 2,5,2024-05-01,,\nb,1,ngo,2,1,1 2,5,2024-05-01,,\n"
    nameless = "\n".join(line.split(",", 1)[1] for line in named.splitlines())
    for data in (named, nameless):
        assert (bring(database, round_, data).new, bring(database, round_, data).unchanged) == (2, 2)
    assert len(find_interviews(database)) == 4
    with pytest.raises(InvalidError) as refusal:
        bring(database, round_, named.replace("b,1,ngo,2", "b,1,ngo,3"))
    assert refusal.value.faults[0].startswith("row 3, response_id: It was imported before")


def test_who_refuses_consent_is_kept_as_a_refusal_and_without_consent_nothing_is(database, round_):
    assert bring(database, round_, HEAD + "a,2,,,,,,,,\n").new == 1
    assert [interview.state for interview in find_interviews(database)] == ["declined"]
    assert find_faults(database, round_, "who,clear\nngo,2\n")[0] == (1, "agree")


def test_a_question_without_a_column_was_not_asked_and_one_that_must_be_answered_needs_a_column(database, round_):
    head, row = "agree,who,clear,gains,order,change,since\n", "1,ngo,-99,-99,-93,5,2024-05-01\n"
    bring(database, round_, head + row)
    (found,) = read_rows(database, round_)
    assert (found["more"], found["order__1"], found["clear"]) == ("-93", "-93", "-99")
    assert find_faults(database, round_, head.replace("since", "sinze") + row) == [(1, "sinze"), (1, "since")]
    assert judge(database, round_, head.replace("agree", "_uuid,agree") + "7," + row).ignored == ("_uuid",)


def test_who_has_not_finished_is_brought_as_far_as_they_came(database, round_):
    bring(database, round_, "agree,who,clear,started_at,finished_at\n1,ngo,2,2026-03-01T10:00,\n")
    (found,) = read_rows(database, round_)
    assert [found[name] for name in ("disposition", "clear", "change__st", "finished_at")] == [
        "pending",
        "2",
        "-94",
        "",
    ]
    assert found["started_at"] == "2026-03-01T10:00:00+00:00"


def test_rows_of_repeated_sections_come_in_a_file_beside_or_nested_in_json(database):
    round_ = publish_small(database, {"id": "one", "questions": [ask("who", "select_one")]}, GOALS)
    rows = "response_id,row,goal,met\na,r1,Water,2\na,r2,=1+1,3\nb,r1,Schools,1\n"
    bring(database, round_, "response_id,who\na,1\nb,2\n", rows={"goals": rows})
    nested = {"who": "Label 3", "goals": [{"goal": "Roads", "met": "Label 1"}]}
    assert bring(database, round_, [nested]).new == 1
    told = [row["goal"] for row in read_rows(database, round_, section="goals")]
    assert sorted(told) == ["'=1+1", "Roads", "Schools", "Water"]
    wrong = rows.replace("Water,2", ",7") + "c,r1,Lost,1\n"
    data = "response_id,who\na,1\nb,2\n"
    assert find_faults(database, round_, data, rows={"goals": wrong}) == [(5, "goals.response_id")]
    assert find_faults(database, round_, [{"who": 1, "goals": [{"met": 7}]}]) == [(1, "goals.goal"), (1, "goals.met")]
    assert find_faults(database, round_, "who\n1\n", rows={"goals": "response_id,goal\n"}) == [(2, "goals")]


def test_a_closed_round_takes_none_and_the_act_is_recorded_without_answers(database, round_):
    data = HEAD + "a,1,ngo,2,1,1 2,5,2024-05-01,,\n"
    bring(database, round_, data)
    with database.writing() as session:
        (act,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "answers.import")).all()
        assert act.detail == {"new": 1, "unchanged": 0}
        close_round(session, find_round(session, round_.code), actor="x", now=LATER)
    with pytest.raises(ConflictError, match="Reopen it"):
        bring(database, round_, data)


def test_cases_say_that_they_were_imported(database, round_):
    bring(database, round_, HEAD + "a,1,ngo,2,1,1 2,5,2024-05-01,,\n")
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), LATER)
        assert [case.source for case in study.cases()] == ["import"]
        assert study.frame.kind == "self_selected"


def test_the_group_of_the_export_comes_back_and_may_not_contradict_its_question(database):
    round_ = publish(database, contacts=None, open_link=True)
    answered = {"pfc": 1, **{f"pf{n:02}": 4 for n in range(1, 7)}, "group": "community", "finished_at": ""}
    bring(database, round_, [answered])
    (found,) = read_rows(database, round_)
    assert found["group"] == "community"
    assert find_faults(database, round_, [{**answered, "pf00": 3}]) == [(1, "pf00")]


def test_anonymous_rounds_keep_days(database):
    round_ = publish_small(
        database, {"id": "one", "questions": [ask("who", "select_one")]}, confidentiality="anonymous"
    )
    bring(database, round_, "who,started_at,finished_at\n1,2026-03-01T10:00,2026-03-01T11:00\n2,2026-03-01T10:00,\n")
    rows = {row["who"]: row for row in read_rows(database, round_)}
    assert rows["1"]["finished_at"] == "2026-03-01T00:00:00+00:00"
    assert {row["started_at"] for row in rows.values()} == {"2026-03-01T00:00:00+00:00"}


def test_what_was_exported_comes_in_again_choice_by_choice(database, round_):
    data = "response_id,agree,who,clear,gains__1,gains__2,gains__9,order__1,order__2,since\n"
    bring(database, round_, data + "a,1,ngo,2,1,0,1,2,1,2024-05-01\n")
    other = publish_small(database, {"id": "one", "questions": QUESTIONS}, name="Again")
    bring(database, other, write(database, round_).decode())
    one, again = ([*row.values()][2:] for row in read_rows(database, round_) + read_rows(database, other))
    assert one == again
    assert find_faults(database, round_, data + "a,1,ngo,2,7,0,1,2,2,2024-05-01\n") == [(2, "gains"), (2, "order")]
