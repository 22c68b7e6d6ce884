"""A real HTTP server around the app, in a thread of the test."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape

from waitress.server import create_server
from waitress.wasyncore import close_all

from surveyapp import create_app
from surveyapp.config import Settings


@contextmanager
def serve(settings: Settings, threads: int = 8) -> Iterator[str]:
    """Serve the app on a free port of this machine and give its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(replace(settings, public_url=url))
    server = create_server(app, sockets=[listener], threads=threads)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def stop() -> None:
        server.close()
        close_all(server._map, ignore_all=True)  # a browser that keeps its connection would hold the thread

    try:
        yield url
    finally:
        server.trigger.pull_trigger(stop)  # in the server's own thread, which else looks at what is being closed
        thread.join(10)
        app.extensions["surveyapp"].database.close()


def read_hidden(html: str) -> dict[str, str]:
    """Give the hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def follow(page, target) -> None:
    """Click what leads to another page, and wait until that page is there: a click alone does not wait for it."""
    with page.expect_navigation(wait_until="load"):
        target.click()
