"""Conditions: the text of an expression -> its syntax tree -> a value; the same tree as JSON for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from forms.values import Value


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may see: answers on the path so far, parameters, today's date, and `.` (the answer itself)."""

    values: Mapping[str, Value]
    today: date
    answer: Value = None


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression: its text, its tree, and the ids it refers to."""

    text: str
    tree: object
    references: frozenset[str] = field(default_factory=frozenset)

    def holds(self, scope: Scope) -> bool:
        """Say whether the condition is true; a missing operand makes a comparison false."""
        raise RuntimeError("the evaluator comes with the grammar")
