"""The registry of rules against over-claiming (C12): one file each, one line each, in the order in which they judge."""

from __future__ import annotations

from exports.scorecards.rules.base import Case, Claim, Rule, claim_band_of_score
from exports.scorecards.rules.crossed_threshold import CrossedThreshold
from exports.scorecards.rules.failed_gate import FailedGate
from exports.scorecards.rules.low_response import LowResponse
from exports.scorecards.rules.self_rated import SelfRated
from exports.scorecards.rules.small_number import SmallNumber
from exports.scorecards.rules.suppressed import Suppressed
from exports.scorecards.rules.too_uncertain import TooUncertain
from exports.scorecards.rules.weakest_link import WeakestLink

RULES: tuple[Rule, ...] = (
    CrossedThreshold(),
    WeakestLink(),
    FailedGate(),
    LowResponse(),
    SelfRated(),
    TooUncertain(),
    SmallNumber(),
    Suppressed(),
)


def find_claim(case: Case) -> Claim:
    """Give what may be said of an estimate: what its score says, then every rule in turn."""
    claim = claim_band_of_score(case)
    for rule in RULES:
        claim = rule.judge(case, claim)
    return claim
