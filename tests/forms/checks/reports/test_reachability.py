"""Reachability is decided by trying every combination of answers, and said to be open where that is not possible."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.checks.reports.reachability import (
    ALWAYS,
    NEVER,
    UNASKED,
    UNDECIDED,
    VARIES,
    Reachability,
    build_reachability,
)
from forms.interview import Interview
from tests.forms.builders import choice, choices, load, question, section
from tests.sketches import TODAY


def judge(*parts: dict[str, Any], **keys: Any) -> Reachability:
    return build_reachability(load(*parts, **keys))


def web(id_: str, type_: str = "select_one", **keys: Any) -> dict[str, Any]:
    return question(id_, type_, channels=["web"], **keys)


def verdict(condition: str, *before: dict[str, Any]) -> str:
    report = judge(
        *(before or [question("a", "select_one", choices=choices(1, 2, 3))]), question("z", show_if=condition)
    )
    return report.conditions[-1].verdict


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("${a} = 1", VARIES),
        ("${a} = 1 and ${a} = 2", NEVER),
        ("${a} > 3", NEVER),
        ("${a} = 1 or not(${a} = 1)", ALWAYS),
        ("${a} = 1 or ${a} = 2 or ${a} = 3", VARIES),
        ("1 = 1", ALWAYS),
        ("1 > 2", NEVER),
    ],
)
def test_a_condition_is_decided_over_every_answer_and_over_none(condition: str, said: str) -> None:
    assert verdict(condition) == said


def test_an_answer_that_must_be_given_on_the_web_is_never_missing() -> None:
    anything = "${a} = 1 or ${a} = 2"
    must = web("a", choices=choices(1, 2), required=True)
    may = web("a", choices=choices(1, 2))
    assert judge(must, web("z", "text", show_if=anything)).conditions[0].verdict == ALWAYS
    assert judge(may, web("z", "text", show_if=anything)).conditions[0].verdict == VARIES
    texted = question("a", "select_one", choices=choices(1, 2), required=True)
    assert judge(texted, web("z", "text", show_if=anything)).conditions[0].verdict == VARIES, "a text can say SKIP"


def test_a_question_that_no_path_reaches_is_named_with_its_place() -> None:
    report = judge(
        question("a", "select_one", choices=choices(1, 2)),
        question("b", "select_one", choices=choices(1, 2), show_if="${a} = 1"),
        question("c", show_if="${a} = 2 and ${b} = 1"),
        section("s", question("d"), show_if="${a} = 3"),
    )
    assert [(one.question, one.path) for one in report.unreachable] == [
        ("c", "$.sections[0].questions[2]"),
        ("d", "$.sections[1].questions[0]"),
    ]
    assert report.as_json()["unreachable"] == ["c", "d"]


def test_a_condition_below_one_that_never_holds_is_never_asked() -> None:
    report = judge(
        question("a", "select_one", choices=choices(1, 2)),
        section("s", question("d", show_if="${a} = 1"), show_if="${a} = 3"),
    )
    assert [one.verdict for one in report.conditions] == [NEVER, UNASKED]


def test_a_section_that_repeats_the_condition_of_its_question_makes_it_always_true() -> None:
    report = judge(
        question("a", "select_one", choices=choices(1, 2)),
        section("s", question("d", show_if="${a} = 1"), show_if="${a} = 1"),
    )
    assert [one.verdict for one in report.conditions] == [VARIES, ALWAYS]


def test_choices_and_constraints_narrow_what_can_be_answered() -> None:
    narrowed = question("b", "select_one", choices=choices(1, choice(2, show_if="${a} = 1")))
    a = question("a", "select_one", choices=choices(1, 2))
    assert verdict("${b} = 2 and ${a} = 2", a, narrowed) == NEVER
    assert verdict("${b} = 2 and ${a} = 1", a, narrowed) == VARIES
    limited = question("b", "select_one", choices=choices(1, 2), constraint=". != ${a}")
    assert verdict("${a} = ${b}", a, limited) == NEVER


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("${n} > 10", NEVER),
        ("${n} > 9 and ${n} < 11", VARIES),
        ("${n} > 4 and ${n} < 5", NEVER),
        ("${n} >= 0 or not(${n} != 3)", ALWAYS),
        ("${n} + 1 > 20", UNDECIDED),
    ],
)
def test_whole_numbers_are_decided_where_they_are_only_compared(condition: str, said: str) -> None:
    assert verdict(condition, question("n", "integer", min=0, max=10)) == said


def test_between_two_whole_numbers_there_are_decimals() -> None:
    assert verdict("${n} > 4 and ${n} < 5", question("n", "decimal")) == VARIES


def test_texts_and_parameters_are_what_they_are_compared_with_or_something_else() -> None:
    assert verdict("${t} = 'x' and ${t} = 'y'", question("t")) == NEVER
    assert verdict("${t} = 'x'", question("t")) == VARIES
    assert verdict("string-length(${t}) > 3", question("t")) == UNDECIDED
    given = {"p": {"label": "P", "max_length": 3}}
    report = judge(question("z", label="${p}", show_if="${p} = 'long'"), parameters=given)
    assert report.conditions[0].verdict == NEVER, "no parameter can be that long"


def test_sets_of_choices_are_tried_as_they_may_stand_together() -> None:
    def picks(**keys: Any) -> dict[str, Any]:
        return question("m", "select_multiple", choices=choices(1, 2, choice(3, exclusive=True)), **keys)

    assert verdict("selected(${m}, 1) and selected(${m}, 2)", picks()) == VARIES
    assert verdict("selected(${m}, 1) and selected(${m}, 2)", picks(max=1)) == NEVER
    assert verdict("selected(${m}, 1) and selected(${m}, 3)", picks()) == NEVER
    assert verdict("count-selected(${m}) = 1 and selected(${m}, 1)", picks(min=2)) == NEVER


def test_what_is_not_decided_says_why() -> None:
    def reason(condition: str, *before: dict[str, Any]) -> str:
        (one,) = judge(*before, question("z", show_if=condition)).undecided
        return one.reason

    many = [question(f"q{n}", "nps") for n in range(5)]
    assert "more than 5000 combinations" in reason(" and ".join(f"${{q{n}}} = 1 and 1 = 2" for n in range(5)), *many)
    assert "today()" in reason("${d} < today()", question("d", "date"))
    assert "`d`" in reason("${d} < '2020-01-01'", question("d", "date"))
    chain = [question(f"q{n}", "select_one", show_if=f"${{q{n - 1}}} = 1" if n else "1 = 1") for n in range(40)]
    assert "more than 24 questions" in judge(*chain).undecided[0].reason
    wide = question("m", "select_multiple", choices=choices(*range(1, 13)))
    assert "12 choices" in reason("selected(${m}, 1)", wide)


def test_after_a_no_nothing_is_asked() -> None:
    assert verdict("${ok} = 2", question("ok", "consent", required=True)) == NEVER


def test_a_large_definition_is_judged_in_a_moment() -> None:
    parts = [question(f"q{n}", "nps", show_if=f"${{q{n - 1}}} > 3" if n else "1 = 1") for n in range(1_000)]
    assert len(judge(*parts).conditions) == 1_000


_CONDITIONS = st.recursive(
    st.builds(
        "${{{}}} {} {}".format, st.sampled_from("abc"), st.sampled_from(["=", "!=", "<", ">="]), st.integers(0, 4)
    ),
    lambda part: st.one_of(
        st.builds("({} and {})".format, part, part),
        st.builds("({} or {})".format, part, part),
        st.builds("not({})".format, part),
    ),
    max_leaves=5,
)


@settings(max_examples=60)
@given(_CONDITIONS, _CONDITIONS.filter(lambda text: "c" not in text))
def test_the_verdict_is_that_of_every_interview_there_can_be(condition: str, before: str) -> None:
    """The same answers, tried through the engine's own path."""
    built = load(
        question("a", "select_one", choices=choices(1, 2, 3)),
        question("b", "select_one", choices=choices(1, 2)),
        question("c", "select_one", choices=choices(1, 2, 3), show_if=before),
        question("z", show_if=condition),
    )
    found = set()
    for values in product((1, 2, 3, None), (1, 2, None), (1, 2, 3, None)):
        interview = Interview(built, dict(zip("abc", values, strict=True)), TODAY)
        found.add("z" in [question.id for question in interview.path])
    expected = VARIES if len(found) > 1 else ALWAYS if True in found else NEVER
    report = build_reachability(built)
    assert report.conditions[-1].verdict == expected
    assert ("z" in report.as_json()["unreachable"]) is (expected == NEVER)
