"""The texts of a round: where they stand and why, what is held, what it costs; invite, remind, pause."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from surveyapp.errors import InvalidError
from surveyapp.gateways import explain_code
from surveyapp.jobs import wake
from surveyapp.models import Round
from surveyapp.runtime import now, reading, settings, writing
from surveyapp.sending import read_money, show_money
from surveyapp.services import texting_rounds
from surveyapp.services.heartbeats import has_heartbeat
from surveyapp.services.inviting import LEFT_OUT
from surveyapp.services.messages import MOST_COUNTED, count_states, list_held, list_messages, list_stopped
from surveyapp.services.not_reminded import NOT_REMINDED
from surveyapp.services.outbox import ALL, FOLLOW_UP, INVITATION, REASONS, REMINDER, find_pauses, name_scope
from surveyapp.services.outlook import count, describe, find_outlook, list_left_out, warn
from surveyapp.services.tallies import find_today
from surveyapp.web.access import STAFF, access
from surveyapp.web.console import COORDINATING, find_own_round, mask, show_round
from surveyapp.web.login import find_staff

blueprint = Blueprint("messages", __name__, url_prefix="/console")
STATE_WORDS = {
    "queued": "Waiting",
    "attempting": "Being sent",
    "unknown": "Held",
    "sent": "Sent",
    "delivered": "Delivered",
    "failed": "Failed",
    "cancelled": "Not sent",
}
KIND_WORDS = {INVITATION: "Invitation", REMINDER: "Reminder", FOLLOW_UP: "Second part"}
DONE_WORDS = (("invited", LEFT_OUT, "Not texted"), ("reminded", NOT_REMINDED, "Not reminded"))
"""What was done, why people were left out of it, and how that is said."""
PAUSE_WORDS = {
    "staff": "paused by {actor}",
    "budget": "stopped: the next text would overrun the budget",
    "price": "stopped: it has a budget, and no price is known for the next text",
}


@blueprint.get("/rounds/<reference>/messages")
@access(*STAFF)
def show(reference: str) -> ResponseReturnValue:
    """Show the texts of a round. Evaluators see states and costs, and nobody's name or number."""
    with reading() as session:
        return _draw(session, find_own_round(session, reference))


@blueprint.post("/rounds/<reference>/messages")
@access(*COORDINATING)
def act(reference: str) -> ResponseReturnValue:
    """Pause or resume the round's texts, invite, remind, or change the budget."""
    try:
        with writing() as session:
            round_ = find_own_round(session, reference)
            done = _obey(session, round_, request.form.get("action", ""))
    except _TooDearError as warning:
        with reading() as session:
            return _draw(session, find_own_round(session, reference), too_dear=str(warning)), 422
    except ValueError as fault:
        with reading() as session:
            return _draw(session, find_own_round(session, reference), budget_fault=f"Budget: {fault}."), 422
    wake(settings())
    return redirect(url_for(".show", reference=round_.id, done=done or None), 303)


@blueprint.post("/rounds/<reference>/messages/<int:message_id>")
@access(*COORDINATING)
def settle(reference: str, message_id: int) -> ResponseReturnValue:
    """Send a held text once more, or drop it."""
    verbs: dict[str, Callable[..., None]] = {"resend": texting_rounds.resend, "drop": texting_rounds.drop}
    verb = verbs.get(request.form.get("action", ""))
    if verb is None:
        raise InvalidError("A held text can be sent again or dropped.")
    with writing() as session:
        round_ = find_own_round(session, reference)
        verb(session, round_, message_id, actor=find_staff().email, now=now())
    wake(settings())
    return redirect(url_for(".show", reference=round_.id, _anchor="held"), 303)


@blueprint.get("/sending")
@access("admin")
def show_sending() -> ResponseReturnValue:
    """Show how the whole service sends, and the way to stop all of it."""
    with reading() as session:
        pauses = find_pauses(session)
        rounds = [
            (session.get_one(Round, int(scope.partition(":")[2])), _describe_pause(pause.reason, pause.actor))
            for scope, pause in sorted(pauses.items())
            if scope != ALL
        ]
        return render_template(
            "console/sending.html",
            pause=pauses.get(ALL),
            rounds=rounds,
            today=find_today(session, now()),
            sending=settings().sending,
            working=has_heartbeat(session, now()),
        )


