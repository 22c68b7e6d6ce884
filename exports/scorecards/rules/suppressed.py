"""Below k nothing is said at all."""

from __future__ import annotations

from dataclasses import replace

from exports.scorecards.rules.base import SUPPRESSED, Case, Claim, Rule


class Suppressed(Rule):
    """C12.1: fewer than k answers. The gate has hidden these before; the rule stands here so that no door is open."""

    sentence = "With fewer than {k} answers nothing is shown, to protect people."

    def judge(self, case: Case, claim: Claim) -> Claim:
        """Say only that it is suppressed."""
        return replace(claim, instead="suppressed", status=SUPPRESSED) if case.n < case.k else claim
