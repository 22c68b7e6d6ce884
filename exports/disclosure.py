"""The one gate in front of every number: what may be shown so that nobody's answers can be worked out (C10).

Nothing here looks at scores. The gate sees only how many people stand behind each number and says what to hide.
The promise: from everything published together nobody can solve a number that stands on fewer than k people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Cell = TypeVar("_Cell", bound=Hashable)
Pattern = tuple[bool, ...]
"""Which questions of a domain were answered, in their order, and on which bases that gives a score."""

CORE = "core"
FULL = "full"
BASES = (CORE, FULL)

ALL = "all"
COMBINED = "combined"
"""Other groups combined. Not `other`: that is what many instruments call one of their own groups."""

FEW = "few"
"""Hidden because fewer than k people stand behind it."""
COMPLEMENT = "complement"
"""Hidden so that another hidden number cannot be worked out."""
FURTHER = "further"
"""Hidden because fewer than k people answered more than the core questions: core would give them away."""


SMALL = 20
"""Below this many answers the ends of a scale are coarsened: they would tell what each of them said (rule 8)."""
LOW_END, HIGH_END = 5.0, 95.0


def coarsen(score: float, n: int) -> tuple[float, float] | None:
    """Give the range that is told in place of a score (0 to 100) at the end of the scale that few people stand behind.

    Of fewer than 20 answers whatever is above 95 or below 5 is told as that much or more, or less; else nothing.
    """
    if n >= SMALL or LOW_END <= score <= HIGH_END:
        return None
    return (0.0, LOW_END) if score < LOW_END else (HIGH_END, 100.0)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Which groups are shown on their own, and which only together.

    `shown`: groups of at least k, in order. `combined`: hidden group -> why; all of them together are one cell if
    `has_combined`. Groups that nobody answered for are in neither.
    """

    shown: tuple[str, ...]
    combined: Mapping[str, str]
    has_combined: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns with numbers of their own, in order."""
        return (*self.shown, COMBINED) if self.has_combined else self.shown

    def find_cell(self, group: str) -> str:
        """Give the cell in which a group is told: its own, the combined one, or the whole where there is no other."""
        if not self.cells:
            return ALL
        return COMBINED if group in self.combined else group


def combine_groups(counts: Mapping[str, int], k: int, known: Breakdown | None = None) -> Breakdown:
    """Decide on the groups of a round by how many people of each are counted (rule 3).

    Groups below k are combined, and with them the next smallest (tie: the order given) until the combination has
    k people. Where that takes every group, no breakdown is left: it would only repeat the whole. What is combined in
    a breakdown that is `known` already stays so.
    """
    people = {group: n for group, n in counts.items() if n}
    few = {group for group, n in people.items() if n < k}
    kept = {group for group in people if known is not None and group in known.combined}
    hidden = _widen(people, few | kept, lambda chosen: _is_safe(sum(people[group] for group in chosen), k))
    shown = tuple(group for group in people if group not in hidden)
    reasons = {group: FEW if group in few else COMPLEMENT for group in people if group in hidden}
    return Breakdown(shown, reasons, has_combined=bool(hidden) and bool(shown))


@dataclass(frozen=True, slots=True)
class Base:
    """How many people stand behind one cell of a domain.

    `core` and `full`: with a score from the core questions, from all questions. `differing`: whose two scores are
    made of different answers, so that full less core speaks of them alone. `people`: all of them, where that is asked.
    """

    core: int = 0
    full: int = 0
    differing: int = 0
    people: int = 0

    def __add__(self, other: Base) -> Base:
        return Base(
            self.core + other.core,
            self.full + other.full,
            self.differing + other.differing,
            self.people + other.people,
        )

    def count(self, basis: str) -> int:
        """Give the number of people on this basis."""
        return self.core if basis == CORE else self.full


Hidden = Mapping[tuple[str, str], str]
"""(basis, cell) -> why it is hidden; `ALL` is the whole."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """All that the gate decided for one publication: which groups are apart, and what of each domain is hidden."""

    breakdown: Breakdown
    hidden: Mapping[str, Hidden]

    def fit(self, breakdown: Breakdown) -> dict[str, Hidden]:
        """Give what is hidden in the cells of a later breakdown: what of it was hidden before."""
        return {
            domain: {
                (basis, COMBINED if cell in breakdown.combined and breakdown.has_combined else cell): reason
                for (basis, cell), reason in hidden.items()
            }
            for domain, hidden in self.hidden.items()
        }


def hide_cells(cells: Mapping[str, Base], k: int) -> Hidden:
    """Decide on one domain: which cells of a breakdown, and which of the two bases, are hidden (rules 1, 2).

    `cells` are the columns of the breakdown in order and together everybody; at most their sum (`ALL`) is shown
    beside them. Cells without people are empty, not hidden. The two bases are judged together, because each is
    nearly a copy of the other: a cell hidden in one and shown in the other would be no secret.
    """
    whole = sum(cells.values(), Base())
    if not _is_safe(whole.core, k):
        return _hide_all(cells, CORE, FEW) | _hide_one_basis(cells, FULL, k)
    if whole.core == 0:
        return _hide_one_basis(cells, FULL, k)
    if not _is_safe(whole.full, k):
        return _hide_all(cells, FULL, FEW) | _hide_one_basis(cells, CORE, k)
    if not _is_safe(whole.differing, k) or any(bool(cell.core) != bool(cell.full) for cell in cells.values()):
        return _hide_all(cells, FULL, FURTHER) | _hide_one_basis(cells, CORE, k)
    return _hide_both_bases(cells, k)


def allow_filter(attributes: Collection[str], n: int, total: int, k: int) -> bool:
    """Whether the answers of only some people may be shown: one attribute, k people, and none or k others (rule 6)."""
    return len(attributes) <= 1 and n >= k and _is_safe(total - n, k)


def allow_comment(people: int, k: int, *, read: bool) -> bool:
    """Whether what people wrote may be shown for a group: k of them are there, and a person has read it (rule 9)."""
    return read and people >= k


def leave_out(classes: Mapping[Pattern, Base], k: int, bases: Collection[str] = BASES) -> dict[Pattern, int]:
    """Decide how many people stay out of the statistics of single questions, in one cell whose domain score is shown.

    `classes`: which questions of the domain somebody answered -> the people who answered just these (their number is
    `Base.people`). Beside the score, the questions' own sums tell classes apart: a class below k could be worked
    out. It is left out, with the fewest of the larger classes that make those left out none or k on each of the shown
    `bases`, for then the score tells of them only together. What stays of a class is nobody or at least k.
    """
    sizes = {pattern: base.people for pattern, base in classes.items() if base.people}
    kinds = {pattern: _find_kind(classes[pattern], bases) for pattern in sizes}
    few = {pattern: n for pattern, n in sizes.items() if n < k}
    large = sorted(sizes.keys() - few.keys(), key=lambda pattern: (-sizes[pattern], pattern))
    joint = tuple(sum(few[pattern] for pattern in few if kinds[pattern][place]) for place in range(len(bases) + 1))
    spare: dict[_Kind, int] = {}
    for pattern in large:
        spare[kinds[pattern]] = spare.get(kinds[pattern], 0) + sizes[pattern] - k
    taken = _choose(joint, [(kind, range(min(n, k) + 1)) for kind, n in spare.items()], k)
    if taken is not None:
        wanted = dict(zip(spare, taken, strict=True))
        parts = []
        for pattern in large:
            parts.append(min(wanted[kinds[pattern]], sizes[pattern] - k))
            wanted[kinds[pattern]] -= parts[-1]
    else:
        whole = [(kinds[pattern], [*range(min(sizes[pattern] - k, k) + 1), sizes[pattern]]) for pattern in large]
        parts = _choose(joint, whole, k) or [sizes[pattern] for pattern in large]
    return few | {pattern: n for pattern, n in zip(large, parts, strict=True) if n}


_Kind = tuple[bool, ...]
"""On which of the shown bases a class counts, and, where both are shown, whether it stands between them."""


def _find_kind(base: Base, bases: Collection[str]) -> _Kind:
    return (*(base.count(basis) > 0 for basis in bases), len(bases) > 1 and base.differing > 0)


def _choose(joint: tuple[int, ...], offers: Sequence[tuple[_Kind, Sequence[int]]], k: int) -> list[int] | None:
    """Give how many to take of each offer so that every joint count is none or k, with the fewest people in all.

    An offer is on what its people count and how many of them may be taken. Nothing where no choice does it.
    """
    ways: dict[tuple[int, ...], tuple[int, list[int]]] = {tuple(min(n, k) for n in joint): (0, [])}
    for kind, amounts in offers:
        wider: dict[tuple[int, ...], tuple[int, list[int]]] = {}
        for counts, (people, way) in ways.items():
            for n in amounts:
                reached = tuple(
                    min(count + n * counts_here, k) for count, counts_here in zip(counts, kind, strict=True)
                )
                if reached not in wider or people + n < wider[reached][0]:
                    wider[reached] = (people + n, [*way, n])
        ways = wider
    safe = [way for counts, way in ways.items() if all(_is_safe(n, k) for n in counts)]
    return min(safe)[1] if safe else None


def _hide_one_basis(cells: Mapping[str, Base], basis: str, k: int) -> dict[tuple[str, str], str]:
    """Hide what is below k on one basis, and the next smallest until the hidden ones are k people together."""
    people = {cell: base.count(basis) for cell, base in cells.items() if base.count(basis)}
    whole = sum(people.values())
    few = {cell for cell, n in people.items() if n < k}
    hidden = _widen(people, few, lambda chosen: _is_safe(sum(people[cell] for cell in chosen), k))
    reasons = {(basis, cell): FEW if cell in few else COMPLEMENT for cell in hidden}
    return reasons if _is_safe(whole, k) else reasons | {(basis, ALL): FEW}


def _hide_both_bases(cells: Mapping[str, Base], k: int) -> dict[tuple[str, str], str]:
    """Hide cells in both bases; then, on the full basis only, those where full less core would tell too much."""
    people = {cell: base.full for cell, base in cells.items() if base.full}

    def is_safe(chosen: Collection[str]) -> bool:
        joint = sum((cells[cell] for cell in chosen), Base())
        return _is_safe(joint.core, k) and _is_safe(joint.full, k)

    def is_safe_beside_core(chosen: Collection[str]) -> bool:
        return _is_safe(sum(cells[cell].differing for cell in chosen), k)

    few = {cell for cell in people if not is_safe([cell])}
    both = _widen(people, few, is_safe)
    further = {cell for cell in people if cell not in both and not is_safe_beside_core([cell])}
    full_too = _widen(people, both | further, is_safe_beside_core)
    reasons = {(basis, cell): FEW if cell in few else COMPLEMENT for basis in BASES for cell in both}
    return reasons | {(FULL, cell): FURTHER if cell in further else COMPLEMENT for cell in full_too - both}


def _hide_all(cells: Mapping[str, Base], basis: str, reason: str) -> dict[tuple[str, str], str]:
    shown = [cell for cell, base in cells.items() if base.count(basis)]
    return {(basis, cell): reason for cell in (*shown, ALL)}


def _is_safe(people: int, k: int) -> bool:
    return people == 0 or people >= k


def _widen(people: Mapping[_Cell, int], hidden: Iterable[_Cell], is_safe: Callable[[set[_Cell]], bool]) -> set[_Cell]:
    """Hide the next smallest too (tie: the order given) until the hidden ones together are safe, or nothing is left."""
    chosen = set(hidden)
    rest = sorted((cell for cell in people if cell not in chosen), key=lambda cell: people[cell])
    while chosen and rest and not is_safe(chosen):
        chosen.add(rest.pop(0))
    return chosen
