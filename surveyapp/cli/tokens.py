"""`surveyapp token`: what programs show to read the feeds of a partnership's rounds."""

from __future__ import annotations

import json

import click

from surveyapp.cli.opening import ACTOR, find_now, open_service


@click.group()
def token() -> None:
    """Tokens by which Tableau, Power BI, Excel and scripts read feeds."""


@token.command("add")
@click.argument("name")
@click.option("--partnership", required=True, help="Whose rounds it reads.")
@click.option("--why", required=True, help="Who will use it, and to what end; kept in the audit.")
@click.option("--level", type=click.Choice(["research", "restricted"]), default="research", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def add(name: str, partnership: str, why: str, level: str, as_json: bool) -> None:
    """Make a token called NAME and print it, this once."""
    from surveyapp.services.feeds import add_token
    from surveyapp.services.partnerships import find_partnership

    with open_service() as (_, database), database.writing() as session:
        made, secret = add_token(
            session,
            partnership_id=find_partnership(session, partnership),
            name=name,
            why=why,
            level=level,
            actor=ACTOR,
            now=find_now(),
        )
        report = {"id": made.id, "token": secret, "level": level}
    click.echo(json.dumps(report) if as_json else secret)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def list_(as_json: bool) -> None:
    """Show every token, without its secret."""
    from surveyapp.services.feeds import counts, list_tokens

    with open_service() as (_, database), database.reading() as session:
        reports = [
            {
                "id": one.id,
                "name": one.name,
                "level": one.level,
                "by": one.created_by,
                "why": one.why,
                "counts": counts(session, one),
                "used_at": one.used_at.isoformat() if one.used_at else None,
            }
            for one in list_tokens(session, None)
        ]
    if as_json:
        click.echo(json.dumps({"tokens": reports}))
        return
    for one in reports:
        state = f"last used {one['used_at'] or 'never'}" if one["counts"] else "ended"
        click.echo(f"{one['id']}  {one['name']}  {one['level']}, {state}, by {one['by']}: {one['why']}")


@token.command("revoke")
@click.argument("number", metavar="ID", type=int)
def revoke(number: int) -> None:
    """End a token."""
    from surveyapp.services.feeds import revoke_token

    with open_service() as (_, database), database.writing() as session:
        ended = revoke_token(session, number, partnership_id=None, actor=ACTOR, now=find_now())
    click.echo(f"{ended.name} is revoked.")
