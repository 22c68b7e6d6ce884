"""Bad days: what goes wrong with the next requests, one fault each, in the order in which they were scripted."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surveyapp.twilio_stand_in.server import Door

REFUSE, FAIL, HANG, RESET, RESET_AFTER, SLOW, ENDLESS, GARBAGE = (
    "refuse",
    "fail",
    "hang",
    "reset",
    "reset-after",
    "slow",
    "endless",
    "garbage",
)
KINDS = {
    REFUSE: "answers with an error, and takes nothing",
    FAIL: "takes the message, and the phone company cannot deliver it",
    HANG: "takes the message and answers nothing for a while",
    RESET: "drops the connection before it takes the message",
    RESET_AFTER: "takes the message, and then drops the connection",
    SLOW: "takes the message, and answers a byte now and then",
    ENDLESS: "takes the message, and its answer never ends",
    GARBAGE: "takes the message, and answers what is no JSON",
}
TAKES_NOTHING = (REFUSE, RESET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One bad answer: `kind` as in `KINDS`; `status`, `code` and `headers` are for `refuse`, `seconds` for the slow.

    For `fail` the `code` is what the phone company says; Twilio's own answer is then as on a good day.
    """

    kind: str
    status: int = 500
    code: int = 20500
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 30.0

    def play(self, door: Door, answer: bytes) -> None:
        """Answer a request badly; `answer` is what a good day would have brought."""
        if self.kind in (RESET, RESET_AFTER):
            # Without lingering, closing sends a reset and not an end.
            door.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self.kind == HANG:
            time.sleep(self.seconds)
        elif self.kind == GARBAGE:
            door.answer(201, b"<html>Bad gateway")
        elif self.kind in (SLOW, ENDLESS):
            self._trickle(door, answer)
        door.close_connection = True

    def _trickle(self, door: Door, answer: bytes) -> None:
        door.send_response(201)
        door.send_header("Content-Type", "application/json")
        if self.kind == SLOW:
            door.send_header("Content-Length", str(len(answer)))
        door.end_headers()
        ends = time.monotonic() + self.seconds
        while time.monotonic() < ends:
            try:
                door.wfile.write(b" ")
                door.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)
