"""Is it alive, and is it ready: two answers for machines that watch the service."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from surveyapp.errors import ConfigurationError
from surveyapp.migrating import check_revision
from surveyapp.runtime import now, reading, runtime
from surveyapp.services.heartbeats import has_heartbeat
from surveyapp.web.access import ANYONE, access

blueprint = Blueprint("health", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/healthz")
@access(ANYONE)
def show_alive() -> ResponseReturnValue:
    """Say that this process answers."""
    return "ok\n", 200, PLAIN


@blueprint.get("/readyz")
@access(ANYONE)
def show_ready() -> ResponseReturnValue:
    """Say 200 only when the database answers and has the tables of this code, and some process runs the jobs."""
    try:
        check_revision(runtime().database)
        with reading() as session:
            working = has_heartbeat(session, now())
    except ConfigurationError:
        return "the database is not migrated to this version\n", 503, PLAIN
    except Exception:  # whatever keeps the database from answering, the watcher gets one word and no details
        return "the database does not answer\n", 503, PLAIN
    if not working:
        return "nobody runs the jobs: start surveyapp worker, or serve without --no-jobs\n", 503, PLAIN
    return "ready\n", 200, PLAIN
