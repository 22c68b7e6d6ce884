"""How far indicators have come from baseline to target, and goals made of them (scorecard C16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INCREASE, DECREASE, MAINTAIN = "increase", "decrease", "maintain"

OK = "ok"
KEPT = "maintain"
NO_BASELINE = "no_baseline"
DEFINITION_ERROR = "definition_error"
STALE = "stale"
NOT_MEASURED = "not_measured"
STRICT = (OK, KEPT)

REGRESSED = "moved away"
REVIEW_TARGET = "target review"

KEEP_WITHIN = 0.05
FAR_ABOVE = 1.2
ENOUGH_MEASURED = 0.6
ON_TRACK, WATCH = 0.9, 0.7
ESTIMATE = 1
"""The evidence grade of which a score says that it is an estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator: baseline and actual `None` where unknown; percents in points; `stale`: older than the period.

    `evidence` from 1 (estimate) to 4 (independent study). `beneficiaries`: people, `counted_once`: none of them twice.
    """

    name: str
    baseline: float | None
    target: float
    actual: float | None
    direction: str = INCREASE
    weight: float = 1.0
    stale: bool = False
    evidence: int = ESTIMATE
    goals: tuple[int, ...] = ()
    beneficiaries: int | None = None
    counted_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """Achievement as a share of the way (`raw`), capped to 0 to 100 for scores, the status and what to ask."""

    indicator: Indicator
    raw: float | None
    status: str
    remark: str = ""

    @property
    def capped(self) -> float | None:
        """The achievement from 0 to 100, as it enters scores."""
        return None if self.raw is None else 100 * min(1.0, max(0.0, self.raw))


def judge_indicator(indicator: Indicator) -> Achievement:
    """Give (actual - baseline)/(target - baseline) or the reason why there is none; the sign does for decreases too.

    Source: the form of the EU's OPSYS (achievement against a target) with the EU's rule that a ratio that cannot be
    computed stays blank. Without a baseline, actual/target for increases, flagged and out of the strict score.
    """
    raw, status = _find_share(indicator)
    remark = "" if raw is None else REGRESSED if raw < 0 else REVIEW_TARGET if raw > FAR_ABOVE else ""
    return Achievement(indicator=indicator, raw=raw, status=status, remark=remark)


def _find_share(indicator: Indicator) -> tuple[float | None, str]:
    baseline, target, actual = indicator.baseline, indicator.target, indicator.actual
    if _is_wrong(indicator):
        return None, DEFINITION_ERROR
    if indicator.stale or actual is None:
        return None, STALE if indicator.stale else NOT_MEASURED
    if indicator.direction == MAINTAIN:
        return float(abs(actual - target) <= KEEP_WITHIN * abs(target)), KEPT
    if baseline is None:
        share = actual / target if indicator.direction == INCREASE and target > 0 else None
        return share, NO_BASELINE
    return (actual - baseline) / (target - baseline), OK


def _is_wrong(indicator: Indicator) -> bool:
    """Whether the target lies on the wrong side of the baseline, or where it was already."""
    if indicator.direction == MAINTAIN or indicator.baseline is None:
        return False
    way = indicator.target - indicator.baseline
    return way <= 0 if indicator.direction == INCREASE else way >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalScore:
    """A goal from 0 to 100: all measured indicators, and the strict version without those that lack a baseline.

    `score` is none with fewer than 60 % of the indicators measured. `evidence` is the lowest grade.
    """

    score: float | None
    strict: float | None
    measured: int
    of: int
    evidence: int | None

    @property
    def is_estimate(self) -> bool:
        """Whether the score rests on evidence of the lowest grade."""
        return self.evidence == ESTIMATE


def score_goal(achievements: Sequence[Achievement]) -> GoalScore:
    """Give sum(w cap(a))/sum(w) of a goal's indicators."""
    measured = [one for one in achievements if one.capped is not None]
    enough = bool(measured) and len(measured) >= ENOUGH_MEASURED * len(achievements)
    strict = [one for one in measured if one.status in STRICT]
    return GoalScore(
        score=find_weighted(measured) if enough else None,
        strict=find_weighted(strict) if enough and strict else None,
        measured=len(measured),
        of=len(achievements),
        evidence=min((one.indicator.evidence for one in measured), default=None),
    )


def find_weighted(achievements: Sequence[Achievement], shares: Sequence[float] | None = None) -> float | None:
    """Give the mean of capped achievements by importance, times `shares` of each where given."""
    parts = shares or [1.0] * len(achievements)
    weights = [one.indicator.weight * part for one, part in zip(achievements, parts, strict=True)]
    total = sum(weights)
    return sum(w * (one.capped or 0.0) for w, one in zip(weights, achievements, strict=True)) / total if total else None


def find_pace(raw: float, elapsed: float) -> float | None:
    """Give achievement over the share of time that has passed; nothing before the beginning."""
    return raw / elapsed if elapsed > 0 else None


def say_pace(pace: float) -> str:
    """Give the pace in words: our convention."""
    return "on track" if pace >= ON_TRACK else "watch" if pace >= WATCH else "behind"
