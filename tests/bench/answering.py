"""P1, P2, P6: a 15-question section by personal link, its storing, and the weight of the first page."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from surveyapp import create_app
from surveyapp.config import read_settings
from surveyapp.database import Database
from surveyapp.migrating import upgrade
from surveyapp.models import AnswerEvent, Invitation
from surveyapp.runtime import find_utc_now
from surveyapp.services.contacts import read_contacts
from surveyapp.services.publishing import publish_round
from surveyapp.services.tokens import derive_token
from tests.bench import baselines
from tests.bench.measuring import Figure, at_least, at_most, time_in_turn

SECRET_KEY = "a secret key of the benches alone"


def measure_pages() -> list[Figure]:
    """P1: GET of the section against the same page bare and against the same page by WTForms."""
    with tempfile.TemporaryDirectory() as folder:
        app, path = _make_service(Path(folder))
        ours = _getter(app, path)
        bare, bare_speed = time_in_turn(ours, _getter(baselines.make_bare_app(), "/"), calls=200)
        naive, naive_speed = time_in_turn(ours, _getter(baselines.make_wtforms_app(), "/"), calls=60)
    return [
        at_least("P1 GET of a 15-question section against a bare Jinja page", bare, bare_speed, 0.5),
        at_least("P1 the same against naive WTForms", naive, naive_speed, 3),
    ]


def measure_posts() -> list[Figure]:
    """P2: POST of the section, judged and stored durably, against Flask with one raw durable insert."""
    with tempfile.TemporaryDirectory() as folder:
        app, path = _make_service(Path(folder))
        raw = baselines.make_inserting_app(Path(folder) / "raw.db")
        ours, theirs = time_in_turn(_poster(app, path), _poster(raw, "/"), calls=100)
        with app.extensions["surveyapp"].database.reading() as session:
            stored = session.scalar(select(func.count()).select_from(AnswerEvent))
        assert stored == 1 + 8 * 100, f"{stored} pages were stored: some of the work was not done"
    return [at_least("P2 POST of 15 answers, stored durably, against Flask + raw insert", ours, theirs, 0.5)]


def measure_weight() -> list[Figure]:
    """P6: bytes over the wire of the first page with everything it links to, gzip."""
    with tempfile.TemporaryDirectory() as folder:
        app, path = _make_service(Path(folder))
        client = app.test_client()
        page = client.get(path, headers={"Accept-Encoding": "gzip"})
        html = gzip.decompress(page.data).decode() if page.headers.get("Content-Encoding") == "gzip" else page.text
        parts = [len(page.data)]
        for asset in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
            parts.append(len(client.get(asset, headers={"Accept-Encoding": "gzip"}).data))
    return [at_most("P6 first page with everything it needs, gzip, against 14 KB", sum(parts) / 1024, 14, 1, "KB")]


def _make_service(folder: Path) -> tuple[Flask, str]:
    """Give an app on a fresh SQLite file, and the path of a personal link that stands at a 15-question section."""
    settings = read_settings({}, secret_key=SECRET_KEY, data_dir=str(folder), public_url="http://localhost")
    database = Database(settings.database_url)
    upgrade(database)
    with database.writing() as session:
        round_ = publish_round(
            session,
            definition=json.dumps(_definition()),
            name="Bench",
            parameters={"partnership": "River Valley"},
            contacts=read_contacts("name,email\nBench,bench@example.org\n"),
            actor="bench",
            secret_key=SECRET_KEY,
            now=find_utc_now(),
        )
        nonce = session.execute(select(Invitation.nonce).where(Invitation.round_id == round_.id)).scalar_one()
    database.close()
    return create_app(settings), f"/a/{derive_token(SECRET_KEY, nonce)}"


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


def _getter(app: Flask, path: str) -> Callable[[], None]:
    """Give a call that asks the app itself, without a server between: the strictest comparison of the two."""

    def call() -> None:
        status, _ = _ask(app, "GET", path)
        assert status.startswith("200"), status

    call()
    return call


def _poster(app: Flask, path: str) -> Callable[[], None]:
    """Give a call that posts the section with other answers each time, so that each post has something to store."""
    html, headers = _ask(app, "GET", path)[1] if path != "/" else ("", {})
    hidden = dict(re.findall(r'name="(csrf_token|section)"[^>]*\bvalue="([^"]*)"', html))
    cookie = headers.get("Set-Cookie", "").split(";")[0]
    bodies = [
        urlencode(
            {**hidden, "section": "views", "action": "next", **{f"q{n:02}": 1 + (n + shift) % 5 for n in range(1, 16)}}
        ).encode()
        for shift in range(5)
    ]
    turn = itertools.cycle(bodies)

    def call() -> None:
        status, _ = _ask(app, "POST", f"{path}?section=views" if hidden else path, next(turn), cookie)
        assert status.startswith("303"), status

    call()
    return call


def _ask(
    app: Flask, method: str, path: str, body: bytes = b"", cookie: str = ""
) -> tuple[str, tuple[str, dict[str, str]]]:
    answer: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Callable[[bytes], object]:
        answer.extend((status, dict(headers)))
        return lambda _: None

    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": cookie,
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    parts = app(environ, start_response)
    html = b"".join(parts).decode()
    if hasattr(parts, "close"):
        parts.close()
    return answer[0], (html, answer[1])
