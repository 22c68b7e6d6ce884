"""Texts on their way: an outbox with a round behind it, and a gateway that says what the test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from builders import NOON, publish
from sqlalchemy import select

from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.delivering import Deliverer
from surveyapp.gateways.base import Fate, Outbound, UnreachableError
from surveyapp.gateways.simulator import Simulator
from surveyapp.models import OutboundMessage
from surveyapp.sending import Sending
from surveyapp.services.outbox import NewMessage, queue_messages

MORNING = NOON + timedelta(hours=3)
"""Ten in the morning in Washington, whose numbers these are."""
SENDING = Sending(gateway="simulator", sender="+12025550100", rate=100.0, everywhere=True)


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass; it is also how a worker sleeps."""
        self.now += timedelta(seconds=seconds)


class ToldGateway(Simulator):
    """Takes every text, unless `answers` holds errors to raise or fates to give; `listed` is its own list."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.taken: list[Outbound] = []
        self.answers: list[Exception | Fate] = []
        self.listed: Sequence[Fate] | None = ()
        self.on_send: Callable[[Outbound], None] = lambda outbound: None
        self._numbers = count(1)

    def send(self, outbound: Outbound) -> Fate:
        """Take a text."""
        self.taken.append(outbound)
        self.on_send(outbound)
        answer = self.answers.pop(0) if self.answers else Fate(provider_id=f"SM{next(self._numbers)}", state="sent")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def find(self, outbound: Outbound, since: datetime, until: datetime) -> Sequence[Fate]:
        """Give the list."""
        if self.listed is None:
            raise UnreachableError
        return self.listed


class Post:
    """An outbox with its gateway, a clock, and a worker that sleeps by it."""

    def __init__(self, database: Database, settings: Settings, rules: Sending = SENDING, **wishes: object) -> None:
        self.database, self.clock = database, Clock()
        self.settings = replace(settings, sending=rules)
        self.gateway = ToldGateway(self.settings)
        wishes.setdefault("contacts", None)
        self.round = publish(database, open_link=True, **wishes)
        self.worker = self.employ("worker")

    def employ(self, name: str) -> Deliverer:
        """Give one more worker."""
        return Deliverer(
            self.database,
            self.settings,
            self.clock,
            gateway=self.gateway,
            owner=name,
            sleep=self.clock.pass_by,
            dice=lambda: 0.5,
        )

    def queue(self, *phones: str, **facts: object) -> None:
        """Put a text for each phone into the outbox."""
        facts = {
            "kind": "invitation",
            "body": "Hello?",
            "not_before": self.clock.now,
            "valid_until": self.clock.now + timedelta(days=3),
            "round_id": self.round.id,
            **facts,
        }
        new = [NewMessage(who=f"phone:{phone}", phone=phone, **facts) for phone in phones]
        with self.database.writing() as session:
            queue_messages(session, new, self.settings.sending, self.clock.now)

    def deliver(self, worker: Deliverer | None = None, patience: float = 60) -> dict[str, int]:
        """Send what is due."""
        return dict((worker or self.worker).deliver_due(patience=patience))

    def messages(self) -> list[OutboundMessage]:
        """Give the outbox, oldest first."""
        with self.database.reading() as session:
            return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))

    def states(self) -> list[str]:
        """Give the states of the outbox, oldest first."""
        return [message.state for message in self.messages()]

    @property
    def message(self) -> OutboundMessage:
        """The only text there is."""
        (only,) = self.messages()
        return only
