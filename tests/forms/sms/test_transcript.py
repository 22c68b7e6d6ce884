"""The conversation as it would go: what is shown before publishing is what is sent after it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forms.definition import SMS
from forms.loading import load_file
from forms.sampling import begin_sample
from forms.sms.replies import read_reply
from forms.sms.transcript import build_transcript
from tests.forms.builders import choices, load, question

TODAY = date(2026, 3, 2)
FOLDER = Path(__file__).parents[3] / "survey_definitions"
INSTRUMENTS = sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".schema.json"))


def test_questions_follow_each_other_with_the_replies_to_them() -> None:
    built = load(
        question("ok", "consent", label="May we?"),
        question("a", "select_one", label="Which?", choices=choices(("x", "Axe"), ("y", "Yew"))),
        question("b", label="Why ${a}?", show_if="${a} = 'x'"),
        question("c", show_if="${a} = 'y'"),
        closing="Bye.",
    )
    said = [(one.question, one.text, one.reply) for one in build_transcript(built, "en", TODAY)]
    assert said == [
        ("ok", "May we?", "YES"),
        ("a", "1/1 Which? 1=Axe 2=Yew", "1"),
        ("b", "2/2 Why Axe?", "Lorem ipsum"),
        (None, "Bye.\nYour reference: XXXX-XXXX", None),
    ]


def test_without_a_question_for_consent_our_own_text_comes_first() -> None:
    opening, *_ = build_transcript(load(question("a")), "en", TODAY)
    assert opening.question is None
    assert "Reply YES to start" in opening.text
    assert opening.reply == "YES"


def test_what_is_not_texted_has_no_transcript() -> None:
    assert build_transcript(load(question("a", channels=["web"])), "en", TODAY) == ()


def test_every_message_says_what_it_costs() -> None:
    first, *_ = build_transcript(load(question("ok", "consent", label="a" * 161)), "en", TODAY)
    assert (first.cost.segments, first.as_json()["cost"]["encoding"]) == (2, "GSM-7")


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.stem)
def test_every_reply_of_every_instrument_is_read_in_every_language(path: Path) -> None:
    built = load_file(path)
    for language in built.languages:
        exchanges = build_transcript(built, language, TODAY)
        interview = begin_sample(built, TODAY, language)
        for exchange in exchanges:
            if exchange.question is not None:
                asked = interview.next_question(SMS)
                assert asked is not None
                assert asked.id == exchange.question
                reading = read_reply(interview, asked, exchange.reply or "", language)
                interview = interview.with_answers({asked.id: reading.value})
        assert interview.next_question(SMS) is None
