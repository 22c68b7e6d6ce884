"""An interval that reaches into another band is said to."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.bands import find_place
from exports.scorecards.rules.base import Case, Claim, Rule


class CrossedThreshold(Rule):
    """C12.4: the interval crosses a threshold, so the label names both bands."""

    sentence = "If the interval crosses a limit between bands, both bands are named."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Name the bands of both ends; an interval that only touches a limit does not cross it."""
        if case.lo is None or case.hi is None:
            return claim
        limits = [limit for limit, _ in case.bands if case.lo < limit < case.hi]
        if not limits:
            return claim
        return replace(claim, low=find_place(case.lo, case.bands), high=find_place(limits[-1], case.bands))
