"""What a checklist comes to: whether a partner is ready, whether law and money are in order; with gates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from exports.scorecards.bands import find_place
from exports.scorecards.scores import Item, list_items, score_domain
from forms.definition import Definition, Question
from forms.definition import Scorecard as Plan
from forms.question_types import find_type
from forms.values import Answers, Missing, Value

STOP = "Stop: resolve first"
CONDITIONAL = "Conditional"
PARTLY = 2
"""The code that an item counts as once the date of its evidence has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One filled-in checklist: its score from 0 to 100, the result in words, and what stands in the way.

    `failed`: gates answered with the lowest code. `open_gates`: gates not yet reached, don't know among them.
    `expired`: items whose date has passed. `judged`: the answers as they counted.
    """

    score: float | None
    result: str
    failed: tuple[str, ...]
    open_gates: tuple[str, ...]
    expired: tuple[str, ...] = ()
    judged: Answers = field(default_factory=dict)


def judge_checklist(definition: Definition, answers: Answers, expired: Collection[str] = ()) -> CheckResult:
    """Judge a checklist: any gate at its lowest stops, any other that is not reached makes it conditional.

    Else the score says it, in the words of the definition's bands; it is the weighted score over what applied (C1,
    C2). `expired` are question ids whose date has passed: a yes then counts as partly.
    """
    plan = definition.scorecard or Plan()
    judged = {id_: _age(value, id_ in expired) for id_, value in answers.items()}
    gates = [q for q in definition.questions.values() if q.score and q.score.gate is not None]
    asked = [q for q in gates if judged.get(q.id) not in (Missing.OFF_PATH, Missing.NOT_APPLICABLE)]
    failed = tuple(q.id for q in asked if _is_lowest(q, judged.get(q.id)))
    reached = {q.id for q in asked if q.score and judged.get(q.id) == q.score.gate}
    not_reached = tuple(q.id for q in asked if q.id not in reached and q.id not in failed)
    items: list[Item] = [item for domain in plan.domains for item in list_items(definition, domain.id)]
    score = score_domain(items, judged, plan.min_share).score
    return CheckResult(
        score=score,
        result=_say(score, failed, not_reached, plan),
        failed=failed,
        open_gates=not_reached,
        expired=tuple(id_ for id_ in answers if id_ in expired),
        judged=judged,
    )


def _age(value: Value, expired: bool) -> Value:
    return PARTLY if expired and isinstance(value, int) and value > PARTLY else value


def _is_lowest(question: Question, value: Value) -> bool:
    codes = [choice.value for choice in find_type(question.type).choices(question)]
    numbers = [code for code in codes if isinstance(code, int)]
    return bool(numbers) and value == min(numbers)


def _say(score: float | None, failed: Collection[str], not_reached: Collection[str], plan: Plan) -> str:
    if failed:
        return STOP
    if not_reached:
        return CONDITIONAL
    return "Too little answered" if score is None else plan.bands[find_place(score, plan.bands)][1]
