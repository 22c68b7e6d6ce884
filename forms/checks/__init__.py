"""What is not wrong, and yet worth a word before people are asked: translations, texts that cost more, dead rules."""

from __future__ import annotations

from forms.checks import conditions, repeats, scores, texting, texts
from forms.checks.finding import NOTE, WARNING, Finding
from forms.definition import Definition

__all__ = ["NOTE", "WARNING", "Finding", "check_definition"]

CHECKS = (texts.check, conditions.check, repeats.check, scores.check, texting.check)


def check_definition(definition: Definition) -> tuple[Finding, ...]:
    """Give what the author should know; the definition can be used all the same. Each finding stands once."""
    return tuple(dict.fromkeys(finding for check in CHECKS for finding in check(definition)))
