"""A sample path gives every question an answer that it takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forms.definition import SMS, WEB
from forms.interview import Interview
from forms.sampling import answer_all, fill_parameters, find_sample
from forms.values import Missing
from tests.forms.builders import choice, choices, load, question

TODAY = date(2026, 3, 2)


def sample(*parts: dict[str, Any]) -> Any:
    """Give the sample of the last question, after those before it."""
    built = load(*parts)
    interview = Interview(built, {}, TODAY)
    *before, last = built.questions.values()
    for one in before:
        interview = interview.with_answers({one.id: find_sample(interview, one, "en")[1]})
    return find_sample(interview, last, "en")[1]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (question("a", "select_one", choices=choices("x", "y")), "x"),
        (question("a", "scale"), 1),
        (question("a", "nps"), 0),
        (question("a", "select_multiple"), (1,)),
        (question("a", "select_multiple", min=3), (1, 2, 3)),
        (question("a", "consent"), 1),
        (question("a", "text"), "Lorem ipsum"),
        (question("a", "text", max_length=5), "Lorem"),
        (question("a", "integer"), 1),
        (question("a", "integer", min=7), 7),
        (question("a", "integer", max=-5), -5),
        (question("a", "date"), TODAY),
        (question("a", "date", max="2001-05-31"), date(2001, 5, 31)),
        (question("a", "scale", constraint=". > 3"), 4),
        (question("a", "integer", constraint=". > 3"), 10),
    ],
)
def test_the_first_answer_that_is_taken_is_the_sample(asked: dict[str, Any], answer: Any) -> None:
    assert sample(asked) == answer


def test_a_choice_that_is_shut_is_not_the_sample() -> None:
    shut = question("b", "select_one", choices=choices(choice(1, show_if="${a} = 2"), 2))
    assert sample(question("a", "select_one"), shut) == 2


def test_a_question_that_takes_no_answer_is_refused() -> None:
    assert sample(question("a", "scale", constraint=". > 9")) is Missing.REFUSED


def test_the_whole_path_is_answered_for_a_channel() -> None:
    built = load(
        question("a", "select_one"),
        question("b", show_if="${a} = 1"),
        question("c", show_if="${a} = 2"),
        question("d", channels=["web"]),
    )
    start = Interview(built, {}, TODAY)
    assert set(answer_all(start, WEB, "en").answers) == {"a", "b", "d"}
    assert set(answer_all(start, SMS, "en").answers) == {"a", "b"}


def test_a_parameter_is_what_is_given_or_its_label_as_long_as_it_may_be() -> None:
    built = load(
        question("a", label="${p} ${q}"),
        parameters={"p": {"label": "Name of the partnership", "max_length": 10}, "q": {"label": "Q"}},
    )
    assert fill_parameters(built, "en", {"q": "River"}) == {"p": "(Name of )", "q": "River"}
