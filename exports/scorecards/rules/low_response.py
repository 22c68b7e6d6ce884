"""Where few of those asked answered, or anybody could, the answers speak for those who gave them."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.rules.base import Case, Claim, Rule

ENOUGH = 0.30
NOTE = "This describes only those who answered."


class LowResponse(Rule):
    """C12.5: below 30 % response, or with an open link, a band stands in brackets."""

    sentence = (
        "If fewer than 30 % answered, or anybody could answer, the numbers describe only those who answered: "
        "a band stands in brackets."
    )

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Put the band in brackets and say whom it describes."""
        low = case.response_rate is not None and case.response_rate < ENOUGH
        if not low and not case.self_selected:
            return claim
        return replace(claim, in_brackets=True, notes=(*claim.notes, NOTE))
