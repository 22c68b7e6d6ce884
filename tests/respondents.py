"""People who answer on the web: they open links, fill in what a page asks, and press buttons."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from builders import publish
from flask import g, has_app_context
from flask.testing import FlaskClient
from live import read_hidden
from sqlalchemy import select

from surveyapp.database import Database
from surveyapp.models import AnswerEvent, Interview, Round


def build_definition(*sections: dict[str, Any], **keys: Any) -> str:
    """Give a definition as JSON: sections are `{"id": ..., "questions": [...]}`."""
    return json.dumps(
        {
            "id": "small",
            "version": "1.0.0",
            "kind": "feedback",
            "default_language": "en",
            "languages": {"en": "English", "fr": "Français"},
            "title": {"en": "Small survey", "fr": "Petit questionnaire"},
            "parameters": {"partnership": {"label": "Name", "max_length": 20}},
            "sections": list(sections),
            **keys,
        }
    )


def ask(id_: str, type_: str = "text", **keys: Any) -> dict[str, Any]:
    """Give one question."""
    if type_ in ("scale", "select_one", "select_multiple"):
        keys.setdefault("choices", [{"value": n, "label": f"Label {n}"} for n in (1, 2, 3)])
    return {"id": id_, "type": type_, "label": {"en": f"Question {id_}?", "fr": f"La question {id_} ?"}, **keys}


def forget_request() -> None:
    """Drop what the context that pytest-flask keeps around a test remembers of the last request's browser."""
    if has_app_context():
        g.pop("csrf_token", None)


class Respondent:
    """Somebody with a browser, at a personal link or an open one."""

    def __init__(self, client: FlaskClient, path: str, **headers: str) -> None:
        forget_request()
        self.client, self.headers = client, headers
        self.link = path
        self.page = self.open(path)
        if path.startswith("/r/"):
            self.start()

    def open(self, path: str):
        """Follow a link."""
        self.page = self.client.get(path, headers=self.headers)
        while self.page.status_code == 303:
            self.page = self.client.get(self.page.location, headers=self.headers)
        return self.page

    def start(self) -> None:
        """Press Start on an open link's page."""
        self.link = self.client.post(self.link, data=read_hidden(self.page.text), headers=self.headers).location
        self.open(self.link)

    @property
    def text(self) -> str:
        """The page as people read it."""
        body = self.page.text.split("<main", 1)[-1]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields of the page."""
        return read_hidden(self.page.text)

    @property
    def names(self) -> list[str]:
        """The names of the page's questions, in order."""
        found = re.findall(r'<(?:input|textarea)(?! type="hidden")[^>]* name="([\w-]+)"', self.page.text)
        return list(dict.fromkeys(name for name in found if not name.endswith("__st")))

    @property
    def lists_rows(self) -> bool:
        """Whether the page is the list of a repeated section, with room for one more."""
        return "row=new" in self.page.text

    @property
    def rows(self) -> list[str]:
        """The rows that the list of a repeated section shows."""
        return re.findall(r'name="remove" value="(\w+)"', self.page.text)

    @property
    def unfinished(self) -> list[str]:
        """The rows of the list in which something is still to be answered."""
        items = re.findall(r"<li id.*?</li>", self.page.text, re.DOTALL)
        return [re.search(r'value="(\w+)"', item)[1] for item in items if 'class="open"' in item]

    def open_row(self, row: str = "new"):
        """Open the form of a row of this list, or of one that is not there yet."""
        return self.open(f"{self.link}?section={self.fields['section']}&row={row}")

    def send(self, action: str = "next", follow: bool = True, **answers: Any):
        """Press a button with these answers; the page that comes back is the new page."""
        sent = self.client.post(self.link, data={**self.fields, "action": action, **answers}, headers=self.headers)
        if follow and sent.status_code == 303:
            return self.open(sent.location)
        self.page = sent
        return sent

    def go_to(self, place: str):
        """Open a section again."""
        return self.open(f"{self.link}?section={place}")


def publish_small(database: Database, *sections: dict[str, Any], keys: dict | None = None, **wishes: Any) -> Round:
    """Publish a round of a small definition with an open link."""
    wishes.setdefault("open_link", True)
    wishes.setdefault("contacts", None)
    return publish(database, definition=build_definition(*sections, **(keys or {})), **wishes)


def find_interviews(database: Database) -> list[Interview]:
    """Give every interview there is."""
    with database.reading() as session:
        return list(session.scalars(select(Interview).order_by(Interview.id)))


def find_events(database: Database) -> list[AnswerEvent]:
    """Give every stored page."""
    with database.reading() as session:
        return list(session.scalars(select(AnswerEvent).order_by(AnswerEvent.id)))
