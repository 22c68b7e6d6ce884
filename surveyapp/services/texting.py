"""Receiving a text: the same message gets the same answer for ever; words that are obeyed; then the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, text
from sqlalchemy.orm import Session

from surveyapp.database import insert_new
from surveyapp.errors import ConflictError
from surveyapp.gateways import GATEWAYS
from surveyapp.gateways.base import Inbound
from surveyapp.models import InboundMessage, OptOut
from surveyapp.services import conversations, texts
from surveyapp.services.fates import record_stop
from surveyapp.services.flags import LOOP, raise_flag_once, store_flags
from surveyapp.services.incoming import Incoming
from surveyapp.services.keywords import STOP_WORDS, read_command, read_word
from surveyapp.services.openings import Turn
from surveyapp.services.pacing import PACE, bind_pace, read_pace
from surveyapp.services.transcripts import make_key

INBOUND = cast(Table, InboundMessage.__table__)
OPT_OUTS = cast(Table, OptOut.__table__)

_SAME = [INBOUND.c[name] == bindparam(name) for name in ("gateway", "account", "message_id")]
_ARRIVE = PACE.add_columns(
    select(INBOUND.c.reply).where(*_SAME).scalar_subquery().label("reply"),
    select(INBOUND.c.response).where(*_SAME).scalar_subquery().label("response"),
)


@dataclass(frozen=True, slots=True)
class Received:
    """What was answered: the words (`None`: silence), and the webhook's answer to the byte."""

    reply: str | None
    response: str


def receive(session: Session, inbound: Inbound, *, secret_key: str, public_url: str, now: datetime) -> Received:
    """Take in one text, in the caller's writing transaction, and give what is answered.

    A message id that came before changes nothing and gets its first answer again; a twin that is still being
    answered is waited for. The message is stored last, once and whole.
    """
    _lock_phone(session, inbound.phone)
    same = {"gateway": inbound.gateway, "account": inbound.account, "message_id": inbound.message_id}
    found = session.execute(_ARRIVE, same | bind_pace(inbound.phone, now)).one()
    if found.response is not None:
        return Received(found.reply, found.response)
    incoming = Incoming(
        session=session,
        phone=inbound.phone,
        body=inbound.body,
        word=read_word(inbound.body),
        opt_out=inbound.opt_out,
        pace=read_pace(found),
        key=make_key(inbound.gateway, inbound.account, inbound.message_id),
        secret_key=secret_key,
        public_url=public_url,
        now=now,
    )
    turn = _answer(incoming)
    received = Received(turn.reply, GATEWAYS[inbound.gateway].render(turn.reply))
    _keep(incoming, inbound, turn, received)
    return received


def _keep(incoming: Incoming, inbound: Inbound, turn: Turn, received: Received) -> None:
    """Store the message with its answer, and whatever of it a person must see."""
    row: dict[str, object] = {
        "gateway": inbound.gateway,
        "account": inbound.account,
        "message_id": inbound.message_id,
        "phone": inbound.phone,
        "our_number": inbound.our_number,
        "body": inbound.body,
        "interview_id": turn.interview_id,
        "reply": received.reply,
        "response": received.response,
        "received_at": incoming.now,
    }
    if turn.offered:
        row["offered"] = list(turn.offered)
    id_ = insert_new(incoming.session, INBOUND, row)
    if id_ is None:  # from another phone at the same moment: no gateway does that
        raise ConflictError("This message has just been answered.")
    store_flags(incoming, id_)


def _lock_phone(session: Session, phone: str) -> None:
    # Two texts of one phone are taken one after the other. SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:phone, 0))"), {"phone": phone})


def is_stop(inbound: Inbound) -> bool:
    """Say whether a text asks for no more texts: before its answer goes out, what is in flight has to land."""
    return _is_stop(read_word(inbound.body), inbound.opt_out)


def _is_stop(word: str, opt_out: str | None) -> bool:
    return word in STOP_WORDS or opt_out == "STOP"


def _answer(incoming: Incoming) -> Turn:
    if _is_stop(incoming.word, incoming.opt_out):
        return _stop(incoming)
    if incoming.pace.opted_out:
        wants_back = read_command(incoming.word) == "START" or incoming.opt_out == "START"
        return _start_again(incoming) if wants_back else Turn(None)
    if incoming.pace.is_flood:
        raise_flag_once(incoming, LOOP, None)
        return Turn(None)
    return conversations.answer(incoming)


def _stop(incoming: Incoming) -> Turn:
    """End all texts to this number, in every round; one confirmation, then silence."""
    language = conversations.find_language(incoming)
    new = record_stop(incoming.session, incoming.phone, incoming.now)
    return Turn(texts.say_stopped(language) if new and not conversations.must_be_quiet(incoming) else None)


def _start_again(incoming: Incoming) -> Turn:
    """Take STOP back: the question that was open is asked again."""
    incoming.session.execute(delete(OPT_OUTS).where(OPT_OUTS.c.phone == incoming.phone))
    turn = conversations.resume_all(incoming)
    return Turn(None) if conversations.must_be_quiet(incoming) else turn
