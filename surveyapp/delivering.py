"""Sending what is due: claim and commit, call the gateway outside any transaction, note what it said. Any number of
these work on one database."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from random import SystemRandom
from typing import TypeVar

from sqlalchemy.orm import Session

from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.gateways import find_gateway
from surveyapp.gateways.base import DoubtfulError, Fate, Gateway, NotAcceptedError, Outbound, UnreachableError
from surveyapp.services.claiming import LEASE, Claim, Wait, claim_next
from surveyapp.services.fates import give_up_lost_attempts, note_accepted, note_doubtful, note_not_accepted
from surveyapp.services.outbox import is_in_flight
from surveyapp.services.reconciling import Doubt, list_doubts, settle_doubt
from surveyapp.services.slots import TOLERANCE, move_slot

LOG = logging.getLogger("surveyapp.delivery")
Said = TypeVar("Said")
CALL_BEGINS_WITHIN = timedelta(seconds=3)
"""After the claim; a worker that was stopped for longer gives the text back by itself."""
LONGEST_LEAD = timedelta(seconds=2)
"""However long a commit takes, a slot is not taken further ahead."""
LANDS_WITHIN = 12.0
"""Seconds that a call takes at most (`gateways.calling.SECONDS`), from the claim on."""
LONGEST_PAUSE = 60.0
"""Seconds; a number that is silent for longer was asked to be so by its gateway."""


def name_worker() -> str:
    """Give this process a name of its own: machine, process and chance."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def wait_for_landing(database: Database, phone: str, seconds: float = LANDS_WITHIN) -> None:
    """Wait until no text to this phone is in flight: whoever wrote STOP gets the answer after the last call began."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with database.reading() as session:
            if not is_in_flight(session, phone):
                return
        time.sleep(0.02)


@dataclass(slots=True)
class Deliverer:
    """One worker: what it needs to send. `sleep` and `clock` are the test's where a test wants them to be."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    gateway: Gateway | None = None
    owner: str = field(default_factory=name_worker)
    sleep: Callable[[float], object] = time.sleep
    stopped: Callable[[], bool] = lambda: False
    dice: Callable[[], float] = SystemRandom().random
    _lead: timedelta = timedelta()
    """How long claims took lately until they were committed."""

    def __post_init__(self) -> None:
        self.gateway = self.gateway or find_gateway(self.settings.sms_gateway, self.settings)

    def deliver_due(
        self, *, most: int | None = None, patience: float = 0.0, paced: bool = False, seconds: float = inf
    ) -> Counter[str]:
        """Send what is due, and count what came of it by outcome.

        `most`: texts at most. `patience`: seconds for which to wait for the next text, when one will soon be due.
        `paced`: wait for our number whenever it is busy, however long the queue is. `seconds`: begin nothing later.
        """
        outcomes: Counter[str] = Counter()
        began = time.monotonic()
        ends = began + patience
        while not self.stopped() and time.monotonic() - began < seconds and (most is None or outcomes.total() < most):
            step = self.deliver_one()
            if isinstance(step, str):
                outcomes[step] += 1
                continue
            pause = self._find_pause(step, ends, paced)
            if pause is None:
                break
            if pause > 0:
                self.sleep(pause)
        return outcomes

    def deliver_one(self) -> str | Wait:
        """Send the next text and give what came of it, or until when there is nothing to send."""
        with self.database.writing() as session:
            now = self.clock()
            claim = claim_next(session, self.settings.sending, owner=self.owner, now=now, lead=self._lead)
        self._lead = min(max(self.clock() - now, self._lead * 0.9), LONGEST_LEAD)
        if isinstance(claim, Wait):
            return claim
        if not self._reach_slot(claim):
            return self._note_not_accepted(claim, NotAcceptedError("worker stopped"))
        try:
            fate = self._gateway.send(self._build_outbound(claim))
        except NotAcceptedError as error:
            LOG.info("message %s not accepted: %s", claim.id, error.code)
            return self._note_not_accepted(claim, error)
        except DoubtfulError as error:
            LOG.warning("message %s is doubtful: %s", claim.id, error.code)
            return self._note(claim, note_doubtful, error, "doubtful")
        return self._note(claim, note_accepted, fate, "sent")

    def reconcile_due(self, most: int = 50) -> Counter[str]:
        """Look for what is doubtful in the gateway's list, and count what came of it."""
        with self.database.writing() as session:
            give_up_lost_attempts(session, self.clock())
        with self.database.reading() as session:
            doubts = list_doubts(session, self.clock(), most)
        outcomes: Counter[str] = Counter()
        for doubt in doubts:
            found = self._find(doubt)
            with self.database.writing() as session:
                outcomes[settle_doubt(session, doubt, found, self.clock())] += 1
        return outcomes

    @property
    def _gateway(self) -> Gateway:
        assert self.gateway is not None
        return self.gateway

    def _reach_slot(self, claim: Claim) -> bool:
        """Wait for the slot, or for another where it was missed; gives whether the call may begin now."""
        slot, begins_by = claim.slot, claim.lease_until - LEASE + CALL_BEGINS_WITHIN
        while slot.at <= begins_by:
            if (pause := (slot.at - self.clock()).total_seconds()) > 0:
                self.sleep(pause)
            now = self.clock()
            if self.stopped() or now > begins_by:
                return False
            if now <= slot.at + TOLERANCE:
                if now >= slot.at:
                    return True
                continue
            self._lead = min(max(2 * self._lead, TOLERANCE), LONGEST_LEAD)
            with self.database.writing() as session:
                earliest = self.clock() + self._lead
                rate = self.settings.sending.rate
                slot = move_slot(session, claim.sender, slot, earliest, claim.segments, rate)
        return False

    def _note_not_accepted(self, claim: Claim, error: NotAcceptedError) -> str:
        with self.database.writing() as session:
            counts = note_not_accepted(session, claim, error, self.clock(), self.dice)
        return "not accepted" if counts else "replaced"

    def _note(
        self, claim: Claim, note: Callable[[Session, Claim, Said, datetime], bool], said: Said, outcome: str
    ) -> str:
        with self.database.writing() as session:
            counts = note(session, claim, said, self.clock())
        return outcome if counts else "replaced"

    def _find(self, doubt: Doubt) -> tuple[Fate, ...] | None:
        outbound = Outbound(
            message=doubt.id, sender=doubt.sender, phone=doubt.phone, body=doubt.body, status_url="", valid_for=0
        )
        try:
            if doubt.gateway != self._gateway.name:
                raise UnreachableError
            return tuple(self._gateway.find(outbound, doubt.since, doubt.until))
        except UnreachableError:
            return None

    def _find_pause(self, wait: Wait, ends: float, paced: bool) -> float | None:
        if wait.until is None:
            return None
        pause = max((wait.until - self.clock()).total_seconds(), 0.0)
        if paced and wait.paced and pause <= LONGEST_PAUSE:
            return pause
        return pause if time.monotonic() + pause <= ends or pause == 0.0 else None

    def _build_outbound(self, claim: Claim) -> Outbound:
        left = (claim.valid_until - self.clock()).total_seconds()
        return Outbound(
            message=claim.id,
            sender=claim.sender,
            phone=claim.phone,
            body=claim.body,
            status_url=f"{self.settings.public_url}/sms/{claim.gateway}/status?message={claim.id}",
            valid_for=max(int(left), 1),
        )
