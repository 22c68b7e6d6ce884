"""One choice from a list."""

from __future__ import annotations

from forms.question_types.base import Kind
from forms.question_types.choosing import OneChoiceType


class SelectOne(OneChoiceType):
    """One choice from a list without order."""

    name = "select_one"
    kind = Kind.CHOICE
    control = "radios"
    can_specify = True
