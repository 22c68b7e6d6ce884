"""Whether people would recommend the partnership: a score of its own, never averaged into the domains."""

from __future__ import annotations

from exports.charts.tables import Cell, Heading, make_table
from exports.rounding import find_whole
from exports.scorecards.page import Line, Page
from exports.scorecards.report.blocks import Section, Sentence, Table
from exports.scorecards.report.parts.domains import say_n, say_score

WHAT = (
    "The share of those who said 9 or 10 less the share of those who said 0 to 6: from −100 to 100. It is no part of "
    "the domains."
)
HEADINGS = (Heading("Score", True), Heading("95 % interval", True), Heading("n", True))


def say_change(line: Line) -> str:
    """Give the change of a score in points with its interval, or that it is not told."""
    row = line.row
    if row.delta is None or row.delta_ci_lo is None or row.delta_ci_hi is None:
        return "none"
    return f"{find_whole(row.delta):+d} ({find_whole(row.delta_ci_lo)} to {find_whole(row.delta_ci_hi)})"


def build_promoters(page: Page) -> Section | None:
    """Give the net promoter score by group; nothing where nobody was asked."""
    lines = page.promoters()
    if not lines:
        return None
    before = page.card.compared_with
    rows: list[list[Cell]] = [
        [
            label,
            say_score(line),
            line.interval or "none",
            say_n(line),
            *([say_change(line)] if before else []),
            line.note,
        ]
        for label, line in lines
    ]
    changes = [Heading(f"Since {before}", True)] if before else []
    table = make_table("Net promoter score by group", ["Group", *HEADINGS, *changes, "Answers"], rows)
    return Section("promoters", "Would people recommend the partnership?", (Sentence(WHAT), Table("promoters", table)))
