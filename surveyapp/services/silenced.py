"""Phones that no round texts: their owners wrote STOP, or nobody has them any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.gateways import is_gone
from surveyapp.services.outbox import DELIVERED, FAILED, INVITATION, OPT_OUTS, OUTBOX, SENT

BOUNCED_ROUNDS = 2
"""Rounds in a row in which a number has to turn out not to exist until it is dropped (sms-practice E)."""
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Silenced:
    """Phones by why they are not texted: `opted_out` wrote STOP, `bounced` do not exist any more."""

    opted_out: frozenset[str] = field(default_factory=frozenset)
    bounced: frozenset[str] = field(default_factory=frozenset)


def find_silenced(session: Session, phones: Sequence[str]) -> Silenced:
    """Give which of these phones are not to be texted."""
    opted_out: set[str] = set()
    bounced: set[str] = set()
    for start in range(0, len(phones), _BATCH):
        some = phones[start : start + _BATCH]
        opted_out.update(session.scalars(select(OPT_OUTS.c.phone).where(OPT_OUTS.c.phone.in_(some))))
        bounced.update(_find_bounced(session, some))
    return Silenced(frozenset(opted_out), frozenset(bounced))


def _find_bounced(session: Session, phones: Sequence[str]) -> frozenset[str]:
    columns = (OUTBOX.c.phone, OUTBOX.c.round_id, OUTBOX.c.state, OUTBOX.c.gateway, OUTBOX.c.error_code)
    ended = OUTBOX.c.state.in_((SENT, DELIVERED, FAILED))
    told = select(*columns).where(OUTBOX.c.phone.in_(phones), OUTBOX.c.kind == INVITATION, ended)
    failed: dict[str, set[int]] = defaultdict(set)
    for row in session.execute(told.order_by(OUTBOX.c.id)):
        if row.state != FAILED:
            failed.pop(row.phone, None)
        elif is_gone(row.gateway, row.error_code or ""):
            failed[row.phone].add(row.round_id)
    return frozenset(phone for phone, rounds in failed.items() if len(rounds) >= BOUNCED_ROUNDS)
