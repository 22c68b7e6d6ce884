"""How people reach a round: the open link and its QR code, the keyword, the personal links."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from exports.cells import guard
from surveyapp.errors import NotFoundError
from surveyapp.models import Invitation, Round
from surveyapp.runtime import now, reading, settings, writing
from surveyapp.sending import name_sender
from surveyapp.services.audit import record_act
from surveyapp.services.publishing import build_links
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, show_round
from surveyapp.web.login import find_staff

blueprint = Blueprint("sharing", __name__, url_prefix="/console")
LINK_COLUMNS = ("name", "phone", "email", "group", "language", "organisation", "state", "link")


@blueprint.get("/rounds/<reference>/share")
@access(*COORDINATING)
def show(reference: str) -> ResponseReturnValue:
    """Show every way into a round."""
    with reading() as session:
        round_ = find_own_round(session, reference)
        invited = session.scalar(select(func.count()).where(Invitation.round_id == round_.id)) or 0
        return show_round(
            session,
            round_,
            "share.html",
            open_url=_open_url(round_) if round_.open_link else None,
            sms_number=name_sender(settings().sms_from),
            invited=invited,
        )


@blueprint.get("/rounds/<reference>/qr.<any(svg, png):extension>")
@access(*COORDINATING)
def show_qr(reference: str, extension: str) -> ResponseReturnValue:
    """Draw the open link as a QR code."""
    import segno

    with reading() as session:
        round_ = find_own_round(session, reference)
    if not round_.open_link:
        raise NotFoundError("This round has no open link.")
    code = segno.make(_open_url(round_), error="m", micro=False)
    drawn = io.BytesIO()
    if extension == "svg":
        code.save(drawn, kind="svg", scale=8, border=4, light="#fff", title=f"QR code of {_open_url(round_)}")
    else:
        code.save(drawn, kind="png", scale=16, border=4)
    return Response(drawn.getvalue(), mimetype="image/svg+xml" if extension == "svg" else "image/png")


@blueprint.post("/rounds/<reference>/links.csv")
@access(*COORDINATING)
def download_links(reference: str) -> ResponseReturnValue:
    """Give the personal links as CSV. Whoever holds a link can answer in that person's place, so it is audited."""
    with writing() as session:
        round_ = find_own_round(session, reference)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, LINK_COLUMNS)
        writer.writeheader()
        count = 0
        for row in build_links(session, round_, secret_key=settings().secret_key, public_url=settings().public_url):
            writer.writerow({column: guard(cell) for column, cell in row.items()})
            count += 1
        record_act(
            session,
            actor=find_staff().email,
            action="round.links",
            now=now(),
            round_=round_,
            detail={"links": count},
        )
        name = f"links_{round_.code}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue().encode("utf-8"), mimetype="text/csv", headers=headers)


def _open_url(round_: Round) -> str:
    return f"{settings().public_url}/r/{round_.code}"
