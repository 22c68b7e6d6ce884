"""Hundreds of replies in five languages, each with what its sender means; none is read as another choice.

`replies/<language>.txt`: a section for each question of the partnership feedback survey; a line is what is expected,
a tab, and the reply (in double quotes and with JSON's escapes where it begins and ends with them). Expected is:

- a code, or several: `4`, `1,3`; `text`: the words themselves
- `D`, `N`, `S`: don't know, not applicable, skipped
- `?`: asked again; `?4`: asked "Did you mean 4=…?"; `?-`: asked again, and no choice is suggested

They were written from what people text, not recorded from what the reader says of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from forms.interview import Interview
from forms.loading import load_definition
from forms.sms.replies import Unreadable, read_reply
from forms.values import Missing

FEEDBACK = load_definition(
    (Path(__file__).parents[3] / "survey_definitions" / "partnership_feedback.json").read_text(encoding="utf-8")
)
INTERVIEW = Interview(FEEDBACK, {}, date(2026, 3, 2), parameters={"partnership": "River Valley"})
REPLIES = Path(__file__).parent / "replies"
WAYS_OUT = {"D": Missing.DONT_KNOW, "N": Missing.NOT_APPLICABLE, "S": Missing.REFUSED}
LONG = ("4 " * 800, "mostly " * 229, "😀" * 800, "1,600 characters ".ljust(1600, "x"), "not " * 400, "٤ " * 800)


def list_replies() -> Iterator[tuple[str, str, str, str]]:
    """Give language, question id, expectation and reply."""
    for path in sorted(REPLIES.glob("*.txt")):
        question_id = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                question_id = line.strip("[]")
            elif line and not line.startswith("#"):
                expected, reply = line.split("\t", 1)
                quoted = len(reply) > 1 and reply.startswith('"') and reply.endswith('"')
                yield path.stem, question_id, expected, json.loads(reply) if quoted else reply


CORPUS = tuple(list_replies())


@pytest.mark.parametrize(("language", "question_id", "expected", "reply"), CORPUS)
def test_a_reply_is_read_as_its_sender_means_it(language: str, question_id: str, expected: str, reply: str) -> None:
    assert read(language, question_id, reply, expected) == expected


@pytest.mark.parametrize("language", FEEDBACK.languages)
@pytest.mark.parametrize("question_id", ["pfc", "pf01", "pf07", "pf13", "pf15", "pf16", "pf17", "pf00"])
@pytest.mark.parametrize("reply", LONG, ids=lambda reply: reply[:8])
def test_a_very_long_reply_is_talk_and_no_choice(language: str, question_id: str, reply: str) -> None:
    assert read(language, question_id, reply, "?-") == "?-"


def test_the_corpus_is_large_and_speaks_five_languages() -> None:
    assert len(CORPUS) >= 800
    assert {language for language, *_ in CORPUS} == set(FEEDBACK.languages)
    assert len(set(CORPUS)) == len(CORPUS)


def read(language: str, question_id: str, reply: str, expected: str) -> str:
    """Give what was read as the corpus writes it; a suggestion is told where `expected` cares about it."""
    question = FEEDBACK.questions[question_id]
    try:
        value = read_reply(INTERVIEW, question, reply, language).value
    except Unreadable as error:
        return "?" if expected == "?" else f"?{error.suggestion or '-'}"
    if isinstance(value, Missing):
        return next(letter for letter, reason in WAYS_OUT.items() if reason is value)
    if question.type == "text":
        return "text" if value == reply.strip() else f"text {value!r}"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
