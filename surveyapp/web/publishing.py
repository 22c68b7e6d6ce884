"""A new round in one sitting: choose an instrument, fill in one page, review it, publish."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms.checks import check_definition
from forms.checks.reports import build_reports
from forms.checks.reports.channel_fit import BOUNDS
from forms.checks.reports.succession import find_refusals_after
from forms.checks.reports.summary import list_comparability, list_exportability, list_reachability
from forms.definition import Definition
from surveyapp.errors import ConflictError, InvalidError
from surveyapp.jobs import wake
from surveyapp.publishing import publish
from surveyapp.runtime import now, reading, runtime, settings
from surveyapp.sending import name_sender, show_money
from surveyapp.services.audit import find_act
from surveyapp.services.forecasting import describe_forecast, forecast_texts, warn_of_budget
from surveyapp.services.groups import find_group_labels, read_group
from surveyapp.services.instruments import find_instrument, list_instruments
from surveyapp.services.inviting import LEFT_OUT
from surveyapp.services.overview import list_partnerships
from surveyapp.services.preparing import is_in_preparation
from surveyapp.services.publishing import Wishes, begin_round, choose_confidentiality, names_peers
from surveyapp.services.rounds import list_rounds
from surveyapp.services.succession import find_published
from surveyapp.services.tokens import make_nonce
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, admit_large_forms, find_own_round, label_group
from surveyapp.web.login import find_staff
from surveyapp.web.offering import group_instruments
from surveyapp.web.previews import PREFIX
from surveyapp.web.round_form import (
    PROMISES,
    FormFault,
    RoundForm,
    build_round_form,
    find_faults,
    list_faults,
    place_fault,
    read_entries,
    read_list,
    read_wishes,
)

blueprint = Blueprint("publishing", __name__, url_prefix="/console")
LARGEST_LIST = 24 * 1024 * 1024
"""Bytes of one request with a contact list: a hundred thousand people with long names."""
LONGEST_WAIT, LOOKS_EVERY = 60.0, 0.25
"""Seconds for which a click waits for its twin, and between two looks."""
ROWS_SHOWN = 5
FAULTS_SHOWN = 50


@blueprint.url_value_preprocessor
def admit_contact_lists(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let coordinators send a whole contact list; for everybody else the small limit of the service stays."""
    admit_large_forms(LARGEST_LIST)


@blueprint.get("/rounds/new")
@access(*COORDINATING)
def choose() -> ResponseReturnValue:
    """Offer the instruments."""
    shelf = list_instruments(settings().definitions_dir)
    return render_template("console/choose.html", groups=group_instruments(shelf.usable), broken=shelf.broken)


@blueprint.get("/rounds/new/<instrument>")
@access(*COORDINATING)
def show_form(instrument: str) -> ResponseReturnValue:
    """Show the empty form of a new round of this instrument."""
    definition = find_instrument(settings().definitions_dir, instrument)
    with reading() as session:
        form = build_round_form(definition)(
            formdata=None,
            key=make_nonce(),
            timezone=_find_timezone(session),
            confidentiality=choose_confidentiality(definition),
        )
        return _show_form(session, definition, form)


@blueprint.post("/rounds/new/<instrument>")
@access(*COORDINATING)
def submit(instrument: str) -> ResponseReturnValue:
    """Review, change or publish: what was typed travels along, and a second click publishes nothing twice."""
    definition = find_instrument(settings().definitions_dir, instrument)
    form = build_round_form(definition)()
    action = request.form.get("action", "review")
    with reading() as session:
        if published := _find_published(session, form):
            return redirect(published, 303)
        lists = read_list(form, definition), read_entries(form, definition)
        wishes = read_wishes(form, _find_own_partnership(session), *lists)
        if action == "change":
            return _show_form(session, definition, form)
        if faults := find_faults(form, wishes, definition, now()):
            return _show_form(session, definition, form, faults, wishes), 422
        if action != "publish":
            before = find_published(session, wishes.partnership, definition.id)
            return _show_review(session, instrument, definition, form, wishes, before)
    return _publish(definition, form, wishes)


def _publish(definition: Definition, form: RoundForm, wishes: Wishes) -> ResponseReturnValue:
    try:
        begin = partial(
            begin_round,
            definition=definition.source,
            name=wishes.name,
            partnership=wishes.partnership,
            parameters=wishes.parameters,
            contacts=wishes.contacts,
            roster=wishes.roster,
            open_link=wishes.open_link,
            keyword=wishes.keyword,
            confidentiality=wishes.confidentiality,
            opens_at=wishes.opens_at,
            closes_at=wishes.closes_at,
            timezone=wishes.timezone,
            budget_micros=wishes.budget_micros,
            sending=settings().sending if form.text_now.data else None,
            actor=find_staff().email,
            secret_key=settings().secret_key,
            key=_act_key(form),
        )
        people = wishes.contacts.contacts if wishes.contacts else ()
        round_ = publish(runtime().database, begin, people, now)
        published = url_for("rounds.show_summary", reference=round_.id, published=1)
    except (ConflictError, InvalidError, IntegrityError) as error:
        _await_twin(wishes.name)
        return _answer_refusal(definition, form, error)
    wake(settings())
    return redirect(published, 303)


