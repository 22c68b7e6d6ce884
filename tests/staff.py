"""Staff at the console: accounts, logins, and forms sent as a browser sends them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

from surveyapp.bringing_in import FOLDER as IMPORTS
from surveyapp.bringing_in import Importer
from surveyapp.database import Database
from surveyapp.making import FOLDER, Maker
from surveyapp.services.accounts import add_user

PASSWORD = "a long enough password"


def add_staff(
    database: Database, role: str = "coordinator", partnership: str | None = "River Valley", email: str = ""
) -> str:
    """Add a member of staff and give the e-mail address."""
    email = email or f"{role}@example.org"
    with database.writing() as session:
        add_user(
            session,
            email=email,
            password=PASSWORD,
            role=role,
            partnership=partnership,
            now=datetime.now(UTC),
        )
    return email


def find_csrf_token(page: str) -> str:
    """Give the token of a page's form."""
    return unescape(re.search(r'name="csrf_token" value="([^"]+)"', page)[1])


def log_in(client, email: str, password: str = PASSWORD, **fields: str):
    """Log in through the login page; gives the answer."""
    token = find_csrf_token(client.get("/login").text)
    return client.post("/login", data={"csrf_token": token, "email": email, "password": password, **fields})


def enter(client, database: Database, role: str = "coordinator", partnership: str | None = "River Valley"):
    """Add a member of staff who is logged in with this client; gives the client."""
    assert log_in(client, add_staff(database, role, partnership)).status_code == 303
    return client


def post(client, path: str, **fields):
    """Send a form with the token that the console's pages carry."""
    token = find_csrf_token(client.get("/console/account").text)
    return client.post(path, data={"csrf_token": token, **fields})


def make_files(client) -> int:
    """Make the files that were asked for, as the background would."""
    own = client.application.extensions["surveyapp"]
    return Maker(own.database, own.settings.data_dir / FOLDER, own.clock).make_due()


def download(client, round_path: str, **wishes: str):
    """Ask for a file of a round (`/console/rounds/1`), have it made, and take it; gives the answer with the file."""
    wishes = {"format": "csv", "level": "research", "why": "a test of the files", **wishes}
    asked = post(client, f"{round_path}/downloads", **wishes)
    assert asked.status_code == 303, asked.text
    assert make_files(client) == 1
    number = max(int(found) for found in re.findall(r"/downloads/(\d+)/file", client.get(asked.location).text))
    return post(client, f"{round_path}/downloads/{number}/file")


def bring_in(client) -> int:
    """Judge and bring in the answers that were sent in, as the background would."""
    own = client.application.extensions["surveyapp"]
    return Importer(own.database, own.settings.data_dir / IMPORTS, own.settings.secret_key, own.clock).do_due()
