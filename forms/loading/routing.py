"""References: conditions and texts may look back, never forward, and conditions compare only what can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forms.definition import Definition
from forms.loading.reading import Reader, shorten
from forms.loading.texts import Condition, Place, Texts
from forms.question_types.base import Kind

if TYPE_CHECKING:
    from forms.loading.questionnaire import Placed


def check_references(reader: Reader, texts: Texts, definition: Definition, placed: Sequence[Placed]) -> None:
    """Note every reference to what is unknown, later, itself or without an answer, and what cannot be compared."""
    references = _References(reader, definition, placed)
    for piped in texts.piped:
        for name in piped.references:
            references.check(piped.path, name, piped.place)
            if references.kinds.get(name) is Kind.NOTHING:
                reader.fault(piped.path, f"`${{{name}}}` has no answer: it is only read.")
    for condition in texts.conditions:
        for name in sorted(condition.expression.references):
            references.check(condition.path, name, condition.place)
        references.check_types(condition)


class _References:
    def __init__(self, reader: Reader, definition: Definition, placed: Sequence[Placed]) -> None:
        self.reader = reader
        self.parameters = {parameter.id for parameter in definition.parameters}
        self.places: dict[str, int] = {}
        self.kinds: dict[str, Kind] = dict.fromkeys(self.parameters, Kind.TEXT)
        for place, one in enumerate(placed):
            self.places.setdefault(one.question.id, place)
            note_kind(self.kinds, one)

    def check(self, path: str, name: str, place: Place) -> None:
        """Check one reference from one place."""
        quoted = f"`${{{shorten(name)}}}`"
        if not place.parameters:
            self.reader.fault(path, f"{quoted} cannot stand here: this text is shown as it is.", "Write plain words.")
        elif name in self.parameters:
            return
        elif name not in self.places:
            known = [*self.parameters, *self.places]
            hint = self.reader.suggest(name, known, "It is neither a question nor a parameter.")
            self.reader.fault(path, f"There is no question {quoted}.", hint)
        elif name == place.own:
            self.reader.fault(path, f"{quoted} is this question itself.", "In a constraint, write `.` for its answer.")
        elif self.places[name] >= place.before:
            hint = "Refer to questions that stand before it, or move it up."
            self.reader.fault(path, f"{quoted} is asked later.", hint)

    def check_types(self, condition: Condition) -> None:
        """Check what a condition compares; nothing is said of what is unknown anyway."""
        if condition.constraint and condition.answer is None:
            return
        expression = condition.expression
        faults = (
            expression.check_result(self.kinds)[1]
            if condition.calculation
            else expression.check(self.kinds, condition.answer)
        )
        for fault in faults:
            self.reader.fault(condition.path, fault.message, fault.suggestion)


def note_kind(kinds: dict[str, Kind], one: Placed) -> None:
    """Note what a question's answer is to a condition; of questions of unknown types nothing is known."""
    if one.type is not None:
        has_choices = bool(one.type.choices(one.question))
        kinds.setdefault(one.question.id, find_kind(one.type.find_kind(one.question), has_choices))


def find_kind(kind: Kind, has_choices: bool) -> Kind:
    """Give what an answer is to a condition: codes that have labels are choices, also where they are numbers."""
    return Kind.CHOICE if has_choices and kind is Kind.NUMBER else kind
