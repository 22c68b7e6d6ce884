"""`surveyapp round`: the life of a round."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from surveyapp.cli.opening import ACTOR, find_now, open_service, read_time, show_progress
from surveyapp.cli.telling import describe, tell_forecast, tell_left_out, tell_warning

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from surveyapp.models import Round


@click.group("round")
def round_() -> None:
    """Publish rounds, see them, close them."""


@round_.command("publish")
@click.argument("definition", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What people will call this round.")
@click.option("--partnership", default="", help="Who asks; default: the parameter of that name.")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="A parameter of the definition.")
@click.option("--contacts", type=click.Path(path_type=Path), help="CSV of people to invite.")
@click.option("--roster", type=click.Path(path_type=Path), help="CSV with what is asked about: a column name.")
@click.option("--open-link", is_flag=True, help="Anyone who has the link may answer.")
@click.option("--keyword", help="Anyone who texts this word may answer.")
@click.option(
    "--confidentiality",
    type=click.Choice(["named", "confidential", "anonymous"]),
    help="What people are promised; default: confidential, or named where organisations answer about one another.",
)
@click.option("--opens", help="When it opens, as 2026-12-01T08:00; default: now.")
@click.option("--closes", help="When it closes.")
@click.option("--timezone", default="UTC", show_default=True, help="The zone of these times and of all times shown.")
@click.option("--budget", help="What its texts may cost; then no more are begun.")
@click.option("--no-texts", is_flag=True, help="Text nobody yet; `surveyapp round invite` does.")
@click.option("--dry-run", is_flag=True, help="Check everything and say what it would cost; store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def publish(
    definition: Path,
    name: str,
    partnership: str,
    params: tuple[str, ...],
    contacts: Path | None,
    roster: Path | None,
    open_link: bool,
    keyword: str | None,
    confidentiality: str | None,
    opens: str | None,
    closes: str | None,
    timezone: str,
    budget: str | None,
    no_texts: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Freeze DEFINITION into a new round and write its invitations; every fault is said at once."""
    from surveyapp.jobs import finish_inviting, wake
    from surveyapp.publishing import publish as publish_to
    from surveyapp.sending import name_sender
    from surveyapp.services.contacts import read_contacts
    from surveyapp.services.inviting import LEFT_OUT, count_left_out
    from surveyapp.services.outlook import find_outlook
    from surveyapp.services.publishing import begin_round
    from surveyapp.services.rosters import read_roster
    from surveyapp.services.rounds import count_round

    with open_service() as (settings, database):
        people = read_contacts(contacts.read_bytes(), None) if contacts else None
        begin = partial(
            begin_round,
            definition=definition.read_bytes(),
            name=name,
            partnership=partnership,
            parameters=dict(_split(param) for param in params),
            contacts=people,
            roster=read_roster(roster.read_bytes()) if roster else None,
            open_link=open_link,
            keyword=keyword,
            confidentiality=confidentiality,
            opens_at=read_time(opens, timezone),
            closes_at=read_time(closes, timezone),
            timezone=timezone,
            budget_micros=_read_budget(budget),
            sending=None if no_texts else settings.sending,
            actor=ACTOR,
            secret_key=settings.secret_key,
        )
        invited = people.contacts if people else ()
        if dry_run:
            tell_forecast(settings, database, begin, as_json)
            return
        with show_progress("Inviting", len(invited)) as tell:
            published = publish_to(database, begin, invited, find_now, tell)
        finish_inviting(database, settings, find_now)
        with database.reading() as session:
            outlook = find_outlook(session, published, settings.sending)
            left_out = {} if no_texts else count_left_out(session, published, settings.sending, find_now())
            report = {
                "round": published.id,
                "code": published.code,
                "open_url": f"{settings.public_url}/r/{published.code}" if open_link else None,
                "keyword": published.keyword,
                "invitations": count_round(session, published).invited,
                "left_out": left_out,
                **outlook.as_json(),
            }
    tell_warning(outlook)
    wake(settings)
    if as_json:
        click.echo(json.dumps(report))
        return
    click.echo(f"Published round {report['round']} ({report['code']}) with {report['invitations']} invitations.")
    click.echo(describe(outlook, outlook.queued.messages))
    tell_left_out(left_out, LEFT_OUT, "Not texted")
    if report["open_url"]:
        click.echo(f"Open link: {report['open_url']}")
    if report["keyword"]:
        click.echo(f"Text {report['keyword']} to {name_sender(settings.sms_from)} to answer.")


