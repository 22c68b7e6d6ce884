"""The carrier of a rehearsal: it takes texts, loses some, refuses others, and tells the play what has arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from surveyapp.config import Settings
from surveyapp.gateways.base import DoubtfulError, Fate, NotAcceptedError, Outbound
from surveyapp.gateways.simulator import Simulator

REFUSES, BUSY, DOUBTFUL = 0.015, 0.01, 0.003
"""Chances of each text: its number does not exist, the carrier asks to come back later, and nobody knows."""


class Carrier(Simulator):
    """A simulator whose numbers may be any, with a carrier's errors. `arrived` is told each text that got through."""

    def __init__(self, settings: Settings, dice: Random, arrived: Callable[[Outbound], None]) -> None:
        super().__init__(settings)
        self._dice, self._arrived = dice, arrived
        self._taken: dict[int, bool] = {}
        self.errors: Counter[str] = Counter()

    def send(self, outbound: Outbound) -> Fate:
        """Take a text, or fail as carriers do."""
        chance = self._dice.random()
        if chance < REFUSES:
            self.errors["number does not exist"] += 1
            raise NotAcceptedError("21614", permanent=True)
        if chance < REFUSES + BUSY:
            self.errors["carrier busy"] += 1
            raise NotAcceptedError("20429", retry_after=30)
        if chance < REFUSES + BUSY + DOUBTFUL:
            self.errors["no answer from the carrier"] += 1
            self._take(outbound, taken=self._dice.random() < 0.5)
            raise DoubtfulError("timeout")
        self._take(outbound, taken=True)
        return self._fate(outbound)

    def find(self, outbound: Outbound, since: datetime, until: datetime) -> Sequence[Fate]:
        """Give whether a doubtful text was taken."""
        return (self._fate(outbound),) if self._taken.get(outbound.message) else ()

    def _take(self, outbound: Outbound, *, taken: bool) -> None:
        self._taken[outbound.message] = taken
        if taken:
            self._arrived(outbound)

    @staticmethod
    def _fate(outbound: Outbound) -> Fate:
        return Fate(provider_id=f"rehearsed-{outbound.message}", state="delivered", message=outbound.message)
