"""The contract of a rule against over-claiming: what an estimate is, and what may be said of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from exports.rounding import find_whole
from exports.scorecards.bands import Bands, find_place

NORMAL = "A"
BREAK = "B"
NOT_COLLECTED = "L"
SUPPRESSED = "Q"
UNRELIABLE = "U"
ESTIMATED = "E"
STATUSES = {
    NORMAL: "normal",
    NOT_COLLECTED: "not collected",
    SUPPRESSED: "suppressed, to protect people",
    UNRELIABLE: "low reliability",
    ESTIMATED: "estimate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An estimate, and all that the rules want to know about how it came about.

    `lo`, `hi`: the interval in points, none where it cannot be given. `response_rate`: RR2, none without a roster.
    `weakest`: of an overall, its lowest published domain and that score; `failed_gates`: what stops it.
    """

    score: float
    lo: float | None
    hi: float | None
    n: int
    k: int
    bands: Bands
    response_rate: float | None = None
    self_selected: bool = False
    source: str = "voice"
    weakest: tuple[str, float] | None = None
    failed_gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What may be said: the bands from place `low` to place `high`, how the words are qualified, and the status.

    `instead` takes the place of any band. `notes` are whole sentences.
    """

    low: int
    high: int
    capped_by: tuple[str, float] | None = None
    in_brackets: bool = False
    instead: str = ""
    status: str = NORMAL
    notes: tuple[str, ...] = ()

    def word(self, bands: Bands) -> str:
        """Give the claim in words, such as `Established`, `Emerging-Established`, `Emerging (capped by EXIT 38)`."""
        if self.instead:
            return self.instead
        names = bands[self.low][1] if self.low == self.high else f"{bands[self.low][1]}-{bands[self.high][1]}"
        cap = f"capped by {self.capped_by[0]} {find_whole(self.capped_by[1])}" if self.capped_by else ""
        if self.in_brackets:
            return f"({names}, {cap})" if cap else f"({names})"
        return f"{names} ({cap})" if cap else names


class Rule(ABC):
    """One rule. It has no state and looks at one case; a later rule may overrule what an earlier one said."""

    sentence: ClassVar[str]
    """The rule as the methods card states it; `{k}` is filled in."""

    @abstractmethod
    def judge(self, case: Case, claim: Claim) -> Claim:
        """Give what may be said after this rule; the claim as it was where the rule does not apply."""


def claim_band_of_score(case: Case) -> Claim:
    """Give what the score alone would say."""
    place = find_place(case.score, case.bands)
    return Claim(low=place, high=place)
