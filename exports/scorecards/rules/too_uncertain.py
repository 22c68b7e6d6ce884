"""An interval too wide to say anything by."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.rules.base import UNRELIABLE, Case, Claim, Rule

WIDEST = 15
"""Half-width in points."""


class TooUncertain(Rule):
    """C12.3: no band where the interval reaches more than 15 points to each side."""

    sentence = "If the interval reaches more than 15 points to each side, there is no band: too uncertain."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Take the band away."""
        if case.lo is None or case.hi is None or (case.hi - case.lo) / 2 <= WIDEST:
            return claim
        return replace(claim, instead="no band: too uncertain", status=UNRELIABLE)
