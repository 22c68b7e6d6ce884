"""What conditions come to: all combinations of the answers that they rest on, tried one by one, and never a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations, pairwise

from forms.definition import CHANNELS, SMS, Definition, Question, Section
from forms.expressions import Expression, Scope
from forms.expressions.tree import Call, Comparison, Node, Number, Quote, Reference, This
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.question_types.consent import CONSENT_YES
from forms.values import Value

MOST_COMBINATIONS = 5_000
"""Combinations that are tried for one condition."""
MOST_TRIED = 60_000
"""Combinations that are tried for one definition; what comes after is left undecided."""
MOST_DECIDERS = 24
MOST_PICKED = 10
"""Choices of a multiple choice whose subsets are tried."""
ELSE = "(something else)"
_TODAY = date(2000, 1, 1)


class UndecidedError(Exception):
    """The answers are too many, or too free, to be tried one by one; the text says which."""


@dataclass
class Combinations:
    """The combinations of one definition's answers. It remembers how many were tried in all."""

    definition: Definition
    tried: int = field(default=0, init=False)
    _row: Section | None = field(default=None, init=False)

    def walk(self, *conditions: Expression | None, section: Section | None = None) -> Iterator[Scope]:
        """Give every state that these conditions may find, as what they see of the answers.

        `section`: where they stand; if it repeats, what they see of it are the answers of one row.
        The same dictionary stands behind every scope: look at it before asking for the next one.
        Raises `UndecidedError` before the first, or when there are too many.
        """
        self._row = section if section is not None and section.repeat is not None else None
        deciders = self._list_deciders([condition for condition in conditions if condition is not None])
        choices = [(name, self._list_values(name)) for name in deciders]
        seen: dict[str, Value] = {}
        for count, _ in enumerate(self._try(choices, 0, seen), start=1):
            self.tried += 1
            if count > MOST_COMBINATIONS:
                raise UndecidedError(f"more than {MOST_COMBINATIONS} combinations of answers")
            if self.tried > MOST_TRIED:
                raise UndecidedError(f"more than {MOST_TRIED} combinations were tried for this definition")
            yield Scope(seen, _TODAY)

    def list_answers(self, question: Question) -> tuple[Value, ...]:
        """Give every substantive answer that a question's own rules may find; raises `UndecidedError`."""
        return tuple(value for value in self._list_values(question.id) if value is not None)

    @cached_property
    def _placed(self) -> Mapping[str, tuple[int, Section, Question]]:
        walked = enumerate(self.definition.walk())
        return {question.id: (place, section, question) for place, (section, question) in walked}

    @cached_property
    def _parameters(self) -> Mapping[str, int]:
        return {parameter.id: parameter.max_length for parameter in self.definition.parameters}

    @cached_property
    def _is_texted(self) -> bool:
        return any(SMS in q.channels and find_type(q.type).asks for q in self.definition.questions.values())

    @cached_property
    def _uses(self) -> tuple[Mapping[str, set[Number | Quote]], frozenset[str]]:
        """The literals that each id is compared with, and the ids that are used in any other way."""
        literals: dict[str, set[Number | Quote]] = defaultdict(set)
        computed: set[str] = set()

        def note(node: Node, owner: str) -> None:
            sides = node.parts() if isinstance(node, Comparison) else ()
            for side, other in zip(sides, reversed(sides), strict=True):
                if isinstance(side, Reference | This) and isinstance(other, Number | Quote):
                    literals[side.id if isinstance(side, Reference) else owner].add(other)
                    return
            if isinstance(node, Reference | This):
                computed.add(node.id if isinstance(node, Reference) else owner)
            for part in node.parts():
                note(part, owner)

        for section in self.definition.sections:
            if section.show_if is not None:
                note(section.show_if.tree, "")
            for question in section.questions:
                for condition in _list_conditions(question):
                    note(condition.tree, question.id)
        return literals, frozenset(computed)

    def _list_deciders(self, conditions: list[Expression]) -> list[str]:
        """Give the ids that the conditions rest on, and those that these rest on in turn, in the form's order."""
        found: set[str] = set()
        waiting = list(conditions)
        while waiting:
            condition = waiting.pop()
            if any(isinstance(node, Call) and node.name == "today" for node in condition.nodes()):
                raise UndecidedError("it depends on the day, `today()`")
            for name in condition.references - found:
                found.add(name)
                if len(found) > MOST_DECIDERS:
                    raise UndecidedError(f"it rests on more than {MOST_DECIDERS} questions")
                if name in self._placed:
                    _, section, question = self._placed[name]
                    waiting += [*([section.show_if] if section.show_if else []), *_list_conditions(question)]
        return sorted(found, key=lambda name: self._placed[name][0] if name in self._placed else -1)

    def _list_values(self, name: str) -> tuple[Value, ...]:
        """Give one value for each way in which an answer may count; `None` stands for all that is missing."""
        if any(one.id == name and one is not self._row for one in self.definition.repeats):
            raise UndecidedError(f"it counts the rows of `{name}`")
        if name not in self._placed:
            return self._list_words(name, self._parameters.get(name, 80))
        _, section, question = self._placed[name]
        if section.repeat is not None and section is not self._row:
            raise UndecidedError(f"`{name}` has an answer in each row")
        kind = find_type(question.type)
        values: tuple[Value, ...]
        if question.type == "consent":  # nothing is asked after anything but a yes
            return (CONSENT_YES,) if question.channels == CHANNELS else (CONSENT_YES, None)
        if not kind.asks:
            raise UndecidedError(f"`{name}` is calculated")
        if choices := kind.choices(question):
            values = _list_sets(question) if kind.kind is Kind.CHOICES else tuple(c.value for c in choices)
        elif kind.kind is Kind.NUMBER:
            values = self._list_numbers(question)
        elif kind.kind is Kind.TEXT:
            longest = question.settings.get("max_length")
            values = self._list_words(name, longest if isinstance(longest, int) else len(ELSE))
        else:
            raise UndecidedError(f"`{name}` is not answered from a list")
        return (*values, None) if self._may_be_missing(question) else values

    def _may_be_missing(self, question: Question) -> bool:
        """Whether there may be no answer: every question can be skipped by text, and a given group may be unknown."""
        scorecard = self.definition.scorecard
        if self._is_texted or (scorecard is not None and scorecard.group_by == question.id):
            return True
        return not question.required or question.dont_know or question.not_applicable

    def _list_numbers(self, question: Question) -> tuple[Value, ...]:
        """Give numbers on, between and beyond all those that this one is compared with: each stands for its stretch."""
        literals, computed = self._uses
        least, most = (question.settings.get(key) for key in ("min", "max"))
        if question.id in computed or any(isinstance(one, Quote) for one in literals.get(question.id, ())):
            raise UndecidedError(f"`{question.id}` is a free number, and is computed with")
        marks = {one.number for one in literals.get(question.id, ()) if isinstance(one, Number)} or {Decimal(0)}
        marks |= {Decimal(limit) for limit in (least, most) if isinstance(limit, int | Decimal)}
        order = sorted(marks)
        tried = {*order, *((low + high) / 2 for low, high in pairwise(order))}
        tried |= {edge for mark in order for edge in (mark.to_integral_value() + step for step in (-1, 0, 1))}
        kept = [
            value
            for value in sorted(tried)
            if (not isinstance(least, int | Decimal) or value >= least)
            and (not isinstance(most, int | Decimal) or value <= most)
        ]
        if question.type == "integer":
            return tuple(int(value) for value in kept if value == value.to_integral_value())
        return tuple(kept)

    def _list_words(self, name: str, longest: int) -> tuple[Value, ...]:
        """Give the texts that this one is compared with, and one that is none of them."""
        literals, computed = self._uses
        if name in computed or any(isinstance(one, Number) for one in literals.get(name, ())):
            raise UndecidedError(f"`{name}` is free text, and is computed with")
        words = {one.text for one in literals.get(name, ()) if isinstance(one, Quote) and one.text}
        return (*sorted(word for word in words if len(word) <= longest), ELSE)

    def _try(self, choices: list[tuple[str, tuple[Value, ...]]], place: int, seen: dict[str, Value]) -> Iterator[None]:
        """Set every value of the ids from `place` on that the path lets stand, in `seen`."""
        if place == len(choices):
            yield
            return
        name, values = choices[place]
        if name in self._placed:
            _, section, question = self._placed[name]
            values = tuple(self._list_standing(section, question, values, seen))
        for value in values:
            seen[name] = value
            yield from self._try(choices, place + 1, seen)
        seen.pop(name, None)

    def _list_standing(
        self, section: Section, question: Question, values: tuple[Value, ...], seen: dict[str, Value]
    ) -> Iterator[Value]:
        scope = Scope(seen, _TODAY)
        if any(
            condition is not None and not condition.holds(scope) for condition in (section.show_if, question.show_if)
        ):
            yield None
            return
        shut = {c.value for c in question.choices if c.show_if is not None and not c.show_if.holds(scope)}
        for value in values:
            if not shut.isdisjoint(value if isinstance(value, tuple) else (value,)):
                continue
            if value is None or question.constraint is None or question.constraint.holds(replace(scope, answer=value)):
                yield value


def _list_conditions(question: Question) -> list[Expression]:
    conditions = (question.show_if, question.constraint, *(choice.show_if for choice in question.choices))
    return [condition for condition in conditions if condition is not None]


def _list_sets(question: Question) -> tuple[Value, ...]:
    """Give every set of choices that may be picked together."""
    if question.type != "select_multiple":
        raise UndecidedError(f"`{question.id}` is not answered from a list")
    if len(question.choices) > MOST_PICKED:
        raise UndecidedError(f"`{question.id}` has {len(question.choices)} choices that combine")
    least, most = (question.settings.get(key) for key in ("min", "max"))
    least = least if isinstance(least, int) else 1
    most = most if isinstance(most, int) else len(question.choices)
    return tuple(
        tuple(choice.value for choice in picked)
        for size in range(1, len(question.choices) + 1)
        for picked in combinations(question.choices, size)
        if (size == 1 if any(choice.exclusive for choice in picked) else least <= size <= most)
    )
