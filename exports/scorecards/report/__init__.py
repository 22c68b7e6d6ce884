"""The report of a round: the scorecard's page in sections and blocks, which every output places in its own way."""

from exports.scorecards.report.blocks import Report, Section
from exports.scorecards.report.report import build_report

__all__ = ["Report", "Section", "build_report"]
