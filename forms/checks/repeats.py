"""Repeated sections: a roster whose page would send more than is taken at once."""

from __future__ import annotations

from collections.abc import Iterator

from forms.checks.finding import WARNING, Finding
from forms.definition import WEB, Definition, Question
from forms.question_types import find_type
from forms.question_types.base import Kind

MOST_FIELDS = 900
"""Fields of one page, a little fewer than the service takes in one request."""


def check(definition: Definition) -> Iterator[Finding]:
    """Look at every repeated section."""
    for place, section in enumerate(definition.sections):
        repeat = section.repeat
        if repeat is None or repeat.adds:
            continue
        fields = repeat.max * sum(_count_fields(question) for question in section.questions)
        if fields > MOST_FIELDS:
            message = f"With {repeat.max} entries the page can send {fields:,} fields; {MOST_FIELDS} are taken at once."
            yield Finding(WARNING, f"$.sections[{place}].repeat", message, "Lower `max`, or split the section.")


def _count_fields(question: Question) -> int:
    """Give how many values a question sends at most: one, or one for each choice; free text beside one is another."""
    kind = find_type(question.type)
    if WEB not in question.channels or not kind.asks:
        return 0
    values = len(kind.choices(question)) if kind.kind is Kind.CHOICES else 1
    return values + (question.specification is not None)