@round_.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """Show every round with its status and counts."""
    from surveyapp.services.rounds import list_rounds

    with open_service() as (_, database), database.reading() as session:
        reports = [_report(session, each) for each in list_rounds(session)]
    if as_json:
        click.echo(json.dumps({"rounds": reports}))
        return
    if not reports:
        click.echo("There are no rounds yet. Publish one with: surveyapp round publish DEFINITION --name NAME")
    for report in reports:
        click.echo(_line(report))


@round_.command("show")
@click.argument("reference", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True)
def show(reference: str, as_json: bool) -> None:
    """Show one round by code, id or name."""
    from surveyapp.services.rounds import find_round

    with open_service() as (_, database), database.reading() as session:
        report = _report(session, find_round(session, reference))
    click.echo(json.dumps(report) if as_json else _line(report))


@round_.command("close")
@click.argument("reference", metavar="ROUND")
def close(reference: str) -> None:
    """Close a round: no more answers."""
    from surveyapp.services.rounds import close_round, find_round

    with open_service() as (_, database), database.writing() as session:
        found = find_round(session, reference)
        close_round(session, found, actor=ACTOR, now=find_now())
    click.echo(f"{found.name} is closed.")


@round_.command("reopen")
@click.argument("reference", metavar="ROUND")
def reopen(reference: str) -> None:
    """Open a closed round again."""
    from surveyapp.services.rounds import find_round, reopen_round

    with open_service() as (_, database), database.writing() as session:
        found = find_round(session, reference)
        reopen_round(session, found, actor=ACTOR, now=find_now())
    click.echo(f"{found.name} is open.")


