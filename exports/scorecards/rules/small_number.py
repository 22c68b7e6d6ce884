"""Few answers give an indication, not a band."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.rules.base import UNRELIABLE, Case, Claim, Rule

ENOUGH = 10


class SmallNumber(Rule):
    """C12.2: from k to 9 answers the score is indicative: whole points, no band, no trend."""

    sentence = "With fewer than 10 answers a score is only indicative: no band."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Take the band away."""
        return replace(claim, instead="indicative, no band", status=UNRELIABLE) if case.n < ENOUGH else claim
