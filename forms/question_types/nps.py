"""Likelihood to recommend, 0 to 10."""

from __future__ import annotations

from functools import lru_cache

from forms.definition import Choice, Question, Text
from forms.question_types.base import Kind
from forms.question_types.choosing import OneChoiceType
from forms.values import Code
from forms.wording import SOURCE_LANGUAGE, build_text, msgid, words

LOWEST = 0
HIGHEST = 10

_ENDS = {LOWEST: msgid("Not at all likely"), HIGHEST: msgid("Extremely likely")}
_SHORT_ENDS = {LOWEST: msgid("Not at all"), HIGHEST: msgid("Extremely")}


@lru_cache(maxsize=1)
def _list_choices() -> tuple[Choice, ...]:
    labels = (
        build_text(_ENDS[code], f"{code} %s") if code in _ENDS else Text({SOURCE_LANGUAGE: str(code)}, SOURCE_LANGUAGE)
        for code in range(LOWEST, HIGHEST + 1)
    )
    return tuple(Choice(code, label) for code, label in enumerate(labels))


class Nps(OneChoiceType):
    """A code from 0 to 10; only the ends have words."""

    name = "nps"
    kind = Kind.NUMBER
    control = "nps"
    measure = "ordinal"
    takes_choices = False

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Give 0 to 10, the ends labelled in every language that we speak."""
        return _list_choices()

    def text_choices(self, question: Question, language: str) -> tuple[tuple[Code, str], ...]:
        """Give the two ends only: eleven labels do not fit into a text."""
        short = question.sms.choices
        return tuple(
            (code, short[code].in_(language) if code in short else words(language).gettext(label))
            for code, label in _SHORT_ENDS.items()
        )
