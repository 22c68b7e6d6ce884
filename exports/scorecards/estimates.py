"""The suppressed table: for every basis, domain and column an estimate, or why there is none. All outputs read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from exports.disclosure import ALL, BASES, CORE, Base, Breakdown, Hidden, hide_cells
from exports.scorecards.people import People
from exports.scorecards.reach import GROUP_EQUAL, WEIGHTED
from exports.statistics.counted import Joint, find_n
from exports.statistics.intervals import (
    SELF_SELECTED,
    Estimate,
    estimate_group_equal,
    estimate_mean,
    estimate_mean_of_means,
    estimate_weighted,
)
from exports.statistics.weights import find_effective_number, find_weights

OVERALL = "overall"

JOINT = "+"
"""The hidden columns that are counted as one part of a mean of columns; never a column of its own."""

ENOUGH_DOMAINS = 0.7
"""Share of the domains that an overall from all questions needs (C12.8: 7 of 10)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: an estimate; or hidden, with the gate's reason; or empty.

    `parts` are the domains or columns it is made of, `joined` the columns that it could only count together, as one,
    `lacking` those that it is without. `effective`: how many people a weighted one is worth.
    """

    estimate: Estimate | None = None
    hidden: str = ""
    parts: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    effective: float | None = None


Key = tuple[str, str, str]
"""(basis, domain or `overall`, column)."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """How the table is made. `kept`: domain -> what was hidden before and stays so. `weighted`: groups by size too."""

    people: People
    kept: Mapping[str, Hidden] = field(default_factory=dict)
    weighted: bool = False

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains in order."""
        return self.people.domain_ids

    @property
    def breakdown(self) -> Breakdown:
        """Which groups are apart."""
        return self.people.breakdown

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
                    if self.weighted:
                        cells[basis, domain, WEIGHTED] = self._build_weighted(cells, basis, domain)
        return {key: cell for key, cell in cells.items() if self._belongs(key)}

    def _belongs(self, key: Key) -> bool:
        basis, domain, _ = key
        core = self.people.core_domains
        return basis != CORE or domain in core or (domain == OVERALL and bool(core))

    def _build_domain(self, domain: str) -> dict[Key, Cell]:
        place, hidden = self.domains.index(domain), self.hide(domain)
        return {
            (basis, domain, column): self._estimate(basis, place, column, hidden)
            for basis in BASES
            for column in (ALL, *self.breakdown.cells)
        }

    def hide(self, domain: str) -> Hidden:
        """Give what is hidden of a domain."""
        cells = self.count(domain)
        return {**hide_cells(cells, self.people.plan.k), **self.kept.get(domain, {})}

    def count(self, domain: str) -> dict[str, Base]:
        """Count the people behind each cell of a domain."""
        people, place = self.people, self.domains.index(domain)
        return {column: people.count_base(people.list_groups([column]), place) for column in people.cells}

    def _estimate(self, basis: str, place: int, column: str, hidden: Hidden) -> Cell:
        if (basis, column) in hidden:
            return Cell(hidden=hidden[basis, column])
        scores = self.people.count_scores([column], basis, place)
        if not scores:
            return Cell()
        return Cell(self._qualify(estimate_mean(scores, self._find_population(column, find_n(scores)))))

    def _build_overall(self, cells: Mapping[Key, Cell], basis: str, column: str) -> Cell:
        """Average the domains that are shown; the core index needs all of its domains, the full overall enough."""
        domains = self._list_domains(basis)
        shown = tuple(domain for domain in domains if cells[basis, domain, column].estimate)
        lacking = tuple(domain for domain in domains if domain not in shown)
        if not domains or len(shown) < find_needed(basis, len(domains)):
            reasons = [cells[basis, domain, column].hidden for domain in lacking]
            return Cell(hidden=next(filter(None, reasons), ""), parts=shown, lacking=lacking)
        scores = self._join([column], basis, shown)
        estimate = estimate_mean_of_means(scores, self._find_population(column, scores.n))
        return Cell(self._qualify(estimate), parts=shown, lacking=lacking)

    def _build_group_equal(self, cells: Mapping[Key, Cell], basis: str, domain: str) -> Cell:
        """Average the columns, each alike. Two parts at least."""
        parts, joined, lacking, reason = self._list_parts(cells, basis, domain)
        shown = tuple(column for column in parts if column != JOINT)
        if len(parts) < 2:
            return Cell(hidden=reason, parts=shown, lacking=lacking)
        estimate = self._qualify(estimate_group_equal(list(parts.values())))
        return Cell(estimate, parts=shown, joined=joined, lacking=lacking)

    def _build_weighted(self, cells: Mapping[Key, Cell], basis: str, domain: str) -> Cell:
        """Average the columns by the size of their rosters (C7); none without a roster of each of them."""
        parts, joined, lacking, reason = self._list_parts(cells, basis, domain)
        shown = tuple(column for column in parts if column != JOINT)
        rosters = {c: self._find_rosters(joined if c == JOINT else (c,), e.n) for c, e in parts.items()}
        eligible = {column: size for column, size in rosters.items() if size is not None}
        if len(parts) < 2 or len(eligible) < len(parts):
            return Cell(hidden=reason, parts=shown, lacking=lacking)
        answered = {column: estimate.n for column, estimate in parts.items()}
        weights = find_weights(eligible, answered)
        shares = [answered[column] * weights[column] for column in parts]
        estimate = self._qualify(estimate_weighted(list(parts.values()), shares))
        people = [weights[column] for column, n in answered.items() for _ in range(n)]
        return Cell(estimate, parts=shown, joined=joined, lacking=lacking, effective=find_effective_number(people))

    def _find_rosters(self, columns: Sequence[str], n: int) -> int | None:
        sizes = [self._find_population(column, 0) for column in columns]
        total = sum(size for size in sizes if size is not None)
        return None if None in sizes or total < n else total

    def _list_parts(
        self, cells: Mapping[Key, Cell], basis: str, domain: str
    ) -> tuple[dict[str, Estimate], tuple[str, ...], tuple[str, ...], str]:
        """Give the columns that are shown, and as one more (`JOINT`) those that are hidden together (rules 3, 4).

        With them: the columns joined, those left out, and why something is hidden. The mean of all hidden columns
        together follows from what is shown, so it gives nothing away; the mean of each must not enter.
        """
        columns = self.breakdown.cells
        estimates = {c: e for c in columns if (e := cells[basis, domain, c].estimate) is not None}
        hidden = tuple(c for c in columns if c not in estimates and cells[basis, domain, c].hidden)
        joint = self._estimate_joint(cells, basis, domain, hidden)
        joined = hidden if joint else ()
        lacking = tuple(c for c in columns if c not in estimates and c not in joined)
        reason = cells[basis, domain, hidden[0]].hidden if hidden else ""
        return {**estimates, **({JOINT: joint} if joint else {})}, joined, lacking, reason

    def _estimate_joint(
        self, cells: Mapping[Key, Cell], basis: str, domain: str, hidden: Sequence[str]
    ) -> Estimate | None:
        """Estimate hidden columns as one, where the gate has hidden no other column beside them."""
        domains = self._list_domains(basis) if domain == OVERALL else (domain,)
        shown = [name for name in domains if cells[basis, name, ALL].estimate]
        beside = {c for name in shown for c in self.breakdown.cells if cells[basis, name, c].hidden} - set(hidden)
        if not hidden or not shown or beside or len(shown) < self._find_needed(basis, domain):
            return None
        scores = self._join(hidden, basis, shown)
        if not all(scores.columns):
            return None
        sizes = [self._find_population(column, 0) for column in hidden]
        population = None if None in sizes else sum(size for size in sizes if size is not None)
        return self._qualify(estimate_mean_of_means(scores, population))

    def _join(self, columns: Collection[str], basis: str, domains: Sequence[str]) -> Joint:
        return self.people.join_scores(columns, basis, [self.domains.index(domain) for domain in domains])

    def _find_needed(self, basis: str, domain: str) -> int:
        if domain != OVERALL:
            return 1
        return find_needed(basis, len(self._list_domains(basis)))

    def _list_domains(self, basis: str) -> tuple[str, ...]:
        return self.people.core_domains if basis == CORE else self.domains

    def _find_population(self, column: str, n: int) -> int | None:
        return self.people.reach[column].find_population(n) if column in self.people.reach else None

    def _qualify(self, estimate: Estimate) -> Estimate:
        """Take the interval from answers of people who chose themselves: stating one would mislead (C12.5)."""
        return estimate.without_interval(SELF_SELECTED) if self.people.self_selected else estimate


def find_needed(basis: str, domains: int) -> int:
    """Give how many domains an overall needs: all of the core ones, 7 of 10 of the full ones."""
    return domains if basis == CORE else ceil(ENOUGH_DOMAINS * domains - 1e-9)
