"""One drawing that stands alone: the domains, or what a panel draws in their place."""

from __future__ import annotations

from exports.charts.drawing import set_width
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Picture
from exports.scorecards.results import Tables


def scorecard_svg(results: Tables) -> str:
    """Give the bars of the domains, or the first drawing of the panel in their place, with a width of its own."""
    page = Page(results)
    blocks = [block for told in results.panels for section in told.sections for block in section.blocks]
    drawn = [block.svg for block in blocks if isinstance(block, Picture)] if page.is_no_opinion else []
    return set_width(drawn[0] if drawn else page.chart())
