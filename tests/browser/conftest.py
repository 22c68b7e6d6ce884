"""A real Chromium in front of a real server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import serve
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from surveyapp.config import Settings

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Browsers look at pages; what the databases do is tested without them."""
    path = tmp_path / "surveyapp.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def live_url(settings: Settings) -> Iterator[str]:
    """The address of a real server on the database under test."""
    with serve(settings) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all browser tests of this process."""
    if not Path(CHROMIUM).exists():
        reason = f"{CHROMIUM} is missing; install it with: sudo apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_url: str) -> Iterator:
    """Open pages like people: `open_page(javascript=False, viewport=PHONE, ...)`; notes every address asked for.

    It asks for `live_url` so that browsers hang up before the server stops, which otherwise waits for them.
    """
    contexts: list[BrowserContext] = []

    def open_(*, javascript: bool = True, **wishes) -> Page:
        wishes.setdefault("viewport", PHONE)
        context = chromium.new_context(java_script_enabled=javascript, **wishes)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(open_page) -> Page:
    """A phone's browser with JavaScript."""
    return open_page()
