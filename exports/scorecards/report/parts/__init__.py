"""The parts of the report, one file each: a new part is one file and one name in `ANSWERS` or `DETAIL`."""

from __future__ import annotations

from collections.abc import Callable

from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Section
from exports.scorecards.report.parts.bases import build_bases
from exports.scorecards.report.parts.change import build_change
from exports.scorecards.report.parts.comments import build_comments
from exports.scorecards.report.parts.comparisons import build_comparisons
from exports.scorecards.report.parts.domains import build_domains
from exports.scorecards.report.parts.groups import build_groups
from exports.scorecards.report.parts.items import build_items
from exports.scorecards.report.parts.methods import build_methods
from exports.scorecards.report.parts.overall import build_overall
from exports.scorecards.report.parts.promoters import build_promoters
from exports.scorecards.report.parts.rates import build_rates
from exports.scorecards.report.parts.reliability import build_reliability
from exports.scorecards.report.parts.response import build_response
from exports.scorecards.report.parts.todo import build_todo
from exports.scorecards.report.parts.trend import build_trend

Part = Callable[[Page], Section | None]
"""Makes one section of the report, or nothing where it has nothing to say."""

ANSWERS: tuple[Part, ...] = (build_overall, build_domains, build_change, build_trend)
"""What a reader wants to know first; on paper this is the first page."""

DETAIL: tuple[Part, ...] = (
    build_methods,
    build_todo,
    build_groups,
    build_items,
    build_promoters,
    build_comments,
    build_response,
    build_bases,
    build_comparisons,
    build_reliability,
    build_rates,
)
"""How to read the answers, what to do about them, and all that they rest on."""
