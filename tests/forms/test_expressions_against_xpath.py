"""Expressions mean what XPath 1.0 makes of them, as libxml2 computes it, wherever ODK and pyxform leave it to XPath.

Every case is written twice, in our words and in plain XPath over a little document of answers, in which a question
without an answer has no node. Where we depart on purpose, the XPath says so:

- `!=` holds only where both sides are there (XPath: a missing number is unequal to every number).
- `sum()`, `min()` and `max()` of nothing are nothing (XPath: the sum is 0).
- Dividing by zero gives nothing (XPath: infinity); the cases divide by other numbers.
- `if`, `coalesce`, `selected`, `count-selected` and `int` are ODK's; XPath 1.0 has the long way around for each.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.expressions import Scope, parse

NUMBERS = {"three": "3", "half": "0.5", "minus": "-7", "zero": "0", "most": "64", "unanswered": None, "gone": None}
TEXTS = {"word": "yes", "long": "ça va", "silent": None}
PICKED = {"many": "a c", "one": "b", "none": None}
ANSWERS: dict[str, Any] = {
    **{name: Decimal(value) for name, value in NUMBERS.items() if value is not None},
    **{name: value for name, value in TEXTS.items() if value is not None},
    **{name: tuple(value.split()) for name, value in PICKED.items() if value is not None},
}
TREE = etree.fromstring(
    "<a>" + "".join(f"<{n}>{v}</{n}>" for n, v in {**NUMBERS, **TEXTS, **PICKED}.items() if v is not None) + "</a>"
)
Case = tuple[str, str]
"""An expression in our words, and in XPath."""


def ours(text: str) -> Any:
    """Give what our evaluator computes; a missing number is not a number, as XPath has it."""
    value = parse(text).value(Scope(ANSWERS, date(2026, 11, 30)))
    return math.nan if value is None else float(value) if isinstance(value, Decimal) else value


def theirs(text: str) -> Any:
    return TREE.xpath(text)


def node(name: str) -> Case:
    return "${" + name + "}", f"/a/{name}"


def is_there(xpath: str) -> str:
    """Say in XPath that a number, text or node is there: what is missing is not even equal to itself."""
    return f"({xpath} = {xpath})"


def compare(left: Case, operator: str, right: Case) -> Case:
    plain = f"({left[1]} {operator} {right[1]})"
    both = f"({is_there(left[1])} and {is_there(right[1])} and {plain})" if operator == "!=" else plain
    return f"({left[0]} {operator} {right[0]})", both


def choose(condition: Case, yes: Case, no: Case) -> Case:
    """Write if() as XPath 1.0 can: each text as long as its condition lets it be."""
    parts = [
        f"substring(string(number({case[1]})), 1, 99 * number({holds}))"
        for case, holds in ((yes, condition[1]), (no, f"not({condition[1]})"))
    ]
    return f"if({condition[0]}, {yes[0]}, {no[0]})", f"number(concat({', '.join(parts)}))"


def first_of(one: Case, other: Case) -> Case:
    missing = f"not({is_there(f'number({one[1]})')})"
    return f"coalesce({one[0]}, {other[0]})", choose(("", missing), other, one)[1]


def over(name: str, chosen: tuple[str, ...]) -> Case:
    """Write a function over several answers; XPath's set of nodes leaves out what is not there by itself."""
    nodes = "(" + " | ".join(node(one)[1] for one in chosen) + ")"
    extreme = {"min": f"number({nodes}[not(. > {nodes})][1])", "max": f"number({nodes}[not(. < {nodes})][1])"}
    xpath = extreme.get(name) or f"{name}({nodes})"
    if name == "sum":  # of nothing: nothing, and not 0
        xpath = f"(sum({nodes}) div count({nodes}) * count({nodes}))"
    return f"{name}({', '.join(node(one)[0] for one in chosen)})", xpath


quarters = st.integers(0, 80).map(lambda n: Decimal(n) / 4)
literals = quarters.map(lambda n: (f"{n:f}", f"{n:f}"))
answers = st.sampled_from(sorted(NUMBERS)).map(node)
sets = st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=4, unique=True).map(tuple)
picks = st.tuples(st.sampled_from(sorted(PICKED)), st.sampled_from("abc"))
divisors = st.sampled_from(["2", "4", "-2", "0.5"]).map(lambda text: (text, text))


