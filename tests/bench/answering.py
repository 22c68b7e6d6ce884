"""P1, P2, P6: a section by personal link (15 or 30 questions, a roster of 30), its storing, and its weight."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from sqlalchemy import func, select

from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.migrating import upgrade
from surveyapp.models import AnswerEvent, Interview, Invitation
from surveyapp.runtime import find_utc_now
from surveyapp.services.contacts import read_contacts
from surveyapp.services.publishing import publish_round
from surveyapp.services.rosters import Roster, read_roster
from surveyapp.services.tokens import derive_token
from tests.bench import baselines
from tests.bench.measuring import Figure, at_least, at_most
from tests.bench.serving import CONNECTIONS, Served, build_request, compare

SECRET_KEY = "a secret key of the benches alone"


def measure_pages() -> list[Figure]:
    """P1: GET of the section against the same page bare and against the same page by WTForms."""
    with tempfile.TemporaryDirectory() as folder:
        environment, paths = _prepare(Path(folder))
        with (
            Served("surveyapp:create_app()", environment) as service,
            Served("tests.bench.baselines:make_bare_app()", {}) as bare,
            Served("tests.bench.baselines:make_wtforms_app()", {}) as naive,
        ):
            ours = (service, [[build_request(service, "GET", path)] for path in paths])
            first = compare(ours, (bare, [[build_request(bare, "GET", "/")]]), b"200")
            second = compare(ours, (naive, [[build_request(naive, "GET", "/")]]), b"200")
    return [
        at_least("P1 GET of a 15-question section against a bare Jinja page", *first, 0.5),
        at_least("P1 the same against naive WTForms", *second, 3),
    ]


def measure_long_pages() -> list[Figure]:
    """P1 and P6 for old phones: a section of 30 questions, and a question about each of 30 roster entries."""
    figures = []
    for name, section, roster in (
        ("30 questions", _section(30), None),
        ("a roster of 30", _roster_section(), _roster(30)),
    ):
        with tempfile.TemporaryDirectory() as folder:
            environment, paths = _prepare(Path(folder), section, roster)
            with (
                Served("surveyapp:create_app()", environment) as service,
                Served("tests.bench.baselines:make_bare_app(30)", {}) as bare,
            ):
                ours = (service, [[build_request(service, "GET", path)] for path in paths])
                speeds = compare(ours, (bare, [[build_request(bare, "GET", "/")]]), b"200")
                weight = _weigh(service, paths[0])
        figures.append(at_least(f"P1 GET of a section with {name} against a bare Jinja page of 30", *speeds, 0.5))
        figures.append(
            at_most(f"P6 that page with everything it needs, gzip, against 14 KB: {name}", weight, 14, 1, "KB")
        )
    return figures


def measure_posts() -> list[Figure]:
    """P2: POST of the section, judged and stored durably, against Flask with one raw durable insert."""
    with tempfile.TemporaryDirectory() as folder:
        environment, paths = _prepare(Path(folder))
        with (
            Served("surveyapp:create_app()", environment) as service,
            Served(f"tests.bench.baselines:make_inserting_app({folder!r})", {}) as raw,
        ):
            ours = [_build_posts(service, path) for path in paths]
            theirs = [build_request(raw, "POST", "/", build_body({}, shift)) for shift in range(5)]
            speeds = compare((service, ours), (raw, [theirs]), b"303")
        _check_that_all_was_stored(environment)
    return [at_least("P2 POST of 15 answers, stored durably, against Flask + raw insert", *speeds, 0.5)]


def measure_weight() -> list[Figure]:
    """P6: bytes over the wire of the first page with everything it links to, gzip."""
    with tempfile.TemporaryDirectory() as folder:
        environment, paths = _prepare(Path(folder))
        with Served("surveyapp:create_app()", environment) as service:
            kilobytes = _weigh(service, paths[0])
    return [at_most("P6 first page with everything it needs, gzip, against 14 KB", kilobytes, 14, 1, "KB")]


def _weigh(service: Served, path: str) -> float:
    """Give the kilobytes of a page and of everything it links to."""
    page = requests.get(service.url + path, timeout=20)
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    answers = [page, *(requests.get(service.url + asset, timeout=20) for asset in assets)]
    return sum(int(answer.headers["Content-Length"]) for answer in answers) / 1024


def _prepare(
    folder: Path, section: dict[str, Any] | None = None, roster: Roster | None = None
) -> tuple[dict[str, str], list[str]]:
    """Give the settings of a service on a fresh SQLite file, and personal links that stand at this section.

    Without one it has 15 questions.
    """
    environment = {"SURVEYAPP_SECRET_KEY": SECRET_KEY, "SURVEYAPP_DATA_DIR": str(folder)}
    database = Database(read_settings(environment).database_url)
    upgrade(database)
    people = "".join(f"Bench {n},bench{n}@example.org\n" for n in range(CONNECTIONS))
    with database.writing() as session:
        publish_round(
            session,
            definition=json.dumps(_definition(section or _section(15))),
            roster=roster,
            name="Bench",
            parameters={"partnership": "River Valley"},
            contacts=read_contacts("name,email\n" + people),
            actor="bench",
            secret_key=SECRET_KEY,
            now=find_utc_now(),
        )
        nonces = session.scalars(select(Invitation.nonce)).all()
    database.close()
    return environment, [f"/a/{derive_token(SECRET_KEY, nonce)}" for nonce in nonces]


def _build_posts(service: Served, path: str) -> list[bytes]:
    """Give posts of the section with other answers each time, so that each of them has something to store."""
    person = requests.Session()
    page = person.get(service.url + path, timeout=20).text
    hidden = dict(re.findall(r'name="(csrf_token|section)"[^>]*\bvalue="([^"]*)"', page))
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return [build_request(service, "POST", path, build_body(hidden, shift), cookie) for shift in range(5)]


def build_body(hidden: dict[str, str], shift: int) -> bytes:
    """Give 15 answers as a form sends them; another `shift`, other answers."""
    answers = {f"q{n:02}": 1 + (n + shift) % 5 for n in range(1, 16)}
    return urlencode({**hidden, "section": "views", "action": "next", **answers}).encode()


def _check_that_all_was_stored(environment: dict[str, str]) -> None:
    database = Database(read_settings(environment).database_url)
    with database.reading() as session:
        events = session.scalar(select(func.count()).select_from(AnswerEvent))
        revisions = session.scalar(select(func.sum(Interview.revision)))
    database.close()
    assert events == revisions, f"{events} pages are in the log and {revisions} in the interviews"
    assert events, "nothing was stored"


def _definition(section: dict[str, Any]) -> dict[str, Any]:
    scale = [{"value": n + 1, "label": label} for n, label in enumerate(baselines.LABELS)]
    return {
        "id": "bench",
        "version": "1.0.0",
        "kind": "feedback",
        "default_language": "en",
        "languages": {"en": "English", "fr": "Français"},
        "title": "Views",
        "parameters": {"partnership": {"label": "Name of the partnership", "max_length": 20}},
        "choice_lists": {"extent": scale},
        "sections": [
            section,
            {"id": "end", "questions": [{"id": "word", "type": "text", "label": "Anything else?"}]},
        ],
    }


def _section(count: int) -> dict[str, Any]:
    questions = [_question(f"q{n:02}", f"Is goal {n} of ${{partnership}} clear to you?") for n in range(1, count + 1)]
    return {"id": "views", "title": "Your view", "questions": questions}


def _roster_section() -> dict[str, Any]:
    tie = _question("tie", "How closely does ${partnership} work with ${ties}?")
    more = {**_question("trust", "How far can you rely on ${ties}?"), "show_if": "${tie} > 1"}
    return {"id": "ties", "title": "Working together", "repeat": {"over": "roster"}, "questions": [tie, more]}


def _question(id_: str, label: str) -> dict[str, Any]:
    return {"id": id_, "type": "scale", "label": label, "choices": "extent", "dont_know": True, "required": True}


def _roster(count: int) -> Roster:
    return read_roster("name\n" + "".join(f"Organisation {n} of the valley\n" for n in range(1, count + 1)))
