"""The simulated phone in a terminal: a line typed is a text sent, by the same verb that a gateway's webhook calls."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import IOBase
from typing import TextIO

from forms.sms.segments import count_segments
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.gateways import find_gateway
from surveyapp.gateways.simulator import Simulator, read_fictional
from surveyapp.services import texting
from surveyapp.services.rehearsal import list_entries, read_arrivals


def run_phone(
    database: Database,
    settings: Settings,
    phone: str,
    lines_in: Iterable[str],
    out: TextIO,
    now: Callable[[], datetime],
) -> None:
    """Send each line as a text from `phone` and print what comes back, until the lines end.

    Raises `SurveyAppError` unless the simulator is the configured gateway and the number belongs to nobody.
    """
    gateway = find_gateway(Simulator.name, settings)
    phone = read_fictional(phone)
    _greet(database, settings, phone, out, now())
    shown = _show_arrivals(database, phone, 0, out)
    for line in _prompted(lines_in, out):
        shown = _show_arrivals(database, phone, shown, out)
        if not line.strip():
            continue
        inbound = gateway.read_inbound({"From": phone, "Body": line, "MessageSid": secrets.token_hex(16)})
        with database.writing() as session:
            received = texting.receive(
                session, inbound, secret_key=settings.secret_key, public_url=settings.public_url, now=now()
            )
        _show(received.reply, out)


def _show_arrivals(database: Database, phone: str, shown: int, out: TextIO) -> int:
    """Print what came without having been asked, and give how many that are; `shown` of them were printed before."""
    with database.reading() as session:
        arrivals = read_arrivals(session, phone)
    for bubble in arrivals[shown:]:
        _show(bubble.text, out)
    return len(arrivals)


def _prompted(lines_in: Iterable[str], out: TextIO) -> Iterator[str]:
    """Give the lines, asking for each where a person sits at the other end."""
    prompt = "> " if isinstance(lines_in, IOBase) and lines_in.isatty() else ""
    print(prompt, end="", file=out, flush=True)
    for line in lines_in:
        yield line
        print(prompt, end="", file=out, flush=True)


def _greet(database: Database, settings: Settings, phone: str, out: TextIO, now: datetime) -> None:
    print(f"You are {phone}; you text to {settings.sms_from}. Ctrl-D ends.", file=out)
    with database.reading() as session:
        entries = list_entries(session, now)
    for entry in entries:
        if entry.keyword:
            print(f"Text {entry.keyword} to begin “{entry.round_name}”.", file=out)
        if entry.invited:
            print(f"Invited to “{entry.round_name}”: {', '.join(entry.invited)} (--phone takes one).", file=out)
    if not entries:
        print("No round is open to texts.", file=out)
    out.flush()


def _show(reply: str | None, out: TextIO) -> None:
    if reply is None:
        print("  (no reply)", file=out)
    else:
        indented = "\n".join(f"  {line}" for line in reply.splitlines())
        cost = count_segments(reply)
        print(f"{indented}\n  [{cost.units} units, {cost.segments} x SMS, {cost.encoding}]", file=out)
    out.flush()
