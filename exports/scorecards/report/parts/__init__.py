"""The parts of the report, one file each: a new part is one file and one name in `ANSWERS` or `DETAIL`."""

from __future__ import annotations

from collections.abc import Callable

from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Section
from exports.scorecards.report.parts.bases import build_bases
from exports.scorecards.report.parts.domains import build_domains
from exports.scorecards.report.parts.groups import build_groups
from exports.scorecards.report.parts.methods import build_methods
from exports.scorecards.report.parts.overall import build_overall
from exports.scorecards.report.parts.promoters import build_promoters
from exports.scorecards.report.parts.response import build_response

Part = Callable[[Page], Section | None]
"""Makes one section of the report, or nothing where it has nothing to say."""

ANSWERS: tuple[Part, ...] = (build_overall, build_domains)
"""What a reader wants to know first; on paper this is the first page."""

DETAIL: tuple[Part, ...] = (build_methods, build_groups, build_promoters, build_response, build_bases)
"""How to read the answers, and all that they rest on."""
