"""One expression as definitions hold it: parsed once, asked often."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from forms.expressions.grammar import parse_tree
from forms.expressions.operands import Operand, Scope
from forms.expressions.sorts import Sort, TypeFault, Types
from forms.expressions.tree import Node, Reference, This
from forms.question_types.base import Kind
from forms.values import Value

_KINDS = {Sort.TEXT: Kind.TEXT, Sort.EMPTY: Kind.TEXT, Sort.DATE: Kind.DATE, Sort.CHOICE: Kind.CHOICE}


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression: its text, its tree, the ids it refers to, and whether it looks at `.`, the answer itself."""

    text: str
    tree: Node
    references: frozenset[str] = frozenset()
    uses_answer: bool = False

    def holds(self, scope: Scope) -> bool:
        """Say whether the condition is true; a missing operand makes a comparison false."""
        return self.tree.value(scope) is True

    def value(self, scope: Scope) -> Operand:
        """Give the value: `Decimal` (integer codes too), text, date, codes or `bool`; `None` if it is missing."""
        return self.tree.value(scope)

    def to_json(self) -> list[Any]:
        """Give the tree as nested lists, each `[name, ...]`: what the browser evaluates, the same way as here."""
        return self.tree.to_json()

    def result(self, scope: Scope) -> Value:
        """Give the value as an answer: a number, a text or a date, 1 or 0 for a condition, nothing if it is missing."""
        value = self.tree.value(scope)
        if isinstance(value, bool):
            return Decimal(value)
        return None if isinstance(value, tuple) or value == "" else value

    def nodes(self) -> Iterator[Node]:
        """Give every part of the tree."""
        waiting = [self.tree]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.parts())

    def check_result(
        self, kinds: Mapping[str, Kind], repeated: Collection[str] = ()
    ) -> tuple[Kind, tuple[TypeFault, ...]]:
        """Give what the expression gives as an answer where the ids are of these kinds, and what cannot work.

        `repeated`: the ids that have an answer in each row.
        """
        types = Types(kinds, repeated=repeated)
        sort = self.tree.sort(types)
        if sort in (Sort.CHOICES, Sort.NOTHING):
            types.fault(f"A calculation gives one value, but `{self.tree}` is {sort.value}.", "Count or compare them.")
        return _KINDS.get(sort, Kind.NUMBER), tuple(dict.fromkeys(types.faults))

    def check(
        self, kinds: Mapping[str, Kind], answer: Kind | None = None, repeated: Collection[str] = ()
    ) -> tuple[TypeFault, ...]:
        """Give what cannot work where a condition is wanted and the ids are of these kinds.

        `answer` is what `.` is; without it `.` is a fault. An id that `kinds` does not know is passed over.
        `repeated`: the ids that have an answer in each row.
        """
        types = Types(kinds, answer, repeated)
        types.expect(self.tree, self.tree.sort(types), frozenset({Sort.CONDITION}), "A condition")
        return tuple(dict.fromkeys(types.faults))


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read the text of an expression; raises `ExpressionError` with a sentence, a position and a suggestion."""
    expression = Expression(text, parse_tree(text))
    nodes = tuple(expression.nodes())
    return Expression(
        text,
        expression.tree,
        frozenset(node.id for node in nodes if isinstance(node, Reference)),
        any(isinstance(node, This) for node in nodes),
    )
