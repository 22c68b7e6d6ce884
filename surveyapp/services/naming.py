"""Names, numbers and addresses in what people wrote: found, so that whoever reads it replaces them (C10.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME, NUMBER, ADDRESS = "[name]", "[number]", "[address]"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,])\+?\d[\d\s().-]{5,}\d(?!\w)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_RUN = re.compile(rf"{_WORD.pattern}(?:\s+{_WORD.pattern})*")
SHORTEST = 3
"""Letters of a part of a name; shorter ones are words of many languages."""


def collect_names(names: Iterable[str]) -> frozenset[str]:
    """Give the parts of these names by which they are found in a text."""
    return frozenset(
        word.casefold()
        for name in names
        for word in _WORD.findall(name)
        if len(word) >= SHORTEST and not word.islower()
    )


def mask_names(text: str, parts: frozenset[str]) -> str:
    """Give a text with what probably is a name, number or address replaced; a person looks at it after.

    A part of a name counts where it does not begin small, or beside another one: `hope` alone is a word.
    """
    text = _NUMBER.sub(NUMBER, _ADDRESS.sub(ADDRESS, text))
    return _RUN.sub(lambda run: _mask_run(run.group(), parts), text) if parts else text


def _mask_run(run: str, parts: frozenset[str]) -> str:
    """Replace the names in words with nothing but white space between them; neighbours become one."""
    pieces = re.split(r"(\s+)", run)
    words, gaps = pieces[::2], [*pieces[1::2], ""]
    known = [word.casefold() in parts for word in words]
    masked = [
        hit and (not words[n][0].islower() or any(known[max(n - 1, 0) : n]) or any(known[n + 1 : n + 2]))
        for n, hit in enumerate(known)
    ]
    told = []
    for n, word in enumerate(words):
        if not masked[n]:
            told.append(word + gaps[n])
        elif not masked[n + 1 : n + 2] or not masked[n + 1]:
            told.append(NAME + gaps[n])
    return "".join(told)
