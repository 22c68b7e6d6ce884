"""Staff accounts: who may work here, and with what password."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.models import User
from surveyapp.services.audit import record_act
from surveyapp.services.partnerships import find_or_add_partnership

ROLES = ("admin", "coordinator", "evaluator")
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with OWASP's second parameter set: 19 MiB, two passes, one lane."""

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")


def clean_email(text: str) -> str:
    """Give an e-mail address as accounts keep it: NFC, trimmed, lower case."""
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", text).strip().lower()


def clean_password(text: str) -> str:
    """Give a password as it is hashed: the same letters typed on another machine may come as other code points."""
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())


def add_user(
    session: Session,
    *,
    email: str,
    password: str,
    role: str,
    now: datetime,
    partnership: str | None = None,
    actor: str = "command line",
) -> User:
    """Add a member of staff; `partnership` by name is made when it is new, none means all partnerships.

    Raises `InvalidError` with every fault, `ConflictError` when the e-mail address has an account.
    """
    email = clean_email(email)
    faults = _find_faults(email, password, role)
    if faults:
        raise InvalidError("The account cannot be added", faults)
    if session.scalar(select(User.id).where(User.email == email)) is not None:
        raise ConflictError(f"{email} has an account already")
    user = User(
        email=email,
        password_hash=HASHER.hash(clean_password(password)),
        role=role,
        partnership_id=find_or_add_partnership(session, partnership) if partnership else None,
        created_at=now,
    )
    session.add(user)
    session.flush()
    record_act(
        session,
        actor=actor,
        action="user.add",
        now=now,
        partnership_id=user.partnership_id,
        detail={"user": user.id, "role": role},
    )
    return user


def find_user(session: Session, email: str) -> User:
    """Give the account of this e-mail address; raises `NotFoundError`."""
    user = session.scalar(select(User).where(User.email == clean_email(email)))
    if user is None:
        raise NotFoundError(f"There is no account for {clean_email(email)}")
    return user


def change_user(
    session: Session,
    user: User,
    *,
    now: datetime,
    actor: str,
    password: str | None = None,
    role: str | None = None,
    active: bool | None = None,
) -> None:
    """Change password, role or status; each ends every login of that person that began before."""
    faults = _find_faults(user.email, password, role if role is not None else user.role)
    if faults:
        raise InvalidError("The account cannot be changed", faults)
    changed = []
    if password is not None:
        user.password_hash = HASHER.hash(clean_password(password))
        changed.append("password")
    if role is not None and role != user.role:
        user.role = role
        changed.append("role")
    if active is not None and active != user.active:
        user.active = active
        changed.append("status")
    if changed:
        user.login_version += 1
        record_act(
            session,
            actor=actor,
            action="user.change",
            now=now,
            partnership_id=user.partnership_id,
            detail={"user": user.id, "changed": changed},
        )
        session.flush()


def check_password(session: Session, *, email: str, password: str) -> User | None:
    """Give the active user whose e-mail address and password these are, or nothing.

    An unknown address costs the same work as a wrong password: the time tells nobody who has an account.
    """
    user = session.scalar(select(User).where(User.email == clean_email(email)))
    try:
        HASHER.verify(user.password_hash if user else _decoy(), clean_password(password[: LONGEST_PASSWORD + 1]))
    except (VerificationError, InvalidHashError):
        return None
    return user if user is not None and user.active else None


def _find_faults(email: str, password: str | None, role: str) -> list[str]:
    faults = []
    if not EMAIL.fullmatch(email) or len(email) > 254:
        faults.append(f"{email!r} is not an e-mail address")
    if role not in ROLES:
        faults.append(f"The role is {role!r}; it can be {', '.join(ROLES)}")
    if password is not None:
        if not SHORTEST_PASSWORD <= len(clean_password(password)) <= LONGEST_PASSWORD:
            faults.append(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
        elif clean_password(password).lower() == email:
            faults.append("The password is the e-mail address; take another one")
    return faults


@cache
def _decoy() -> str:
    return HASHER.hash("nobody has this password")
