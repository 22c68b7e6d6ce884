"""The impact assessment: goals, indicators and what nobody planned; routes and reckoning as worked examples."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from instrument_facts import (
    TODAY,
    is_asked,
    is_taken,
    list_codes,
    list_ids,
    list_labels,
    list_texted,
    list_unfit,
    list_where,
)
from instrument_facts import work_out as reckon
from instruments import DEFINITIONS

from forms.definition import Definition
from forms.errors import AnswerError
from forms.interview import Interview
from forms.rows import find_question
from forms.values import Missing, Value

IMPACT: Definition = DEFINITIONS["impact_assessment"]
INCREASE, DECREASE, LEVEL = 1, 2, 3
MEASURED, ESTIMATED, TRUE_ZERO, UNKNOWN = 1, 2, 3, 4


def reckon_achievement(direction: int, kind: int, baseline: Value, target: Value, actual: Value) -> Value:
    """Work the achievement out as the form does."""
    answers: dict[str, Value] = {"ia13": direction, "ia14": kind, "ia16": target, "ia17": actual}
    if is_asked(IMPACT, "ia15", **answers):
        answers["ia15"] = baseline
    return reckon(IMPACT, "ia_baseline", "ia_achieved", **answers)


def test_goals_and_indicators_are_entries_and_effects_are_asked_once():
    repeats = {section.id: section.repeat for section in IMPACT.sections}
    assert repeats["effects"] is None
    for id_, label in {"goals": "ia01", "indicators": "ia10"}.items():
        repeat = repeats[id_]
        assert repeat is not None
        assert (repeat.over, repeat.min, repeat.label) == ("entries", 1, label)


def test_every_promised_id_is_there():
    assert list_ids(IMPACT, "goals") == "ia01 ia02 ia02_date ia02_reason"
    assert list_ids(IMPACT, "indicators") == (
        "ia10 ia10_goal ia11 ia12 ia12_unit ia13 ia14 ia15 ia15_date ia16 ia16_date ia17 ia17_date ia18 ia18_ev ia19 "
        "ia20 ia21 ia21_target ia22 ia23 ia24 ia_baseline ia_achieved ia25"
    )
    assert list_ids(IMPACT, "effects") == "ia30 ia31 ia32"


def test_codes_are_those_that_are_promised():
    assert list_labels(IMPACT, "ia02") == "1 Original, 2 Revised, 3 Added later"
    assert [len(list_codes(IMPACT, id_)) for id_ in ("ia11", "ia12", "ia13", "ia14", "ia18", "ia24")] == [
        3, 5, 3, 4, 4, 3,
    ]  # fmt: skip
    assert list_labels(IMPACT, "ia13") == "1 Increase, 2 Decrease, 3 Keep level"
    assert list_labels(IMPACT, "ia14") == "1 Measured, 2 Estimated, 3 A true zero, 4 Unknown"
    assert list_labels(IMPACT, "ia19") == "1 None, 2 A little, 3 Some, 4 Most, 5 All"
    assert list_codes(IMPACT, "ia21") == list(range(1, 18))
    assert IMPACT.questions["ia21"].settings["max"] == 3
    assert (IMPACT.questions["ia20"].settings["min"], IMPACT.questions["ia20"].settings["max"]) == (1, 5)
    assert list_labels(IMPACT, "ia30") == "1 None, 2 Good, 3 Bad, 4 Both"
    assert list_where(IMPACT, dont_know=True) == "ia17 ia19 ia21 ia22 ia23 ia30 ia32"


@pytest.mark.parametrize(("state", "asked"), [(1, False), (2, True), (3, False)])
def test_a_revised_goal_tells_when_and_why(state: int, asked: bool):
    assert [is_asked(IMPACT, id_, ia02=state) for id_ in ("ia02_date", "ia02_reason")] == [asked, asked]


@pytest.mark.parametrize(
    ("known", "value", "day"),
    [(MEASURED, True, True), (ESTIMATED, True, True), (TRUE_ZERO, False, True), (UNKNOWN, False, False)],
)
def test_a_baseline_is_asked_where_it_is_known_and_a_true_zero_is_zero(known: int, value: bool, day: bool):
    assert is_asked(IMPACT, "ia15", ia14=known) is value
    assert is_asked(IMPACT, "ia15_date", ia14=known) is day
    baseline = reckon(IMPACT, "ia_baseline", ia14=known, **({"ia15": Decimal(40)} if value else {}))
    assert baseline == {TRUE_ZERO: Decimal(0), UNKNOWN: None}.get(known, Decimal(40))


@pytest.mark.parametrize(
    ("direction", "kind", "numbers", "achievement"),
    [
        (INCREASE, MEASURED, (40, 80, 70), "0.75"),
        (DECREASE, MEASURED, (20, 10, 12), "0.8"),
        (INCREASE, TRUE_ZERO, (None, 50, 65), "1.3"),
        (DECREASE, MEASURED, (8, 0, 10), "-0.25"),
        (LEVEL, MEASURED, (95, 95, 93), "1"),
        (LEVEL, UNKNOWN, (None, 95, 80), "0"),
        (LEVEL, MEASURED, (0, 0, 0), "1"),
        (LEVEL, MEASURED, (-10, -10, "-9.6"), "1"),
        (INCREASE, UNKNOWN, (None, 200, 150), "0.75"),
        (DECREASE, UNKNOWN, (None, 5, 4), None),
        (INCREASE, MEASURED, (30, 30, 33), None),
        (INCREASE, MEASURED, (50, 20, 60), None),
    ],
)
def test_achievement_is_the_share_of_the_way_from_baseline_to_target(direction, kind, numbers, achievement):
    """The worked examples V16 of the scorecard's rules: no number where there is no way, or it leads elsewhere."""
    baseline, target, actual = (None if n is None else Decimal(n) for n in numbers)
    expected = None if achievement is None else Decimal(achievement)
    assert reckon_achievement(direction, kind, baseline, target, actual) == expected


