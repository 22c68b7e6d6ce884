"""Whether people would recommend the partnership: a score of its own, never averaged into the domains."""

from __future__ import annotations

from exports.charts.tables import Heading, make_table
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Section, Sentence, Table
from exports.scorecards.report.parts.domains import say_n, say_score

WHAT = (
    "The share of those who said 9 or 10 less the share of those who said 0 to 6: from −100 to 100. It is no part of "
    "the domains."
)
HEADINGS = (Heading("Score", True), Heading("95 % interval", True), Heading("n", True), Heading("Answers"))


def build_promoters(page: Page) -> Section | None:
    """Give the net promoter score by group; nothing where nobody was asked."""
    lines = page.promoters()
    if not lines:
        return None
    rows = [[label, say_score(line), line.interval or "none", say_n(line), line.note] for label, line in lines]
    table = make_table("Net promoter score by group", ["Group", *HEADINGS], rows)
    return Section("promoters", "Would people recommend the partnership?", (Sentence(WHAT), Table("promoters", table)))
