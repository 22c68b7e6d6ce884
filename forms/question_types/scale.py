"""A scale: one of several ordered codes."""

from __future__ import annotations

from collections.abc import Iterable

from forms.definition import Question
from forms.errors import Fault
from forms.question_types.base import Kind
from forms.question_types.choosing import OneChoiceType


class Scale(OneChoiceType):
    """One point of an ordered list; its codes are numbers, so that they can be scored."""

    name = "scale"
    kind = Kind.NUMBER
    control = "scale"
    measure = "ordinal"

    def check(self, question: Question) -> Iterable[Fault]:
        """Refuse codes that are not integers: a scale without numbers has no order."""
        yield from super().check(question)
        for position, choice in enumerate(question.choices):
            if not isinstance(choice.value, int):
                yield Fault(
                    f".choices[{position}].value",
                    f"The code {choice.value!r} of a scale is not an integer.",
                    "Number the points of the scale, or use the type select_one.",
                )
