"""Response rates from AAPOR dispositions (scorecard C9; AAPOR Standard Definitions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """AAPOR outcome rates as shares of 1. `eligible_share` is e, the share of resolved cases that were eligible."""

    eligible_share: float
    rr1: float
    rr2: float
    rr3: float
    rr4: float
    rr5: float
    rr6: float
    cooperation: float | None
    refusal: float
    contact: float


def find_rates(cases: Mapping[str, int]) -> Rates | None:
    """Give the rates of counts by class (I, P, R, NC, O, UH, UO, NE, pending); nothing when no case was eligible.

    RR1 and RR2 keep cases of unknown eligibility, RR3 and RR4 count them with e, RR5 and RR6 drop them; the even
    ones count partial interviews as answers. Duplicates and people who are no stakeholders (NE) are in no rate.
    Pending cases are invited people who may still answer: they stand in every denominator, so that rates taken
    while the round is open are the rates so far; they are nobody's refusal.
    """
    complete, partial = cases.get("I", 0), cases.get("P", 0)
    answered, refused = complete + partial, cases.get("R", 0)
    reached = answered + refused + cases.get("O", 0)
    known = reached + cases.get("NC", 0) + cases.get("pending", 0)
    unknown = cases.get("UH", 0) + cases.get("UO", 0)
    if known + unknown == 0:
        return None
    resolved = known + cases.get("NE", 0)
    e = known / resolved if resolved else 1.0
    weighed = known + e * unknown or known + unknown
    return Rates(
        eligible_share=e,
        rr1=complete / (known + unknown),
        rr2=answered / (known + unknown),
        rr3=complete / weighed,
        rr4=answered / weighed,
        rr5=complete / known if known else 0.0,
        rr6=answered / known if known else 0.0,
        cooperation=complete / reached if reached else None,
        refusal=refused / (known + unknown),
        contact=reached / (known + unknown),
    )
