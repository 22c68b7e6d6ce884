"""What the commands say of texts: what is queued or would be, who is left out and why, whether the budget does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from surveyapp.cli.opening import find_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from surveyapp.config import Settings
    from surveyapp.database import Database
    from surveyapp.services.outlook import Outlook
    from surveyapp.services.publishing import Draft


def describe(outlook: Outlook, new: int) -> str:
    """Say what is queued: texts, segments, cost, and how long the gateway takes."""
    from surveyapp.services import outlook as words

    return f"{words.count(new, 'new text')}. {words.describe(outlook)}"


def tell_forecast(settings: Settings, database: Database, begin: Callable[..., Draft], as_json: bool) -> None:
    """Say what publishing would do, with every fault."""
    from forms.checks.reports import build_reports
    from surveyapp.publishing import judge
    from surveyapp.services.forecasting import describe_forecast, forecast_texts, warn_of_budget
    from surveyapp.services.inviting import LEFT_OUT

    draft = judge(database, begin, find_now)
    wishes, sending = draft.wishes, settings.sending
    roster = wishes.roster.entries if wishes.roster else ()
    reports = build_reports(draft.definition, parameters=wishes.parameters, roster=roster)
    typical = {cost.language: cost.typical for cost in reports.channel_fit.interviews}
    with database.reading() as session:
        forecast = forecast_texts(session, draft.definition, wishes, sending, find_now(), typical)
    invitations = len(wishes.contacts.contacts) if wishes.contacts else 0
    if warning := warn_of_budget(forecast, wishes.budget_micros):
        click.echo(f"Warning: {warning}", err=True)
    if as_json:
        click.echo(json.dumps({"round": None, "invitations": invitations, **forecast.as_json()}))
        return
    click.echo(f"Nothing is stored. {wishes.name!r} can be published, with {invitations:,} invitations.")
    click.echo(describe_forecast(forecast, sending))
    tell_left_out(forecast.first.left_out, LEFT_OUT, "Not texted")


def tell_warning(outlook: Outlook) -> None:
    """Say on the error stream, before anything goes, that the budget does not do for what is queued."""
    from surveyapp.services.outlook import warn

    if warning := warn(outlook):
        click.echo(f"Warning: {warning}", err=True)


def tell_left_out(counts: Mapping[str, int], words: Mapping[str, str], begin: str) -> None:
    """Say who is left out, and why."""
    from surveyapp.services.outlook import list_left_out

    for sentence in list_left_out(counts, words, begin):
        click.echo(sentence)
