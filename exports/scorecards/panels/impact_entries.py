"""The indicators of an impact assessment as they were entered, and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from exports.panels import indicators as judging
from exports.panels.indicators import (
    DECREASE,
    ESTIMATE,
    INCREASE,
    MAINTAIN,
    Achievement,
    Indicator,
    find_pace,
    judge_indicator,
)
from exports.responses import Response, Study
from exports.scorecards.panels.base import (
    find_code,
    find_date,
    find_day,
    find_number,
    find_words,
    list_entries,
    say_choice,
)
from forms.values import Answers
from forms.values import Row as Entry

DIRECTIONS = {1: INCREASE, 2: DECREASE, 3: MAINTAIN}
UNKNOWN_BASELINE, TRUE_ZERO = 4, 3
EACH_ONCE = 1
NEW_ENOUGH = timedelta(days=366)
"""A value that describes an older day is of an earlier period; assessments are yearly. Our convention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One indicator as it was entered and judged; `goal` is its goal's place, none without one."""

    achievement: Achievement
    goal: int | None
    unit: str
    level: int | None
    pace: float | None
    contribution: str

    @property
    def label(self) -> str:
        """What it is called."""
        return self.achievement.indicator.name


def read_indicators(study: Study) -> tuple[list[str], list[Measured]]:
    """Give the goals as they are called, and every indicator, in the order in which they were entered."""
    goals: list[str] = []
    places: dict[tuple[str, int], int] = {}
    if "ia01" in study.definition.repeated:
        numbers: dict[str, int] = {}
        for response, entry in list_entries(study, "ia01"):
            numbers[response.response_id] = numbers.get(response.response_id, 0) + 1
            places[response.response_id, numbers[response.response_id]] = len(goals)
            goals.append(find_words(entry.answers, "ia01") or f"Goal {len(goals) + 1}")
    if "ia10" not in study.definition.repeated:
        return goals, []
    found = (_read(study, response, entry, places) for response, entry in list_entries(study, "ia10"))
    return goals, [one for one in found if one is not None]


def _read(study: Study, response: Response, entry: Entry, places: Mapping[tuple[str, int], int]) -> Measured | None:
    answers = entry.answers
    target, direction = find_number(answers, "ia16"), DIRECTIONS.get(find_code(answers, "ia13") or 0)
    if target is None or direction is None:
        return None
    known = find_code(answers, "ia14")
    baseline = None if known == UNKNOWN_BASELINE else 0.0 if known == TRUE_ZERO else find_number(answers, "ia15")
    measured_on = find_date(answers, "ia17_date")
    sdgs, people = answers.get("ia21"), find_number(answers, "ia22")
    indicator = Indicator(
        name=find_words(answers, "ia10") or "unnamed",
        baseline=baseline,
        target=target,
        actual=find_number(answers, "ia17"),
        direction=direction,
        weight=find_number(answers, "ia20") or 1.0,
        stale=measured_on is not None and find_day(study) - measured_on > NEW_ENOUGH,
        evidence=find_code(answers, "ia18") or ESTIMATE,
        goals=tuple(int(goal) for goal in sdgs) if isinstance(sdgs, tuple) else (),
        beneficiaries=None if people is None else int(people),
        counted_once=find_code(answers, "ia24") == EACH_ONCE,
    )
    achievement = judge_indicator(indicator)
    return Measured(
        achievement=achievement,
        goal=places.get((response.response_id, find_code(answers, "ia10_goal") or 0)),
        unit=find_words(answers, "ia12_unit"),
        level=find_code(answers, "ia11"),
        pace=_find_pace(achievement, answers, measured_on),
        contribution=say_choice(study.definition, answers, "ia19"),
    )


def _find_pace(achievement: Achievement, answers: Answers, measured_on: date | None) -> float | None:
    """Give the pace of an indicator with a way to go and the days that it began, was measured and is due."""
    begun, due = find_date(answers, "ia15_date"), find_date(answers, "ia16_date")
    if achievement.status != judging.OK or not (achievement.raw is not None and begun and due and measured_on):
        return None
    whole = (due - begun).days
    return find_pace(achievement.raw, min(1.0, (measured_on - begun).days / whole)) if whole > 0 else None
