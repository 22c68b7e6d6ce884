import pytest
from vectors_file import PLACES, VECTORS

from exports.panels.indicators import (
    DECREASE,
    DEFINITION_ERROR,
    MAINTAIN,
    NOT_MEASURED,
    REGRESSED,
    REVIEW_TARGET,
    STALE,
    Indicator,
    find_pace,
    judge_indicator,
    say_pace,
    score_goal,
)

KEYS = ("name", "baseline", "target", "actual", "direction", "weight")
ROWS = VECTORS["V16"]["rows"]


def judge(**facts):
    return judge_indicator(Indicator(**{"name": "I", "baseline": 0, "target": 10, "actual": 5, **facts}))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_indicators_have_come_as_far_as_worked(row):
    *facts, raw, status, capped = row
    found = judge(**dict(zip(KEYS, facts, strict=True)))
    assert (found.raw, found.status) == (pytest.approx(raw, abs=PLACES) if raw is not None else None, status)
    assert found.capped == (pytest.approx(capped, abs=PLACES) if capped is not None else None)


def test_the_goal_of_the_worked_indicators_has_the_worked_score():
    worked = VECTORS["V16"]
    found = score_goal([judge(**dict(zip(KEYS, row[:6], strict=True))) for row in ROWS])
    assert found.score == pytest.approx(worked["weighted_capped"], abs=PLACES)
    assert found.strict == pytest.approx(worked["weighted_capped_strict_excluding_no_baseline"], abs=PLACES)
    assert (found.measured, found.of) == (worked["n_scored"], worked["n_total"])
    assert found.is_estimate


def test_the_published_example_against_the_next_and_the_final_target():
    worked = VECTORS["V16b"]
    facts = {"baseline": worked["B"], "actual": worked["A"]}
    near, far = (judge(target=worked[key], **facts).raw for key in ("next_target", "final_target"))
    assert near == pytest.approx(worked["opsys_achievement"], abs=PLACES)
    assert far == pytest.approx(worked["final_achievement"], abs=PLACES)
    pace = find_pace(far, worked["elapsed"])
    assert pace == pytest.approx(worked["pace"], abs=PLACES)
    assert say_pace(pace) == "on track"


def test_what_moved_away_and_what_is_far_above_are_said_to():
    assert judge(actual=-1).remark == REGRESSED
    assert judge(actual=13).remark == REVIEW_TARGET
    assert judge(actual=12).remark == ""


@pytest.mark.parametrize("facts", [{"target": -5}, {"direction": DECREASE}, {"baseline": 10}])
def test_a_target_on_the_wrong_side_is_a_fault_of_the_definition(facts):
    assert judge(**facts).status == DEFINITION_ERROR
    assert judge(**facts).capped is None


def test_an_old_or_missing_number_is_no_achievement():
    assert (judge(stale=True).raw, judge(stale=True).status) == (None, STALE)
    assert (judge(actual=None).raw, judge(actual=None).status) == (None, NOT_MEASURED)


@pytest.mark.parametrize("target, actual, expected", [(95, 90.25, 1), (95, 90.2, 0), (0, 0, 1), (0, 0.1, 0)])
def test_keeping_a_level_allows_five_percent(target, actual, expected):
    assert judge(direction=MAINTAIN, baseline=target, target=target, actual=actual).raw == expected


def test_with_too_few_indicators_measured_there_is_no_goal_score():
    found = score_goal([judge(), judge(), judge(actual=None), judge(actual=None)])
    assert (found.score, found.strict, found.measured, found.of) == (None, None, 2, 4)
    assert score_goal([]).score is None


def test_pace_is_said_in_words_and_has_none_at_the_beginning():
    assert [say_pace(pace) for pace in (0.9, 0.89, 0.7, 0.69)] == ["on track", "watch", "watch", "behind"]
    assert find_pace(0.5, 0) is None
