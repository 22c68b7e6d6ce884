"""One call to a gateway over HTTP, bounded in time and size, and what its failure says about the text it carried."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from surveyapp.gateways.base import DoubtfulError, NotAcceptedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

SECONDS = 10.0
"""For a call as a whole; a gateway that trickles is cut off."""
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered: status, text, headers."""

    status: int
    text: str
    headers: Mapping[str, str]


class BrokenOffError(Exception):
    """The answer was too slow or too long, and was not read to its end."""


def call(session: requests.Session, request: requests.PreparedRequest, timeout: float = SECONDS) -> Answer:
    """Send a request and read the answer, all within `timeout` seconds; what goes wrong is raised as it is.

    A time-out of `requests` counts from byte to byte, so a gateway that sends one now and then would hold a worker
    for ever.
    """
    ends = time.monotonic() + timeout
    settings = session.merge_environment_settings(request.url or "", {}, True, None, None)
    # Redirects are not followed: the request would be sent again, and the text perhaps twice.
    with session.send(request, allow_redirects=False, timeout=timeout, **{**settings, "stream": True}) as response:
        chunks: list[bytes] = []
        read = response.raw.read1 if hasattr(response.raw, "read1") else response.raw.read
        while chunk := read(65536, decode_content=True):
            chunks.append(chunk)
            if time.monotonic() > ends or sum(map(len, chunks)) > LARGEST:
                raise BrokenOffError
        return Answer(response.status_code, b"".join(chunks).decode("utf-8", "replace"), response.headers)


def find_meaning(error: Exception) -> NotAcceptedError | DoubtfulError:
    """Say whether a call that failed on its way can have brought the text to the gateway.

    It surely did not where no connection came about: refused, no such host, no route, no TLS. After that nobody knows.
    """
    import requests
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(error, requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return NotAcceptedError("no connection")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NotAcceptedError("connect time-out")
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        return NotAcceptedError("connection refused")
    if isinstance(error, requests.exceptions.Timeout):
        return DoubtfulError("time-out")
    if isinstance(error, BrokenOffError):
        return DoubtfulError("answer broken off")
    return DoubtfulError("connection lost")


def read_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Read `Retry-After` in seconds, given as a number or as a date; nothing where it is absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:6])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0) if moment.tzinfo else None
