"""Scorecards: from responses to one suppressed table with intervals, bands and what may be claimed of them."""

from exports.scorecards.rows import FIELDS, Row
from exports.scorecards.scorecard import Scorecard, build_scorecard

__all__ = ["FIELDS", "Row", "Scorecard", "build_scorecard"]
