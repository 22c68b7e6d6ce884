"""XLSForm's expressions -> ours: read by the same grammar, with its functions and its own sense of what is empty.

XPath has no missing values: an empty answer is the empty text. So `${a} = ''` means "was not answered" there, which
is `not(${a} != '')` here, and `${a} != 2` holds there for an empty answer, which is `not(${a} = 2)` here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from lark import Token, v_args

from forms.expressions.grammar import GRAMMAR, Builder, ExpressionError, build_parser, parse_tree
from forms.expressions.operands import day
from forms.expressions.tree import Call, Comparison, Negative, Node, Number, Quote, Reference, This

_COLUMN = '\n    | COLUMN -> column\n\nCOLUMN: /[A-Za-z_][A-Za-z0-9_.-]*/\nCOMPARE: "!="'
DIALECT = GRAMMAR.replace('\n\nCOMPARE: "!="', _COLUMN, 1)
"""Our grammar with bare words too: in a choice filter they are columns of the choices sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the names of a workbook have become.

    `ids`: a row's name -> our id. `codes`: our id -> a choice's name -> its value, where that is another. `gone`: the
    name of a row without an equivalent -> what it was. `todays`: names of rows that hold the day of the interview.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    todays: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Understood:
    """An expression in our words, and what was changed in a way that its author should know."""

    tree: Node
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.tree)


class Reader:
    """Reads the expressions of one workbook."""

    def __init__(self, names: Names) -> None:
        self._dialect = _Dialect(names)
        self._parser = build_parser(self._dialect, DIALECT)

    def read(self, text: str, own: str = "", columns: Mapping[str, str] | None = None) -> Understood:
        """Read an expression; `own` is the id of the question whose answer is `.`.

        `columns`: what the columns of one choice hold, for a choice filter. Raises `ExpressionError` for what cannot
        be said here.
        """
        self._dialect.begin(own, columns)
        tree = parse_tree(_straighten(text), self._parser)
        return Understood(tree, tuple(dict.fromkeys(self._dialect.notes)))


def _straighten(text: str) -> str:
    """Give the text with the straight quotes that pyxform reads curly ones as, and plain spaces."""
    for curly, straight in (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("\xa0", " ")):
        text = text.replace(curly, straight)
    return text


@v_args(inline=True)
class _Dialect(Builder):
    """Builds our nodes from XLSForm's words."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.begin("", None)

    def begin(self, own: str, columns: Mapping[str, str] | None) -> None:
        """Begin another expression."""
        self.own, self.columns = own, columns
        self.notes: list[str] = []

    def reference(self, token: Token) -> Node:
        """`${name}` by the id that the name has become."""
        name = token[2:-1].strip()
        if name in self.names.todays:
            return Call("today", ())
        if name in self.names.gone:
            raise _cannot(token, f"It refers to `${{{name}}}`, {self.names.gone[name]}.")
        if name not in self.names.ids:
            raise _cannot(token, f"It refers to `{token[:60]}`, which is no question here.")
        return Reference(self.names.ids[name])

    def column(self, token: Token) -> Node:
        """A bare word: what a choice has in this column."""
        if self.columns is None:
            raise _cannot(token, f"`{token[:40]}` cannot be read: a question is written `${{name}}`.")
        return Quote(self.columns.get(str(token), ""))

    def comparison(self, left: Node, operator: Token, right: Node) -> Node:
        """A comparison that holds for the same answers as there, empty ones too."""
        left, right = self._recode(left, right), self._recode(right, left)
        with_nothing = Quote("") in (left, right)
        if operator == "=" and with_nothing:
            return Call("not", (Comparison("!=", left, right),))
        if operator == "!=" and not with_nothing:
            return Call("not", (Comparison("=", left, right),))
        return Comparison(str(operator), left, right)

    def call(self, name: Token, *arguments: Node) -> Node:
        """A function of ours, or what one of theirs means."""
        meaning = _MEANINGS.get(str(name))
        if meaning is not None:
            return meaning(self, name, arguments)
        if name == "selected" and len(arguments) == 2:
            arguments = (arguments[0], self._recode(arguments[1], arguments[0]))
        try:
            return super().call(name, *arguments)
        except ExpressionError as error:
            raise _cannot(name, error.message.replace("There is no function", "There is no equivalent to")) from None

    def _recode(self, side: Node, other: Node) -> Node:
        """Give the value that a choice's name has become, where one side names a choice of the other's question."""
        id_ = other.id if isinstance(other, Reference) else self.own if isinstance(other, This) else ""
        written = _literal(side)
        if written is None:
            return side
        value = self.names.codes.get(id_, {}).get(written)
        return side if value is None else Quote(value)


Meaning: TypeAlias = Callable[[_Dialect, Token, Sequence[Node]], Node]


def _cannot(token: Any, message: str) -> ExpressionError:
    return ExpressionError(message, getattr(token, "start_pos", 0) or 0)


def _literal(node: Node) -> str | None:
    if isinstance(node, Quote):
        return node.text
    if isinstance(node, Number):
        return str(node)
    return f"-{node.term}" if isinstance(node, Negative) and isinstance(node.term, Number) else None


def _truth(holds: bool) -> Meaning:
    one = Number(Decimal(1))
    node = Comparison("=", one, one if holds else Number(Decimal(2)))
    return lambda dialect, name, arguments: node


def _argument(dialect: _Dialect, name: Token, arguments: Sequence[Node]) -> Node:
    """A function that only says how its argument is to be read, which our comparisons know by themselves."""
    if len(arguments) != 1:
        raise _cannot(name, f"`{name}()` takes 1 argument, not {len(arguments)}.")
    return arguments[0]


def _date(dialect: _Dialect, name: Token, arguments: Sequence[Node]) -> Node:
    given = _argument(dialect, name, arguments)
    if isinstance(given, Quote) and day(given.text) is None:
        raise _cannot(name, f"`{given}` is no day; write it as '2026-11-30'.")
    return given


def _now(dialect: _Dialect, name: Token, arguments: Sequence[Node]) -> Node:
    dialect.notes.append(f"`{name}()` became `today()`: the day counts, not the hour.")
    return Call("today", ())


def _abs(dialect: _Dialect, name: Token, arguments: Sequence[Node]) -> Node:
    given = _argument(dialect, name, arguments)
    return Call("if", (Comparison("<", given, Number(Decimal(0))), Negative(given), given))


_MEANINGS: Mapping[str, Meaning] = {
    "true": _truth(True),
    "false": _truth(False),
    "number": _argument,
    "string": _argument,
    "date": _date,
    "now": _now,
    "abs": _abs,
}
"""What XLSForm's functions that we do not have mean in our words."""
