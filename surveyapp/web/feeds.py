"""The door for programs: read-only feeds of a partnership's rounds, opened by a token in the header."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from surveyapp.errors import InvalidError, NotFoundError, SurveyAppError
from surveyapp.models import FeedToken, Round
from surveyapp.runtime import now, reading, runtime, settings, writing
from surveyapp.services.definitions import find_definition
from surveyapp.services.exporting import build_study
from surveyapp.services.feeds import counts, find_token, is_noted, name_state, note_use
from surveyapp.services.logins import count_guess, find_guesser_wait
from surveyapp.services.rounds import find_round, find_status, list_rounds
from surveyapp.showing import read_earlier, read_results, tell_results
from surveyapp.web.access import ANYONE, PROGRAM, access
from surveyapp.web.openapi import build_description

blueprint = Blueprint("feeds", __name__, url_prefix="/api/v1")
CHALLENGE = 'Bearer realm="surveyapp", Basic realm="surveyapp", charset="UTF-8"'
PIECE = 256 * 1024
WISHES = {"shown": "shown", "lang": "language", "answers": "included", "multiple": "multiple"}
"""What the address may say of the table -> the field of `exports.options.Options`."""


class UnknownTokenError(SurveyAppError):
    """No token, or one that does not count."""

    status = 401


class TooManyGuessesError(SurveyAppError):
    """Too many unknown tokens came from this address."""

    status = 429


def by_token(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Let a view see only the partnership of the token that the request shows, as `g.feed_token`."""

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        g.feed_token = _find_token()
        return view(**arguments)

    return guarded


@blueprint.get("/openapi.json")
@access(ANYONE)
def describe() -> ResponseReturnValue:
    """Say what there is, as OpenAPI 3.1; it holds nothing of anybody's data."""
    return build_description(settings().public_url), {"Cache-Control": "public, max-age=300"}


@blueprint.get("/rounds")
@access(PROGRAM)
@by_token
def list_own() -> ResponseReturnValue:
    """List the rounds that the token may read, newest first, with the addresses of their feeds."""
    at, base = now(), f"{settings().public_url}/api/v1/rounds"
    with reading() as session:
        own = list_rounds(session, partnership_id=g.feed_token.partnership_id)
        parts = {one.id: [part.id for part in find_definition(session, one.code).repeats] for one in own}
        rounds = [
            {
                "id": one.id,
                "code": one.code,
                "name": one.name,
                "status": find_status(one, at),
                "definition": one.definition_id,
                "definition_version": one.definition_version,
                "sample_data": one.sample_data,
                "responses": f"{base}/{one.id}/responses.csv",
                "rows": {part: f"{base}/{one.id}/rows/{part}.csv" for part in parts[one.id]},
                "scorecard": f"{base}/{one.id}/scorecard.csv",
            }
            for one in own
        ]
    return {"rounds": rounds}


@blueprint.get("/rounds/<reference>/responses.csv")
@access(PROGRAM)
@by_token
def give_responses(reference: str) -> ResponseReturnValue:
    """Give the responses of a round, one a line."""
    return _give_table(reference, "")


@blueprint.get("/rounds/<reference>/rows/<section>.csv")
@access(PROGRAM)
@by_token
def give_rows(reference: str, section: str) -> ResponseReturnValue:
    """Give the rows of a repeated section, keyed by `response_id` and `row`."""
    with reading() as session:
        definition = find_definition(session, _find_round(session, reference).code)
    if section not in {part.id for part in definition.repeats}:
        raise NotFoundError(f"This round has no repeated section {section[:40]!r}.")
    return _give_table(reference, section)


@blueprint.get("/rounds/<reference>/scorecard.csv")
@access(PROGRAM)
@by_token
def give_scorecard(reference: str) -> ResponseReturnValue:
    """Give the scorecard of a round as it may be told."""
    from exports.scorecards.formats import FORMATS

    at, database = now(), runtime().database
    with reading() as session:
        round_ = _find_round(session, reference)
    file = FORMATS["csv"].write(read_results(database, round_.id, at), read_earlier(database, round_.id, at))
    data = file.encode() if isinstance(file, str) else file
    _note(round_, "scorecard")

    def write(stream: BinaryIO) -> None:
        stream.write(data)

    return _answer(hashlib.sha256(data).hexdigest()[:32], FORMATS["csv"].media_type, write)


