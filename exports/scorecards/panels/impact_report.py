"""The sections that tell of impact: by goal, by indicator, by Sustainable Development Goal."""

from __future__ import annotations

from collections.abc import Sequence

from exports.charts.drawing import EMPTY, SHOWN, isolate
from exports.charts.progress import Indicator as Drawn
from exports.charts.progress import draw_progress, tabulate_progress
from exports.charts.tables import Cell, Heading, Number, make_table
from exports.panels import indicators as judging
from exports.panels.goals import SEVERAL, Contribution
from exports.panels.indicators import (
    DEFINITION_ERROR,
    ESTIMATE,
    NO_BASELINE,
    NOT_MEASURED,
    STALE,
    GoalScore,
    say_pace,
    score_goal,
)
from exports.rounding import find_whole, say_percent
from exports.scorecards.panels.impact_entries import Measured
from exports.scorecards.report.blocks import Block, Items, Picture, Score, Section, Sentence, Table

PARTNER_RECORDS = 2
NO_GOAL = "Without a goal"
FROM_RECORDS = "Estimate: based on partner records, not checked."
NOT_CHECKED = "Estimate: nobody has measured it."
EVIDENCE = {1: "estimate", 2: "partner’s records", 3: "checked records or survey", 4: "independent study"}
STATUSES = {
    judging.OK: "ok",
    judging.KEPT: "kept level",
    NO_BASELINE: "no baseline",
    DEFINITION_ERROR: "target and direction contradict",
    STALE: "value too old",
    NOT_MEASURED: "not measured",
}
METHODS = (
    (
        "Achievement",
        (
            "(value − baseline) / (target − baseline), also where less is better; from 0 to 100 in scores. Without "
            "a baseline it is value / target, and left out of the strict score. To keep a level: within 5 % of the "
            "target.",
        ),
    ),
    (
        "Goals",
        (
            "The mean of their indicators by importance (1 to 5). With fewer than 60 % of them measured there is no "
            "score. The evidence is that of the weakest indicator.",
        ),
    ),
    (
        "Pace",
        (
            "Achievement over the share of the time that had passed when it was measured: on track from 0.9, watch "
            "from 0.7, else behind. A value that describes a day more than a year ago is too old to count.",
        ),
    ),
    ("Contribution", ("What coordinators say is due to the partnership; shown, never multiplied in.",)),
)


def say_weak_evidence(evidence: int | None) -> str:
    """Give the sentence that must stand beside a score on weak evidence; empty where it is checked."""
    return NOT_CHECKED if evidence == ESTIMATE else FROM_RECORDS if evidence == PARTNER_RECORDS else ""


def list_goals(goals: Sequence[str], found: Sequence[Measured]) -> list[tuple[int | None, str, list[Measured]]]:
    """Give each goal with its indicators; those of no goal stand last."""
    groups = [(place, goal, [one for one in found if one.goal == place]) for place, goal in enumerate(goals)]
    lost = [one for one in found if one.goal is None]
    return [*groups, *([(None, NO_GOAL, lost)] if lost else [])]


def tell_goals(goals: Sequence[str], found: Sequence[Measured], whole: GoalScore) -> Section:
    """Give the goals with their scores."""
    rows: list[list[Cell]] = []
    for place, goal, own in list_goals(goals, found):
        score = score_goal([one.achievement for one in own])
        label = goal if place is None else f"{place + 1}. {goal}"
        rows.append([label, *_say_goal(score)])
    rows.append(["All goals", *_say_goal(whole)])
    numbers = [Heading(label, number=True) for label in ("Score", "Strict")]
    table = make_table("Achievement by goal", ["Goal", *numbers, "Measured", "Weakest evidence"], rows)
    blocks: list[Block] = []
    if whole.score is not None:
        blocks.append(Score(str(find_whole(whole.score)), whole.score))
    words = f"{whole.measured} of {whole.of} indicators measured. {say_weak_evidence(whole.evidence)}"
    blocks += [Sentence(words.strip(), strong=True), Table("goals", table)]
    return Section("impact", "Impact by goal", tuple(blocks))


