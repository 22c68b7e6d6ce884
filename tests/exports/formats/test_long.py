"""The long form: one row for each answer, and nothing lost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from export_files import read_csv, write_file
from study_builders import DK, NOON, make_definition, make_question, make_response, make_study

from exports.long import LONG_COLUMNS
from exports.responses import Event
from forms.definition import Repeat, Section
from forms.values import Missing, Row

DEFINITION = make_definition(
    make_question("clear"),
    make_question("gains", "select_multiple"),
    make_question("change", "decimal"),
    make_question("idea", "text"),
    domains=("D",),
)
ANSWERS = {"clear": 4, "gains": (1, 3), "change": Decimal("-2.50"), "idea": "=1+1"}


def read(study, **options):
    return read_csv(write_file(study, "long", **options))


def find(rows, item):
    return [row for row in rows if row["item_id"] == item]


def test_each_kind_of_answer_has_its_place():
    rows = read(make_study(DEFINITION, [make_response(1, "ngo", ANSWERS)]))
    assert tuple(rows[0]) == LONG_COLUMNS
    (clear,) = find(rows, "clear")
    assert (clear["respondent_id"], clear["choice_code"], clear["value_num"], clear["status"]) == (
        "r00001",
        "4",
        "4",
        "",
    )
    chosen = [(row["choice_code"], row["value_num"]) for row in find(rows, "gains")]
    assert chosen == [("1", "1"), ("2", "0"), ("3", "1"), ("4", "0"), ("5", "0")]
    (change,) = find(rows, "change")
    assert change["value_num"] == "-2.50"
    (idea,) = find(rows, "idea")
    assert idea["value_text"] == "'=1+1"


def test_a_missing_answer_is_one_row_with_its_reason():
    rows = read(
        make_study(DEFINITION, [make_response(1, None, dict.fromkeys(ANSWERS, DK) | {"idea": Missing.SKIPPED})])
    )
    assert [(row["item_id"], row["status"]) for row in rows] == [
        ("clear", "-98"),
        ("gains", "-98"),
        ("change", "-98"),
        ("idea", "-96"),
    ]
    assert {row["value_num"] + row["value_text"] + row["choice_code"] for row in rows} == {""}


def test_when_and_where_an_answer_came_is_its_last_event():
    def mark(number, question, minutes, channel):
        at = NOON + timedelta(minutes=minutes)
        return Event(response_id=f"r0000{number}", question_id=question, at=at, channel=channel)

    events = [
        mark(1, "clear", 1, "sms"),
        mark(2, "clear", 2, "sms"),
        mark(2, "clear", 3, "web"),
        mark(3, "idea", 4, "web"),
    ]
    people = [make_response(number, None, ANSWERS) for number in (1, 2, 3)]
    people[0] = replace(people[0], disposition="pending", finished_at=None)
    study = replace(make_study(DEFINITION, people), events=lambda: iter(events))
    rows = read(study)
    assert {row["respondent_id"] for row in rows} == {"r00002", "r00003"}
    (second,) = [row for row in find(rows, "clear") if row["respondent_id"] == "r00002"]
    assert (second["mode"], second["answered_at"]) == ("web", "2025-11-20T12:03:00+00:00")
    (third,) = [row for row in find(rows, "idea") if row["respondent_id"] == "r00003"]
    assert third["answered_at"] == "2025-11-20T12:04:00+00:00"
    assert find(read(study, level="research"), "clear")[0]["answered_at"] == "2025-11-20"


def test_rows_of_a_repeat_are_told_apart():
    section = Section(id="people", questions=(make_question("near"),), repeat=Repeat(over="entries"))
    definition = replace(DEFINITION, sections=(*DEFINITION.sections, section))
    rows = {"people": (Row("x1", {"near": 2}), Row("x2", {"near": DK}))}
    near = find(read(make_study(definition, [make_response(1, None, ANSWERS, rows=rows)])), "near")
    assert [(row["row"], row["choice_code"], row["status"]) for row in near] == [("x1", "2", ""), ("x2", "", "-98")]
