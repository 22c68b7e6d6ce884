"""`surveyapp user`: staff accounts."""

from __future__ import annotations

import sys

import click

from surveyapp.cli.opening import find_now, open_service


@click.group()
def user() -> None:
    """Staff accounts."""


@user.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(["admin", "coordinator", "evaluator"]))
@click.option("--partnership", help="The one partnership this person works for; none: all of them.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(email: str, role: str, partnership: str | None, password_stdin: bool) -> None:
    """Add a member of staff."""
    from surveyapp.services.accounts import add_user

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with open_service() as (_, database), database.writing() as session:
        add_user(session, email=email, password=password, role=role, partnership=partnership, now=find_now())
    click.echo(f"{email} can log in as {role}.")
