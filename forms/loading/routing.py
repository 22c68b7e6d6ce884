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
            references.check_one(piped.path, name, piped.place)
            if references.kinds.get(name) is Kind.NOTHING:
                reader.fault(piped.path, f"`${{{name}}}` has no answer: it is only read.")
    for condition in texts.conditions:
        for name in sorted(condition.expression.references):
            references.check(condition.path, name, condition.place)
        references.check_types(condition)


class _References:
    def __init__(self, reader: Reader, definition: Definition, placed: Sequence[Placed]) -> None:
        self.reader = reader
        self.sections = definition.sections
        self.parameters = {parameter.id for parameter in definition.parameters}
        self.places: dict[str, int] = {}
        self.kinds: dict[str, Kind] = dict.fromkeys(self.parameters, Kind.TEXT)
        self.rows: dict[str, int] = {}
        """The ids that have an answer in each row, with the place of their section; the section's own stands for it."""
        for place, one in enumerate(placed):
            self.places.setdefault(one.question.id, place)
            note_kind(self.kinds, one)
            if one.row is not None:
                section = definition.sections[one.row]
                self.rows |= {one.question.id: one.row, section.id: one.row}
                self.places[section.id] = place
                self.kinds[section.id] = Kind.TEXT

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
        elif self._names_row(name, place):
            if self._find_label(place):
                hint = f"Name the question that does: `${{{self._find_label(place)}}}`."
                self.reader.fault(path, f"{quoted} is this row, which one of its answers names.", hint)
        elif name == place.own:
            self.reader.fault(path, f"{quoted} is this question itself.", "In a constraint, write `.` for its answer.")
        elif self.places[name] >= place.before:
            hint = "Refer to questions that stand before it, or move it up."
            self.reader.fault(path, f"{quoted} is asked later.", hint)

    def check_one(self, path: str, name: str, place: Place) -> None:
        """Check that a text refers to one answer, not to those of all rows."""
        if name in self.rows and self.rows[name] != place.row and self.places[name] < place.before:
            hint = "Work one value out with a `calculate` after the section, and refer to that."
            self.reader.fault(path, f"`${{{name}}}` has an answer in each row; a text can show only one.", hint)

    def _names_row(self, name: str, place: Place) -> bool:
        return place.row is not None and name == self.sections[place.row].id

    def _find_label(self, place: Place) -> str:
        """Give the question that names the rows around this place, where the respondent adds them."""
        repeat = self.sections[place.row].repeat if place.row is not None else None
        return (repeat.label or "") if repeat is not None and repeat.adds else ""

    def check_types(self, condition: Condition) -> None:
        """Check what a condition compares; nothing is said of what is unknown anyway."""
        if condition.constraint and condition.answer is None:
            return
        expression = condition.expression
        place = condition.place  # of what stands later nothing more is said
        repeated = {n for n, row in self.rows.items() if row != place.row and self.places[n] < place.before}
        faults = (
            expression.check_result(self.kinds, repeated)[1]
            if condition.calculation
            else expression.check(self.kinds, condition.answer, repeated)
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
