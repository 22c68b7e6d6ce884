"""Numbers as people read them: whole, halves up."""

from __future__ import annotations

from math import floor


def find_whole(number: float) -> int:
    """Give a number in whole points, halves up."""
    return floor(number + 0.5)


def say_percent(share: float) -> str:
    """Give a share of 1 as a percentage."""
    return f"{find_whole(100 * share)}\N{NO-BREAK SPACE}%"
