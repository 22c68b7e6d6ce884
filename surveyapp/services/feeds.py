"""Feeds: tokens by which programs read the rounds of a partnership, and when what they read has changed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.options import RESEARCH, RESTRICTED
from forms.text import normalise
from surveyapp.errors import InvalidError, NotFoundError
from surveyapp.models import FeedToken, Round, User
from surveyapp.services.audit import find_act, record_act
from surveyapp.services.logins import find_login
from surveyapp.services.states import find_state
from surveyapp.services.tokens import hash_token, make_feed_token

LEVELS = (RESEARCH, RESTRICTED)
LONGEST_NAME, LONGEST_WHY, SHORTEST = 80, 500, 3


def add_token(
    session: Session,
    *,
    partnership_id: int,
    name: str,
    why: str,
    level: str,
    actor: str,
    now: datetime,
    user: User | None = None,
) -> tuple[FeedToken, str]:
    """Make a token for a partnership's feeds and give it with its secret, which is told this once.

    `user`: whose login makes it; it ends when theirs do. Raises `InvalidError` with every fault, `field: sentence`.
    """
    name, why = " ".join(normalise(name).split()), " ".join(normalise(why).split())
    faults = []
    if not SHORTEST <= len(name) <= LONGEST_NAME:
        faults.append(f"name: Say where it will be used, in {SHORTEST} to {LONGEST_NAME} characters.")
    if not SHORTEST <= len(why) <= LONGEST_WHY:
        faults.append(f"why: Say who will use it, and to what end, in {SHORTEST} to {LONGEST_WHY} characters.")
    if level not in LEVELS:
        faults.append(f"level: Choose {' or '.join(LEVELS)}.")
    if faults:
        raise InvalidError("The token cannot be made.", faults)
    secret = make_feed_token()
    token = FeedToken(
        partnership_id=partnership_id,
        name=name,
        why=why,
        level=level,
        token_hash=hash_token(secret),
        user_id=user.id if user else None,
        login_version=user.login_version if user else None,
        created_by=actor,
        created_at=now,
    )
    session.add(token)
    session.flush()
    _record(session, token, "feed.token.add", actor, now, why=why, level=level)
    return token, secret


def revoke_token(session: Session, number: int, *, partnership_id: int | None, actor: str, now: datetime) -> FeedToken:
    """End a token; one that has ended stays as it is. `partnership_id` limits where it is looked for."""
    token = session.get(FeedToken, number, with_for_update=True)
    if token is None or partnership_id not in (None, token.partnership_id):
        raise NotFoundError(f"There is no token {number}.")
    if token.revoked_at is None:
        token.revoked_at = now
        _record(session, token, "feed.token.revoke", actor, now)
        session.flush()
    return token


def list_tokens(session: Session, partnership_id: int | None) -> Sequence[FeedToken]:
    """Give the tokens of a partnership (of all, without one), newest first."""
    query = select(FeedToken).order_by(FeedToken.id.desc())
    return session.scalars(
        query if partnership_id is None else query.where(FeedToken.partnership_id == partnership_id)
    ).all()


def find_token(session: Session, secret: str) -> FeedToken | None:
    """Give the token that this is, whether it counts or not; nothing where nobody ever was given it."""
    wanted = hash_token(secret)
    token = session.scalar(select(FeedToken).where(FeedToken.token_hash == wanted))
    return token if token is not None and hmac.compare_digest(token.token_hash, wanted) else None


def counts(session: Session, token: FeedToken) -> bool:
    """Whether a token may be used: not revoked, and the login that made it would still count."""
    if token.revoked_at is not None:
        return False
    if token.user_id is None:
        return True
    return find_login(session, token.user_id, token.login_version or 0) is not None


def note_use(session: Session, token_id: int, round_: Round, what: str, now: datetime) -> None:
    """Record that a token read a feed: once for each day, or the audit would hold nothing else."""
    key = f"feed:{token_id}:{round_.id}:{what}:{now:%Y-%m-%d}"
    token = session.get_one(FeedToken, token_id, with_for_update=True)
    if find_act(session, key) is not None:
        return
    token.used_at = now
    detail = {"token": token.id, "level": token.level}
    record_act(
        session,
        actor=f"token {token.id}",
        action=f"feed.{what}",
        now=now,
        round_=round_,
        detail=detail,
        key=key,
    )


def is_noted(session: Session, token_id: int, round_: Round, what: str, now: datetime) -> bool:
    """Whether today's use is recorded already, so that nothing need be written."""
    return find_act(session, f"feed:{token_id}:{round_.id}:{what}:{now:%Y-%m-%d}") is not None


def name_state(session: Session, round_: Round, now: datetime, *wishes: str) -> str:
    """Give a name for the present state of a round's rows, told in this way: the same name, the same bytes."""
    return hashlib.sha256(repr([find_state(session, round_, now), *wishes]).encode()).hexdigest()[:32]


def _record(session: Session, token: FeedToken, action: str, actor: str, now: datetime, **detail: object) -> None:
    detail = {"token": token.id, **detail}
    record_act(session, actor=actor, action=action, now=now, partnership_id=token.partnership_id, detail=detail)
