"""Scores: domains that nobody answers for, core questions that a channel lacks, codes without points."""

from __future__ import annotations

from collections.abc import Iterator

from forms.checks.finding import NOTE, WARNING, Finding, walk_questions
from forms.definition import CHANNELS, Definition, Question
from forms.question_types import find_type


def check(definition: Definition) -> Iterator[Finding]:
    """Look at the scorecard and at every score."""
    used = {question.score.domain for _, question in walk_questions(definition) if question.score}
    for place, domain in enumerate(definition.scorecard.domains if definition.scorecard else ()):
        if domain.id not in used:
            message = f"No question counts towards the domain `{domain.id}`; it will never have a score."
            yield Finding(WARNING, f"$.scorecard.domains[{place}]", message, "Score a question, or leave it out.")
    for path, question in walk_questions(definition):
        yield from _check_rule(f"{path}.score", question)


def _check_rule(path: str, question: Question) -> Iterator[Finding]:
    rule = question.score
    if rule is None:
        return
    if rule.core and (question.channels != CHANNELS or question.sms.part != 1):
        message = "A core question is asked on every channel, but this one is not."
        yield Finding(WARNING, f"{path}.core", message, "Offer it by web and text, or leave `core` out.")
    if rule.map is None:
        return
    if rule.reverse:
        yield Finding(NOTE, f"{path}.reverse", "`map` gives the points, so `reverse` changes nothing.")
    lacking = [str(c.value) for c in find_type(question.type).choices(question) if c.value not in rule.map]
    if lacking:
        message = f"These codes have no points and will not be scored: {', '.join(lacking[:20])}."
        yield Finding(WARNING, f"{path}.map", message, "Give them points.")
