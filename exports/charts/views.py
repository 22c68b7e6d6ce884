"""Two views of the same thing side by side: what stakeholders say, what coordinators say of themselves, and the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.drawing import EMPTY, SHOWN, render
from exports.charts.rows import GAP, find_height, place_rows
from exports.charts.tables import Cell, DataTable, Heading, Number, make_table

_HEAD = 66


@dataclass(frozen=True, slots=True)
class View:
    """One side: its score in points (0 to 100) with its interval; `words` says the score, or why there is none."""

    words: str
    state: str = SHOWN
    score: float | None = None
    lo: float | None = None
    hi: float | None = None
    n: int | None = None


NO_VIEW = View("not asked", EMPTY)


@dataclass(frozen=True, slots=True)
class Pair:
    """One domain seen from both sides. `caption` says both in words, and the gap."""

    label: str
    caption: str
    voice: View
    own: View

    @property
    def gap(self) -> float | None:
        """Points by which the self-rating is above what stakeholders say; none where a side is absent."""
        if self.voice.score is None or self.own.score is None:
            return None
        return self.own.score - self.voice.score


def draw_views(
    pairs: Sequence[Pair],
    *,
    title: str,
    description: str,
    names: tuple[str, str] = ("Stakeholders", "Self-rating"),
    prefix: str = "views",
) -> str:
    """Draw the pairs as one `<svg>`: a round mark for stakeholders, a square one for the self-rating."""
    rows = place_rows(pairs, _HEAD + GAP, 34)
    return render(
        "views.svg",
        kind="views",
        rows=rows,
        names=names,
        limits=(0, 25, 50, 75, 100),
        head=_HEAD,
        height=find_height(rows, _HEAD),
        title=title,
        description=description,
        prefix=prefix,
    )


def tabulate_views(
    pairs: Sequence[Pair], caption: str, names: tuple[str, str] = ("Stakeholders", "Self-rating")
) -> DataTable:
    """Give the same in numbers: domain, both scores with n, and the gap (self less stakeholders)."""
    rows = [
        [pair.label, _say(pair.voice), _count(pair.voice), _say(pair.own), _count(pair.own), _say_gap(pair)]
        for pair in pairs
    ]
    voice, own = names
    headings = [Heading(label, number=True) for label in (voice, "n", own, "n", "Gap")]
    return make_table(caption, ["Domain", *headings], rows)


def _say(view: View) -> Cell:
    return view.words if view.score is None else Number(view.words, view.score)


def _count(view: View) -> Cell:
    return "none" if view.n is None else Number(str(view.n), view.n)


def _say_gap(pair: Pair) -> Cell:
    return "none" if pair.gap is None else Number(f"{pair.gap:+.0f}", pair.gap)