@round_.command("invite")
@click.argument("reference", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def invite(reference: str, as_json: bool) -> None:
    """Text everybody of a round who agreed to it and has not begun; nobody gets the first text twice."""
    from surveyapp.jobs import finish_inviting, wake
    from surveyapp.services.inviting import LEFT_OUT
    from surveyapp.services.outlook import find_outlook
    from surveyapp.services.rounds import find_round
    from surveyapp.services.texting_rounds import invite_by_text

    with open_service() as (settings, database):
        with database.writing() as session:
            found = find_round(session, reference)
            reach = invite_by_text(session, found, settings.sending, actor=ACTOR, now=find_now())
        reach += finish_inviting(database, settings, find_now)
        with database.reading() as session:
            outlook = find_outlook(session, found, settings.sending)
    tell_warning(outlook)
    wake(settings)
    if as_json:
        click.echo(json.dumps({"invited": reach.texts, "left_out": dict(reach.left_out), **outlook.as_json()}))
        return
    click.echo(describe(outlook, reach.texts))
    tell_left_out(reach.left_out, LEFT_OUT, "Not texted")


@round_.command("remind")
@click.argument("reference", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def remind(reference: str, as_json: bool) -> None:
    """Text everybody who was texted and has not finished: the open question again, at most twice in all."""
    from surveyapp.jobs import wake
    from surveyapp.services.not_reminded import NOT_REMINDED
    from surveyapp.services.outlook import find_outlook
    from surveyapp.services.rounds import find_round
    from surveyapp.services.texting_rounds import remind_by_text

    with open_service() as (settings, database), database.writing() as session:
        found = find_round(session, reference)
        reminded = remind_by_text(session, found, settings.sending, actor=ACTOR, now=find_now())
        outlook = find_outlook(session, found, settings.sending)
    tell_warning(outlook)
    wake(settings)
    if as_json:
        report = {"reminded": reminded.texts, "left_out": dict(reminded.left_out), **outlook.as_json()}
        click.echo(json.dumps(report))
        return
    click.echo(describe(outlook, reminded.texts))
    tell_left_out(reminded.left_out, NOT_REMINDED, "Not reminded")


@round_.command("mark")
@click.argument("reference", metavar="ROUND")
@click.option("--phone", help="Whose number this is.")
@click.option("--email", help="Whose address this is.")
@click.option(
    "--as",
    "mark",
    type=click.Choice(
        ["language", "illness", "death", "other", "duplicate", "not_a_stakeholder", "wrong_person", "none"]
    ),
    required=True,
    help="Why nobody can answer for them, or why they are not one of those meant; none takes the mark back.",
)
def mark(reference: str, phone: str | None, email: str | None, mark: str) -> None:
    """Mark somebody invited who cannot answer or is no stakeholder: no more texts, and the rates follow."""
    from surveyapp.errors import InvalidError
    from surveyapp.services.contact_cells import read_cell
    from surveyapp.services.marking import find_person, mark_case
    from surveyapp.services.rounds import find_round

    if (phone is None) == (email is None):
        raise click.UsageError("Say whom: --phone or --email, one of the two.")
    with open_service() as (_, database), database.writing() as session:
        found = find_round(session, reference)
        try:
            number, address = phone and read_cell("phone", phone, None), email and read_cell("email", email, None)
        except ValueError as fault:
            raise InvalidError(str(fault)) from None
        person = find_person(session, found, phone=number, email=address)
        mark_case(session, found, person, None if mark == "none" else mark, actor=ACTOR, now=find_now())
    click.echo("The mark was taken back." if mark == "none" else f"Marked: {mark}.")


@round_.command("links")
@click.argument("reference", metavar="ROUND")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="CSV to write; keep it safe.")
def links(reference: str, output: Path) -> None:
    """Write the personal links of a round, one row for each contact."""
    from exports.cells import guard
    from surveyapp.cli.writing import write_aside
    from surveyapp.services.audit import record_act
    from surveyapp.services.publishing import LINK_COLUMNS, build_links
    from surveyapp.services.rounds import find_round

    with open_service() as (settings, database), database.writing() as session, write_aside(output) as stream:
        found = find_round(session, reference)
        writer = csv.writer(stream)
        writer.writerow(LINK_COLUMNS)
        count = 0
        for row in build_links(session, found, secret_key=settings.secret_key, public_url=settings.public_url):
            writer.writerow([guard(row[name]) for name in LINK_COLUMNS])
            count += 1
        record_act(
            session,
            actor=ACTOR,
            action="round.links",
            now=find_now(),
            round_=found,
            detail={"links": count},
        )
    click.echo(f"{count} personal links are in {output}.")


def _split(param: str) -> tuple[str, str]:
    key, equals, value = param.partition("=")
    if not equals:
        raise click.BadParameter(f"{param!r} must look like KEY=VALUE.", param_hint="--param")
    return key.strip(), value


def _read_budget(text: str | None) -> int | None:
    from surveyapp.sending import read_money

    try:
        return None if text is None else read_money(text)
    except ValueError as fault:
        raise click.BadParameter(f"{fault}.", param_hint="--budget") from None


def _report(session: Session, found: Round) -> dict[str, object]:
    from surveyapp.services.rounds import count_round, find_status

    counts = count_round(session, found)
    return {
        "round": found.id,
        "code": found.code,
        "name": found.name,
        "definition": found.definition_id,
        "version": found.definition_version,
        "status": find_status(found, find_now()),
        "invited": counts.invited,
        "finished": counts.finished,
        "in_progress": counts.in_progress,
        "declined": counts.declined,
        "stopped": counts.stopped,
        "by_channel": counts.by_channel,
        "marked": counts.marked,
    }


def _line(report: dict[str, object]) -> str:
    return (
        f"{report['round']}  {report['code']}  {report['status']:9}  {report['name']}  "
        f"({report['definition']} {report['version']}): "
        f"{report['finished']} complete, {report['in_progress']} in progress, {report['invited']} invited"
    )
