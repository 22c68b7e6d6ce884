"""The layout of every drawing with one row for each thing: its label, the bar below it, and its caption in words.

Positions across are percentages and sizes are pixels, so that the drawing grows with the page and its text does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from exports.charts.drawing import break_lines

LABEL_LINE = 18
CAPTION_LINE = 16
GAP = 20
_BOLD = 15.5
"""What a label of 14 pixels measures like, being bold."""


class Labelled(Protocol):
    """What a row can be drawn of."""

    @property
    def label(self) -> str:
        """What the row is about."""

    @property
    def caption(self) -> str:
        """In words, everything that the drawing shows of it."""


T = TypeVar("T", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A thing with its lines of text and its place from `top` down, in pixels."""

    item: T
    lines: tuple[str, ...]
    captions: tuple[str, ...]
    top: int
    bar_height: int

    @property
    def bar_top(self) -> int:
        """Where its bar begins."""
        return self.top + LABEL_LINE * len(self.lines)

    @property
    def middle(self) -> int:
        """The middle of its bar."""
        return self.bar_top + self.bar_height // 2

    @property
    def bar_bottom(self) -> int:
        """Where its bar ends and its caption begins."""
        return self.bar_top + self.bar_height

    @property
    def bottom(self) -> int:
        """Where the row ends."""
        return self.bar_bottom + CAPTION_LINE * len(self.captions) + 4


def place_rows(items: Iterable[T], top: int, bar_height: int = 14) -> tuple[Placed[T], ...]:
    """Place the things below each other, from `top` down."""
    placed: list[Placed[T]] = []
    for item in items:
        placed.append(Placed(item, break_lines(item.label, _BOLD), break_lines(item.caption, 12), top, bar_height))
        top = placed[-1].bottom + GAP
    return tuple(placed)


def find_height(rows: Iterable[Placed[T]], head: int) -> int:
    """Give the height of a drawing with these rows; `head` is what it needs without any."""
    return max((row.bottom + GAP // 2 for row in rows), default=head)
