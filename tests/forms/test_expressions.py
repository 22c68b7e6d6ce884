"""Conditions: what they say, what they refuse, and that nothing written into one can hurt."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.expressions import MAX_LENGTH, MAX_NESTING, ExpressionError, Scope, parse
from forms.question_types.base import Kind
from forms.values import Missing

TODAY = date(2026, 11, 30)
ANSWERS: dict[str, Any] = {
    "three": 3,
    "half": Decimal("0.5"),
    "word": "yes",
    "colour": "red",
    "many": (1, 3),
    "words": ("a", "b"),
    "day": date(2026, 11, 1),
    "unknown": Missing.DONT_KNOW,
    "empty": None,
    "none_picked": (),
}
KINDS = {
    "three": Kind.CHOICE,
    "number": Kind.NUMBER,
    "word": Kind.TEXT,
    "colour": Kind.CHOICE,
    "many": Kind.CHOICES,
    "day": Kind.DATE,
    "note": Kind.NOTHING,
}


def holds(text: str, answer: Any = None, **answers: Any) -> bool:
    return parse(text).holds(Scope({**ANSWERS, **answers}, TODAY, answer))


def compute(text: str) -> Any:
    return parse(text).value(Scope(ANSWERS, TODAY))


def check(text: str, answer: Kind | None = None) -> list[str]:
    return [fault.message for fault in parse(text).check(KINDS, answer)]


@pytest.mark.parametrize(
    "text",
    [
        "${three} = 3",
        "${three} = '3'",
        "${ three } = 3.0",
        "${three}!=4",
        "${colour} = 'red'",
        '${colour} != "blue"',
        "'3' = ${three}",
        "${three} > 2 and ${three} < 4 and ${three} >= 3 and ${three} <= 3",
        "${three} = 9 or ${word} = 'yes'",
        "1 = 2 or 1 = 1 and 2 = 2",
        "not(1 = 2) and not(1 = 1 and 1 = 2)",
        "(1 = 1 or 1 = 2) and 2 = 2",
        "0.1 + 0.2 = 0.3",
        "1 + 2 * 3 = 7",
        "(1 + 2) * 3 = 9",
        "10 - 3 - 2 = 5",
        "7 div 2 = 3.5",
        "7 mod 3 = 1 and -7 mod 3 = -1",
        "- -3 = 3",
        "selected(${many}, 3) and selected(${many}, '1')",
        "not(selected(${many}, 2))",
        "selected(${words}, 'a')",
        "selected(${three}, 3)",
        "count-selected(${many}) = 2",
        "if(${three} > 2, 'big', 'small') = 'big'",
        "coalesce(${unknown}, ${empty}, 7) = 7",
        "round(2.5) = 3 and round(-2.5) = -2 and round(2.345, 2) = 2.35",
        "int(2.9) = 2 and int(-2.9) = -2 and int('12') = 12",
        "min(3, 1, 2) = 1 and max(3, 1, 2) = 3",
        "sum(${three}, 1, ${unknown}) = 4",
        "count(${three}, ${unknown}, ${empty}, ${word}) = 2",
        "string-length(${word}) = 3",
        "today() = '2026-11-30'",
        "${day} < today()",
        "today() - ${day} = 29",
        "${day} + 29 = today()",
        "${day} > '2026-10-31'",
        "${word} != ''",
    ],
)
def test_a_condition_that_is_true_holds(text):
    assert holds(text)


SHARES = {"share": (Decimal("2.5"), None, 40, Missing.REFUSED), "empty_list": ()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum(${share})", "42.5"),
        ("sum(${share}, ${three})", "45.5"),
        ("min(${share})", "2.5"),
        ("max(${share}, 41)", "41"),
        ("count(${share})", "2"),
        ("count(${empty_list})", "0"),
        ("sum(${empty_list})", None),
    ],
)
def test_functions_that_gather_take_the_answers_of_all_rows(text, value):
    assert parse(text).value(Scope(ANSWERS, TODAY, rows=SHARES)) == (None if value is None else Decimal(value))


def test_an_answer_in_each_row_goes_nowhere_else():
    for text in ("${number} > 1", "sum(${number} + 1) > 1", "if(1 = 1, ${number}, 2) > 1"):
        (fault,) = parse(text).check(KINDS, repeated={"number"})
        assert "in each row" in fault.message
        assert "`count(${number})`" in fault.suggestion
    assert parse("sum(${number}) > count(${three}, ${number})").check(KINDS, repeated={"number"}) == ()


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("missing", ["unknown", "empty", "not_asked", "none_picked"])
def test_a_missing_operand_makes_every_comparison_false_and_its_opposite_true(operator, missing):
    for text in (f"${{{missing}}} {operator} 3", f"3 {operator} ${{{missing}}}", f"${{{missing}}} {operator} ''"):
        assert not holds(text)
        assert holds(f"not({text})")


@pytest.mark.parametrize(
    "text",
    [
        "1 div 0",
        "1 mod 0",
        "${unknown} + 1",
        "${word} * 2",
        "-${empty}",
        "int('12a')",
        "max(${unknown})",
        "sum(${empty}, ${unknown})",
        "round(1, 500)",
        "today() + 99999999",
        "string-length(${empty})",
        "count-selected(${unknown})",
    ],
)
def test_what_has_no_result_is_missing_and_never_an_error(text):
    assert compute(text) is None
    assert not holds(f"{text} = {text}")


def test_the_dot_is_the_answer_that_a_constraint_judges():
    assert holds(". >= 0 and . <= 120", answer=40)
    assert not holds(". >= 0 and . <= 120", answer=121)
    assert parse(". > 1").uses_answer
    assert not parse("1 > .5").uses_answer


def test_an_expression_knows_what_it_refers_to():
    assert parse("${a} = 1 or not(selected(${b}, 'x') and ${a} > 2)").references == {"a", "b"}


def test_the_tree_goes_to_the_browser_as_plain_json():
    tree = parse("not(${a} >= 1.50) or selected(${m}, 'x') and . = -2 + 1").to_json()
    assert tree == [
        "or",
        ["call", "not", [">=", ["answer_to", "a"], ["number", "1.50"]]],
        [
            "and",
            ["call", "selected", ["answer_to", "m"], ["text", "x"]],
            ["=", ["this"], ["arithmetic", ["negative", ["number", "2"]], ["+", ["number", "1"]]]],
        ],
    ]
    assert json.loads(json.dumps(tree)) == tree


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("age > 5", 0, "${id}"),
        ("${age} == 5", 8, "One `=` is enough"),
        ("${age} = ", 9, "ends too early"),
        ("(1 = 1", 6, "ends too early"),
        ("1 = 1)", 5, "`)`"),
        ("1 = 1 = 1", 6, "`=`"),
        ("1 2", 2, "`2`"),
        ("${age} && 1 = 1", 7, "`and`"),
        ("4 / 2 = 2", 2, "`div`"),
        ("${age} = ‘x’", 9, "straight quotes"),
        ("${age} = 'x", 9, "not closed"),
        ("${age", 0, "${id}"),
        ("${} = 1", 0, "names no question"),
        ("!(1 = 1)", 0, "not("),
        ("1 = 1 and slected(${m}, 1)", 10, "`selected()`"),
        ("regex(${a}, 'x')", 0, "There is no function `regex()`"),
        ("not()", 0, "takes 1 argument, not 0"),
        ("if(1 = 1, 2)", 0, "takes 3 arguments, not 2"),
        ("coalesce(1)", 0, "at least 2 arguments"),
        ("round(1, 2, 3)", 0, "1 to 2 arguments"),
        ("1234567890123456789 = 1", 0, "19 digits"),
        ("5. = 5", 1, "`.`"),
        ("import os", 0, "`import`"),
        ("__import__('os')", 0, "cannot be read"),
    ],
)
def test_what_is_no_expression_is_refused_where_and_why(text, position, said):
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert said in str(refusal.value)
    assert refusal.value.position == position


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${word} > 3", "compares a text with a number"),
        ("${number} = 'old'", "compares a number with a text"),
        ("${many} = 1", "compares several choices with a number"),
        ("${day} > 3", "compares a date with a number"),
        ("${day} > 'soon'", "compares a date with a text"),
        ("${day} = '2026-13-01'", "compares a date with a text"),
        ("${word} < ${word}", "compares a text with a text"),
        ("(1 = 1) = 1", "compares a condition with a number"),
        ("${three}", "A condition needs a condition, but `${three}` is a choice"),
        ("${three} + 1", "A condition needs a condition"),
        ("not(${three})", "`not()` needs a condition"),
        ("${three} and 1 = 1", "`and` needs a condition"),
        ("${word} + 1 = 2", "`+` needs a choice or a number, but `${word}` is a text"),
        ("-${many} = 2", "`-` needs"),
        ("count-selected(${three}) = 1", "`count-selected()` needs several choices"),
        ("selected(${word}, 1)", "`selected()` needs"),
        ("string-length(${number}) > 1", "`string-length()` needs"),
        ("max(${word}) > 1", "`max()` needs"),
        ("if(${three}, 1, 2) = 1", "the first part of `if()` needs a condition"),
        ("if(1 = 1, 1, 'a') = 1", "gives either a number or a text"),
        ("coalesce(${day}, 1) = 1", "gives either a date or a number"),
        ("today() * 2 > 1", "computes with a date"),
        ("1 - today() > 1", "computes with a date"),
        ("${note} = 1", "has no answer"),
        (". = 1", "only a constraint may use it"),
    ],
)
def test_what_cannot_be_compared_is_known_before_anybody_answers(text, said):
    assert said in " ".join(check(text))


@pytest.mark.parametrize(
    "text",
    [
        "${three} = 3 and ${three} = '3' and ${three} = 'a' and ${three} >= '3'",
        "${number} > ${three} and ${number} = '3'",
        "${day} >= '2026-01-31' and ${day} + 7 > today() and today() - ${day} < ${number}",
        "${many} != '' and ${day} != '' and ${number} != '' and ${word} != ''",
        "if(${three} = 1, ${number}, '') > 2",
        "if(1 = 1, 1 = 1, 2 = 2)",
        "${later} = 1 and ${later} = 'x' and selected(${later}, 1) and ${later} + 1 < today()",
        "${word} = ${colour}",
    ],
)
def test_what_can_be_compared_has_no_fault(text):
    assert check(text) == []


def test_the_dot_is_checked_by_the_kind_of_its_question():
    assert check(". > 3", Kind.NUMBER) == []
    assert check(". > 3", Kind.TEXT) != []


def test_all_faults_of_a_condition_are_told_at_once():
    assert len(check("${word} > 3 and ${many} = 1 and ${note} = 2")) == 3


def test_a_condition_within_the_bounds_is_read():
    assert holds("(" * MAX_NESTING + "1 = 1" + ")" * MAX_NESTING)
    assert holds(" or ".join(["1 = 2"] * 200) + " or 1 = 1")
    assert compute("+".join(["1"] * 900)) == 900


@pytest.mark.parametrize(
    "text",
    [
        "(" * 999 + "1" + ")" * 999,
        "not(" * 400 + "1 = 1" + ")" * 400,
        "-" * 1_999 + "1",
        "-(" * 33 + "1" + ")" * 33,
        "1" * 1_999,
        "1 = " + "9" * 1_990,
        "'" * 1_999,
        "${" * 900,
        "${a}" * 400,
        "max(" + "1," * 900 + "1",
        "x" * MAX_LENGTH,
        "1 = 1 " + " " * MAX_LENGTH,
        "\x00",
        "1 = 1 or \ud800",
    ],
)
def test_a_hostile_expression_is_refused_quickly(text):
    began = time.perf_counter()
    with pytest.raises(ExpressionError):
        parse(text)
    assert time.perf_counter() - began < 1


def test_powers_built_from_products_stay_small():
    value = compute(" * ".join(["999999999999999999"] * 90))
    assert value is None or len(str(value)) < 60


def test_answers_beyond_measure_do_no_harm():
    for text in ("${x} + 1 > 0", "int(${x}) > 0", "round(${x}) > 0", "today() + ${x} > today()", "${x} mod 7 = 1"):
        holds(text, x=Decimal("9e6000"))
        holds(text, x=Decimal("NaN"))
        holds(text, x="9" * 10_000)


@given(st.text(max_size=60) | st.text("()${}abc123.'\"=<>!+-*, andornotdivmod", max_size=120))
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_is_read_or_refused(text):
    try:
        expression = parse(text)
    except ExpressionError as refusal:
        assert 0 <= refusal.position <= len(text)
        assert refusal.message
    else:
        expression.value(Scope({}, TODAY))
        expression.check({})
        json.dumps(expression.to_json())


# A naive evaluator beside the real one: texts are made together with a function that says what they mean,
# in exact fractions and with None for missing, in a style as different as can be.

NAIVE = {"three": Fraction(3), "half": Fraction(1, 2), "unknown": None, "not_asked": None}
Case = tuple[str, Callable[[], Any]]


def _lifted(operate: Callable[..., Any]) -> Callable[..., Any]:
    def lifted(*values: Any) -> Any:
        return None if any(value is None for value in values) else operate(*values)

    return lifted


def _binary(operators: dict[str, Callable[..., Any]], parts: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    return st.tuples(parts, st.sampled_from(sorted(operators)), parts).map(
        lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", lambda: operators[t[1]](t[0][1](), t[2][1]()))
    )


ARITHMETIC = {
    "+": _lifted(lambda a, b: a + b),
    "-": _lifted(lambda a, b: a - b),
    "*": _lifted(lambda a, b: a * b),
}
COMPARING = {
    "=": lambda a, b: None not in (a, b) and a == b,
    "!=": lambda a, b: None not in (a, b) and a != b,
    "<": lambda a, b: None not in (a, b) and a < b,
    "<=": lambda a, b: None not in (a, b) and a <= b,
    ">": lambda a, b: None not in (a, b) and a > b,
    ">=": lambda a, b: None not in (a, b) and a >= b,
}
JOINING = {"and": lambda a, b: a and b, "or": lambda a, b: a or b}

literals = st.decimals(0, 99, places=1).map(lambda d: (f"{d:f}", lambda: Fraction(d)))
references = st.sampled_from(sorted(NAIVE)).map(lambda name: ("${" + name + "}", lambda: NAIVE[name]))
numbers = st.recursive(
    literals | references,
    lambda parts: (
        _binary(ARITHMETIC, parts)
        | parts.map(lambda p: (f"-{p[0]}", lambda: None if p[1]() is None else -p[1]()))
        | st.lists(parts, min_size=1, max_size=3).map(
            lambda ps: (
                f"max({', '.join(p[0] for p in ps)})",
                lambda: max((v for v in (p[1]() for p in ps) if v is not None), default=None),
            )
        )
        | st.tuples(parts, parts).map(
            lambda p: (f"coalesce({p[0][0]}, {p[1][0]})", lambda: p[1][1]() if p[0][1]() is None else p[0][1]())
        )
    ),
    max_leaves=6,
)
conditions = st.recursive(
    _binary(COMPARING, numbers),
    lambda parts: _binary(JOINING, parts) | parts.map(lambda p: (f"not({p[0]})", lambda: not p[1]())),
    max_leaves=6,
)


@given(conditions)
@settings(max_examples=400, deadline=None)
def test_a_condition_means_what_a_naive_reader_computes(case):
    text, meaning = case
    expression = parse(text)
    assert expression.holds(Scope(ANSWERS, TODAY)) is meaning()
    assert expression.check({"three": Kind.NUMBER, "half": Kind.NUMBER, "unknown": Kind.NUMBER}) == ()


@given(numbers)
@settings(max_examples=400, deadline=None)
def test_arithmetic_is_exact(case):
    text, meaning = case
    value, expected = compute(text), meaning()
    assert (value is None) is (expected is None)
    if expected is not None:
        assert Fraction(value) == expected


@given(conditions)
@settings(max_examples=200, deadline=None)
def test_a_tree_written_out_is_read_as_the_same_tree(case):
    tree = parse(case[0]).tree
    assert parse(str(tree)).tree == tree
