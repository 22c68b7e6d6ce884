"""One text on its way through the conversation, with all that is needed to answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from surveyapp.services.pacing import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One text.

    `word` is the whole message as one word; `message_id` is its row; `key` is for its answer; `pace` is what its number
    did lately.
    """

    session: Session
    message_id: int
    phone: str
    body: str
    word: str
    opt_out: str | None
    pace: Pace
    key: str
    secret_key: str
    public_url: str
    now: datetime
