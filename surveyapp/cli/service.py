"""`surveyapp demo | serve | check | db | routes | simulate-phone`: running the service."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveyapp.cli.opening import find_now, open_service

if TYPE_CHECKING:
    from flask import Flask

    from surveyapp.config import Settings


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Keep it here; default: thrown away."
)
def demo(port: int, data_dir: Path | None) -> None:
    """Run everything on an embedded database with clearly marked sample answers; no account anywhere."""
    from surveyapp.demo.running import run_demo

    if data_dir is not None:
        run_demo(data_dir, port, _listen)
        return
    with tempfile.TemporaryDirectory(prefix="surveyapp-demo-") as throw_away:
        run_demo(Path(throw_away), port, _listen)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=8, show_default=True, type=click.IntRange(1, 64), help="Threads that answer.")
@click.option("--no-jobs", is_flag=True, help="Web only: texts are sent by `surveyapp worker`.")
def serve(host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve the web and run the jobs; an empty database gets its tables first."""
    from surveyapp import create_app
    from surveyapp.config import read_settings
    from surveyapp.jobs import beside

    settings = read_settings()
    prepare_database(settings)
    click.echo(f"surveyapp answers at {settings.public_url} (listening on {host}:{port}); stop it with Ctrl+C.")
    signal.signal(signal.SIGTERM, _leave)
    with nullcontext() if no_jobs else beside(settings):
        _listen(create_app(settings), host, port, workers)


@click.command()
def check() -> None:
    """Say what is wrong with configuration, database and gateway, and how to mend it."""
    with open_service() as (settings, database):
        backend = database.engine.dialect.name
    click.echo(f"Configuration: complete. Public address: {settings.public_url}")
    click.echo(f"Database: {backend}, migrated.")
    click.echo(f"SMS gateway: {settings.sms_gateway}, number {settings.sms_from}")
    click.echo(_describe_sending(settings))


def _describe_sending(settings: Settings) -> str:
    """Say how texts go out: rate, price, countries, hours."""
    sending = settings.sending
    price = "known" if sending.prices.by_prefix or sending.prices.otherwise is not None else "unknown, so no budgets"
    countries = (
        "everywhere" if sending.everywhere else ", ".join(sorted(sending.countries)) or "our number's own country"
    )
    hours = f"{sending.quiet_until} to {sending.quiet_from}"
    return f"Texts: {sending.rate:g} segments a second, price {price}, to {countries}, from {hours} where people live."


@click.group("db")
def database() -> None:
    """The database's tables."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to this version of the code."""
    from surveyapp.config import read_settings
    from surveyapp.database import Database
    from surveyapp.migrating import upgrade as bring_up

    opened = Database(read_settings().database_url)
    try:
        click.echo(f"The database stands at {bring_up(opened)}.")
    finally:
        opened.close()


@click.command()
@click.option("--json", "as_json", is_flag=True)
def routes(as_json: bool) -> None:
    """List every route with its methods and who may use it."""
    from surveyapp import create_app
    from surveyapp.config import read_settings
    from surveyapp.web.access import list_routes

    # No request is served here, so no real secret is needed.
    found = list(list_routes(create_app(read_settings(secret_key="0" * 32))))
    if as_json:
        click.echo(json.dumps({"routes": [route.as_json() for route in found]}))
        return
    for route in found:
        click.echo(f"{','.join(route.methods):10} {route.path:50} {', '.join(route.roles)}")


@click.command("simulate-phone")
@click.option("--phone", default="+12025550199", show_default=True, help="The number you text from.")
def simulate_phone(phone: str) -> None:
    """Text with the service from this terminal, as a stakeholder would."""
    from surveyapp.simulating import run_phone

    with open_service() as (settings, opened):
        run_phone(opened, settings, phone, sys.stdin, sys.stdout, find_now)


def prepare_database(settings: Settings) -> None:
    """Give an empty database its tables; one of another age is refused with the command that helps."""
    from surveyapp.database import Database
    from surveyapp.migrating import check_revision, find_revision
    from surveyapp.migrating import upgrade as bring_up

    opened = Database(settings.database_url)
    try:
        if find_revision(opened) is None:
            bring_up(opened)
        check_revision(opened)
    finally:
        opened.close()


def _leave(_signal: int, _frame: object) -> None:
    """End as by Ctrl+C: what is being sent is sent to its end."""
    raise KeyboardInterrupt


def _listen(app: Flask, host: str, port: int, threads: int = 8) -> None:
    import waitress

    try:
        waitress.serve(app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True)
    except OSError as error:
        raise click.ClickException(f"Port {port} of {host} cannot be used: {error.strerror}. Try --port.") from None