def _grow(numbers: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    return (
        st.tuples(numbers, st.sampled_from(["+", "-", "*"]), numbers).map(
            lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", f"({t[0][1]} {t[1]} {t[2][1]})")
        )
        | st.tuples(numbers, st.sampled_from(["div", "mod"]), divisors).map(
            lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", f"({t[0][1]} {t[1]} {t[2][1]})")
        )
        | numbers.map(lambda case: (f"-{case[0]}", f"-{case[1]}"))
        | numbers.map(lambda case: (f"round({case[0]})", f"round({case[1]})"))
        | numbers.map(lambda case: (f"int({case[0]})", f"({case[1]} - {case[1]} mod 1)"))
        | st.tuples(conditions, numbers, numbers).map(lambda t: choose(*t))
        | st.tuples(numbers, numbers).map(lambda t: first_of(*t))
    )


lengths = st.sampled_from(["word", "long"]).map(
    lambda n: (f"string-length({node(n)[0]})", f"string-length({node(n)[1]})")
)
counted = st.sampled_from(["many", "one"]).map(
    lambda n: (
        f"count-selected({node(n)[0]})",
        f"(string-length(/a/{n}) - string-length(translate(/a/{n}, ' ', '')) + 1)",
    )
)
overs = st.tuples(st.sampled_from(["sum", "min", "max", "count"]), sets).map(lambda t: over(*t))
simple = literals | answers | overs | lengths | counted
comparisons = st.tuples(simple, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), simple).map(lambda t: compare(*t))
worded = st.tuples(
    st.sampled_from(sorted(TEXTS)), st.sampled_from(["=", "!="]), st.sampled_from(["yes", "no", "ça va"])
).map(lambda t: compare(node(t[0]), t[1], (f"'{t[2]}'", f"'{t[2]}'")))
selected = picks.map(
    lambda t: (f"selected({node(t[0])[0]}, '{t[1]}')", f"contains(concat(' ', /a/{t[0]}, ' '), ' {t[1]} ')")
)
conditions = st.recursive(
    comparisons | worded | selected,
    lambda parts: (
        st.tuples(parts, st.sampled_from(["and", "or"]), parts).map(
            lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", f"({t[0][1]} {t[1]} {t[2][1]})")
        )
        | parts.map(lambda case: (f"not({case[0]})", f"not({case[1]})"))
    ),
    max_leaves=5,
)
numbers = st.recursive(simple, _grow, max_leaves=4)


@settings(max_examples=400, deadline=None)
@given(numbers)
@example(("round(-2.5)", "round(-2.5)"))
@example(("round(2.5)", "round(2.5)"))
@example(("-7 mod 4", "-7 mod 4"))
@example(("7 mod -4", "7 mod -4"))
def test_a_number_is_what_xpath_computes(case: Case) -> None:
    mine, other = ours(case[0]), theirs(f"number({case[1]})")
    assert mine == pytest.approx(other, rel=1e-12, nan_ok=True)


@settings(max_examples=400, deadline=None)
@given(conditions)
def test_a_condition_holds_where_it_holds_in_xpath(case: Case) -> None:
    assert ours(case[0]) is theirs(f"boolean({case[1]})")


@settings(max_examples=200, deadline=None)
@given(numbers, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), numbers)
def test_what_is_computed_compares_as_in_xpath(left: Case, operator: str, right: Case) -> None:
    mine, other = compare(left, operator, right)
    assert ours(mine) is theirs(f"boolean({other})")


def test_the_departures_from_xpath_are_these() -> None:
    assert (ours("${gone} + 1 != 3"), theirs("/a/gone + 1 != 3")) == (False, True)
    assert math.isnan(ours("sum(${gone}, ${unanswered})"))
    assert theirs("sum(/a/gone | /a/unanswered)") == 0
    assert math.isnan(ours("1 div 0"))
    assert theirs("1 div 0") == math.inf
    assert (ours("1 div 0 > 5"), theirs("1 div 0 > 5")) == (False, True)
