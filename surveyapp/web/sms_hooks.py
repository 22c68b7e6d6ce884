"""The door for gateways: check who speaks, read the text, let the conversation answer, reply after the commit."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from surveyapp.errors import RefusedError, SurveyAppError
from surveyapp.gateways import find_gateway
from surveyapp.runtime import now, settings, writing_together
from surveyapp.services import texting
from surveyapp.web.access import GATEWAY, access

blueprint = Blueprint("sms_hooks", __name__)


@blueprint.post("/sms/<name>/inbound")
@access(GATEWAY)
def receive_text(name: str) -> ResponseReturnValue:
    """Take in one text from the configured gateway and answer it; nothing is stored unless it is really its own."""
    try:
        gateway = find_gateway(name, settings())
        if not gateway.verify(_find_public_url(), request.form, dict(request.headers)):
            raise RefusedError("The signature is missing or wrong.")
        inbound = gateway.read_inbound(request.form)
    except SurveyAppError as error:
        # A program reads this: one plain line instead of a page.
        return Response(f"{error.message}\n", error.status, content_type="text/plain; charset=utf-8")
    with writing_together() as session:
        received = texting.receive(
            session, inbound, secret_key=settings().secret_key, public_url=settings().public_url, now=now()
        )
    return Response(received.response, content_type=gateway.content_type)


webhooks = receive_text
"""Signed by the gateway, so free of our own CSRF token."""


def _find_public_url() -> str:
    """Give the address that the gateway called: what is configured, not what a proxy passed on."""
    query = request.query_string.decode("latin-1")
    return f"{settings().public_url}{request.path}" + (f"?{query}" if query else "")
