"""Cells that no spreadsheet takes for a formula: text gets a leading apostrophe, and loses it again by a plain rule."""

from __future__ import annotations

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")
_WIDE_TRIGGERS = ("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")
GUARD = "'"
GUARDED_STARTS = (*_TRIGGERS, *_WIDE_TRIGGERS, GUARD)
"""Text that begins with one of these is guarded. The guard itself is one of them, so that taking it off is exact."""


def guard(text: str) -> str:
    """Give the text as a spreadsheet may read it: what it could run as a formula begins with `'`."""
    return GUARD + text if text.startswith(GUARDED_STARTS) else text


def unguard(cell: str) -> str:
    """Give back the text that `guard` was given: one leading `'` is dropped where there is one."""
    return cell[1:] if cell.startswith(GUARD) else cell
