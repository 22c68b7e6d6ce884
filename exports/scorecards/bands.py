"""Bands: words for ranges of the scale. They are our conventions, not norms; their limits are printed on the card."""

from __future__ import annotations

from collections.abc import Sequence

Bands = Sequence[tuple[float, str]]
"""(lower limit, name) in rising order; the first begins at 0."""


def find_place(score: float, bands: Bands) -> int:
    """Give the place of the band a score lies in: the last whose limit it reaches."""
    return max((place for place, (limit, _) in enumerate(bands) if score >= limit), default=0)


def list_limits(bands: Bands) -> list[tuple[str, float, float]]:
    """Give each band with its limits; the last ends at 100."""
    ends = [limit for limit, _ in bands[1:]] + [100]
    return [(name, limit, end) for (limit, name), end in zip(bands, ends, strict=True)]
