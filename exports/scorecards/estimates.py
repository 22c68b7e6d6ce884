"""The suppressed table: for every basis, domain and column an estimate, or why there is none. All outputs read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from exports.disclosure import ALL, BASES, CORE, Base, Breakdown, Hidden, hide_cells
from exports.scorecards.reach import GROUP_EQUAL, Reach
from exports.scorecards.scores import PersonScores
from exports.statistics.intervals import (
    SELF_SELECTED,
    Estimate,
    estimate_group_equal,
    estimate_mean,
    estimate_mean_of_means,
)

OVERALL = "overall"

ENOUGH_DOMAINS = 0.7
"""Share of the domains that an overall from all questions needs (C12.8: 7 of 10)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: an estimate; or hidden, with the gate's reason; or empty. `parts` are what it is made of."""

    estimate: Estimate | None = None
    hidden: str = ""
    parts: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


Key = tuple[str, str, str]
"""(basis, domain or `overall`, column)."""


@dataclass(frozen=True)
class Table:
    """How the table is made: people by column, and what each column could have been."""

    domains: tuple[str, ...]
    core_domains: tuple[str, ...]
    people: Mapping[str, Sequence[PersonScores]]
    breakdown: Breakdown
    reach: Mapping[str, Reach]
    k: int
    self_selected: bool

    def build(self) -> dict[Key, Cell]:
        """Give every cell: each domain and the overall, on both bases, for everyone, each column, and groups alike."""
        cells: dict[Key, Cell] = {}
        for domain in self.domains:
            cells |= self._build_domain(domain)
        for basis in BASES:
            for column in (ALL, *self.breakdown.cells):
                cells[basis, OVERALL, column] = self._build_overall(cells, basis, column)
        if len(self.breakdown.cells) > 1:
            for basis in BASES:
                for domain in (OVERALL, *self.domains):
                    cells[basis, domain, GROUP_EQUAL] = self._build_group_equal(cells, basis, domain)
        return {key: cell for key, cell in cells.items() if self._belongs(key)}

    def _belongs(self, key: Key) -> bool:
        basis, domain, _ = key
        return basis != CORE or domain in self.core_domains or (domain == OVERALL and bool(self.core_domains))

    def _build_domain(self, domain: str) -> dict[Key, Cell]:
        place = self.domains.index(domain)
        columns = self.breakdown.cells or (ALL,)
        hidden = hide_cells({column: self._count(column, place) for column in columns}, self.k)
        return {
            (basis, domain, column): self._estimate(basis, place, column, hidden)
            for basis in BASES
            for column in (ALL, *self.breakdown.cells)
        }

    def _count(self, column: str, place: int) -> Base:
        people = self.people[column]
        return Base(
            core=sum(person.core[place] is not None for person in people),
            full=sum(person.full[place] is not None for person in people),
            differing=sum(person.differing[place] for person in people),
        )

    def _estimate(self, basis: str, place: int, column: str, hidden: Hidden) -> Cell:
        if (basis, column) in hidden:
            return Cell(hidden=hidden[basis, column])
        scores = [score for person in self.people[column] if (score := _pick(person, basis)[place]) is not None]
        if not scores:
            return Cell()
        return Cell(self._qualify(estimate_mean(scores, self._find_population(column, len(scores)))))

    def _build_overall(self, cells: Mapping[Key, Cell], basis: str, column: str) -> Cell:
        """Average the domains that are shown; the core index needs all of its domains, the full overall enough."""
        domains = self.core_domains if basis == CORE else self.domains
        shown = tuple(domain for domain in domains if cells[basis, domain, column].estimate)
        lacking = tuple(domain for domain in domains if domain not in shown)
        if not domains or len(shown) < find_needed(basis, len(domains)):
            reasons = [cells[basis, domain, column].hidden for domain in lacking]
            return Cell(hidden=next(filter(None, reasons), ""), parts=shown, lacking=lacking)
        places = [self.domains.index(domain) for domain in shown]
        rows = [[_pick(person, basis)[place] for place in places] for person in self.people[column]]
        n = sum(any(score is not None for score in row) for row in rows)
        estimate = estimate_mean_of_means(rows, self._find_population(column, n))
        return Cell(self._qualify(estimate), parts=shown, lacking=lacking)

    def _build_group_equal(self, cells: Mapping[Key, Cell], basis: str, domain: str) -> Cell:
        """Average what is shown of the columns, never what is hidden; two columns at least."""
        columns = self.breakdown.cells
        shown = tuple(column for column in columns if cells[basis, domain, column].estimate)
        lacking = tuple(column for column in columns if column not in shown)
        if len(shown) < 2:
            reasons = [cells[basis, domain, column].hidden for column in lacking]
            return Cell(hidden=next(filter(None, reasons), ""), parts=shown, lacking=lacking)
        estimates = [e for column in shown if (e := cells[basis, domain, column].estimate) is not None]
        return Cell(self._qualify(estimate_group_equal(estimates)), parts=shown, lacking=lacking)

    def _find_population(self, column: str, n: int) -> int | None:
        return self.reach[column].find_population(n) if column in self.reach else None

    def _qualify(self, estimate: Estimate) -> Estimate:
        """Take the interval from answers of people who chose themselves: stating one would mislead (C12.5)."""
        return estimate.without_interval(SELF_SELECTED) if self.self_selected else estimate


def find_needed(basis: str, domains: int) -> int:
    """Give how many domains an overall needs: all of the core ones, 7 of 10 of the full ones."""
    return domains if basis == CORE else ceil(ENOUGH_DOMAINS * domains - 1e-9)


def _pick(person: PersonScores, basis: str) -> tuple[float | None, ...]:
    return person.core if basis == CORE else person.full
