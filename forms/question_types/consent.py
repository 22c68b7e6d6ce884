"""Consent: yes (1) or no (2), in our own words; after a no nothing more is asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar

from forms.definition import Choice, Question
from forms.errors import AnswerError, Fault
from forms.question_types.base import Kind
from forms.question_types.choosing import OneChoiceType
from forms.values import Code, Raw, Value
from forms.wording import build_text, msgid, words

CONSENT_YES = 1
CONSENT_NO = 2


@lru_cache(maxsize=1)
def _list_choices() -> tuple[Choice, ...]:
    return (
        Choice(CONSENT_YES, build_text(msgid("Yes"))),
        Choice(CONSENT_NO, build_text(msgid("No"))),
    )


class Consent(OneChoiceType):
    """Whether the person agrees to take part."""

    name = "consent"
    kind = Kind.CHOICE
    control = "radios"
    takes_choices = False
    empty_message: ClassVar[str] = msgid("Please choose yes or no.")

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Give yes and no."""
        return _list_choices()

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse other ways out than yes and no."""
        yield from super().check(question)
        for key in ("dont_know", "not_applicable"):
            if getattr(question, key):
                yield Fault(f".{key}", "Consent is yes or no, and nothing else.", "Leave the key out.")

    def parse(self, question: Question, raw: Raw, language: str) -> Value:
        """Read yes or no; nothing else will do, not even to skip: without consent nothing is asked."""
        value = super().parse(question, Raw(raw.values), language) if raw.missing is None else None
        if value not in (CONSENT_YES, CONSENT_NO):
            raise AnswerError(words(language).gettext(self.empty_message))
        return value

    def text_choices(self, question: Question, language: str) -> tuple[tuple[Code, str], ...]:
        """A text asks for YES or NO in its own sentence, so it lists no codes."""
        return ()
