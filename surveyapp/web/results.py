"""Results of a round: the scorecard on the page, and the files to take away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from surveyapp.errors import NotFoundError
from surveyapp.models import Round
from surveyapp.runtime import now, reading, runtime
from surveyapp.services.definitions import find_definition
from surveyapp.services.downloads import name_file
from surveyapp.services.groups import make_slug
from surveyapp.services.pairs import find_counterpart, list_counterparts
from surveyapp.showing import add_beside, read_change, read_earlier, read_filters, read_results
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import COORDINATING, find_own_round, show_round
from surveyapp.web.login import find_staff

if TYPE_CHECKING:
    from exports.scorecards.results import Tables
    from exports.scorecards.scorecard import Scorecard

blueprint = Blueprint("results", __name__, url_prefix="/console")


@blueprint.get("/rounds/<reference>/results")
@access(*STAFF)
def show(reference: str) -> ResponseReturnValue:
    """Show the scorecard, and offer the files."""
    from exports.scorecards.formats import scorecard_fragment
    from surveyapp.services.publications import list_comparable

    at = now()
    results, earlier, compared = _find_results(reference, at)
    with reading() as session:
        round_id = find_own_round(session, reference).id
    filters = read_filters(runtime().database, round_id, at)
    with reading() as session:
        round_ = find_own_round(session, reference)
        return show_round(
            session,
            round_,
            "results.html",
            scorecard=scorecard_fragment(results, earlier),
            filters=filters,
            only=filters.find(request.args.get("only", "")),
            comparable=list_comparable(session, round_, at),
            compared=compared,
            counterparts=list_counterparts(session, round_),
            chosen=_list_choices(),
        )


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

    output, at = FORMATS[extension], now()
    results, earlier, _ = _find_results(reference, at)
    file = output.write(results, earlier)
    with reading() as session:
        round_ = find_own_round(session, reference)
        language = find_definition(session, round_.code).default_language
    only = request.args.get("only", "")
    what = f"scorecard-{make_slug(only)}" if only else "scorecard"
    name = name_file(round_, what, language, at, extension)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, mimetype=output.media_type, headers=headers)


def _find_results(reference: str, at: datetime) -> tuple[Tables, Sequence[Scorecard], Round | None]:
    """Give the results as they may be told, as the address wants them, earlier rounds', and the one compared with.

    Coordinators see the panels of the coordinating team. Results of only some people are compared with nothing.
    """
    weighted, team = request.args.get("weighted") == "1", find_staff().role in COORDINATING
    compare, beside = request.args.get("compare"), request.args.get("beside")
    with reading() as session:
        round_ = find_own_round(session, reference)
        then = find_own_round(session, compare) if compare else None
        other = find_counterpart(session, round_, beside) if beside else None
    database = runtime().database
    if only := request.args.get("only"):
        filters = read_filters(database, round_.id, at)
        choice = filters.find(only)
        if choice is None:
            raise NotFoundError(filters.refused.get(only.partition(":")[0]) or "These people cannot be told apart.")
        return filters.tables[choice], (), None
    if then is None:
        results = read_results(database, round_.id, at, weighted=weighted, team=team)
    else:
        results = read_change(database, round_.id, then.id, at, weighted=weighted, team=team)
    if other is not None:
        results = add_beside(database, results, other.id, at)
    return results, read_earlier(database, round_.id, at), then


def _list_choices() -> dict[str, str]:
    """Give what the address chose, to be kept in the addresses of the files."""
    return {name: value for name in ("compare", "beside", "weighted", "only") if (value := request.args.get(name))}
