"""What a part of an expression is, known before anybody answers: the static check of what may meet what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

from forms.question_types.base import Kind


class Sort(Enum):
    """What a part of an expression gives; the value is how a fault calls it."""

    NOTHING = "nothing (it is only read)"
    NUMBER = "a number"
    TEXT = "a text"
    DATE = "a date"
    CHOICE = "a choice"
    CHOICES = "several choices"
    CONDITION = "a condition"
    EMPTY = "an empty text"
    UNKNOWN = "unknown"


NUMERIC = frozenset({Sort.NUMBER, Sort.CHOICE})
_ANYTHING = frozenset({Sort.EMPTY, Sort.UNKNOWN})


@dataclass(frozen=True, slots=True)
class TypeFault:
    """One thing of an expression that cannot work with these questions, and how to mend it."""

    message: str
    suggestion: str = ""


@dataclass(slots=True)
class Types:
    """What the ids of an expression are, and the faults found so far.

    `answer` says what `.` is; `None` where it is not allowed. `repeated`: the ids that have an answer in each row.
    """

    kinds: Mapping[str, Kind]
    answer: Kind | None = None
    repeated: Collection[str] = ()
    faults: list[TypeFault] = field(default_factory=list)

    def fault(self, message: str, suggestion: str = "") -> Sort:
        """Note a fault and go on as if nothing were known of that part."""
        self.faults.append(TypeFault(message, suggestion))
        return Sort.UNKNOWN

    def expect(self, part: object, sort: Sort, wanted: frozenset[Sort], by: str) -> None:
        """Note a fault unless this part gives what is wanted."""
        if sort not in wanted and sort is not Sort.UNKNOWN:
            names = " or ".join(sorted(s.value for s in wanted))
            self.fault(f"{by} needs {names}, but `{part}` is {sort.value}.", _mend(part, sort, wanted))


def unite(left: Sort, right: Sort) -> Sort | None:
    """Give what a value is that may be either, or nothing where the two do not go together."""
    if left is right or right in _ANYTHING:
        return left
    if left in _ANYTHING:
        return right
    if {left, right} <= NUMERIC:
        return Sort.NUMBER
    if {left, right} == {Sort.CHOICE, Sort.TEXT}:
        return Sort.CHOICE
    return None


def _mend(part: object, sort: Sort, wanted: frozenset[Sort]) -> str:
    if Sort.CONDITION in wanted and sort in (Sort.CHOICES, Sort.CHOICE):
        return f"Compare it, for example `selected({part}, 'code')`."
    if Sort.CONDITION in wanted:
        return f"Compare it with something, for example `{part} != ''` for \"was answered\"."
    return ""
