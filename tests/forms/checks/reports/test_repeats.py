"""Repeated sections in the four reports: what a roster costs by text, what is decided in a row, which table."""

from __future__ import annotations

from forms.checks.reports.channel_fit import ASSUMED_ENTRIES, BOUNDS, TRIED, build_channel_fit
from forms.checks.reports.comparability import SAME, SCALE_CHANGED, compare
from forms.checks.reports.exportability import build_exportability
from forms.checks.reports.reachability import ALWAYS, UNDECIDED, VARIES, build_reachability
from forms.definition import RosterEntry
from tests.forms.builders import load, question, section

CONSENT = question("ok", "consent", label="May we ask?", required=True)
TIES = section(
    "ties",
    question("tie", "scale", label="How close is ${ties}?"),
    question("trust", "scale", label="Trust?", show_if="${tie} > 1"),
    repeat={"over": "roster"},
)
LIST = section(
    "list",
    question("who"),
    question("n", "integer", show_if="${who} = 'x'"),
    repeat={"over": "entries", "label": "who"},
)


def test_a_rosters_texts_count_once_for_each_entry_and_an_unknown_roster_as_said():
    definition = load(CONSENT, TIES)
    (cost,) = build_channel_fit(definition).interviews
    assert (cost.shortest, cost.longest) == (2 + ASSUMED_ENTRIES, 2 + 2 * ASSUMED_ENTRIES)
    assert (cost.entries, cost.basis) == (ASSUMED_ENTRIES, TRIED)
    three = tuple(RosterEntry(id=str(n), name=f"Name {n}") for n in range(3))
    (cost,) = build_channel_fit(definition, roster=three).interviews
    assert (cost.shortest, cost.typical, cost.longest, cost.entries) == (5, 8, 8, 3)


def test_a_rosters_text_is_measured_with_its_longest_name_and_counter():
    long = RosterEntry(id="7", name="A very long name of an organisation")
    report = build_channel_fit(load(CONSENT, TIES), roster=(long, RosterEntry(id="8", name="B")))
    text = next(one for one in report.texts if one.question == "tie")
    assert text.text.startswith("3/4 How close is A very long name of an organisation?")


def test_what_respondents_add_costs_nothing_by_text():
    (cost,) = build_channel_fit(load(CONSENT, LIST)).interviews
    assert (cost.longest, cost.entries) == (2, 0)


def test_a_condition_in_a_row_is_decided_over_the_answers_of_that_row():
    report = build_reachability(load(TIES, LIST))
    assert [one.verdict for one in report.conditions] == [VARIES, VARIES]
    assert report.unreachable == ()
    always = section("ties", question("tie", "nps"), question("x", show_if="${tie} >= 0"), repeat={"over": "roster"})
    assert build_reachability(load({**always})).conditions[0].verdict in (ALWAYS, VARIES)


def test_a_condition_on_all_rows_is_left_open_and_said_to_be():
    report = build_reachability(load(LIST, question("a", show_if="count(${list}) > 1 or sum(${n}) > 3")))
    outside = report.conditions[-1]
    assert outside.verdict == UNDECIDED
    assert "rows" in outside.reason or "each row" in outside.reason


def test_the_bounds_are_said_where_a_rows_paths_are_too_many():
    free = section(
        "ties", question("tie", "integer"), question("x", show_if="${tie} * 2 > 1"), repeat={"over": "roster"}
    )
    (cost,) = build_channel_fit(load(CONSENT, free)).interviews
    assert cost.basis == BOUNDS


def test_a_question_that_moves_into_a_repeat_is_no_longer_the_same():
    before, now = (
        load(question("who"), question("a")),
        load(section("list", question("who"), repeat={"over": "entries", "label": "who"}), question("a")),
    )
    statuses = {one.question: one.status for one in compare(now, before).questions}
    assert statuses == {"who": SCALE_CHANGED, "a": SAME}


def test_columns_are_told_by_table():
    columns = build_exportability(load(question("a"), LIST)).columns
    assert [(column.name, column.table) for column in columns] == [
        ("a", ""),
        ("who", "list"),
        ("n", "list"),
        ("n__st", "list"),
    ]
