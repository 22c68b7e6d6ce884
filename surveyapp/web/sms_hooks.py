"""The door for gateways: check who speaks, read the text, let the conversation answer, reply after the commit."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from surveyapp.delivering import wait_for_landing
from surveyapp.errors import RefusedError, SurveyAppError
from surveyapp.gateways import find_gateway
from surveyapp.gateways.base import Gateway
from surveyapp.runtime import now, runtime, settings, writing_together
from surveyapp.services import texting
from surveyapp.services.fates import record_status
from surveyapp.web.access import GATEWAY, access

LOG = logging.getLogger("surveyapp.texting")
blueprint = Blueprint("sms_hooks", __name__)


@blueprint.post("/sms/<name>/inbound")
@access(GATEWAY)
def receive_text(name: str) -> ResponseReturnValue:
    """Take in one text from the configured gateway and answer it; nothing is stored unless it is really its own."""
    try:
        gateway, fields = _read_call(name)
        inbound = gateway.read_inbound(fields)
    except SurveyAppError as error:
        return _refuse(error)
    if not settings().sending.permits(inbound.phone) and not texting.is_stop(inbound):
        # Whoever makes us text to expensive numbers earns by it. A STOP counts, for the day on which they are allowed.
        LOG.info("a text from a country that may not be texted was not answered")
        return Response(gateway.render(None), content_type=gateway.content_type)
    with writing_together() as session:
        received = texting.receive(
            session, inbound, secret_key=settings().secret_key, public_url=settings().public_url, now=now()
        )
    if texting.is_stop(inbound):
        wait_for_landing(runtime().database, inbound.phone)
    return Response(received.response, content_type=gateway.content_type)


@blueprint.post("/sms/<name>/status")
@access(GATEWAY)
def receive_status(name: str) -> ResponseReturnValue:
    """Take in what became of a text that we sent; its address carries our own id of it."""
    try:
        gateway, fields = _read_call(name)
        fate = gateway.read_status(fields, request.args.get("message", ""))
    except SurveyAppError as error:
        return _refuse(error)
    with writing_together() as session:
        # About nothing of ours too: the carrier has done its part, and would only ask again.
        record_status(session, gateway.name, fate, now())
    return Response(status=204)


webhooks = (receive_text, receive_status)
"""Signed by the gateway, so free of our own CSRF token."""


def _read_call(name: str) -> tuple[Gateway, Mapping[str, str]]:
    """Give the configured gateway and what it brought, once its signature is proved."""
    gateway = find_gateway(name, settings())
    body = request.get_data()  # before the form is read, which would leave nothing of it
    if not gateway.verify(_find_public_url(), request.form, dict(request.headers), body):
        raise RefusedError("The signature is missing or wrong.")
    return gateway, gateway.unpack(body, request.form)


def _refuse(error: SurveyAppError) -> Response:
    # A program reads this: one plain line instead of a page.
    return Response(f"{error.message}\n", error.status, content_type="text/plain; charset=utf-8")


def _find_public_url() -> str:
    """Give the address that the gateway called: what is configured, not what a proxy passed on."""
    query = request.query_string.decode("latin-1")
    return f"{settings().public_url}{request.path}" + (f"?{query}" if query else "")
