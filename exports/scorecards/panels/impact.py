"""The impact panel: how far indicators and goals have come, and which Sustainable Development Goals they serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from exports.panels import indicators as judging
from exports.panels.goals import FLAG, SEVERAL, SPLIT, Contribution, list_contributions
from exports.panels.indicators import (
    NO_BASELINE,
    GoalScore,
    say_pace,
    score_goal,
)
from exports.responses import Study
from exports.rounding import find_whole, say_percent
from exports.scorecards.panels.base import (
    Built,
    Figure,
    Panel,
    find_code,
    list_counted,
    say_choice,
)
from exports.scorecards.panels.impact_entries import Measured, read_indicators
from exports.scorecards.panels.impact_report import (
    METHODS,
    STATUSES,
    list_goals,
    say_weak_evidence,
    tell_goals,
    tell_indicators,
    tell_sdgs,
)
from exports.scorecards.report.blocks import Section, Sentence, Terms
from exports.scorecards.rules.base import ESTIMATED, NORMAL, NOT_COLLECTED, UNRELIABLE

LEVELS = {2: "Effectiveness", 3: "Impact"}
"""Level of result (ia11: outcome, impact) -> the OECD-DAC criterion it speaks to."""


class Impact(Panel):
    """Achievement by indicator, goal and SDG, and effects that nobody planned."""

    name = "impact"
    kinds = ("impact",)
    needs = ("ia10", "ia13", "ia14", "ia15", "ia16", "ia17")
    files: ClassVar[Mapping[str, str]] = {"indicators": "indicators", "goals": "goals"}
    instead = True

    def build(self, study: Study) -> Built:
        """Give everything the indicators say."""
        goals, found = read_indicators(study)
        effects = _list_effects(study)
        if not found:
            return self.build_nothing("IMPACT", "Impact")
        whole = score_goal([one.achievement for one in found])
        figures = [_score("IMPACT", whole, "All goals together."), *_score_goals(goals, found)]
        split = list_contributions((one.achievement for one in found), SPLIT)
        flag = list_contributions((one.achievement for one in found), FLAG)
        if "ia21" in study.definition.questions:
            figures += [*_score_sdgs(split, SPLIT), *_score_sdgs(flag, FLAG)]
        else:
            figures.append(Figure(domain="SDG", status=NOT_COLLECTED, note="Not collected: no question on SDGs."))
        figures += [_score_indicator(place, one) for place, one in enumerate(found, start=1)]
        figures += effects.figures
        sections = [
            tell_goals(goals, found, whole),
            tell_indicators(found),
            *([tell_sdgs(split, flag)] if split else []),
            *([Section("effects", "Effects nobody planned", (Sentence(effects.words),))] if effects.words else []),
            Section("methods", "How to read this", (Terms(METHODS),), aside=True),
        ]
        return figures, sections, _list_criteria(found, split, effects.words)


def _score(domain: str, goal: GoalScore, what: str) -> Figure:
    said = [what, f"{goal.measured} of {goal.of} indicators measured."]
    if goal.strict is not None:
        said.append(f"Strict version: {find_whole(goal.strict)}.")
    if goal.score is None:
        said.append("Fewer than 60 % of the indicators are measured: no score.")
        return Figure(domain=domain, n=goal.measured, status=NOT_COLLECTED, note=" ".join(said))
    if words := say_weak_evidence(goal.evidence):
        said.append(words)
    status = ESTIMATED if say_weak_evidence(goal.evidence) else NORMAL
    return Figure(domain=domain, score=goal.score, n=goal.measured, status=status, note=" ".join(said))


def _score_goals(goals: Sequence[str], found: Sequence[Measured]) -> list[Figure]:
    figures = []
    for place, goal, own in list_goals(goals, found):
        domain = "goal_none" if place is None else f"goal_{place + 1}"
        score = score_goal([one.achievement for one in own])
        figures.append(_score(domain, score, f"{goal}."))
        if score.strict is not None:
            strict = sum(one.achievement.status in judging.STRICT for one in own)
            figures.append(
                Figure(
                    domain=f"{domain}_strict",
                    score=score.strict,
                    n=strict,
                    note=f"{goal}: only indicators with a baseline, and those kept level.",
                )
            )
    return figures


def _score_sdgs(contributions: Sequence[Contribution], mode: str) -> list[Figure]:
    how = "The weight of an indicator is split among its goals." if mode == SPLIT else SEVERAL
    figures = []
    for one in contributions:
        people = "" if one.beneficiaries is None else f" People reached: {one.beneficiaries}."
        few = "" if one.has_score else " One indicator: no score of the goal."
        figures.append(
            Figure(
                domain=f"sdg_{one.goal}_{mode}",
                score=one.achievement if one.has_score else None,
                n=len(one.indicators),
                status=NORMAL if one.has_score else UNRELIABLE,
                note=f"Contributes to SDG {one.goal}: {', '.join(one.indicators)}. {how}{people}{few}",
            )
        )
    return figures


def _score_indicator(place: int, one: Measured) -> Figure:
    achieved = one.achievement
    said = f"{one.label}: {STATUSES[achieved.status]}."
    if achieved.raw is not None:
        said += f" Achieved {say_percent(achieved.raw)}{f', {achieved.remark}' if achieved.remark else ''}."
    status = NOT_COLLECTED if achieved.raw is None else UNRELIABLE if achieved.status == NO_BASELINE else NORMAL
    word = say_pace(one.pace) if one.pace is not None else None
    return Figure(domain=f"indicator_{place}", score=achieved.capped, n=1, status=status, word=word, note=said)


@dataclass(frozen=True, slots=True)
class _Effects:
    figures: list[Figure]
    words: str = ""


def _list_effects(study: Study) -> _Effects:
    """Say how many assessments name an effect that nobody planned; what people wrote of it stays in the answers."""
    if "ia30" not in study.definition.questions:
        return _Effects([])
    answers = [response.answers for response in list_counted(study)]
    said = [code for one in answers if (code := find_code(one, "ia30")) is not None]
    good, bad = sum(code in (2, 4) for code in said), sum(code in (3, 4) for code in said)
    worst = max((code for one in answers if (code := find_code(one, "ia32")) is not None), default=None)
    serious = next((say_choice(study.definition, a, "ia32") for a in answers if find_code(a, "ia32") == worst), "")
    note = f"{good} of {len(said)} assessments name a good effect that nobody planned, {bad} a bad one."
    if bad and worst is not None:
        note += f" The most serious bad effect: {serious.lower()}."
    status = NORMAL if said else NOT_COLLECTED
    return _Effects([Figure(domain="unplanned", n=len(said), status=status, note=note)], note)


def _list_criteria(
    found: Sequence[Measured], split: Sequence[Contribution], effects: str
) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Give what stands under the OECD-DAC criteria: achievement by level of result, and the SDGs."""
    criteria: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for level, criterion in LEVELS.items():
        own = score_goal([one.achievement for one in found if one.level == level])
        if own.of:
            score = "no score" if own.score is None else str(find_whole(own.score))
            words = f"{score}, {own.measured} of {own.of} measured"
            criteria[criterion] = (("Indicators of this level", "indicators", words),)
    if effects:
        criteria["Impact"] = (*criteria.get("Impact", ()), ("Effects nobody planned", "effects", effects))
    if split:
        goals = ", ".join(f"SDG {one.goal}" for one in split)
        criteria["Coherence"] = (("Contribution to the SDGs", "sdgs", goals),)
    return criteria
