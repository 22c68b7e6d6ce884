"""Answers from paper or another tool: sent in, judged in the background, brought in once somebody has said so."""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from forms.definition import RESPONSE_COLUMNS
from forms.text import normalise
from surveyapp.bringing_in import FOLDER, Importer
from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.models import Round
from surveyapp.runtime import now, reading, runtime, settings, writing
from surveyapp.services.answer_files import MOST_RESPONSES
from surveyapp.services.answer_ties import COLUMNS as TIES
from surveyapp.services.definitions import find_definition
from surveyapp.services.exporting import build_study
from surveyapp.services.leases import UNDER_WAY
from surveyapp.services.uploads import Upload, add_upload, approve_upload, drop_upload, list_uploads
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, admit_large_forms, find_own_round, show_round
from surveyapp.web.downloads import say_age
from surveyapp.web.login import find_staff

blueprint = Blueprint("imports", __name__, url_prefix="/console")
LARGEST = 64 * 1024 * 1024
ANSWERS, ROWS = "answers", "rows_"
LEFT_OUT = frozenset(RESPONSE_COLUMNS) - {"response_id", "group", "language"}
STATE_WORDS = {
    "queued": "Waiting",
    "running": "Being looked at",
    "judged": "Nothing is wrong",
    "faulty": "Not imported",
    "done": "Imported",
    "failed": "Failed",
    "cancelled": "Thrown away",
    "expired": "Thrown away after a day",
}


@blueprint.url_value_preprocessor
def admit_answers(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let coordinators send whole files."""
    admit_large_forms(LARGEST)


@blueprint.get("/rounds/<reference>/import")
@access(*COORDINATING)
def show(reference: str) -> ResponseReturnValue:
    """Show what was sent in and what came of it, and the form to send in more."""
    with reading() as session:
        return _show(session, find_own_round(session, reference))


@blueprint.get("/rounds/<reference>/import/columns.csv")
@access(*COORDINATING)
def give_columns(reference: str) -> ResponseReturnValue:
    """Give an empty table to be filled in from paper: the columns of the responses, or of a repeated section's rows.

    What a program knows and paper does not, such as times, is left out: a row is a finished interview then.
    """
    from exports.delimited import EXCEL_MARK, write_rows
    from exports.options import Options
    from exports.table import build_table

    section, stream = request.args.get("section", ""), io.BytesIO(EXCEL_MARK)
    stream.seek(0, io.SEEK_END)
    with reading() as session:
        round_ = find_own_round(session, reference)
        definition = find_definition(session, round_.code)
        if section and section not in [part.id for part in definition.repeats]:
            raise NotFoundError("There is no such table.")
        nobody = build_study(session, round_, now()).with_responses(lambda: iter(()))
        columns = build_table(nobody, Options(section=section)).header
        ties = [] if section or round_.confidentiality == "anonymous" else TIES
        write_rows(stream, [*(name for name in columns if name not in LEFT_OUT), *ties], ())
        name = f"{definition.id}{'_' + section if section else ''}_columns.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream.getvalue(), mimetype="text/csv", headers=headers)


@blueprint.post("/rounds/<reference>/import")
@access(*COORDINATING)
def send(reference: str) -> ResponseReturnValue:
    """Take files in to be judged; nothing is stored yet."""
    kept: list[Path] = []
    with reading() as session:
        sections = [part.id for part in find_definition(session, find_own_round(session, reference).code).repeats]
    try:
        main = request.files.get(ANSWERS)
        if main is None or not main.filename:
            raise InvalidError("Choose a file with answers, as CSV or JSON lines.")
        found = {"": main} | {name: request.files[ROWS + name] for name in sections if request.files.get(ROWS + name)}
        uploads = [Upload(name, _keep(file, kept)) for name, file in found.items() if file.filename]
        with writing() as session:
            round_ = find_own_round(session, reference)
            name = normalise(main.filename)
            add_upload(session, round_, name, uploads, actor=find_staff().email, now=now())
    except (ConflictError, InvalidError) as error:
        for path in kept:
            path.unlink(missing_ok=True)
        with reading() as session:
            return _show(session, find_own_round(session, reference), error.message), error.status
    return _go_on(reference)


@blueprint.post("/rounds/<reference>/import/<int:number>")
@access(*COORDINATING)
def decide(reference: str, number: int) -> ResponseReturnValue:
    """Bring in what was judged, or throw it away."""
    with writing() as session:
        round_ = find_own_round(session, reference)
        if request.form.get("act") == "import":
            approve_upload(session, round_, number, actor=find_staff().email)
        else:
            drop_upload(session, round_, number, actor=find_staff().email, now=now())
    return _go_on(reference)


def _go_on(reference: str) -> ResponseReturnValue:
    own = runtime()
    own.background(Importer(own.database, own.settings.data_dir / FOLDER, own.settings.secret_key, own.clock).do_due)
    return redirect(url_for("imports.show", reference=reference, _anchor="files"), 303)


def _show(session: Session, round_: Round, fault: str = "") -> str:
    uploads = list_uploads(session, round_)
    return show_round(
        session,
        round_,
        "import.html",
        uploads=uploads,
        busy=any(one.state in UNDER_WAY for one in uploads),
        state_words=STATE_WORDS,
        age=lambda at: say_age(at, now()),
        most=MOST_RESPONSES,
        fault=fault,
    )


def _keep(file: FileStorage, kept: list[Path]) -> str:
    """Write a file aside under a name of our own, for the service's eyes alone, and give the name."""
    folder = settings().data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    kept.append(folder / name)
    with os.fdopen(os.open(kept[-1], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        file.save(stream)
        stream.flush()
        os.fsync(stream.fileno())
    return name
