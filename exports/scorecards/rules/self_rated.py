"""What people say of their own work is no band of it."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.rules.base import ESTIMATED, Case, Claim, Rule


class SelfRated(Rule):
    """C12.9: a self-assessment never sets a band by itself; records that nobody checked are an estimate."""

    sentence = "A self-rating sets no band. What rests on partner records is an estimate."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Take the band from self-ratings; mark records as an estimate."""
        if case.source == "self":
            note = f"Self-rated by {case.n} people."
            return replace(claim, instead="self-rated, no band", notes=(*claim.notes, note))
        if case.source == "record":
            note = "Estimate: based on partner records, not checked."
            return replace(claim, status=ESTIMATED, notes=(*claim.notes, note))
        return claim
