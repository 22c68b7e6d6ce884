"""The registry of scorecard formats: one file each, one line each; a format is a function from scorecard to text."""

from __future__ import annotations

from collections.abc import Callable

from exports.scorecards.formats.csv import scorecard_csv
from exports.scorecards.formats.html import scorecard_css, scorecard_fragment, scorecard_html
from exports.scorecards.formats.json import scorecard_json
from exports.scorecards.scorecard import Scorecard

FORMATS: dict[str, Callable[[Scorecard], str]] = {
    "json": scorecard_json,
    "csv": scorecard_csv,
    "html": scorecard_html,
}

__all__ = ["FORMATS", "scorecard_css", "scorecard_csv", "scorecard_fragment", "scorecard_html", "scorecard_json"]
