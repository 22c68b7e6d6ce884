"""500 journeys through the real doors give the same files, byte for byte, on both databases; and come in again."""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from builders import NOON, SECRET_KEY
from chance import Dice
from collected import bring
from export_files import write_file
from phones import ACCOUNT, AUTH_TOKEN, TwilioPhone
from respondents import Respondent, ask, publish_small

from surveyapp import create_app
from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.models import Round
from surveyapp.runtime import KEY, Runtime
from surveyapp.services import tokens
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import close_round, find_round
from surveyapp.showing import read_results

BY_WEB, BY_TEXT, BROUGHT = 180, 110, 210
CLOSED = NOON + timedelta(days=3)
FIRST = {
    "id": "one",
    "questions": [
        ask("who", "select_one", required=True),
        ask("clear", "scale", dont_know=True, required=True, score={"domain": "D", "core": True}),
        ask("gains", "select_multiple"),
        ask("change", "decimal", min=-100, max=100),
    ],
}
GOALS = {
    "id": "goals",
    "title": "Goals",
    "repeat": {"over": "entries", "label": "goal", "max": 4},
    "questions": [ask("goal", required=True), ask("met", "scale", required=True)],
}
LAST = {"id": "last", "questions": [ask("since", "date"), ask("more", "scale", show_if="${who} = 1"), ask("idea")]}
KEYS = {"scorecard": {"domains": [{"id": "D", "label": "D"}], "group_by": "who", "k": 5}}
FILES = ("csv", "long", "json")


class Walker(Respondent):
    """Somebody with a browser, who sends every hidden field of a page, also those that stand twice."""

    def send(self, action: str = "next", follow: bool = True, **answers):
        hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', self.page.text)
        fields: dict = {}
        for name, value in hidden:
            fields.setdefault(name, []).append(unescape(value))
        sent = self.client.post(self.link, data={**fields, "action": action, **answers})
        return self.open(sent.location) if sent.status_code == 303 else sent


def draw_first(chance: random.Random) -> dict:
    return {
        "who": str(chance.randint(1, 3)),
        "clear": chance.choice(["1", "2", "3", "-98"]),
        "gains": [str(code) for code in chance.sample([1, 2, 3], chance.randint(0, 3))],
        "change": chance.choice(["", str(chance.randint(-10_000, 10_000) / 100)]),
    }


def draw_words(chance: random.Random) -> str:
    return " ".join(chance.choice(["=1+1", "eau", "ماء", "🙂", 'a "b"', "x,y", "maji\nsafi"]) for _ in range(3))


def walk_web(client, code: str, chance: random.Random) -> None:
    """Answer with detours: another language, back and a change, rows added and removed, a change at the end."""
    person = Walker(client, f"/r/{code}")
    if chance.random() < 0.2:
        person.send("language", language="fr")
    person.send(**draw_first(chance))
    if chance.random() < 0.1:
        return
    if chance.random() < 0.25:
        person.send("back")
        person.send(**draw_first(chance))
    for _ in range(chance.randint(0, 3)):
        person.open_row()
        row = re.search(r'name="row" value="(\w+)"', person.page.text)[1]
        person.send(**{f"goals-{row}-goal": draw_words(chance), f"goals-{row}-met": str(chance.randint(1, 3))})
        if chance.random() < 0.15:
            person.send("", remove=row)
    person.send()
    if chance.random() < 0.05:
        return
    last = {"since": f"20{chance.randint(10, 25)}-05-1{chance.randint(0, 9)}", "idea": draw_words(chance)}
    person.send(**last, more=str(chance.randint(1, 3)))
    if chance.random() < 0.2:
        person.go_to("one")
        person.send(**draw_first(chance))
        person.send(more="2")
    person.send("submit")


def walk_text(client, number: int, chance: random.Random) -> None:
    """Answer by text: with words that nobody can read, back, another language, STOP and START, silence."""
    phone = TwilioPhone(client, f"+1202555{100 + number:04}")
    phone.texts("RIVER", "YES")
    for step in range(chance.randint(2, 9)):
        odd = chance.random()
        if odd < 0.06:
            phone.text("BACK")
        elif odd < 0.1:
            phone.text("LANG FR")
        elif odd < 0.13:
            phone.text("no idea what this is")
        elif odd < 0.16:
            phone.text("STOP")
            if chance.random() < 0.5:
                return
            phone.text("START")
        elif odd < 0.2:
            phone.text("S")
        phone.text(chance.choice(["1", "2", "3"]) if step < 5 else draw_words(chance))


