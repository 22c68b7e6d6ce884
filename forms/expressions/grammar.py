"""The grammar: text -> syntax tree, within fixed bounds of length and nesting, with faults that say where and what."""

from __future__ import annotations

import difflib
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from forms.expressions import tree
from forms.expressions.functions import FUNCTIONS

MAX_LENGTH = 2_000
MAX_NESTING = 32
MAX_DIGITS = 18

GRAMMAR = r"""
?start: either
?either: both ("or" both)*
?both: comparison ("and" comparison)*
?comparison: sum (COMPARE sum)?
?sum: product (SIGN product)*
?product: signed (TIMES signed)*
?signed: MINUS* part
?part: NUMBER -> number
    | QUOTE -> quote
    | REFERENCE -> reference
    | "." -> this
    | FUNCTION "(" [either ("," either)*] ")" -> call
    | "(" either ")" -> brackets

COMPARE: "!=" | "<=" | ">=" | "=" | "<" | ">"
SIGN: "+" | "-"
MINUS: "-"
TIMES: "*" | "div" | "mod"
NUMBER.2: /[0-9]+(\.[0-9]+)?|\.[0-9]+/
QUOTE: /'[^']*'|"[^"]*"/
REFERENCE: /\$\{[^{}]*\}/
FUNCTION: /[A-Za-z][A-Za-z0-9_-]*(?=\s*\()/
%import common.WS
%ignore WS
"""


class ExpressionError(ValueError):
    """The text is no expression: a sentence, where (`position`, counted from 0), and how to mend it."""

    def __init__(self, message: str, position: int = 0, suggestion: str = "") -> None:
        self.message = message
        self.position = position
        self.suggestion = suggestion
        super().__init__(f"{message} {suggestion}".rstrip())


def parse_tree(text: str, parser: Any = None) -> tree.Node:
    """Read an expression; raises `ExpressionError` for anything that is none, or is too long or too deep.

    `parser`: one of `build_parser`, where the expression is written in another dialect.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"The expression has {len(text):,} characters; at most {MAX_LENGTH:,} are read.", MAX_LENGTH
        )
    if not text.strip():
        raise ExpressionError("The expression is empty.", 0, "Leave the key out instead.")
    _check_brackets(text)
    try:
        node = (parser or _parser()).parse(text)
    except UnexpectedInput as error:
        _explain(error, text)
    _check_depth(node)
    return node  # type: ignore[no-any-return]  # lark has no types


def build_parser(builder: Builder, grammar: str = GRAMMAR) -> Any:
    """Make a parser that builds its nodes with this builder."""
    return Lark(grammar, parser="lalr", transformer=builder, maybe_placeholders=False)


@cache
def _parser() -> Any:
    return build_parser(Builder())


def _check_brackets(text: str) -> None:
    """Bound the nesting before anything is built; brackets inside quotes count too, which only makes it stricter."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth > MAX_NESTING:
            raise ExpressionError(_TOO_DEEP, position, _FLATTEN)


def _check_depth(root: tree.Node) -> None:
    level: list[tree.Node] = [root]
    for _ in range(MAX_NESTING):
        level = [part for node in level for part in node.parts()]
        if not level:
            return
    raise ExpressionError(_TOO_DEEP, 0, _FLATTEN)


_TOO_DEEP = f"The expression is nested more than {MAX_NESTING} levels deep."
_FLATTEN = "Split it over several questions' conditions."


