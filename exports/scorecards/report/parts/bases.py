"""Core questions and all questions side by side."""

from __future__ import annotations

from exports.charts.tables import Heading, make_table
from exports.scorecards.page import Page
from exports.scorecards.reach import GROUP_EQUAL
from exports.scorecards.report.blocks import Section, Sentence, Table
from exports.scorecards.report.parts.domains import say_with_n

WHY = (
    "Core questions are asked on every channel, so rounds can be compared on them. The domains above use them where "
    "a domain has some."
)


def build_bases(page: Page) -> Section | None:
    """Give each domain on both bases; nothing where no question is core."""
    if not page.card.core_domains:
        return None
    columns = []
    for basis in ("Core", "All questions"):
        columns.append(Heading(f"{basis}, everyone", number=True))
        if GROUP_EQUAL in page.card.columns:
            columns.append(Heading(f"{basis}, groups alike", number=True))
    rows = [[label, *(say_with_n(line) for line in lines)] for label, lines in page.bases()]
    table = make_table("Scores by basis, with n in brackets", ["Domain", *columns], rows)
    return Section("bases", "Core questions and all questions", (Sentence(WHY), Table("bases", table)), aside=True)
