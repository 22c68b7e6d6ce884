"""The domains by group, with what is withheld and why."""

from __future__ import annotations

from exports.charts.tables import Heading, make_table
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Block, Section, Sentence, Table
from exports.scorecards.report.parts.domains import say_with_n


def build_groups(page: Page) -> Section | None:
    """Give the scores by domain and group; nothing for a round without groups."""
    groups = page.groups()
    if not groups or not page.card.plan.domains:
        return None
    rows = [[label, *(say_with_n(line) for line in lines)] for label, lines in page.group_table()]
    headings = [Heading(label, number=True) for _, label in groups]
    table = make_table("Scores by domain and group, with n in brackets", ["Domain", *headings], rows)
    blocks: list[Block] = [Table("groups", table), *(Sentence(said, soft=True) for said in page.withheld())]
    if empty := page.empty_groups():
        blocks.append(Sentence(f"No answers from: {', '.join(empty)}.", soft=True))
    return Section("groups", "By group", tuple(blocks))
