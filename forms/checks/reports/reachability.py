"""Reachability: questions that no path reaches, conditions that always or never hold; decided, or said to be open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from forms.checks.combinations import Combinations, UndecidedError
from forms.definition import Definition, Question, Section
from forms.expressions import Expression

ALWAYS = "always true"
NEVER = "always false"
VARIES = "varies"
UNASKED = "never asked"
UNDECIDED = "not decided"
REACHABLE = "reachable"
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ConditionVerdict:
    """What a condition comes to over all answers. `verdict`: one of the words above; `reason`: why it is not decided.

    `combinations`: how many combinations of answers were tried.
    """

    path: str
    condition: str
    verdict: str
    combinations: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QuestionVerdict:
    """Whether any path reaches a question: `reachable`, `unreachable` or `not decided`."""

    question: str
    path: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reachability:
    """Every condition, and the questions that are not simply reachable."""

    conditions: tuple[ConditionVerdict, ...]
    questions: tuple[QuestionVerdict, ...]

    @property
    def fixed(self) -> tuple[ConditionVerdict, ...]:
        """The conditions that might as well not be there: always true, always false, or never asked."""
        return tuple(one for one in self.conditions if one.verdict not in (VARIES, UNDECIDED))

    @property
    def unreachable(self) -> tuple[QuestionVerdict, ...]:
        """The questions that no path reaches."""
        return tuple(one for one in self.questions if one.verdict == UNREACHABLE)

    @property
    def undecided(self) -> tuple[ConditionVerdict, ...]:
        """The conditions that could not be decided."""
        return tuple(one for one in self.conditions if one.verdict == UNDECIDED)

    def as_json(self) -> dict[str, Any]:
        """Give the report as JSON holds it."""
        return {
            "unreachable": [one.question for one in self.unreachable],
            "questions": [asdict(one) for one in self.questions],
            "conditions": [asdict(one) for one in self.conditions],
        }


def build_reachability(definition: Definition) -> Reachability:
    """Decide every condition over the closed answers that it rests on (see `forms.checks.combinations`)."""
    tries = Combinations(definition)
    conditions: list[ConditionVerdict] = []
    questions: list[QuestionVerdict] = []
    for place, section in enumerate(definition.sections):
        if section.show_if is not None:
            conditions.append(_judge(tries, f"$.sections[{place}].show_if", section, section.show_if))
        for number, question in enumerate(section.questions):
            path = f"$.sections[{place}].questions[{number}]"
            verdict = _find_way(tries, path, section, question)
            if verdict.verdict != REACHABLE:
                questions.append(verdict)
            conditions.extend(_judge_question(tries, path, section, question))
    return Reachability(tuple(conditions), tuple(questions))


def _judge_question(tries: Combinations, path: str, section: Section, question: Question) -> Iterator[ConditionVerdict]:
    above = (section.show_if,)
    if question.show_if is not None:
        yield _judge(tries, f"{path}.show_if", section, question.show_if, *above)
    for place, choice in enumerate(question.choices):
        if choice.show_if is not None:
            where = f"{path}.choices[{place}].show_if"
            yield _judge(tries, where, section, choice.show_if, *above, question.show_if)


def _judge(
    tries: Combinations, path: str, section: Section, condition: Expression, *before: Expression | None
) -> ConditionVerdict:
    """Try a condition of this section wherever those `before` it hold: only there it is asked at all."""
    found: set[bool] = set()
    count = 0
    try:
        for scope in tries.walk(condition, *before, section=section):
            count += 1
            if all(one is None or one.holds(scope) for one in before):
                found.add(condition.holds(scope))
            if len(found) > 1:
                break
    except UndecidedError as error:
        return ConditionVerdict(path, condition.text, UNDECIDED, count, str(error))
    verdict = VARIES if len(found) > 1 else UNASKED if not found else ALWAYS if True in found else NEVER
    return ConditionVerdict(path, condition.text, verdict, count)


def _find_way(tries: Combinations, path: str, section: Section, question: Question) -> QuestionVerdict:
    conditions = [one for one in (section.show_if, question.show_if) if one is not None]
    if not conditions:
        return QuestionVerdict(question.id, path, REACHABLE)
    try:
        for scope in tries.walk(*conditions, section=section):
            if all(condition.holds(scope) for condition in conditions):
                return QuestionVerdict(question.id, path, REACHABLE)
    except UndecidedError as error:
        return QuestionVerdict(question.id, path, UNDECIDED, str(error))
    return QuestionVerdict(question.id, path, UNREACHABLE)
