"""What law or money stops cannot be the best of bands."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.rules.base import Case, Claim, Rule


class FailedGate(Rule):
    """C12.7: with a gate of the legal and financial checklist answered No, no overall is in the highest band."""

    sentence = "With a gate of the legal and financial checklist answered No, the overall is not in the highest band."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Hold the band below the highest and name the gates."""
        highest = len(case.bands) - 2
        if not case.failed_gates or claim.high <= highest:
            return claim
        note = f"Held back by the legal and financial checklist: {', '.join(case.failed_gates)}."
        return replace(claim, low=min(claim.low, highest), high=highest, notes=(*claim.notes, note))
