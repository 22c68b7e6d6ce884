"""`surveyapp deliver | tick | worker | simulate-gateway`: texts on their way."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from surveyapp.cli.opening import find_now, open_service

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def deliver(as_json: bool) -> None:
    """Send what is due, once, at the gateway's rate."""
    from surveyapp.delivering import Deliverer

    with open_service() as (settings, database):
        worker = Deliverer(database, settings, find_now)
        outcomes = worker.deliver_due(paced=True)
    _report(outcomes, "Nothing is due.", as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def tick(as_json: bool) -> None:
    """Run what the scheduler would run now, once: queue reminders, look for doubtful texts."""
    from surveyapp.jobs import tick as run

    with open_service() as (settings, database):
        done = run(database, settings, find_now)
    _report(done, "Nothing was to be done.", as_json)


@click.command()
def worker() -> None:
    """Run the jobs alone: send, look for what is doubtful, remind. On PostgreSQL any number, on any machine."""
    from surveyapp.jobs import Jobs

    with open_service() as (settings, _):
        jobs = Jobs(settings)
        click.echo(f"Worker {jobs.name} runs; stop it with Ctrl+C.")
        jobs.run(own_signals=True)


@click.command("simulate-gateway")
@click.option("--port", default=8900, show_default=True, type=click.IntRange(1, 65535))
@click.option("--app-url", default="http://127.0.0.1:8000", show_default=True, help="Where surveyapp answers.")
@click.option("--account", default="AC" + "0" * 32, help="The account's SID; any will do.")
@click.option("--token", default="simulated-auth-token", show_default=True, help="The account's auth token.")
@click.option("--number", default="+12025550100", show_default=True, help="The number that people text to.")
def simulate_gateway(port: int, app_url: str, account: str, token: str, number: str) -> None:
    """Stand in for Twilio on this machine, for rehearsals with the real Twilio client and no account."""
    from surveyapp.twilio_stand_in.terminal import run_stand_in

    try:
        run_stand_in(port, app_url.rstrip("/"), account, token, number, sys.stdin, sys.stdout)
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}. Try --port.") from None


def _report(counts: Mapping[str, int], nothing: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(dict(counts)))
        return
    lines = [f"{what}: {count:,}" for what, count in counts.items() if count]
    click.echo(", ".join(lines) + "." if lines else nothing)
