"""Results of a round: the scorecard on the page, and the files to take away."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from surveyapp.runtime import now, reading
from surveyapp.services.definitions import find_definition
from surveyapp.services.downloads import name_file
from surveyapp.services.exporting import build_study
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import find_own_round, show_round

blueprint = Blueprint("results", __name__, url_prefix="/console")


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
