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
    return say_points(row.score, row.ci_method)


def say_points(points: float, method: str | None) -> str:
    """Give points in whole numbers; at the end of the scale, with few answers, only as a range."""
    if method == COARSE:
        return f"≤{LOW_END:g}" if points == LOW_END else f"≥{HIGH_END:g}"
    return str(find_whole(points))


def say_absence(row: Row, k: int) -> str:
    """Give the words for a number that is not there: too few people, withheld beside another, or no answers."""
    if row.status == UNRELIABLE:
        return "counts only"
    if row.status != SUPPRESSED:
        return "no answers" if row.n == 0 else "not enough domains"
    return f"n<{k}" if explain_hidden(FEW, k) in row.note else "hidden"


def say_interval(row: Row) -> str:
    """Give the interval in whole points, clipped to the scale; empty where there is none."""
    return say_span(row.ci_lo, row.ci_hi, row.ci_method, -100.0 if row.domain == PROMOTERS else 0.0)


def say_span(lo: float | None, hi: float | None, method: str | None, least: float = 0.0) -> str:
    """Give an interval in whole points, clipped to the scale that begins at `least`; empty where there is none."""
    if lo is None or hi is None or method == COARSE:
        return ""
    return f"{find_whole(max(least, lo))} to {find_whole(min(100.0, hi))}"


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
