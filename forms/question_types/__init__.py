"""The registry of question types: one file each, one line each."""

from __future__ import annotations

from forms.question_types.base import QuestionType

TYPES: dict[str, QuestionType] = {}


def find_type(name: str) -> QuestionType:
    """Give the type of this name; loading has made sure that it exists."""
    return TYPES[name]
