"""A partnership is not stronger than its weakest side allows."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.bands import find_place
from exports.scorecards.rules.base import Case, Claim, Rule


class WeakestLink(Rule):
    """C12.6: the overall band is at most one above the band of the lowest published domain."""

    sentence = "The overall band is at most one above the band of the lowest domain."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Cap the band and name the domain that caps it."""
        if case.weakest is None:
            return claim
        highest = find_place(case.weakest[1], case.bands) + 1
        if claim.high <= highest:
            return claim
        return replace(claim, low=min(claim.low, highest), high=highest, capped_by=case.weakest)