def _say_goal(goal: GoalScore) -> list[Cell]:
    scores: list[Cell] = [
        "no score" if score is None else Number(str(find_whole(score)), score) for score in (goal.score, goal.strict)
    ]
    evidence = "none" if goal.evidence is None else EVIDENCE[goal.evidence]
    return [*scores, f"{goal.measured} of {goal.of} indicators", evidence]


def tell_indicators(found: Sequence[Measured]) -> Section:
    """Give the indicators as a drawing and in numbers."""
    drawn = [_draw(one) for one in found]
    title = "From baseline to target, by indicator"
    measured = sum(one.achievement.raw is not None for one in found)
    description = (
        f"{measured} of {len(found)} indicators have an achievement. Each bar goes from the baseline towards the "
        "target. The table below has the same numbers."
    )
    rows: list[list[Cell]] = []
    for one in found:
        pace: Cell = "none" if one.pace is None else Number(f"{one.pace:.2f}, {say_pace(one.pace)}", one.pace)
        evidence = EVIDENCE.get(one.achievement.indicator.evidence, "none")
        rows.append([one.label, pace, evidence, one.contribution or "not said", one.achievement.remark or "none"])
    headings = ["Pace", "Evidence", "Due to the partnership", "To look at"]
    return Section(
        "indicators",
        "Indicators",
        (
            Picture(
                draw_progress(drawn, title=title, description=description, prefix="indicators"), description, late=True
            ),
            Table("indicators", tabulate_progress(drawn, title)),
            Table("pace", make_table("Pace, evidence and contribution", ["Indicator", *headings], rows)),
        ),
    )


def _draw(one: Measured) -> Drawn:
    achieved, indicator = one.achievement, one.achievement.indicator
    words = {
        name: "" if number is None else _say_value(number, one.unit)
        for name, number in (
            ("baseline", indicator.baseline),
            ("actual", indicator.actual),
            ("target", indicator.target),
        )
    }
    if achieved.raw is None:
        caption = STATUSES[achieved.status]
    else:
        way = f"from {words['baseline'] or 'unknown'} to {words['actual']}, target {words['target']}"
        remark = f", {achieved.remark}" if achieved.remark else ""
        flagged = f" ({STATUSES[achieved.status]})" if achieved.status == NO_BASELINE else ""
        caption = f"{say_percent(achieved.raw)}{flagged}: {isolate(way)}{remark}"
    return Drawn(
        label=one.label,
        caption=caption,
        state=EMPTY if achieved.raw is None else SHOWN,
        achievement=achieved.raw,
        status=STATUSES[achieved.status],
        estimated=achieved.status == NO_BASELINE,
        **words,
    )


def _say_value(number: float, unit: str) -> str:
    return f"{number:,.10g} {unit}".strip()


def tell_sdgs(split: Sequence[Contribution], flag: Sequence[Contribution]) -> Section:
    """Give the SDGs with both ways to count."""
    rows: list[list[Cell]] = []
    for one, other in zip(split, flag, strict=True):
        scores: list[Cell] = [
            Number(str(find_whole(x.achievement)), x.achievement)
            if x.has_score and x.achievement is not None
            else "one indicator"
            for x in (one, other)
        ]
        people: Cell = "unknown" if one.beneficiaries is None else Number(f"{one.beneficiaries:,}", one.beneficiaries)
        rows.append([f"SDG {one.goal}", *scores, people, ", ".join(one.indicators), EVIDENCE[one.evidence]])
    headings: list[Heading | str] = [Heading(label, number=True) for label in ("Weight split", "Full weight", "People")]
    blocks = (
        Sentence("What the work contributes to, by Sustainable Development Goal. A goal needs two indicators."),
        Table("sdgs", make_table("Contribution by SDG", ["Goal", *headings, "Indicators", "Weakest evidence"], rows)),
        Items(
            (
                "Weight split: an indicator for several goals gives a part of its weight to each.",
                f"Full weight: it gives all of it to each. {SEVERAL}",
                "People: the most of one indicator; added up only where each person was counted once.",
            )
        ),
    )
    return Section("sdgs", "Contribution to the SDGs", blocks)
