"""Which AAPOR class a case is in, from what was answered of what applied (scorecard C9)."""

from __future__ import annotations

from collections.abc import Iterable

from forms.definition import Definition
from forms.question_types import find_type
from forms.values import Answers, Missing, Value

COMPLETE = "I"
PARTIAL = "P"
BREAK_OFF = "R"
"""Break-off and refusal: both are R in the rates."""
PENDING = "pending"
COUNTED = (COMPLETE, PARTIAL)
"""The classes that scores are made of."""

COMPLETE_SHARE = 0.8
PARTIAL_SHARE = 0.5

NOT_APPLICABLE = frozenset({Missing.NOT_APPLICABLE, Missing.OFF_PATH, Missing.NOT_IN_CHANNEL})
"""What takes a question out of the denominator, here and in the missing rule of scores."""


def find_disposition(
    definition: Definition, record: Answers, *, finished: bool, stopped_or_declined: bool, closed: bool
) -> str:
    """Give the class of one started interview: `I`, `P`, `R`, or `pending` while it may still go on.

    `record` has every question that asks something, coded (`Interview.record`). At least 80 % of the questions
    that applied and every essential one answered is complete, at least 50 % partial, less a break-off or refusal.
    """
    if not (finished or stopped_or_declined or closed):
        return PENDING
    applicable = [value for name, value in record.items() if _counts(definition, name, value)]
    if not applicable:
        return BREAK_OFF if stopped_or_declined else COMPLETE
    share = sum(map(is_answered, applicable)) / len(applicable)
    if share >= COMPLETE_SHARE and _has_essentials(definition, record):
        return COMPLETE
    return PARTIAL if share >= PARTIAL_SHARE else BREAK_OFF


def is_answered(value: Value) -> bool:
    """Whether the person answered: a value, or "don't know" or "not applicable" in so many words."""
    if isinstance(value, Missing):
        return value in (Missing.DONT_KNOW, Missing.NOT_APPLICABLE)
    return value is not None


def _counts(definition: Definition, question_id: str, value: Value) -> bool:
    question = definition.questions[question_id]
    return find_type(question.type).asks and question.type != "consent" and value not in NOT_APPLICABLE


def _has_essentials(definition: Definition, record: Answers) -> bool:
    essential: Iterable[str] = definition.scorecard.essential if definition.scorecard else ()
    asked = (record.get(name) for name in essential)
    return all(is_answered(value) or value in NOT_APPLICABLE for value in asked)
