"""What a reader of a file wishes: codes or words, whose answers, how several choices stand, and how much is told."""

from __future__ import annotations

from dataclasses import dataclass

CODES, LABELS, BOTH = "codes", "labels", "both"
SHOWN = (CODES, LABELS, BOTH)

COMPLETE, PARTIAL, ALL = "complete", "partial", "all"
INCLUDED = (COMPLETE, PARTIAL, ALL)

COLUMNS, JOINED = "columns", "joined"
MULTIPLE = (COLUMNS, JOINED, BOTH)

SUMMARY, RESEARCH, RESTRICTED = "summary", "research", "restricted"
LEVELS = (SUMMARY, RESEARCH, RESTRICTED)
"""From what may be published to what stays inside the team."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a study is written to a file.

    `shown`: answers from a list as `codes`, as `labels` in `language` (default: the definition's), or `both`.
    `included`: `complete` (AAPOR I), `partial` (every finished interview, and after the close all that scores are made
    of, I and P) or `all` (everybody with at least one answer).
    `multiple`: several choices as 0/1 `columns`, `joined` in one column ("1 3 7"), or `both`.
    `level`: see `exports.levels`. `section`: the repeated section whose rows a file of one table holds; empty for the
    table of responses. `excel`: whether a CSV begins with the mark by which Excel knows UTF-8.
    """

    shown: str = CODES
    language: str | None = None
    included: str = PARTIAL
    multiple: str = COLUMNS
    level: str = RESTRICTED
    section: str = ""
    excel: bool = False

    def __post_init__(self) -> None:
        """Refuse what no file can be (`ValueError`)."""
        for given, known in (
            (self.shown, SHOWN),
            (self.included, INCLUDED),
            (self.multiple, MULTIPLE),
            (self.level, LEVELS),
        ):
            if given not in known:
                raise ValueError(f"{given!r} is none of {', '.join(known)}")