def test_what_is_not_known_achieves_nothing():
    for direction in (INCREASE, DECREASE, LEVEL):
        assert reckon_achievement(direction, MEASURED, Decimal(40), Decimal(80), Missing.DONT_KNOW) is None


@pytest.mark.parametrize(
    ("achieved", "asked"), [("0.69", True), ("0.7", False), ("1", False), ("1.2", False), ("1.21", True), (None, False)]
)
def test_why_is_asked_below_seven_tenths_and_above_twelve_tenths(achieved: str | None, asked: bool):
    assert is_asked(IMPACT, "ia25", ia_achieved=None if achieved is None else Decimal(achieved)) is asked


@pytest.mark.parametrize(("people", "asked"), [(0, False), (1, True), (120, True), (Missing.DONT_KNOW, False)])
def test_women_and_girls_are_counted_among_people_who_benefited(people: Value, asked: bool):
    assert is_asked(IMPACT, "ia23", ia22=people) is asked


def test_women_and_girls_are_no_more_than_all():
    assert is_taken(IMPACT, "ia23", 120, ia22=120)
    assert not is_taken(IMPACT, "ia23", 121, ia22=120)


def test_a_milestone_runs_from_nought_to_four():
    for id_ in ("ia15", "ia16", "ia17"):
        assert is_taken(IMPACT, id_, Decimal(4), ia12=5)
        assert not is_taken(IMPACT, id_, Decimal(5), ia12=5)
        assert is_taken(IMPACT, id_, Decimal(5), ia12=1)


def test_a_target_comes_after_its_baseline_if_there_is_one():
    assert is_taken(IMPACT, "ia16_date", date(2026, 1, 2), ia15_date=date(2026, 1, 1))
    assert not is_taken(IMPACT, "ia16_date", date(2026, 1, 1), ia15_date=date(2026, 1, 1))
    assert is_taken(IMPACT, "ia16_date", date(2026, 1, 1))


def test_the_day_of_a_value_is_asked_where_there_is_a_value():
    assert is_asked(IMPACT, "ia17_date", ia17=Decimal(0))
    assert not is_asked(IMPACT, "ia17_date", ia17=Missing.DONT_KNOW)


@pytest.mark.parametrize(
    ("effect", "asked"), [(1, []), (2, ["ia31"]), (3, ["ia31", "ia32"]), (4, ["ia31", "ia32"]), (Missing.DONT_KNOW, [])]
)
def test_an_effect_that_nobody_planned_is_described_and_a_bad_one_weighed(effect: Value, asked: list[str]):
    assert [id_ for id_ in ("ia31", "ia32") if is_asked(IMPACT, id_, ia30=effect)] == asked


def test_only_unplanned_effects_are_texted_and_they_fit():
    assert [question.id for question in list_texted(IMPACT)] == ["ia30", "ia32"]
    assert list_unfit(IMPACT) == []


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (MEASURED, ["ia15", "ia15_date", "ia17_date", "ia23", "ia25"]),
        (TRUE_ZERO, ["ia15_date", "ia17_date", "ia23"]),
        (UNKNOWN, ["ia17_date", "ia23"]),
    ],
)
def test_each_indicator_is_routed_by_its_own_answers(known: int, asked: list[str]):
    """Baseline 40, target 100, now 80: two thirds of the way from 40, four fifths of the way from nothing."""
    given = {"ia13": INCREASE, "ia14": known, "ia15": Decimal(40), "ia16": Decimal(100), "ia17": Decimal(80), "ia22": 9}
    answers = {f"indicators-a-{id_}": value for id_, value in given.items()}
    other = {"indicators-b": 2, "indicators-b-ia14": MEASURED, "indicators-b-ia16": Decimal(5)}
    interview = Interview(IMPACT, {"indicators-a": 1, **answers, **other}, TODAY)
    path = [question.name for question in interview.path if question.id.startswith("indicators-a-")]
    routed = [id_ for id_ in path if IMPACT.questions[id_].show_if and IMPACT.questions[id_].type != "calculate"]
    assert routed == asked


def test_an_indicator_names_a_goal_that_there_is():
    goals = {"goals-a": 1, "goals-a-ia01": "Clean water", "goals-b": 2, "goals-b-ia01": "Schools"}
    interview = Interview(IMPACT, {**goals, "indicators-a": 1}, TODAY)
    question = find_question(IMPACT, "indicators-a-ia10_goal")
    interview.check_constraint(question, 2, "en")
    with pytest.raises(AnswerError, match="shorter than that"):
        interview.check_constraint(question, 3, "en")
