"""The API over HTTP on this machine: create, list with filters and pages, fetch; each fault in its turn."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from surveyapp.twilio_stand_in.faults import FAIL, REFUSE, TAKES_NOTHING, Fault
from surveyapp.twilio_stand_in.messages import PATH, ApiError, Memory, Message
from surveyapp.twilio_stand_in.webhooks import Webhooks

PAGE = 50


class StandIn(ThreadingHTTPServer):
    """A stand-in for Twilio on 127.0.0.1, for one account with one auth token.

    `faults` go wrong one by one, first come first served; `unreachable` makes the list fail while it is set.
    `on_accept` is called when a message was taken and nobody was told yet.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, account: str, token: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.account, self.token = account, token
        self.memory, self.webhooks = Memory(account), Webhooks(token)
        self.faults: deque[Fault] = deque()
        self.unreachable = False
        self.on_accept: Callable[[Message], None] = lambda message: None
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def sent(self) -> list[Message]:
        """The messages that the service has sent, oldest first."""
        return [message for message in self.memory.messages.values() if message.direction != "inbound"]

    def report(self, sid: str, status: str, *, error_code: int | None = None, price: str | None = None) -> int:
        """Let a message get on, and report it to the service; gives the HTTP status of its answer."""
        return self.webhooks.report(self.memory.change(sid, status=status, error_code=error_code, price=price))

    def text(self, url: str, sender: str, to: str, body: str) -> str | None:
        """Let a person send a text to the service at `url`, and give the reply."""
        return self.webhooks.bring(url, self.memory.receive(sender, to, body))

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        """Serve in a thread until the block ends."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join(10)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that is gone is what half of the rehearsals are about."""


class Door(BaseHTTPRequestHandler):
    """One connection."""

    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Create a message."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._serve(lambda: self._create(dict(parse_qsl(body, keep_blank_values=True))))

    def do_GET(self) -> None:
        """List messages, or give one."""
        self._serve(self._show)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Send one whole answer."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep silent: addresses hold numbers."""

    def _serve(self, act: Callable[[], None]) -> None:
        try:
            self._check_login()
            act()
        except ApiError as error:
            self._refuse(error.status, error.code, error.message)

    def _check_login(self) -> None:
        expected = base64.b64encode(f"{self.server.account}:{self.server.token}".encode()).decode()
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        if not hmac.compare_digest(given, expected):
            raise ApiError(401, 20003, "Authenticate")

    def _create(self, form: dict[str, str]) -> None:
        if self.path != f"{PATH}/{self.server.account}/Messages.json":
            raise ApiError(404, 20404, "The requested resource was not found")
        fault = self.server.faults.popleft() if self.server.faults else None
        if fault is not None and fault.kind in TAKES_NOTHING:
            if fault.kind == REFUSE:
                self._refuse(fault.status, fault.code, "Scripted", **fault.headers)
            else:
                fault.play(self, b"")
            return
        fails = fault is not None and fault.kind == FAIL
        message = self.server.memory.create(form, fault.code if fault is not None and fails else None)
        self.server.on_accept(message)
        made = json.dumps(message.as_json()).encode()
        if fault is not None and not fails:
            fault.play(self, made)
        else:
            self.answer(201, made)

    def _show(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        if self.server.unreachable:
            raise ApiError(503, 20503, "Service unavailable")
        if parts.path == f"{PATH}/{self.server.account}/Messages.json":
            self._list(parts.path, query)
            return
        prefix = f"{PATH}/{self.server.account}/Messages/"
        if not parts.path.startswith(prefix):
            raise ApiError(404, 20404, "The requested resource was not found")
        message = self.server.memory.find(parts.path.removeprefix(prefix).removesuffix(".json"))
        self.answer(200, json.dumps(message.as_json()).encode())

    def _list(self, path: str, query: dict[str, str]) -> None:
        found = self.server.memory.list(query)
        size, page = min(int(query.get("PageSize", PAGE)), 1000), int(query.get("Page", 0))
        shown = found[page * size : (page + 1) * size]
        more = (page + 1) * size < len(found)
        uri = f"{path}?{urlencode({**query, 'PageSize': size, 'Page': page})}"
        following = f"{path}?{urlencode({**query, 'PageSize': size, 'Page': page + 1})}"
        body = {
            "messages": [message.as_json() for message in shown],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + len(shown) - 1,
            "uri": uri,
            "first_page_uri": uri,
            "previous_page_uri": None,
            "next_page_uri": following if more else None,
        }
        self.answer(200, json.dumps(body).encode())

    def _refuse(self, status: int, code: int, message: str, **headers: str) -> None:
        body = {
            "code": code,
            "message": message,
            "status": status,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
        }
        self.answer(status, json.dumps(body).encode(), **headers)