@blueprint.post("/sending")
@access("admin")
def act_on_all() -> ResponseReturnValue:
    """Stop all sending, or let it go on."""
    verbs = {"pause": texting_rounds.pause_all, "resume": texting_rounds.resume_all}
    verb = verbs.get(request.form.get("action", ""))
    if verb is None:
        raise InvalidError("All sending can be paused or resumed.")
    with writing() as session:
        verb(session, actor=find_staff().email, now=now())
    wake(settings())
    return redirect(url_for(".show_sending"), 303)


def _obey(session: Session, round_: Round, action: str) -> str:
    """Do it, and give what is to be said of it in the few words that an address may carry (`_read_done`).

    Raises `ValueError` where the budget is no amount.
    """
    actor, at, sending = find_staff().email, now(), settings().sending
    match action:
        case "pause":
            texting_rounds.pause_round(session, round_, actor=actor, now=at)
        case "resume":
            texting_rounds.resume_round(session, round_, actor=actor, now=at)
        case "budget":
            wish = request.form.get("budget", "").strip()
            micros = read_money(wish) if wish else None
            texting_rounds.change_budget(session, round_, micros, actor=actor, now=at)
        case "invite":
            reach = texting_rounds.invite_by_text(session, round_, sending, actor=actor, now=at)
            _look_at_budget(session, round_, reach.texts)
            return _write_done("invited", reach.texts, reach.left_out)
        case "remind":
            reminded = texting_rounds.remind_by_text(session, round_, sending, actor=actor, now=at)
            _look_at_budget(session, round_, reminded.texts)
            return _write_done("reminded", reminded.texts, reminded.left_out)
        case _:
            raise InvalidError("There is no such thing to do with the texts of a round.")
    return ""


class _TooDearError(Exception):
    """What was asked for costs more than the budget has left, and nobody has said that it shall be done anyway."""


def _look_at_budget(session: Session, round_: Round, new: int) -> None:
    """Keep what was asked for from happening unseen where the budget does not do for it."""
    if new and "anyway" not in request.form:
        outlook = find_outlook(session, round_, settings().sending)
        if warning := warn(outlook, f"all that would be queued, {count(new, 'new text')} among it, costs"):
            raise _TooDearError(warning)


def _draw(session: Session, round_: Round, budget_fault: str = "", too_dear: str = "") -> str:
    coordinates = find_staff().role in COORDINATING
    state = request.args.get("state", "")
    pauses = find_pauses(session)
    paused = pauses.get(name_scope(round_.id))
    outlook = find_outlook(session, round_, settings().sending, most=MOST_COUNTED)
    return show_round(
        session,
        round_,
        "messages.html",
        tab="messages.show",
        coordinates=coordinates,
        page=list_messages(
            session,
            round_,
            state=state,
            before=request.args.get("before", type=int),
            after=request.args.get("after", type=int),
        ),
        counts=count_states(session, round_),
        most=MOST_COUNTED,
        held=list_held(session, round_) if coordinates else (),
        stopped=list_stopped(session, round_) if coordinates else (),
        state=state if state in STATE_WORDS else "",
        states=STATE_WORDS,
        kinds=KIND_WORDS,
        reasons=REASONS,
        explain=explain_code,
        outlook=outlook,
        forecast=describe(outlook),
        paused=_describe_pause(paused.reason, paused.actor) if paused else "",
        all_paused=ALL in pauses,
        out_of_budget=paused is not None and paused.reason in texting_rounds.OUT_OF_BUDGET,
        budget_fault=budget_fault,
        budget_warning=warn(outlook),
        too_dear=too_dear,
        wish=request.form.get("action", ""),
        out_of_day=find_today(session, now()).segments >= settings().sending.most_a_day,
        budget=request.form.get("budget", show_money(round_.budget_micros).replace(",", "")),
        money=show_money,
        mask=mask,
        at=now(),
        done=_read_done(request.args.get("done", "")),
    )


def _describe_pause(reason: str, actor: str) -> str:
    return PAUSE_WORDS.get(reason, reason).format(actor=actor)


def _write_done(what: str, new: int, left_out: Mapping[str, int]) -> str:
    return "; ".join([f"{what}-{new}", *(f"{why}-{number}" for why, number in left_out.items())])


def _read_done(said: str) -> tuple[str, ...]:
    """Say what inviting or reminding did, from the few words that the address carries."""
    parts = [part.rpartition("-") for part in said.split("; ")]
    counts = {what: int(number) for what, _, number in parts if re.fullmatch("[0-9]{1,9}", number)}
    for what, words, begin in DONE_WORDS:
        if what in counts:
            queued = f"{count(counts[what], 'new text')} queued."
            return (queued, *list_left_out(counts, words, begin))
    return ()
