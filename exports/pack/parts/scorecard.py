"""`scorecard/`: the one suppressed table in every format that a scorecard has, the same at every level."""

from __future__ import annotations

from exports.errors import ExportError
from exports.pack.contents import Contents, Resource, name_fields
from exports.scorecards.formats import FORMATS
from exports.scorecards.rows import FIELDS

TABLE = "scorecard/scorecard.csv"
_NUMBERS = {
    **dict.fromkeys(("n", "n_eligible"), "integer"),
    **dict.fromkeys(
        ("rr2", "score", "ci_lo", "ci_hi", "delta", "delta_ci_lo", "delta_ci_hi", "p_adj", "effect"), "number"
    ),
}


def write_scorecard(contents: Contents) -> None:
    """Write the scorecard; a form that cannot hold it is left out, and README says why."""
    for name, output in FORMATS.items():
        path = f"scorecard/scorecard.{name}"
        try:
            content = output.write(contents.results)
        except ExportError as error:
            contents.remarks.append(f"{path} is left out. {error}")
        else:
            contents.archive.add(path, f"Scorecard: {output.title}", content)
    contents.describe(
        Resource(path=TABLE, title="Scorecard, one row for each number", fields=name_fields(FIELDS, _NUMBERS))
    )
