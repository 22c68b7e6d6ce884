"""The syntax tree of an expression: small frozen nodes; each knows its value, what it is, its text and its JSON."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forms.expressions.functions import FUNCTIONS, GATHERING
from forms.expressions.operands import Operand, Scope, before, combine, day, number, read, same
from forms.expressions.sorts import NUMERIC, Sort, Types, unite


class Node(ABC):
    """A part of an expression."""

    __slots__ = ()

    @abstractmethod
    def value(self, scope: Scope) -> Operand:
        """Give the value with these answers."""

    @abstractmethod
    def sort(self, types: Types) -> Sort:
        """Give what it is, and note what cannot work."""

    @abstractmethod
    def to_json(self) -> list[Any]:
        """Give the node as `[name, ...]`; numbers as texts, so that no digit is lost."""

    def gather(self, scope: Scope) -> list[Operand]:
        """Give what a gathering function is given: the one value, or a repeated question's answers in all rows."""
        return [self.value(scope)]

    def gathered_sort(self, types: Types) -> Sort:
        """Give what a gathering function is given of, and note what cannot work."""
        return self.sort(types)

    def parts(self) -> tuple[Node, ...]:
        """Give the nodes directly below."""
        return ()


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as it stands in the text."""

    number: Decimal

    def value(self, scope: Scope) -> Operand:
        """Give the number."""
        return self.number

    def sort(self, types: Types) -> Sort:
        """A number."""
        return Sort.NUMBER

    def to_json(self) -> list[Any]:
        """Give `["number", "1.5"]`."""
        return ["number", str(self)]

    def __str__(self) -> str:
        return f"{self.number:f}"


@dataclass(frozen=True, slots=True)
class Quote(Node):
    """A text in quotes."""

    text: str

    def value(self, scope: Scope) -> Operand:
        """Give the text."""
        return self.text

    def sort(self, types: Types) -> Sort:
        """A text, or the empty one, which may be compared with everything."""
        return Sort.TEXT if self.text else Sort.EMPTY

    def to_json(self) -> list[Any]:
        """Give `["text", "x"]`."""
        return ["text", self.text]

    def __str__(self) -> str:
        return f'"{self.text}"' if "'" in self.text else f"'{self.text}'"


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """`${id}`: the answer to a question, or a parameter."""

    id: str

    def value(self, scope: Scope) -> Operand:
        """Give the answer, or nothing where there is none."""
        return read(scope.values.get(self.id))

    def gather(self, scope: Scope) -> list[Operand]:
        """Give the answers of all rows of a repeated question, else the one answer."""
        rows = scope.rows.get(self.id)
        return [self.value(scope)] if rows is None else [read(value) for value in rows]

    def sort(self, types: Types) -> Sort:
        """What the question's answer is; with an answer in each row, only a gathering function can take it."""
        if self.id in types.repeated:
            names = ", ".join(f"`{name}(${{{self.id}}})`" for name in GATHERING)
            return types.fault(f"`{self}` has an answer in each row.", f"Take them together: {names}.")
        return self.gathered_sort(types)

    def gathered_sort(self, types: Types) -> Sort:
        """What the question's answer, or the answer in each row, is."""
        kind = types.kinds.get(self.id)
        if kind is None:
            return Sort.UNKNOWN
        if Sort[kind.name] is Sort.NOTHING:
            return types.fault(f"`{self}` has no answer: it is only read.")
        return Sort[kind.name]

    def to_json(self) -> list[Any]:
        """Give `["answer_to", "id"]`."""
        return ["answer_to", self.id]

    def __str__(self) -> str:
        return "${" + self.id + "}"


