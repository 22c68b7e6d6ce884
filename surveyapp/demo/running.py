"""`surveyapp demo`: makes the example partnership once, says where everything is, and serves it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import click
from flask import Flask
from sqlalchemy import select

from surveyapp import create_app
from surveyapp.config import Settings, read_settings
from surveyapp.database import Database
from surveyapp.demo.answering import answer_by_text, answer_on_web
from surveyapp.demo.filling import fill_in
from surveyapp.demo.people import Person, make_contacts_csv, make_people
from surveyapp.demo.records import choose, list_records
from surveyapp.jobs import beside
from surveyapp.migrating import upgrade
from surveyapp.models import Contact, Invitation, Round, User
from surveyapp.runtime import KEY, Runtime, find_utc_now
from surveyapp.services.accounts import add_user
from surveyapp.services.contacts import read_contacts
from surveyapp.services.definitions import find_definition
from surveyapp.services.publishing import publish_round
from surveyapp.services.rounds import close_round
from surveyapp.services.tokens import derive_token

PARTNERSHIP = "River Valley (sample)"
PASSWORD = "sample answers only"  # noqa: S105  # the demo listens on this machine alone and holds nothing real
STAFF = (("coordinator@example.org", "coordinator"), ("evaluator@example.org", "evaluator"))
ROUNDS = (
    # name, began that many days ago, lasted days (0: still open), share who answer, progress on a 1-5 scale
    ("First round (sample)", 380, 21, 0.72, 0.0),
    ("Second round (sample)", 190, 21, 0.78, 0.25),
    ("Third round (sample)", 4, 0, 0.45, 0.4),
)
KEYWORD = "FEEDBACK"
SEED = 2026


def run_demo(data_dir: Path, port: int, listen: Callable[[Flask, str, int], None]) -> None:
    """Make the demonstration in `data_dir` unless it is there already, print the addresses, and serve until stopped."""
    data_dir.mkdir(parents=True, exist_ok=True)
    settings = read_settings(
        {},
        secret_key=_keep_secret(data_dir),
        data_dir=str(data_dir),
        public_url=f"http://127.0.0.1:{port}",
        sms_gateway="simulator",
        demo=True,
    )
    database = Database(settings.database_url, settings.kept_dir)
    upgrade(database)
    if not _has_rounds(database):
        fill(settings, database)
    code = _find_open_code(database)
    database.close()
    _say_where(settings, code)
    with beside(settings):
        listen(create_app(settings), "127.0.0.1", port)


def fill(settings: Settings, database: Database, *, size: float = 1.0) -> None:
    """Publish the sample rounds and let the synthetic people answer them; `size` below 1 takes fewer people."""
    now = find_utc_now()
    people = make_people(SEED)
    people = people[:: max(1, round(1 / size))]
    with database.writing() as session:
        for email, role in STAFF:
            add_user(session, email=email, password=PASSWORD, role=role, partnership=PARTNERSHIP, now=now)
    with click.progressbar(
        length=len(ROUNDS) * len(people), label="Sample people answer by web and text", hidden=not _on_terminal()
    ) as bar:
        for number, (name, days_ago, lasted, share, progress) in enumerate(ROUNDS):
            if not _on_terminal():
                click.echo(f"Sample people answer the {name.lower()} …")
            opened = now - timedelta(days=days_ago)
            round_ = _publish(settings, database, people, name, opened, open_now=lasted == 0)
            dice = Random(SEED + number)  # noqa: S311  # repeatable on purpose
            _let_answer(settings, database, round_, people, opened, share, progress, dice, lambda: bar.update(1))
            if lasted:
                _close(database, round_, opened + timedelta(days=lasted))
    fill_records(settings, database, now)


def fill_records(settings: Settings, database: Database, now: datetime) -> None:
    """Publish what coordinators enter, and let them enter it; the lists are the first one's work."""
    opened = now - timedelta(days=160)
    for record in list_records(opened.date()):
        people = "\n".join(f"{name},{name.replace(' ', '.').lower()}@example.org" for name in record.people)
        with database.writing() as session:
            round_ = publish_round(
                session,
                definition=(settings.definitions_dir / f"{record.instrument}.json").read_bytes(),
                name=record.name,
                partnership=PARTNERSHIP,
                parameters={},
                contacts=read_contacts(f"name,email\n{people}\n"),
                sample_data=True,
                actor="demo",
                secret_key=settings.secret_key,
                now=opened,
            )
        with database.reading() as session:
            definition = find_definition(session, round_.code)
        app, dice = create_app(settings), Random(SEED)  # noqa: S311  # repeatable on purpose
        real: Runtime = app.extensions[KEY]
        app.extensions[KEY] = replace(real, clock=partial(_same, opened + timedelta(hours=3)))
        links = _find_links(settings, database, round_)
        for name in record.people:
            rows = record.rows if name == record.people[0] else dict.fromkeys(record.rows, ())
            answer = partial(choose, record=record, dice=dice)
            fill_in(app.test_client(), f"/a/{links[name]}", definition, rows, answer)
        real.database.close()
        _close(database, round_, opened + timedelta(days=10))


