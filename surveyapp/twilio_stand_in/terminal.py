"""The stand-in in a terminal: it shows what the service sends, and takes what people text and what shall go wrong."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable
from typing import TextIO

from surveyapp.twilio_stand_in.faults import FAIL, KINDS, REFUSE, Fault
from surveyapp.twilio_stand_in.messages import Message
from surveyapp.twilio_stand_in.server import StandIn

_TEXT = re.compile(r"\s*(\+\d{7,15})\s+(.*\S)\s*")
_FAULT = re.compile(r"\s*!(\S+)(?:\s+(\d{3}))?(?:\s+(\d{5}))?\s*")
NO_SUCH_PHONE = 30005
"""What the phone company says of a message that it cannot deliver, unless another code is told."""
LIST = {
    "!no-list": (True, "The list of messages cannot be read."),
    "!list": (False, "The list of messages can be read again."),
}
PAUSE = 0.3
"""Seconds from one status of a message to the next."""


def run_stand_in(
    port: int, app_url: str, account: str, token: str, number: str, lines_in: Iterable[str], out: TextIO
) -> None:
    """Serve until the lines end: `+12025550142 YES` sends a text, `!reset-after` makes the next message go wrong."""
    stand_in = StandIn(account, token, port)
    stand_in.on_accept = lambda message: _accept(stand_in, message, out)
    with stand_in.running():
        _greet(stand_in, app_url, number, out)
        for line in lines_in:
            _obey(stand_in, app_url, number, line, out)


def _greet(stand_in: StandIn, app_url: str, number: str, out: TextIO) -> None:
    for line in (
        f"A stand-in for Twilio answers at {stand_in.url}. Start the service with",
        f"  export SURVEYAPP_SMS_GATEWAY=twilio SURVEYAPP_TWILIO_API_URL={stand_in.url} SURVEYAPP_TWILIO_FROM={number}",
        f"  export SURVEYAPP_TWILIO_ACCOUNT_SID={stand_in.account} SURVEYAPP_TWILIO_AUTH_TOKEN={stand_in.token}",
        f"  export SURVEYAPP_PUBLIC_URL={app_url}",
        "Here, `+12025550142 YES` sends a text of that phone. These make the next message of the service go wrong:",
        *(f"  !{kind:12} {words}" for kind, words in KINDS.items()),
        "  !refuse 429   with this HTTP status; !refuse 400 21408 with Twilio's own code too",
        "  !fail 30006   with this code of the phone company's: a landline; 30005, unless you say, is no such phone",
        "Until `!list`, `!no-list` keeps the list of messages out of reach: nobody can look up what was taken.",
        "Ctrl-D ends.",
    ):
        _print(line, out)


def _accept(stand_in: StandIn, message: Message, out: TextIO) -> None:
    _print(f"to {message.to}:\n" + "\n".join(f"  {line}" for line in message.body.splitlines()), out)
    if message.status_callback:
        threading.Thread(target=_get_on, args=(stand_in, message, out), daemon=True).start()


def _get_on(stand_in: StandIn, message: Message, out: TextIO) -> None:
    end = "delivered" if message.fails_with is None else "undelivered"
    for status in ("sent", end):
        time.sleep(PAUSE)
        try:
            answer = stand_in.report(message.sid, status, error_code=message.fails_with if status == end else None)
        except OSError:
            answer = 0
        if answer != 204:
            _print(f"  the report “{status}” was answered with {answer or 'nothing'}", out)


def _obey(stand_in: StandIn, app_url: str, number: str, line: str, out: TextIO) -> None:
    if not line.strip():
        return
    if (fault := _FAULT.fullmatch(line)) and fault[1] in KINDS:
        facts = {"status": int(fault[2])} if fault[2] else {}
        facts |= {"code": int(fault[3] or NO_SUCH_PHONE)} if fault[3] or fault[1] == FAIL else {}
        stand_in.faults.append(
            Fault(kind=fault[1], headers={"Retry-After": "5"} if fault[1] == REFUSE else {}, **facts)
        )
        _print(f"The next message: the gateway {KINDS[fault[1]]}.", out)
    elif line.strip() in LIST:
        stand_in.unreachable, said = LIST[line.strip()]
        _print(said, out)
    elif text := _TEXT.fullmatch(line):
        try:
            channel = number.rpartition("+")[0]  # people answer by the channel of our number
            reply = stand_in.text(f"{app_url}/sms/twilio/inbound", f"{channel}{text[1]}", number, text[2])
        except OSError as error:
            _print(f"  not taken: {error}", out)
            return
        _print("  (no reply)" if reply is None else "\n".join(f"  {words}" for words in reply.splitlines()), out)
    else:
        _print("Write a number and a text, as `+12025550142 YES`, or one of the words that begin with !", out)


def _print(text: str, out: TextIO) -> None:
    print(text, file=out, flush=True)
