"""The same journeys give the same files on SQLite and PostgreSQL, byte for byte, and every text comes back."""

from __future__ import annotations

import csv
import io
import random
from datetime import timedelta

import pytest
from builders import NOON, SECRET_KEY
from chance import Dice
from naughty import NAUGHTY
from phones import Phone
from respondents import ask, publish_small

from exports.cells import unguard
from exports.formats import FORMATS
from exports.options import Options
from forms.question_types import find_type
from forms.text import normalise
from forms.values import Missing, Raw
from surveyapp.database import Database
from surveyapp.services import tokens
from surveyapp.services.exporting import build_study
from surveyapp.services.interviews import Change, finish_interview, record_answers, start_open_interview
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.standings import find_interview, find_round_facts

BY_WEB, BY_TEXT = len(NAUGHTY), 40
QUESTIONS = [
    ask("who", "select_one"),
    ask("clear", "scale", dont_know=True, score={"domain": "D", "core": True}),
    ask("gains", "select_multiple"),
    ask("change", "decimal", min=-100, max=100),
    ask("since", "date"),
    ask("more", "scale", show_if="${who} = 1"),
    ask("idea", "text"),
]
"""Questions of every kind of column, one of them for some only."""


@pytest.fixture
def files(both_databases, monkeypatch: pytest.MonkeyPatch):
    """The files of the same 500 and more journeys, from each database: name -> bytes."""
    return [play(database, monkeypatch) for database in both_databases]


def play(database: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    monkeypatch.setattr(tokens, "secrets", Dice(7))
    keys = {"scorecard": {"domains": [{"id": "D", "label": "D"}], "group_by": "who", "k": 5}}
    round_ = publish_small(database, {"id": "one", "questions": QUESTIONS}, keys=keys, keyword="RIVER", name="Twice")
    chance = random.Random(11)
    with database.writing() as session:
        for number in range(BY_WEB):
            answer_by_web(session, round_.code, number, chance)
    with database.writing() as session:
        for number in range(BY_TEXT):
            phone = Phone(database, f"+1202555{100 + number:04}")
            for word in ("RIVER", "YES", *(str(chance.randint(1, 3)) for _ in range(chance.randint(0, 4)))):
                phone.text(word, session=session)
        close_round(session, find_round(session, round_.code), actor="x", now=NOON + timedelta(days=2))
    made = {}
    with database.snapshot() as session:
        study = build_study(session, find_round(session, round_.code), NOON + timedelta(days=3))
        for name, format_ in FORMATS.items():
            for level in ("research", "restricted"):
                stream = io.BytesIO()
                format_.write(study, stream, Options(level=level, included="all"))
                made[f"{name} {level}"] = stream.getvalue()
    return made


def answer_by_web(session, code: str, number: int, chance: random.Random) -> None:
    at = NOON + timedelta(minutes=number)
    facts = find_round_facts(session, code)
    start = {"start_key": f"start{number}", "language": "en", "secret_key": SECRET_KEY, "now": at}
    standing = find_interview(session, start_open_interview(session, facts, **start), at, lock=True)
    sent = {
        "who": (str(chance.randint(1, 3)),),
        "clear": (chance.choice(["1", "2", "3", "-98"]),),
        "gains": tuple(chance.sample(["1", "2", "3"], chance.randint(0, 3))),
        "change": (str(chance.randint(-10_000, 10_000) / 100),),
        "since": (f"20{chance.randint(10, 25)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",),
        "idea": (normalise(NAUGHTY[number]),),
    }
    for page in (("who", "clear", "gains"), ("change", "since", "idea")):
        changes = {}
        for id_ in page:
            question = facts.definition.questions[id_]
            changes[id_] = Change(
                find_type(question.type).parse(question, Raw(sent[id_]), "en"), raw=sent[id_][:1] and sent[id_][0]
            )
        standing = record_answers(session, standing, changes, channel="web", key=f"{number}{page[0]}", now=at)
        at += timedelta(seconds=chance.randint(5, 90))
        if number % 17 == 16 and page[0] == "who":
            return
    finish_interview(session, standing, channel="web", now=at)


def test_every_format_comes_out_the_same_and_every_text_comes_back(files):
    one, other = files
    assert one.keys() == other.keys()
    for name in one:
        assert one[name] == other[name], name
    rows = list(csv.DictReader(io.StringIO(one["csv restricted"].decode(), newline="")))
    assert len(rows) > 500
    back = {unguard(row["idea"]) for row in rows}
    sent = {normalise(text) for number, text in enumerate(NAUGHTY) if number % 17 != 16}
    assert {text for text in sent if text} <= back
    assert {row["more"] for row in rows if row["who"] != "1"} == {str(Missing.OFF_PATH.value)}
