"""Two voices on one domain: what stakeholders say and what coordinators say of themselves (V20)."""

from __future__ import annotations

from dataclasses import dataclass

from exports.scorecards.scorecard import Scorecard

WORTH_SAYING = 15.0
"""From this many points the two are worth talking about: our convention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One number in both voices, in points; `gap` is own less stakeholders', none where one of the two is not shown."""

    domain: str
    basis: str
    group: str
    own: float | None
    voice: float | None

    @property
    def gap(self) -> float | None:
        """By how much they rate themselves higher."""
        return None if self.own is None or self.voice is None else self.own - self.voice

    @property
    def is_wide(self) -> bool:
        """Whether it is worth saying."""
        return self.gap is not None and abs(self.gap) >= WORTH_SAYING


def list_gaps(voice: Scorecard, own: Scorecard, *, basis: str = "full", group: str = "all") -> list[Gap]:
    """Give both voices on every domain that both instruments have, in the stakeholders' order."""
    shared = {domain.id for domain in own.plan.domains}
    found = []
    for domain in voice.plan.domains:
        if domain.id in shared:
            rows = [card.find(basis, domain.id, group) for card in (own, voice)]
            scores = [row.score if row else None for row in rows]
            found.append(Gap(domain=domain.id, basis=basis, group=group, own=scores[0], voice=scores[1]))
    return found
