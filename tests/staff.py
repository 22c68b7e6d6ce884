"""Staff at the console: accounts, logins, and forms sent as a browser sends them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

from surveyapp.database import Database
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
