"""Logging in: which logins still count, and the brake on guessing."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from surveyapp.database import insert_once
from surveyapp.models import LoginThrottle, User
from surveyapp.services.accounts import HASHER, clean_email, clean_password
from surveyapp.services.audit import record_act

THROTTLES = cast(Table, LoginThrottle.__table__)
FREE_FAILURES = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def find_login(session: Session, user_id: int, login_version: int) -> User | None:
    """Give the user of a login that still counts: active, and nothing changed since it began."""
    return session.scalar(
        select(User).where(User.id == user_id, User.login_version == login_version, User.active.is_(True))
    )


def begin_attempt(session: Session, *, email: str, address: str, secret_key: str, now: datetime) -> timedelta:
    """Count one try to log in before it is judged; gives how long the brake holds it back, zero to go on.

    Counting first, since a hundred tries at once must not slip through together. Ten are free for each account and
    for each address; each further one is followed by a wait that doubles from 30 seconds up to 15 minutes. Nobody is
    ever locked out for good, and a day of quiet forgets it all. Tries during a wait are not counted: otherwise a
    stranger could keep an account closed for ever.
    """
    rows = [_lock_throttle(session, key, now) for key in sorted(_throttle_keys(email, address, secret_key))]
    wait = max((row.blocked_until - now for row in rows if row.blocked_until is not None), default=timedelta(0))
    if wait > timedelta(0):
        return wait
    for row in rows:
        _count(row, now)
    return timedelta(0)


def find_guesser_wait(session: Session, *, address: str, secret_key: str, now: datetime) -> timedelta:
    """Give how long this address must wait before it may show a token again, zero where it may; this only reads."""
    row = session.get(LoginThrottle, _hash_key(f"guesser:{_cut_address(address)}", secret_key))
    return max(row.blocked_until - now, timedelta(0)) if row and row.blocked_until else timedelta(0)


def count_guess(session: Session, *, address: str, secret_key: str, now: datetime) -> None:
    """Count a token that nobody ever was given, by the same rule as failed logins."""
    _count(_lock_throttle(session, _hash_key(f"guesser:{_cut_address(address)}", secret_key), now), now)


def _count(row: LoginThrottle, now: datetime) -> None:
    row.failures = 1 if now - row.updated_at > FORGOTTEN_AFTER else row.failures + 1
    row.updated_at = now
    doublings = row.failures - FREE_FAILURES
    row.blocked_until = None if doublings < 0 else now + min(FIRST_WAIT * 2 ** min(doublings, 10), LONGEST_WAIT)


def record_login(
    session: Session, user_id: int, *, password: str, address: str, secret_key: str, now: datetime
) -> User | None:
    """Take back what `begin_attempt` counted, and keep the hash by today's parameters; gives the user if active.

    The account's failures are forgotten; the address gets only this one back, or a guesser with an account of
    their own could wipe the slate whenever they like.
    """
    user = session.get(User, user_id, with_for_update=True)
    if user is None or not user.active:
        return None
    account, origin = _throttle_keys(user.email, address, secret_key)
    rows = {key: _lock_throttle(session, key, now) for key in sorted((account, origin))}
    session.delete(rows[account])
    rows[origin].failures = max(rows[origin].failures - 1, 0)
    rows[origin].blocked_until = None
    if HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = HASHER.hash(clean_password(password))
    record_act(session, actor=user.email, action="login", now=now, partnership_id=user.partnership_id)
    return user


def _throttle_keys(email: str, address: str, secret_key: str) -> tuple[str, str]:
    """Keys under the service's secret: whoever reads the table learns neither accounts nor addresses."""
    account, origin = f"account:{clean_email(email)}", f"address:{_cut_address(address)}"
    return _hash_key(account, secret_key), _hash_key(origin, secret_key)


def _hash_key(name: str, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _cut_address(address: str) -> str:
    # One household or attacker holds a whole IPv6 /64.
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def _lock_throttle(session: Session, key: str, now: datetime) -> LoginThrottle:
    insert_once(session, THROTTLES, {"key": key, "failures": 0, "updated_at": now})
    return session.scalars(select(LoginThrottle).where(LoginThrottle.key == key).with_for_update()).one()