def _give_table(reference: str, section: str) -> ResponseReturnValue:
    from exports.formats import FORMATS
    from exports.options import Options
    from surveyapp.keeping import Shelf

    token: FeedToken = g.feed_token
    chosen: dict[str, Any] = {field: request.args[name] for name, field in WISHES.items() if name in request.args}
    try:
        options = Options(**chosen, level=token.level, section=section)
    except ValueError as error:
        raise InvalidError(f"{error}.") from None
    at, database = now(), runtime().database
    with reading() as session:
        round_ = _find_round(session, reference)
        state = name_state(session, round_, at, token.level, section, *(f"{k}={v}" for k, v in sorted(chosen.items())))
    _note(round_, "responses")

    def write(stream: BinaryIO) -> None:
        with database.snapshot() as session:
            found = session.get_one(Round, round_.id)

            def make(into: BinaryIO) -> None:
                study = tell_results(database, build_study(session, found, at), found.id, at)
                FORMATS["csv"].write(study, into, options)

            shelf = Shelf(runtime().settings.kept_dir)
            shelf.write(session, found, "csv", options, stream, at, make)

    return _answer(state, FORMATS["csv"].media_type, write)


def _answer(state: str, media_type: str, write: Callable[[BinaryIO], None]) -> Response:
    """Give a file whole or not at all: it is written aside, then sent piece by piece. Nothing where it is known."""
    headers = {"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Authorization"}
    answer = Response(mimetype=media_type, headers=headers)
    answer.set_etag(state, weak=True)  # pressed and plain are one state
    if request.if_none_match.contains_weak(state):
        answer.status_code = 304
        return answer
    if request.method == "HEAD":
        return answer
    pressed = bool(request.accept_encodings["gzip"])
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed by whoever sends it, or below
    try:
        if pressed:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as squeezed:
                write(cast(BinaryIO, squeezed))
            answer.headers["Content-Encoding"] = "gzip"
        else:
            write(file)
        answer.headers["Content-Length"] = str(file.tell())
        file.seek(0)
    except BaseException:
        file.close()
        raise
    answer.response = _read_pieces(file)
    answer.call_on_close(file.close)
    return answer


def _read_pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _find_round(session: Any, reference: str) -> Round:
    return find_round(session, reference, partnership_id=g.feed_token.partnership_id)


def _note(round_: Round, what: str) -> None:
    token, at = g.feed_token, now()
    with reading() as session:
        noted = is_noted(session, token.id, round_, what, at)
    if not noted:
        with writing() as session:
            note_use(session, token.id, round_, what, at)


def _find_token() -> FeedToken:
    """Give the token that the header shows, by `Bearer` or as the password of `Basic`; an address never holds one."""
    shown, at = request.authorization, now()
    secret = (shown.token or shown.password or "") if shown is not None else ""
    origin = {"address": request.remote_addr or "", "secret_key": settings().secret_key}
    with reading() as session:
        wait = find_guesser_wait(session, **origin, now=at)
        token = find_token(session, secret) if secret and not wait else None
        is_good = token is not None and counts(session, token)
    if wait:
        raise TooManyGuessesError("Too many unknown tokens came from this address. Try again later.")
    if token is None and secret:
        with writing() as session:
            count_guess(session, **origin, now=at)
    if token is None or not is_good:
        raise UnknownTokenError("Show a token that counts: Authorization: Bearer …, or Basic with it as the password.")
    return token


@blueprint.errorhandler(UnknownTokenError)
def ask_for_token(error: UnknownTokenError) -> ResponseReturnValue:
    """Say how a token is shown."""
    return {"error": error.message, "faults": []}, 401, {"WWW-Authenticate": CHALLENGE}


@blueprint.errorhandler(TooManyGuessesError)
def ask_for_patience(error: TooManyGuessesError) -> ResponseReturnValue:
    """Say when to come again, at the latest."""
    return {"error": error.message, "faults": []}, 429, {"Retry-After": "900"}