@dataclass(frozen=True, slots=True)
class This(Node):
    """`.`: the answer that a constraint judges."""

    def value(self, scope: Scope) -> Operand:
        """Give the answer itself."""
        return read(scope.answer)

    def sort(self, types: Types) -> Sort:
        """What the constrained question's answer is."""
        if types.answer is None:
            return types.fault(
                "`.` is the answer being judged; only a constraint may use it.", "Name a question: `${id}`."
            )
        return Sort[types.answer.name]

    def to_json(self) -> list[Any]:
        """Give `["this"]`."""
        return ["this"]

    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`a and b and c`, `a or b or c`."""

    operator: str
    terms: tuple[Node, ...]

    def value(self, scope: Scope) -> Operand:
        """Say whether all (`and`) or any (`or`) of the terms are true."""
        judge: Callable[[Any], bool] = all if self.operator == "and" else any
        return judge(term.value(scope) is True for term in self.terms)

    def sort(self, types: Types) -> Sort:
        """A condition of conditions."""
        for term in self.terms:
            types.expect(term, term.sort(types), frozenset({Sort.CONDITION}), f"`{self.operator}`")
        return Sort.CONDITION

    def to_json(self) -> list[Any]:
        """Give `["and", term, term, ...]`."""
        return [self.operator, *(term.to_json() for term in self.terms)]

    def parts(self) -> tuple[Node, ...]:
        """Give the terms."""
        return self.terms

    def __str__(self) -> str:
        return f" {self.operator} ".join(_bracketed(term, Junction) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left = right` and its kin; false where either side is missing."""

    operator: str
    left: Node
    right: Node

    def value(self, scope: Scope) -> Operand:
        """Compare; a missing side, or two that have no order, makes it false."""
        left, right = self.left.value(scope), self.right.value(scope)
        if left is None or right is None:
            return False
        if self.operator in ("=", "!="):
            return same(left, right) is (self.operator == "=")
        smaller, larger = before(left, right), before(right, left)
        if smaller is None or larger is None:
            return False
        return {"<": smaller, "<=": not larger, ">": larger, ">=": not smaller}[self.operator]

    def sort(self, types: Types) -> Sort:
        """A condition; both sides must be comparable."""
        left, right = self.left.sort(types), self.right.sort(types)
        if not (self._fits(left, right) if self.operator in ("=", "!=") else self._has_order(left, right)):
            types.fault(f"`{self}` compares {left.value} with {right.value}.", self._mend(left, right))
        return Sort.CONDITION

    def _fits(self, left: Sort, right: Sort) -> bool:
        if {Sort.EMPTY, Sort.UNKNOWN} & {left, right}:
            return Sort.CONDITION not in (left, right)
        if Sort.CONDITION in (left, right) or Sort.CHOICES in (left, right):
            return False
        return unite(left, right) is not None or self._is_spelled(left, right)

    def _has_order(self, left: Sort, right: Sort) -> bool:
        if Sort.UNKNOWN in (left, right):
            return True
        return {left, right} <= NUMERIC or left is right is Sort.DATE or self._is_spelled(left, right)

    def _is_spelled(self, left: Sort, right: Sort) -> bool:
        """Say whether one side is a text that spells what the other is: `${age} > '18'`, `${born} < '2000-01-01'`."""
        quote = next((side.text for side in self.parts() if isinstance(side, Quote)), "")
        if {left, right} == {Sort.DATE, Sort.TEXT}:
            return day(quote) is not None
        return Sort.TEXT in (left, right) and bool(NUMERIC & {left, right}) and number(quote) is not None

    def _mend(self, left: Sort, right: Sort) -> str:
        for side, sort, other in ((self.left, left, self.right), (self.right, right, self.left)):
            if sort is Sort.CHOICES:
                return f"Use `selected({side}, {other})`."
            if sort is Sort.DATE and isinstance(other, Quote):
                return "Write the date as '2026-11-30'."
            if sort is Sort.NUMBER and isinstance(other, Quote):
                return "Write the number without quotes."
        if left is Sort.TEXT or right is Sort.TEXT:
            return "Texts can be compared by = and != with texts, or by their length: string-length()."
        return ""

    def to_json(self) -> list[Any]:
        """Give `["=", left, right]`."""
        return [self.operator, self.left.to_json(), self.right.to_json()]

    def parts(self) -> tuple[Node, ...]:
        """Give both sides."""
        return self.left, self.right

    def __str__(self) -> str:
        loose = (Junction, Comparison)
        return f"{_bracketed(self.left, *loose)} {self.operator} {_bracketed(self.right, *loose)}"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`first + a - b`, `first * a div b mod c`: operators of one rank, read from the left."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def value(self, scope: Scope) -> Operand:
        """Compute from the left; one missing term makes the whole missing."""
        result = self.first.value(scope)
        for operator, term in self.rest:
            result = combine(operator, result, term.value(scope))
        return result

    def sort(self, types: Types) -> Sort:
        """A number, or a date that days were added to."""
        result = self.first.sort(types)
        for operator, term in self.rest:
            right = term.sort(types)
            if Sort.DATE in (result, right):
                result = self._date_sort(operator, result, right, types)
                continue
            types.expect(self.first, result, NUMERIC, f"`{operator}`")
            types.expect(term, right, NUMERIC, f"`{operator}`")
            # with something unknown, `+` and `-` may give a date as well
            is_open = Sort.UNKNOWN in (result, right) and operator in "+-"
            result = Sort.UNKNOWN if is_open else Sort.NUMBER
        return result

    def _date_sort(self, operator: str, left: Sort, right: Sort, types: Types) -> Sort:
        if left is right and operator == "-":
            return Sort.NUMBER
        days = {Sort.NUMBER, Sort.CHOICE, Sort.UNKNOWN}
        if (left is Sort.DATE and right in days and operator in "+-") or (left in days and operator == "+"):
            return Sort.DATE
        return types.fault(f"`{self}` computes with a date.", "Days may be added to a date, and dates subtracted.")

    def to_json(self) -> list[Any]:
        """Give `["arithmetic", first, ["+", term], ...]`."""
        return ["arithmetic", self.first.to_json(), *([op, term.to_json()] for op, term in self.rest)]

    def parts(self) -> tuple[Node, ...]:
        """Give all terms."""
        return self.first, *(term for _, term in self.rest)

    def __str__(self) -> str:
        loose = (Junction, Comparison, Arithmetic)
        rest = "".join(f" {operator} {_bracketed(term, *loose)}" for operator, term in self.rest)
        return _bracketed(self.first, *loose) + rest


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-a`."""

    term: Node

    def value(self, scope: Scope) -> Operand:
        """Give the number with the other sign."""
        return combine("-", Decimal(0), number(self.term.value(scope)))

    def sort(self, types: Types) -> Sort:
        """A number."""
        types.expect(self.term, self.term.sort(types), NUMERIC, "`-`")
        return Sort.NUMBER

    def to_json(self) -> list[Any]:
        """Give `["negative", term]`."""
        return ["negative", self.term.to_json()]

    def parts(self) -> tuple[Node, ...]:
        """Give the term."""
        return (self.term,)

    def __str__(self) -> str:
        return "-" + _bracketed(self.term, Junction, Comparison, Arithmetic, Negative)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`name(argument, ...)`: the grammar has made sure that the function exists and takes so many."""

    name: str
    arguments: tuple[Node, ...]

    def value(self, scope: Scope) -> Operand:
        """Compute all arguments, then the function."""
        function = FUNCTIONS[self.name]
        if function.gathers:
            return function.compute(scope, [value for argument in self.arguments for value in argument.gather(scope)])
        return function.compute(scope, [argument.value(scope) for argument in self.arguments])

    def sort(self, types: Types) -> Sort:
        """What the function gives for these arguments."""
        function = FUNCTIONS[self.name]
        sorts = [a.gathered_sort(types) if function.gathers else a.sort(types) for a in self.arguments]
        return function.check(types, self.name, self.arguments, sorts)

    def to_json(self) -> list[Any]:
        """Give `["call", name, argument, ...]`."""
        return ["call", self.name, *(argument.to_json() for argument in self.arguments)]

    def parts(self) -> tuple[Node, ...]:
        """Give the arguments."""
        return self.arguments

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"


def _bracketed(node: Node, *loose: type[Node]) -> str:
    return f"({node})" if isinstance(node, loose) else str(node)
