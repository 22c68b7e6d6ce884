"""The scorecard in every form that people take away: name -> how it is written, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exports.scorecards.formats.csv import scorecard_csv
from exports.scorecards.formats.html import scorecard_css, scorecard_fragment, scorecard_html
from exports.scorecards.formats.json import scorecard_json
from exports.scorecards.formats.pdf import scorecard_pdf
from exports.scorecards.formats.svg import scorecard_svg
from exports.scorecards.formats.xlsx import scorecard_xlsx
from exports.scorecards.results import Tables
from exports.scorecards.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Output:
    """One form: its media type, what people call it, and how results become it, as text in UTF-8 or as bytes."""

    media_type: str
    title: str
    make: Callable[[Tables, Sequence[Scorecard]], str | bytes]

    def write(self, results: Tables, earlier: Sequence[Scorecard] = ()) -> bytes:
        """Give the file; raises `ExportError` where this form cannot hold it. For `earlier` see `build_report`."""
        made = self.make(results, earlier)
        return made.encode() if isinstance(made, str) else made


FORMATS: dict[str, Output] = {
    "html": Output("text/html", "Web page", scorecard_html),
    "pdf": Output("application/pdf", "PDF", scorecard_pdf),
    "xlsx": Output(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (.xlsx)", scorecard_xlsx
    ),
    "csv": Output("text/csv", "CSV", lambda results, _: scorecard_csv(results.card)),
    "json": Output("application/json", "JSON", lambda results, _: scorecard_json(results.card)),
    "svg": Output("image/svg+xml", "Picture (SVG)", lambda results, _: scorecard_svg(results)),
}
"""By file name extension."""

__all__ = [
    "FORMATS",
    "Output",
    "scorecard_css",
    "scorecard_csv",
    "scorecard_fragment",
    "scorecard_html",
    "scorecard_json",
    "scorecard_pdf",
    "scorecard_svg",
    "scorecard_xlsx",
]