def draw_paper(number: int, chance: random.Random) -> dict:
    """Give what stands on a form of paper; some are not finished."""
    first = {name: value for name, value in draw_first(chance).items() if value}
    goals = [{"goal": draw_words(chance), "met": chance.randint(1, 3)} for _ in range(chance.randint(0, 3))]
    whole = {"since": "2024-05-01", "idea": draw_words(chance), "finished_at": "2026-03-02T10:00"}
    done = {**whole, "goals": goals} if chance.random() < 0.9 else {"finished_at": ""}
    return {"response_id": f"p{number}", "started_at": "2026-03-01", **first, **done}


def play(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Walk all journeys on one database and give the files: name -> bytes."""
    monkeypatch.setattr(tokens, "secrets", Dice(8))
    settings = read_settings(
        {},
        secret_key=SECRET_KEY,
        database_url=database.engine.url.render_as_string(hide_password=False),
        data_dir=str(folder),
        public_url="http://localhost",
    )
    gateway = {"sms_gateway": "twilio", "sms_from": "+12025550100"}
    settings = replace(settings, **gateway, twilio_account_sid=ACCOUNT, twilio_auth_token=AUTH_TOKEN)
    seconds, chance = itertools.count(), random.Random(500)
    clock: Callable = lambda: NOON + timedelta(seconds=5 * next(seconds))  # noqa: E731 - a clock in one line
    app = create_app(settings)
    app.extensions["surveyapp"].database.close()
    app.extensions[KEY] = Runtime(settings, database, clock, lambda work: None)
    round_ = publish_small(database, FIRST, GOALS, LAST, keys=KEYS, keyword="RIVER", name="Journeys")
    for number in range(max(BY_WEB, BY_TEXT)):
        if number < BY_WEB:
            walk_web(app.test_client(), round_.code, chance)
        if number < BY_TEXT:
            walk_text(app.test_client(), number, chance)
    bring(database, round_, [draw_paper(number, chance) for number in range(BROUGHT)], now=CLOSED)
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="x", now=CLOSED)
    return write_all(database, round_)


def write_all(database: Database, round_: Round) -> dict[str, bytes]:
    with database.snapshot() as session:
        study = build_study(session, find_round(session, round_.code), CLOSED + timedelta(days=1))
        made = {
            f"{name} {level} {section}": write_file(study, name, level=level, included="all", section=section)
            for name in FILES
            for level in ("research", "restricted")
            for section in ("", "goals")
            if name == "csv" or not section
        }
    from exports.scorecards.formats import FORMATS

    results = read_results(database, round_.id, CLOSED + timedelta(days=1))
    return made | {name: FORMATS[name].write(results, ()) for name in ("csv", "json")}


def test_journeys_give_the_same_files_on_both_databases_and_come_in_again(both_databases, tmp_path, monkeypatch):
    one, other = (play(database, tmp_path, monkeypatch) for database in both_databases)
    assert {name for name in one if one[name] != other[name]} == set()
    rows = read(one["csv restricted "])
    kinds = Counter((row["channel_first"], row["disposition"]) for row in rows)
    assert BROUGHT + BY_WEB + BY_TEXT >= 500
    assert len(rows) > 470
    assert {kind for kind, _ in kinds} == {"web", "sms", "import"}
    assert {disposition for _, disposition in kinds} >= {"I", "P", "R"}
    assert {row["language"] for row in rows} == {"en", "fr"}
    again(both_databases[0], one)


def again(database: Database, files: dict[str, bytes]) -> None:
    """What was exported comes in again as it was, in a round of its own, but under other names."""
    copy = publish_small(database, FIRST, GOALS, LAST, keys=KEYS, name="Again")
    tables = {"": files["csv restricted "], "goals": files["csv restricted goals"]}
    bring(database, copy, tables[""].decode(), rows={"goals": tables["goals"].decode()}, now=CLOSED)
    with database.writing() as session:
        close_round(session, find_round(session, copy.code), actor="x", now=CLOSED)
    copies = write_all(database, copy)
    for section, table in tables.items():
        assert forget_names(copies[f"csv restricted {section}"]) == forget_names(table)


def forget_names(table: bytes) -> list[tuple[str, ...]]:
    rows = read(table)
    return sorted(tuple(value for name, value in row.items() if name not in ("response_id", "round")) for row in rows)


def read(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode(), newline="")))