@v_args(inline=True)
class Builder(Transformer):  # type: ignore[type-arg]  # lark has no types
    """Builds the nodes while lark reads, from the bottom up, without recursion; one method for each rule."""

    def number(self, token: Token) -> tree.Node:
        """A number as it stands."""
        digits = len(token.replace(".", ""))
        if digits > MAX_DIGITS:
            raise ExpressionError(f"The number has {digits} digits; at most {MAX_DIGITS} are read.", _start(token))
        return tree.Number(Decimal(token))

    def quote(self, token: Token) -> tree.Node:
        """A text in quotes."""
        return tree.Quote(token[1:-1])

    def reference(self, token: Token) -> tree.Node:
        """`${id}`."""
        name = token[2:-1].strip()
        if not name.replace("_", "").replace("-", "").replace(".", "").isalnum():
            raise ExpressionError(f"`{token[:40]}` names no question.", _start(token), "Write `${id}`.")
        return tree.Reference(name)

    def this(self) -> tree.Node:
        """`.`, the answer itself."""
        return tree.This()

    def brackets(self, inner: tree.Node) -> tree.Node:
        """Brackets only group."""
        return inner

    def signed(self, *parts: Any) -> tree.Node:
        """A part with minus signs before it."""
        *signs, term = parts
        for _ in signs:
            term = tree.Negative(term)
        return term  # type: ignore[no-any-return]

    def product(self, first: tree.Node, *rest: Any) -> tree.Node:
        """Operators of one rank, from the left."""
        return tree.Arithmetic(first, tuple(zip(map(str, rest[::2]), rest[1::2], strict=True)))

    sum = product

    def comparison(self, left: tree.Node, operator: Token, right: tree.Node) -> tree.Node:
        """Two sides and what compares them."""
        return tree.Comparison(str(operator), left, right)

    def both(self, *terms: tree.Node) -> tree.Node:
        """Terms joined by `and`."""
        return tree.Junction("and", terms)

    def either(self, *terms: tree.Node) -> tree.Node:
        """Terms joined by `or`."""
        return tree.Junction("or", terms)

    def call(self, name: Token, *arguments: tree.Node) -> tree.Node:
        """A function that exists, with as many arguments as it takes."""
        function = FUNCTIONS.get(name)
        if function is None:
            near = difflib.get_close_matches(name[:40], FUNCTIONS, 1)
            hint = f"Did you mean `{near[0]}()`?" if near else f"There are: {', '.join(FUNCTIONS)}."
            raise ExpressionError(f"There is no function `{name[:40]}()`.", _start(name), hint)
        if not function.least <= len(arguments) <= function.most:
            raise ExpressionError(
                f"`{name}()` takes {_how_many(function.least, function.most)}, not {len(arguments)}.", _start(name)
            )
        return tree.Call(str(name), arguments)


def _how_many(least: int, most: int) -> str:
    if most >= MAX_NESTING:
        return f"at least {least} argument{'s' * (least != 1)}"
    return (f"{least} argument{'s' * (least != 1)}") if least == most else f"{least} to {most} arguments"


def _start(token: Token) -> int:
    return token.start_pos or 0


def _explain(error: UnexpectedInput, text: str) -> NoReturn:
    """Turn lark's exception into a sentence about the character where reading stopped."""
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        raise ExpressionError("The expression ends too early.", len(text), "Is a bracket or a value missing?") from None
    position = error.pos_in_stream or 0
    if isinstance(error, UnexpectedCharacters | UnexpectedToken):
        rest = text[position:]
        word = rest.split()[0][:20] if rest[:1].isascii() and rest.split() else rest[:1]
        raise ExpressionError(
            f"`{word}` at character {position + 1} cannot be read.", position, _hint(rest, text[:position])
        ) from None
    raise ExpressionError("The expression cannot be read.", position) from None


def _hint(rest: str, read: str) -> str:
    """Guess the usual slip of people who write these by hand."""
    if rest[0] in "‘’“”`´":
        return "Use straight quotes: 'x'."
    if not rest[0].isascii():
        name = unicodedata.name(rest[0], f"U+{ord(rest[0]):04X}").lower()
        return f"Outside of quotes only plain characters can stand; this is a {name}."
    if rest[0] in "'\"":
        return "A quote is not closed." if rest.count(rest[0]) % 2 else ""
    if rest[0] == "=" and read.endswith("="):
        return "One `=` is enough."
    if rest.startswith(("&&", "||")):
        return "Write `and` and `or` in words."
    if rest[0] == "/":
        return "Write `div` to divide."
    if rest[0] == "$":
        return "Write a question as `${id}`."
    if rest[0] == "!":
        return "Write `!=` for unequal, `not(...)` for the opposite."
    if rest[0].isalpha():
        return "Write a question as `${id}`, a text as 'text'."
    return ""
