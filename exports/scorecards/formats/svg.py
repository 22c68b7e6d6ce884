"""The domains as one drawing that stands alone."""

from __future__ import annotations

from exports.charts.drawing import set_width
from exports.scorecards.page import Page
from exports.scorecards.results import Tables


def scorecard_svg(results: Tables) -> str:
    """Give the bars of the domains as SVG with a width of its own."""
    return set_width(Page(results).chart())
