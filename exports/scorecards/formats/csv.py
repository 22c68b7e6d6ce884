"""The scorecard as CSV: the columns of the tidy table, empty where a number is withheld, text formula-safe."""

from __future__ import annotations

import csv
from dataclasses import astuple
from io import StringIO

from exports.cells import guard
from exports.scorecards.rows import FIELDS
from exports.scorecards.scorecard import Scorecard


def scorecard_csv(scorecard: Scorecard) -> str:
    """Give one header line and one line for each row; numbers unrounded."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(FIELDS)
    for row in scorecard.rows:
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in astuple(row)])
    return stream.getvalue()
