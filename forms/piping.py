"""Piping: `${id}` in a text is replaced by an answer or a parameter. Plain text only; nothing is interpreted twice."""

from __future__ import annotations

import re
from collections.abc import Callable

REFERENCE = re.compile(r"\$\{([^{}]*)\}")


def fill(text: str, look_up: Callable[[str], str]) -> str:
    """Replace every `${id}` by what `look_up` says of it; what is put in is never looked at again."""
    return REFERENCE.sub(lambda match: look_up(match[1].strip()), text)


def find_references(text: str) -> tuple[str, ...]:
    """Give the ids that a text refers to, in order."""
    return tuple(match[1].strip() for match in REFERENCE.finditer(text))
