"""The console's home and the life of a round: where it stands, close it, open it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from forms.text import normalise
from surveyapp.models import Round
from surveyapp.runtime import now, reading, settings, writing
from surveyapp.services.definitions import find_definition
from surveyapp.services.groups import find_group_labels
from surveyapp.services.inviting import LEFT_OUT, count_left_out
from surveyapp.services.marking import SHORT_WORDS
from surveyapp.services.messages import MOST_COUNTED
from surveyapp.services.outlook import describe, find_outlook, list_left_out, warn
from surveyapp.services.overview import count_channels, count_days, list_overview
from surveyapp.services.rounds import close_round, count_round, reopen_round
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import COORDINATING, find_own_round, label_group, show_round
from surveyapp.web.console_forms import CloseForm
from surveyapp.web.login import find_staff

blueprint = Blueprint("rounds", __name__, url_prefix="/console")
ORDER = ("open", "scheduled", "closed")
STATES = (("finished", "Complete"), ("started", "In progress"), ("declined", "Declined"), ("stopped", "Stopped"))
ALWAYS = ("finished", "started")
"""States that have their column even where nobody is in them."""


@blueprint.get("", strict_slashes=False)
@access(*STAFF)
def home() -> ResponseReturnValue:
    """Show the rounds by status, with their counts."""
    search = normalise(request.args.get("q", ""))[:100]
    with reading() as session:
        lines = list_overview(session, partnership_id=find_staff().partnership_id, search=search, now=now())
    by_status = {status: [line for line in lines if line.status == status] for status in ORDER}
    return render_template("console/home.html", by_status=by_status, found=len(lines), search=search)


@blueprint.get("/rounds/<reference>")
@access(*STAFF)
def show_summary(reference: str) -> ResponseReturnValue:
    """Show where a round stands: counts, channels, response by group, the last answer."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        labels = find_group_labels(find_definition(session, round_.code))
        counts, channels = count_round(session, round_), count_channels(session, round_)
        groups = [(line, label_group(labels, line.group)) for line in counts.by_group]
        return show_round(
            session,
            round_,
            "summary.html",
            counts=counts,
            channels=channels,
            shown_states=[pair for pair in STATES if pair[0] in ALWAYS or any(pair[0] in c for c in channels.values())],
            groups=groups,
            mark_words=SHORT_WORDS,
            published="published" in request.args,
            days=_draw_days(count_days(session, round_)),
            texted=_tell_texts(session, round_) if "published" in request.args else (),
        )


def _draw_days(counts: Mapping[date, int]) -> tuple[Markup, Markup] | None:
    """Give the chart of answers by day with its table, or nothing where nobody has finished."""
    from exports.charts.days import draw_days, make_stretches, tabulate_days
    from exports.charts.tables import render_table

    stretches = make_stretches(counts)
    if not stretches:
        return None
    by = "week" if stretches[0].days > 1 else "day"
    most = max(stretches, key=lambda one: one.count)
    said = f"Complete answers by {by}, most of them on {most.label}: {most.count:,}."
    svg = draw_days(stretches, title=f"Complete answers by {by}", description=said)
    table = render_table(tabulate_days(stretches, f"Complete answers by {by}"), "days")
    return Markup(svg), table  # noqa: S704  # the template has escaped everything


@blueprint.get("/rounds/<reference>/settings")
@access(*COORDINATING)
def show_settings(reference: str) -> ResponseReturnValue:
    """Show how a round is set up, and the way to close or reopen it."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        return show_round(session, round_, "settings.html", form=CloseForm(formdata=None), fault="")


@blueprint.post("/rounds/<reference>/close")
@access(*COORDINATING)
def close(reference: str) -> ResponseReturnValue:
    """Close a round, once its name was typed: nothing can be answered after that."""
    form = CloseForm()
    with writing() as session:
        round_ = find_own_round(session, reference)
        if _is_named(round_, form.name.data or ""):
            close_round(session, round_, actor=find_staff().email, now=now())
            return redirect(url_for("rounds.show_summary", reference=round_.id), 303)
        fault = f"Type the name of the round, {round_.name}, to close it."
        return show_round(session, round_, "settings.html", form=form, fault=fault), 422


@blueprint.post("/rounds/<reference>/reopen")
@access(*COORDINATING)
def reopen(reference: str) -> ResponseReturnValue:
    """Open a closed round again."""
    with writing() as session:
        round_ = find_own_round(session, reference)
        reopen_round(session, round_, actor=find_staff().email, now=now())
        return redirect(url_for("rounds.show_summary", reference=round_.id), 303)


def _tell_texts(session: Session, round_: Round) -> tuple[str, ...]:
    """Say whom publishing texted, and whom it did not and why; nothing where nobody was invited or to be texted."""
    sending, most = settings().sending, MOST_COUNTED
    outlook = find_outlook(session, round_, sending, most=most)
    if not outlook.queued.messages and not outlook.sent.messages:
        return ()
    left_out = count_left_out(session, round_, sending, now(), most)
    unfinished = ("The first texts are still being written.",) if round_.inviting_from is not None else ()
    warning = (warn(outlook),) if warn(outlook) else ()
    return (describe(outlook), *warning, *unfinished, *list_left_out(left_out, LEFT_OUT, "Not texted", most))


def _is_named(round_: Round, typed: str) -> bool:
    return " ".join(typed.split()).casefold() == " ".join(round_.name.split()).casefold()
