"""Texts that break programs, sent through the real pages and by text message, come back from the exports as stored."""

from __future__ import annotations

import io
from datetime import timedelta

from builders import NOON
from export_files import read_csv
from naughty import NAUGHTY
from phones import Phone
from respondents import Respondent, ask, publish_small

from exports.cells import unguard
from exports.formats import FORMATS
from exports.options import Options
from forms.text import normalise
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import find_round

SENT = [text for text in NAUGHTY if not any("\ud800" <= sign <= "\udfff" for sign in text)]
"""Half a character pair cannot be sent in UTF-8; what arrives of it some other way is tested with `normalise`."""
ON_A_PAGE = 60
OUR_WORDS = {"end", "\N{COMBINING ACUTE ACCENT}start", "اللغة ١٢٣ abc", normalise("\u1e9b\u0323")}
"""Words to the service, accents and old letters set aside: END, START, LANG in Arabic, S to skip."""


def export(database, code: str) -> list[dict[str, str]]:
    with database.snapshot() as session:
        study, stream = build_study(session, find_round(session, code), NOON + timedelta(days=3)), io.BytesIO()
        FORMATS["csv"].write(study, stream, Options(included="all"))
    return read_csv(stream.getvalue())


def test_by_the_web(wsgi, database):
    pages = [SENT[start : start + ON_A_PAGE] for start in range(0, len(SENT), ON_A_PAGE)]
    names = [[f"q{page}_{place}" for place in range(len(texts))] for page, texts in enumerate(pages)]
    sections = [{"id": f"s{page}", "questions": [ask(name, "text") for name in own]} for page, own in enumerate(names)]
    round_ = publish_small(database, *sections)
    respondent = Respondent(wsgi.test_client(), f"/r/{round_.code}")
    for own, texts in zip(names, pages, strict=True):
        assert respondent.send(**dict(zip(own, texts, strict=True))).status_code == 200
    respondent.send("submit")
    (row,) = export(database, round_.code)
    for own, texts in zip(names, pages, strict=True):
        for name, text in zip(own, texts, strict=True):
            assert unguard(row[name]) == (normalise(text) or "-96"), (name, text)


def test_by_text_message(database):
    """Gateways give texts in their stored form; what the service takes for a word of its own is no answer."""
    round_ = publish_small(database, {"id": "one", "questions": [ask("idea", "text")]}, keyword="RIVER")
    texts = [text for raw in SENT if (text := normalise(raw)) and text not in OUR_WORDS]
    with database.writing() as session:
        for number, text in enumerate(texts):
            phone = Phone(database, f"+1202555{1000 + number}")
            for word in ("RIVER", "YES", text):
                phone.text(word, session=session)
    back = {unguard(row["idea"]) for row in export(database, round_.code)}
    assert [text for text in texts if text not in back] == []
