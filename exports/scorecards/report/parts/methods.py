"""The methods card: how to read the numbers, and what rules they obey."""

from __future__ import annotations

from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Section, Terms

SCALE = (
    "Every answer becomes 0 to 100: 0 is the lowest answer offered, 100 the highest. Scores from other questionnaires "
    "are not comparable."
)
MISSING = (
    "Don't know and skipped answers are never scored. A person counts in a domain with at least {share} of the "
    "questions that applied answered."
)
BANDS = "{bands}. They are conventions, not norms, and are set before rounding."
OVERALL = (
    "The mean of the domains, each counted alike; it needs at least 7 of 10 of them. The core index needs all its "
    "domains. Where there are groups, the headline counts every group alike; the score of everyone stands beside it."
)
PROTECTION = "Numbers that stand on fewer than {k} people are not shown, nor any number that would give them away."


def build_methods(page: Page) -> Section | None:
    """Give the card; nothing for an instrument that scores nothing."""
    if not page.card.plan.domains:
        return None
    card = page.card
    terms = [
        ("Scale", (SCALE,)),
        ("Missing answers", (MISSING.format(share=page.min_share),)),
        ("Bands", (BANDS.format(bands=_say_bands(page)),)),
        ("Rules for bands", tuple(page.rules)),
        ("Overall", (OVERALL,)),
        ("Who was asked", (page.frame_sentence,)),
        ("Cases", (page.dispositions,)),
        ("Protection", (" ".join([PROTECTION.format(k=card.plan.k), *page.withheld()]),)),
        ("Source", (f"{card.study.definition.id} version {card.study.definition.version}, computed {page.computed}.",)),
    ]
    return Section("methods", "How to read this", (Terms(tuple(term for term in terms if any(term[1]))),))


def _say_bands(page: Page) -> str:
    said = [f"{name} {begin:g} to under {end:g}" for name, begin, end in page.limits[:-1]]
    name, begin, _ = page.limits[-1]
    return ", ".join([*said, f"{name} {begin:g} and above"])
