"""Results of a round: the scorecard on the page, and the files to take away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from surveyapp.models import Round
from surveyapp.runtime import now, reading
from surveyapp.services.definitions import find_definition
from surveyapp.services.exporting import build_study
from surveyapp.services.groups import make_slug
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import find_own_round, show_round

blueprint = Blueprint("results", __name__, url_prefix="/console")
IN_MEMORY = 4 * 1024 * 1024
PIECE = 256 * 1024


@blueprint.get("/rounds/<reference>/results")
@access(*STAFF)
def show(reference: str) -> ResponseReturnValue:
    """Show the scorecard, and offer the files."""
    from exports.scorecards.formats import scorecard_fragment
    from exports.scorecards.results import build_results

    with reading() as session:
        round_ = find_own_round(session, reference)
        results = build_results(build_study(session, round_, now()))
        return show_round(session, round_, "results.html", scorecard=scorecard_fragment(results))


@blueprint.get("/scorecard.css")
@access(*STAFF)
def show_style() -> ResponseReturnValue:
    """Give the scorecard its style; it lies with the study, so that pages and files look alike."""
    from exports.scorecards.formats import scorecard_css

    return Response(scorecard_css(), mimetype="text/css", headers={"Cache-Control": "private, max-age=300"})


@blueprint.get("/rounds/<reference>/responses.csv")
@access(*STAFF)
def download_responses(reference: str) -> ResponseReturnValue:
    """Give the responses as CSV, written whole before the first byte is sent: nothing half-written looks whole."""
    from exports.formats import FORMATS
    from exports.options import ALL, CODES, LABELS, PARTIAL, Options

    labels, partial = request.args.get("labels") == "1", request.args.get("partial") == "1"
    at = now()
    with reading() as session:
        round_ = find_own_round(session, reference)
        language = find_definition(session, round_.code).choose_language(request.args.get("language"))
        file = _open_spool()
        try:
            options = Options(
                shown=LABELS if labels else CODES, language=language, included=ALL if partial else PARTIAL
            )
            FORMATS["csv"].write(build_study(session, round_, at), file, options)
        except BaseException:
            file.close()
            raise
    name = name_file(round_, "labels" if labels else "codes", language, at, "csv")
    return _send(file, "text/csv", name)


@blueprint.get("/rounds/<reference>/scorecard.<any(html, pdf, xlsx, csv, json, svg):extension>")
@access(*STAFF)
def download_scorecard(reference: str, extension: str) -> ResponseReturnValue:
    """Give the scorecard as a file: the report, or its table alone."""
    from exports.scorecards.formats import FORMATS
    from exports.scorecards.results import build_results

    output, at = FORMATS[extension], now()
    with reading() as session:
        round_ = find_own_round(session, reference)
        file = output.write(build_results(build_study(session, round_, at)))
        language = find_definition(session, round_.code).default_language
    name = name_file(round_, "scorecard", language, at, extension)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, mimetype=output.media_type, headers=headers)


def _open_spool() -> BinaryIO:
    return cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))


def _send(file: BinaryIO, media_type: str, name: str) -> Response:
    """Send a written file: a small one at once, a large one piece by piece."""
    size = file.tell()
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if size <= IN_MEMORY:
        with file:
            return Response(file.read(), mimetype=media_type, headers=headers)
    return Response(_read_pieces(file), mimetype=media_type, headers={**headers, "Content-Length": str(size)})


def _read_pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def name_file(round_: Round, what: str, language: str, at: datetime, extension: str) -> str:
    """Give a file's name, ASCII only: round, definition and version, what is in it, language, time in UTC."""
    slug = make_slug(round_.name).encode("ascii", "ignore").decode() or round_.code
    version = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in ".-") else "-" for sign in round_.definition_version
    )
    return f"{slug}_{round_.definition_id}_v{version}_{what}_{language}_{at:%Y%m%d-%H%M}Z.{extension}"