def _close(database: Database, round_: Round, at: datetime) -> None:
    with database.writing() as session:
        close_round(session, session.get_one(Round, round_.id), actor="demo", now=at)


def _publish(
    settings: Settings, database: Database, people: list[Person], name: str, opened: datetime, *, open_now: bool
) -> Round:
    definition = settings.definitions_dir / "partnership_feedback.json"
    with database.writing() as session:
        return publish_round(
            session,
            definition=definition.read_bytes(),
            name=name,
            partnership=PARTNERSHIP,
            parameters={"partnership": "River Valley"},
            contacts=read_contacts(make_contacts_csv(people)),
            open_link=open_now,
            keyword=KEYWORD if open_now else None,
            sample_data=True,
            actor="demo",
            secret_key=settings.secret_key,
            now=opened,
        )


def _let_answer(
    settings: Settings,
    database: Database,
    round_: Round,
    people: list[Person],
    opened: datetime,
    share: float,
    progress: float,
    dice: Random,
    tick: Callable[[], None],
) -> None:
    links = _find_links(settings, database, round_)
    with database.reading() as session:
        definition = find_definition(session, round_.code)
    app = create_app(settings)
    real: Runtime = app.extensions[KEY]
    for person in people:
        moment = opened + timedelta(hours=dice.uniform(1, 80))
        app.extensions[KEY] = replace(real, clock=partial(_same, moment))
        client = app.test_client()
        answers = dice.random() < share
        patience = dice.randint(2, 6) if dice.random() < 0.08 else 40
        if answers and person.texts:
            answer_by_text(client, settings.sms_from, definition, person, progress, dice, patience)
        elif answers:
            answer_on_web(client, f"/a/{links[person.name]}", definition, person, progress, dice, patience)
        tick()
    real.database.close()


def _find_links(settings: Settings, database: Database, round_: Round) -> dict[str, str]:
    with database.reading() as session:
        rows = session.execute(
            select(Contact.name, Invitation.nonce)
            .join(Invitation, Invitation.contact_id == Contact.id)
            .where(Invitation.round_id == round_.id)
        ).all()
    return {name: derive_token(settings.secret_key, nonce) for name, nonce in rows}


def _keep_secret(data_dir: Path) -> str:
    """Give the data folder's own secret, made at the first start: personal links stay good after a restart."""
    file = data_dir / "secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32), encoding="ascii")
    return file.read_text(encoding="ascii")


def _has_rounds(database: Database) -> bool:
    with database.reading() as session:
        return session.execute(select(User.id).limit(1)).first() is not None


def _find_open_code(database: Database) -> str | None:
    with database.reading() as session:
        newest = select(Round.code).where(Round.state == "published", Round.open_link).order_by(Round.id.desc())
        return session.execute(newest.limit(1)).scalar()


def _say_where(settings: Settings, code: str | None) -> None:
    lines = [
        "",
        "surveyapp is running with sample answers. Nothing in it is real.",
        "",
        f"  Console      {settings.public_url}/console",
        *(f"               {email} / {PASSWORD}" for email, _ in STAFF),
    ]
    if code:
        lines.append(f"  Open survey  {settings.public_url}/r/{code}")
    lines += [
        f"  SMS phone    {settings.public_url}/sms/simulator  (text {KEYWORD})",
        "",
        "Stop it with Ctrl+C.",
        "",
    ]
    click.echo("\n".join(lines))


def _same(moment: datetime) -> datetime:
    return moment


def _on_terminal() -> bool:
    return sys.stdout.isatty()
