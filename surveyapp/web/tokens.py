"""Feeds of a round at the console: their addresses, and the tokens that read them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exports.options import RESEARCH
from surveyapp.errors import InvalidError, RefusedError
from surveyapp.models import Round
from surveyapp.runtime import now, reading, settings, writing
from surveyapp.services.downloads import LEVELS_OF
from surveyapp.services.feeds import LEVELS, add_token, counts, list_tokens, revoke_token
from surveyapp.web.access import access
from surveyapp.web.console import COORDINATING, find_own_round, show_round
from surveyapp.web.downloads import Fault, say_age
from surveyapp.web.login import find_staff

blueprint = Blueprint("tokens", __name__, url_prefix="/console")
FIELDS = ("name", "why", "level")


@blueprint.get("/rounds/<reference>/feeds")
@access(*COORDINATING)
def show(reference: str) -> ResponseReturnValue:
    """Show the addresses of the round's feeds, and the partnership's tokens."""
    with reading() as session:
        return _show(session, find_own_round(session, reference), {}, ())


@blueprint.post("/rounds/<reference>/feeds")
@access(*COORDINATING)
def add(reference: str) -> ResponseReturnValue:
    """Make a token and show it, this once."""
    wishes, staff = {name: request.form.get(name, "") for name in FIELDS}, find_staff()
    try:
        with writing() as session:
            round_ = find_own_round(session, reference)
            if wishes["level"] not in LEVELS_OF[staff.role]:
                raise RefusedError("The restricted level stays inside the team.")
            _, secret = add_token(
                session, partnership_id=round_.partnership_id, **wishes, actor=staff.email, user=staff, now=now()
            )
    except InvalidError as error:
        faults = [Fault(field, sentence) for field, _, sentence in (fault.partition(": ") for fault in error.faults)]
        with reading() as session:
            return _show(session, find_own_round(session, reference), wishes, faults), 422
    with reading() as session:
        return _show(session, find_own_round(session, reference), {}, (), secret)


@blueprint.post("/rounds/<reference>/feeds/<int:number>/revoke")
@access(*COORDINATING)
def revoke(reference: str, number: int) -> ResponseReturnValue:
    """End a token of the round's partnership."""
    with writing() as session:
        round_ = find_own_round(session, reference)
        revoke_token(session, number, partnership_id=round_.partnership_id, actor=find_staff().email, now=now())
    return redirect(url_for("tokens.show", reference=reference, _anchor="tokens"), 303)


def _show(session: Session, round_: Round, wishes: dict[str, str], faults: Sequence[Fault], secret: str = "") -> str:
    from exports.about import LEVELS as WORDS

    base = f"{settings().public_url}/api/v1/rounds/{round_.id}"
    return show_round(
        session,
        round_,
        "feeds.html",
        base=base,
        tokens=[(token, counts(session, token)) for token in list_tokens(session, round_.partnership_id)],
        levels=[(level, WORDS[level]) for level in LEVELS],
        age=lambda at: say_age(at, now()),
        wishes={"level": RESEARCH, **wishes},
        faults=tuple(faults),
        fault={fault.field: fault.sentence for fault in faults},
        secret=secret,
    )
