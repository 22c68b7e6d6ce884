"""One text on its way through the conversation, with all that is needed to answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from surveyapp.services.pacing import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One text.

    `word` is the whole message as one word; `key` is for its answer; `pace` is what its number did lately; `flags` are
    rows of `unread_replies` that are stored with it.
    """

    session: Session
    phone: str
    body: str
    word: str
    opt_out: str | None
    pace: Pace
    key: str
    secret_key: str
    public_url: str
    now: datetime
    flags: list[dict[str, Any]] = field(default_factory=list)
