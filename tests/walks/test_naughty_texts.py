"""Texts that break programs come in by all three doors, and go out of every format as they were stored."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import openpyxl
import pyreadstat
import pytest
from builders import NOON
from collected import bring
from export_files import write_file
from flask import Flask
from naughty import NAUGHTY, read_workbook_text
from phones import ACCOUNT, AUTH_TOKEN, TwilioPhone
from pyarrow import parquet
from respondents import Respondent, ask, publish_small

from exports.cells import GUARD, GUARDED_STARTS, guard, unguard
from exports.responses import Study
from forms.text import normalise
from surveyapp import create_app
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.runtime import KEY
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import find_round

EACH = 64
"""Texts that one person sends: so many questions for text there are."""
SENT = [text for text in NAUGHTY if normalise(text)]
PEOPLE = [SENT[start : start + EACH] for start in range(0, len(SENT), EACH)]
NAMES = [f"t{number:02}" for number in range(EACH)]
QUESTIONS = [ask("who", "integer", min=0, required=True), *(ask(name, max_length=10_000) for name in NAMES)]
OUR_WORDS = ("\u1e9b\u0323", "اللغة ١٢٣ abc", "\u0301start", "end")
"""By text these are words of ours, once they are read as people mean them: S, LANG, START and STOP."""
DOORS = ("web", "text", "csv", "jsonl")
Answers = dict[int, list[str]]
"""Who -> the texts, in the order of the questions."""


def as_sent(text: str) -> str:
    """Give a text as browsers and phones send it: what UTF-8 cannot say is U+FFFD already."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_texted(text: str) -> str:
    """Give a text as people text it who mean no word of ours."""
    return f"x {text}" if normalise(text) in OUR_WORDS else as_sent(text)


def answer_by_web(app: Flask, code: str, who: int, texts: list[str]) -> None:
    person = Respondent(app.test_client(), f"/r/{code}")
    fields = {**person.fields, "action": "next", "who": str(who), **dict(zip(NAMES, map(as_sent, texts), strict=False))}
    kind = {"content_type": "application/x-www-form-urlencoded"}
    sent = person.client.post(person.link, data=urlencode(fields).encode(), **kind)
    assert sent.status_code == 303, person.text
    person.open(sent.location)
    assert person.send("submit").status_code == 200
    assert 'id="receipt"' in person.page.text


def answer_by_text(app: Flask, number: int, who: int, texts: list[str]) -> None:
    phone = TwilioPhone(app.test_client(), f"+1202555{100 + number:04}")
    phone.texts("RIVER", "YES", str(who))
    for text in texts:
        phone.text(as_texted(text))


def answer_all(app: Flask, database: Database) -> Answers:
    """Let everybody answer by every door; gives what they should be found to have said."""
    round_ = publish_small(database, {"id": "one", "questions": QUESTIONS}, keyword="RIVER")
    said: Answers = {}
    lines: list[dict] = []
    for place, texts in enumerate(PEOPLE):
        web, text, table, line = (place * len(DOORS) + door for door in range(len(DOORS)))
        answer_by_web(app, round_.code, web, texts)
        answer_by_text(app, place, text, texts)
        cells = io.StringIO(newline="")
        writer = csv.writer(cells)
        writer.writerow(["who", *NAMES[: len(texts)]])
        writer.writerow([table, *(guard(as_sent(text)) for text in texts)])
        bring(database, round_, cells.getvalue())
        lines.append({"who": line, **dict(zip(NAMES, texts, strict=False))})
        said |= {key: [normalise(one) for one in texts] for key in (web, table, line)}
        said[text] = [normalise(as_texted(one)) for one in texts]
    bring(database, round_, lines)
    return said


@pytest.fixture
def told(settings: Settings, database: Database) -> Iterator[tuple[Study, Answers]]:
    """The study, and who should be found to have said what."""
    gateway = {"sms_gateway": "twilio", "sms_from": "+12025550100"}
    account = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": AUTH_TOKEN}
    app = create_app(replace(settings, **gateway, **account))
    minutes = itertools.count()
    clock: Callable = lambda: NOON + timedelta(minutes=next(minutes) / 4)  # noqa: E731 - a clock in one line
    app.extensions[KEY] = replace(app.extensions[KEY], clock=clock)
    said = answer_all(app, database)
    with database.reading() as session:
        yield build_study(session, find_round(session, "Spring 2026"), NOON + timedelta(days=1)), said
    app.extensions[KEY].database.close()


def gather(rows: list[dict], read: Callable = lambda text: text) -> Answers:
    """Give who said what, from rows of cells; reasons why there is no answer are left out."""
    found = {}
    for row in rows:
        cells = [row[name] for name in NAMES]
        found[int(row["who"])] = [read(cell) for cell in cells if isinstance(cell, str) and not is_reason(cell)]
    return found


def is_reason(cell: str) -> bool:
    """Whether a cell is empty or a bare code: what people wrote themselves is guarded."""
    return not cell or cell in ("-93", "-94", "-96")


def read_sav(study: Study, path) -> list[dict]:
    path.write_bytes(write_file(study, "sav", included="all"))
    return pyreadstat.read_sav(path)[0].to_dict("records")


def test_every_text_comes_back_from_every_format_and_none_is_a_formula(told, tmp_path):
    study, said = told
    assert sum(map(len, said.values())) >= 4 * 507
    table = write_file(study, "csv", included="all").decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert gather(rows, unguard) == said
    cells = [row[name] for row in rows for name in NAMES if not is_reason(row[name])]
    assert not [cell for cell in cells if cell.startswith(GUARDED_STARTS) and not cell.startswith(GUARD)]

    who = {row["response_id"]: int(row["who"]) for row in rows}
    found: Answers = {}
    for row in csv.DictReader(io.StringIO(write_file(study, "long", included="all").decode(), newline="")):
        if row["item_id"] in NAMES and row["value_text"]:
            found.setdefault(who[row["respondent_id"]], []).append(unguard(row["value_text"]))
    assert found == said

    objects = json.loads(write_file(study, "json", included="all"))["tables"]["responses"]["rows"]
    assert gather(objects) == said

    sheet = openpyxl.load_workbook(io.BytesIO(write_file(study, "xlsx", included="all")))["Responses"]
    header, *lines = sheet.iter_rows()
    names = [cell.value for cell in header]
    assert not [cell for line in lines for cell in line if cell.data_type == "f"]
    books = gather([dict(zip(names, [cell.value for cell in line], strict=True)) for line in lines], read_workbook_text)
    assert said == books

    assert gather(read_sav(study, tmp_path / "responses.sav")) == said
    columns = parquet.read_table(io.BytesIO(write_file(study, "parquet", included="all"))).to_pylist()
    assert gather(columns) == said
