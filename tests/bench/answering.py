"""P1, P2, P6: a 15-question section by personal link, its storing, and the weight of the first page."""

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
            page = requests.get(service.url + paths[0], timeout=20)
            assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
            answers = [page, *(requests.get(service.url + asset, timeout=20) for asset in assets)]
            kilobytes = sum(int(answer.headers["Content-Length"]) for answer in answers) / 1024
    return [at_most("P6 first page with everything it needs, gzip, against 14 KB", kilobytes, 14, 1, "KB")]


def _prepare(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Give the settings of a service on a fresh SQLite file, and personal links that stand at a 15-question section."""
    environment = {"SURVEYAPP_SECRET_KEY": SECRET_KEY, "SURVEYAPP_DATA_DIR": str(folder)}
    database = Database(read_settings(environment).database_url)
    upgrade(database)
    people = "".join(f"Bench {n},bench{n}@example.org\n" for n in range(CONNECTIONS))
    with database.writing() as session:
        publish_round(
            session,
            definition=json.dumps(_definition()),
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


def _definition() -> dict[str, Any]:
    scale = [{"value": n + 1, "label": label} for n, label in enumerate(baselines.LABELS)]
    questions = [
        {
            "id": f"q{n:02}",
            "type": "scale",
            "label": f"Is goal {n} of ${{partnership}} clear to you?",
            "choices": "extent",
            "dont_know": True,
            "required": True,
        }
        for n in range(1, 16)
    ]
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
            {"id": "views", "title": "Your view", "questions": questions},
            {"id": "end", "questions": [{"id": "word", "type": "text", "label": "Anything else?"}]},
        ],
    }
