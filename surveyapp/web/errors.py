"""One place that turns what went wrong into a page: calm words, the right status, no details of ours."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from exports.errors import ExportError
from surveyapp.errors import SurveyAppError

SENTENCES = {
    400: ("This request cannot be used", "Something in it was not as expected. Go back and try again."),
    401: ("Log in first", "This page is for staff of the partnership."),
    403: ("Not allowed", "Your account may not do this."),
    404: (
        "Page not found",
        "There is nothing at this address. If you typed it, check it; if you followed a link, it may be incomplete.",
    ),
    405: ("Not possible here", "This address cannot be used in this way. Go back and try again."),
    413: ("Too much at once", "What you sent is larger than this page can take. Send less and try again."),
    500: (
        "Something went wrong here",
        "It is our fault, not yours. Nothing that was confirmed is lost. Wait a minute and try again.",
    ),
}
STALE_FORM = (
    "Please send this once more",
    "For your safety this form can only be sent from a fresh page, and this one was too old.",
)
NEVER_AGAIN = frozenset({"csrf_token", "password", "new_password", "old_password"})
"""Fields that are never written back into a page."""


def install(app: Flask) -> None:
    """Answer every error of the app with a page, or with JSON where a program asks."""
    app.register_error_handler(SurveyAppError, show_refusal)
    app.register_error_handler(ExportError, show_unwritable)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(HTTPException, show_http_error)


def show_refusal(error: SurveyAppError) -> ResponseReturnValue:
    """Say what the caller did wrong, with every fault."""
    title = SENTENCES.get(error.status, ("", ""))[0] or HTTPStatus(error.status).phrase
    return show_error(error.status, title, error.message, error.faults)


def show_unwritable(error: ExportError) -> ResponseReturnValue:
    """Say why a file cannot be made of a round, and what to do."""
    return show_error(HTTPStatus.CONFLICT, "This file cannot be made", str(error))


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Give an error of routing, of the request's form, or of our own its page."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    status = 500 if isinstance(error, InternalServerError) else error.code
    title, sentence = SENTENCES.get(status, (HTTPStatus(status).phrase, SENTENCES[400][1]))
    page, code = show_error(status, title, sentence)
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return page, code, headers


def show_stale_form(error: CSRFError) -> ResponseReturnValue:
    """Say that the form must be sent again, and keep what was typed in it.

    It is offered for sending only where the browser says that our own page sent it: a foreign page must not be able
    to put a ready-made form in front of somebody. (Its `Origin` header says nothing, since we send no referrer.)
    """
    fields: list[tuple[str, str]] = []
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and not request.files:
        fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NEVER_AGAIN]
    return show_error(400, *STALE_FORM, (), fields)


def show_error(
    status: int,
    title: str,
    sentence: str,
    faults: tuple[str, ...] = (),
    fields: list[tuple[str, str]] | None = None,
) -> tuple[str | dict[str, Any], int]:
    """Draw one error as a page, or as JSON under `/api/`."""
    if request.path.startswith("/api/"):
        return {"error": sentence, "faults": list(faults)}, status
    page = render_template("errors/page.html", title=title, sentence=sentence, faults=faults, fields=fields)
    return page, status
