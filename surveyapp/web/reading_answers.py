"""The fields in which staff say what somebody answered: choices to tick, words to type, or why there is no answer."""

from __future__ import annotations

from flask import request

from forms.definition import Question
from forms.interview import Interview
from forms.question_types import find_type
from forms.text import normalise
from forms.values import Missing, Raw

MISSING_WORDS = {Missing.DONT_KNOW: "Don't know", Missing.NOT_APPLICABLE: "Not applicable", Missing.REFUSED: "Skipped"}


def list_choices(interview: Interview, question: Question) -> list[tuple[str, str]]:
    """Give the choices that staff ticks; free answers and orders are typed."""
    if question.type == "rank":
        return []
    language = interview.definition.default_language
    return [
        (str(choice.value), interview.say(choice.label.in_(language), language))
        for choice in find_type(question.type).choices(question)
    ]


def list_missing(question: Question | None) -> list[tuple[str, str]]:
    """Give the reasons that staff may give in place of an answer, each with its words."""
    if question is None or question.type == "consent":
        return []
    offered = {Missing.DONT_KNOW: question.dont_know, Missing.NOT_APPLICABLE: question.not_applicable}
    return [(str(one.value), word) for one, word in MISSING_WORDS.items() if offered.get(one, True)]


def read_raw() -> Raw:
    """Read what staff ticked or typed."""
    wish = request.form.get("missing", "")
    missing = next((one for one in MISSING_WORDS if str(one.value) == wish), None)
    values = tuple(value for value in map(normalise, request.form.getlist("value")) if value)
    if request.form.get("order"):
        values = tuple(normalise(request.form["order"]).replace(",", " ").split())
    return Raw(values, missing)