def _await_twin(name: str) -> None:
    """Wait for the twin of this click, which may be publishing to a long list: its round is the answer to both."""
    for _ in range(int(LONGEST_WAIT / LOOKS_EVERY)):
        with reading() as session:
            if not is_in_preparation(session, name, now()):
                return
        time.sleep(LOOKS_EVERY)


def _answer_refusal(
    definition: Definition, form: RoundForm, error: ConflictError | InvalidError | IntegrityError
) -> ResponseReturnValue:
    with reading() as session:
        # The twin of this click may have been faster: then its round is the answer.
        if published := _find_published(session, form):
            return redirect(published, 303)
        if isinstance(error, IntegrityError):
            raise error
        faults = [place_fault(sentence) for sentence in (error.faults or (error.message,))]
        return _show_form(session, definition, form, faults), error.status


def _show_form(
    session: Session,
    definition: Definition,
    form: RoundForm,
    faults: list[FormFault] | None = None,
    wishes: Wishes | None = None,
) -> str:
    own = find_staff().partnership_id
    rows = list_faults(wishes.contacts if wishes else None)
    return render_template(
        "console/new.html",
        definition=definition,
        form=form,
        faults=faults or (),
        wrong={fault.field: fault.sentence for fault in faults or ()},
        row_faults=rows[:FAULTS_SHOWN],
        more_faults=max(len(rows) - FAULTS_SHOWN, 0),
        own=_find_own_partnership(session) if own is not None else None,
        partnerships=list_partnerships(session, own),
        timezones=sorted(available_timezones()),
        promises=PROMISES,
        only_named=names_peers(definition),
    )


def _show_review(
    session: Session,
    instrument: str,
    definition: Definition,
    form: RoundForm,
    wishes: Wishes,
    published: Sequence[Definition],
) -> str:
    labels = find_group_labels(definition)
    people = wishes.contacts.contacts if wishes.contacts else ()
    earlier = published[0] if published else None
    roster = wishes.roster.entries if wishes.roster else ()
    reports = build_reports(definition, earlier=earlier, parameters=wishes.parameters, roster=roster)
    typical = {cost.language: cost.typical for cost in reports.channel_fit.interviews}
    forecast = forecast_texts(session, definition, wishes, settings().sending, now(), typical)
    groups = Counter(label_group(labels, read_group(definition, contact.group)[0]) for contact in people)
    return render_template(
        "console/review.html",
        definition=definition,
        form=form,
        wishes=wishes,
        people=people[:ROWS_SHOWN],
        invited=len(people),
        phones=sum(contact.phone is not None for contact in people),
        emails=sum(contact.email is not None for contact in people),
        groups=groups.most_common(),
        columns=[column for column in (wishes.contacts.columns if wishes.contacts else ()) if column],
        findings=check_definition(definition),
        reports=reports,
        compared=tuple(list_comparability(reports.comparability)) if reports.comparability else (),
        refusals=find_refusals_after(definition, published),
        bounds=BOUNDS,
        forecast=describe_forecast(forecast, settings().sending),
        budget_warning=warn_of_budget(forecast, wishes.budget_micros),
        left_out=[(count, LEFT_OUT[reason]) for reason, count in forecast.first.left_out.items()],
        money=show_money,
        sentences=(*list_reachability(reports.reachability), *list_exportability(reports.exportability)),
        previews={"instrument": instrument, **{f"{PREFIX}{name}": said for name, said in wishes.parameters.items()}},
        sms_number=name_sender(settings().sms_from),
        promise=PROMISES.get(wishes.confidentiality, ""),
    )


def _find_own_partnership(session: Session) -> str | None:
    own = find_staff().partnership_id
    return list_partnerships(session, own)[0].name if own is not None else None


def _find_timezone(session: Session) -> str:
    """The zone of the newest round is most likely the zone of the next."""
    rounds = list_rounds(session, partnership_id=find_staff().partnership_id)
    return rounds[0].timezone if rounds else "UTC"


def _act_key(form: RoundForm) -> str:
    return f"publish:{find_staff().id}:{(form.key.data or make_nonce())[:40]}"


def _find_published(session: Session, form: RoundForm) -> str | None:
    act = find_act(session, _act_key(form)) if form.key.data else None
    if act is None or act.round_id is None:
        return None
    round_ = find_own_round(session, str(act.round_id))
    return url_for("rounds.show_summary", reference=round_.id, published=1)
