"""Who answered and who is missing, group by group, and how the cases ended."""

from __future__ import annotations

from exports.charts.response import draw_response, tabulate_response
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Block, Picture, Section, Sentence, Table


def build_response(page: Page) -> Section | None:
    """Give the response by group, with a drawing where it is known how many were asked."""
    if not page.card.plan.domains:
        return None
    groups = page.reached()
    title = "Response by group" if page.card.study.closed else "Response by group, so far"
    blocks: list[Block] = []
    if any(group.rate is not None for group in groups):
        said = "Each bar is the share of those invited who answered; what is left of it open is who is missing."
        blocks.append(Picture(draw_response(groups, title=title, description=said), f"{title}. {said}"))
    blocks.append(Table("response", tabulate_response(groups, title)))
    if page.dispositions:
        blocks.append(Sentence(page.dispositions, soft=True))
    return Section("response", "Who answered", tuple(blocks))
