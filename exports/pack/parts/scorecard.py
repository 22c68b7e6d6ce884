"""`scorecard/`: the one suppressed table in every format that a scorecard has, the same at every level."""

from __future__ import annotations

from exports.pack.contents import Contents, Resource, name_fields
from exports.scorecards.formats import FORMATS
from exports.scorecards.rows import FIELDS

_TITLES = {
    "csv": "Scorecard, one row for each number",
    "json": "Scorecard for programs",
    "html": "Scorecard to read in a browser",
    "xlsx": "Scorecard for Excel",
    "pdf": "Scorecard to print, with the methods",
}
_NUMBERS = {
    **dict.fromkeys(("n", "n_eligible"), "integer"),
    **dict.fromkeys(
        ("rr2", "score", "ci_lo", "ci_hi", "delta", "delta_ci_lo", "delta_ci_hi", "p_adj", "effect"), "number"
    ),
}


def write_scorecard(contents: Contents) -> None:
    """Write the scorecard."""
    for name, write in FORMATS.items():
        if name in _TITLES:
            contents.archive.add(f"scorecard/scorecard.{name}", _TITLES[name], write(contents.scorecard))
    contents.describe(
        Resource(path="scorecard/scorecard.csv", title=_TITLES["csv"], fields=name_fields(FIELDS, _NUMBERS))
    )
