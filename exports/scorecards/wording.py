"""How numbers and states read to people: whole points, clipped intervals, words where a number is withheld."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exports.disclosure import FEW, HIGH_END, LOW_END
from exports.rounding import find_whole
from exports.scorecards.bands import Bands
from exports.scorecards.notes import explain_hidden
from exports.scorecards.promoting import PROMOTERS
from exports.scorecards.rows import Row
from exports.scorecards.rules.base import SUPPRESSED, UNRELIABLE
from exports.statistics.intervals import COARSE

_CAP = re.compile(r"capped by (\S+)")


def say_score(row: Row, k: int) -> str:
    """Give the score in whole points, or the words that stand in its place."""
    if row.score is None:
        return say_absence(row, k)
    if row.ci_method == COARSE:
        return f"≤{LOW_END:g}" if row.score == LOW_END else f"≥{HIGH_END:g}"
    return str(find_whole(row.score))


def say_absence(row: Row, k: int) -> str:
    """Give the words for a number that is not there: too few people, withheld beside another, or no answers."""
    if row.status == UNRELIABLE:
        return "counts only"
    if row.status != SUPPRESSED:
        return "no answers" if row.n == 0 else "not enough domains"
    return f"n<{k}" if explain_hidden(FEW, k) in row.note else "hidden"


def say_interval(row: Row) -> str:
    """Give the interval in whole points, clipped to the scale; empty where there is none."""
    if row.ci_lo is None or row.ci_hi is None or row.ci_method == COARSE:
        return ""
    least = -100.0 if row.domain == PROMOTERS else 0.0
    lo, hi = find_whole(max(least, row.ci_lo)), find_whole(min(100.0, row.ci_hi))
    return f"{lo} to {hi}"


def find_band_place(row: Row, bands: Bands) -> int | None:
    """Give the place of the band that the row claims, if it claims exactly one, in brackets or not."""
    words = (row.band or "").strip("()").split(" (")[0].split(", capped")[0]
    return next((place for place, (_, name) in enumerate(bands) if name == words), None)


def explain_band(row: Row, bands: Bands, labels: Mapping[str, str]) -> str:
    """Give the sentence that says what the band means, or why there is none."""
    band = row.band or ""
    if band.startswith("no band"):
        return "Too uncertain for a band: the interval is wide."
    if band.startswith("indicative"):
        return "Fewer than 10 answers: an indication only, without a band."
    if band.startswith("self-rated"):
        return "Self-rated, so it sets no band."
    if cap := _CAP.search(band):
        return f"{band}: held back by the lowest domain, {labels.get(cap[1], cap[1])}."
    place = find_band_place(row, bands)
    if place is None:
        return f"{band}: the interval reaches from one band into another."
    end = bands[place + 1][0] if place + 1 < len(bands) else None
    return f"{band}: {bands[place][0]:g}" + (" and above." if end is None else f" to under {end:g}.")
