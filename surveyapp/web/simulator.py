"""The door of the simulated phone: a conversation on one page, held by the very same verb as a real one."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from forms.sms.segments import GSM_7, Segments
from surveyapp.errors import SurveyAppError
from surveyapp.gateways import find_gateway
from surveyapp.gateways.simulator import Simulator, is_fictional, read_fictional
from surveyapp.runtime import now, reading, settings, writing
from surveyapp.services import texting
from surveyapp.services.rehearsal import find_unused, list_entries, read_conversation
from surveyapp.web.access import ANYONE, access

blueprint = Blueprint("simulator", __name__)

PHONE = "simulated_phone"
WORDS = ("HELP", "BACK", "SKIP", "WEB", "STOP", "START")


@blueprint.get("/sms/simulator")
@access(ANYONE)
def show_phone() -> ResponseReturnValue:
    """Show the phone with its conversation so far. The number stays in the browser's session: addresses hold none."""
    find_gateway(Simulator.name, settings())
    phone = _find_phone()
    if phone is None:
        with reading() as database:
            session[PHONE] = phone = find_unused(database)
    return _draw(phone)


@blueprint.post("/sms/simulator")
@access(ANYONE)
def use_phone() -> ResponseReturnValue:
    """Send a text, or take another number."""
    gateway = find_gateway(Simulator.name, settings())
    if "number" in request.form:
        return _take_number(request.form["number"])
    phone = _find_phone()
    body = request.form.get("word") or request.form.get("body", "")
    if phone is None or not body.strip():
        return redirect(url_for(".show_phone"), 303)
    try:
        inbound = gateway.read_inbound({"From": phone, "Body": body, "MessageSid": request.form.get("message_id", "")})
    except SurveyAppError as error:
        return _draw(phone, fault=error.message, body=body), error.status
    with writing() as database:
        texting.receive(
            database, inbound, secret_key=settings().secret_key, public_url=settings().public_url, now=now()
        )
    return redirect(url_for(".show_phone", _anchor="message"), 303)


def _find_phone() -> str | None:
    phone = session.get(PHONE)
    return phone if isinstance(phone, str) and is_fictional(phone) else None


def _take_number(wish: str) -> ResponseReturnValue:
    """Take the number that was typed; `new` gives any that nobody has used yet."""
    try:
        with reading() as database:
            session[PHONE] = find_unused(database) if wish == "new" else read_fictional(wish)
    except SurveyAppError as error:
        return _draw(_find_phone(), number_fault=error.message, number=wish), 422
    return redirect(url_for(".show_phone"), 303)


def _draw(phone: str | None, **extra: str) -> str:
    with reading() as database:
        bubbles = read_conversation(database, phone) if phone else ()
        entries = list_entries(database, now())
    return render_template(
        "simulator/phone.html",
        phone=phone,
        bubbles=bubbles,
        entries=entries,
        our_number=settings().sms_from,
        words=WORDS,
        describe_cost=_describe_cost,
        message_id=secrets.token_hex(16),
        **extra,
    )


def _describe_cost(segments: Segments) -> str:
    """Say what a message costs, and what makes it dear."""
    count = "1 segment" if segments.segments == 1 else f"{segments.segments} segments"
    cost = f"{count}, {segments.units} {'characters' if segments.encoding == GSM_7 else 'Unicode units'}"
    return f"{cost} because of “{segments.forced_by}”" if segments.forced_by else cost
