"""What a question's own keys demand of its answer, as the constraint that ODK and Kobo need to hear."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from forms.definition import Question
from forms.question_types.base import Kind


def write_limits(question: Question, kinds: Mapping[str, Kind]) -> str:
    """Give the limits of an answer as an XLSForm constraint, empty where there are none."""
    counted = {Kind.CHOICES: "count-selected(.)", Kind.TEXT: "string-length(.)"}
    measured = counted.get(kinds.get(question.id, Kind.NOTHING), ".")
    settings = question.settings
    least, most = settings.get("min"), settings.get("max", settings.get("max_length"))
    rules = [f"{measured} >= {_write(least)}"] if least is not None else []
    rules += [f"{measured} <= {_write(most)}"] if most is not None else []
    for choice in question.choices:
        if choice.exclusive:
            rules.append(f"not(selected(., '{choice.value}') and count-selected(.) > 1)")
    return " and ".join(rules)


def _write(limit: object) -> str:
    return f"date('{limit}')" if isinstance(limit, date) else f"{limit}"
