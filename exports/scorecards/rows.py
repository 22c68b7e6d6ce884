"""The tidy table (C18): each cell of the suppressed table as one row, with what may be claimed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

from exports.disclosure import ALL, BASES, CORE, FULL, Breakdown, coarsen
from exports.responses import SELF_SELECTED, Study
from exports.scorecards import notes
from exports.scorecards.estimates import OVERALL, Cell, Key, find_needed
from exports.scorecards.promoting import PROMOTERS, Recommendation
from exports.scorecards.reach import TOGETHER, Reach
from exports.scorecards.rules import find_claim
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED, UNRELIABLE, Case
from exports.statistics.intervals import COARSE, Estimate
from exports.statistics.intervals import SELF_SELECTED as NO_INTERVAL
from exports.statistics.promoters import ENOUGH as ENOUGH_FOR_NET
from exports.statistics.promoters import METHOD, estimate_net_score
from forms.definition import Scorecard as Plan

PANELS = {
    "feedback": "domains",
    "assessment": "domains",
    "checklist": "ready",
    "impact": "impact",
    "stakeholder_map": "map",
    "register": "register",
}
"""Kind of instrument -> the panel of the report it feeds; opinions, counts and checks are never averaged together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number of the scorecard. Scores and intervals are points from 0 to 100, unrounded; `rr2` is a share of 1.

    `status`: A normal, L not collected, Q suppressed, U low reliability, E estimate. Where it is L or Q there is no
    score. The fields from `delta` to `trend_word` speak of an earlier round and are none without one.
    """

    partnership: str
    round: str
    panel: str
    domain: str
    source: str
    basis: str
    group: str
    n: int | None = None
    n_eligible: int | None = None
    rr2: float | None = None
    score: float | None = None
    ci_lo: float | None = None
    ci_hi: float | None = None
    ci_method: str | None = None
    band: str | None = None
    status: str
    delta: float | None = None
    delta_ci_lo: float | None = None
    delta_ci_hi: float | None = None
    p_adj: float | None = None
    effect: float | None = None
    trend_word: str | None = None
    note: str
    definition_version: str
    computed_at: str


FIELDS = tuple(field.name for field in fields(Row))


def blur(estimate: Estimate) -> Estimate:
    """Give the estimate as it is told: coarsened where few people stand at the end of the scale (C10.8)."""
    told = coarsen(estimate.mean, estimate.n)
    if told is None:
        return estimate
    low, high = told
    return replace(estimate.without_interval(COARSE), mean=high if low == 0 else low, lo=low, hi=high)


@dataclass(frozen=True, kw_only=True)
class RowWriter:
    """All that rows are written from. `columns`: column id -> what people call it, in order."""

    study: Study
    plan: Plan
    columns: Mapping[str, str]
    core_domains: tuple[str, ...]
    breakdown: Breakdown
    reach: Mapping[str, Reach]
    cells: Mapping[Key, Cell]
    recommendations: Sequence[Recommendation] = ()
    promoter_basis: str = FULL
    failed_gates: tuple[str, ...] = ()

    def write(self) -> Iterator[Row]:
        """Give every row: core before full, the overall before the domains, everyone before the groups."""
        for basis in BASES:
            domains = [domain.id for domain in self.plan.domains if basis != CORE or domain.id in self.core_domains]
            for domain in (OVERALL, *domains) if domains else ():
                for column in self.columns:
                    yield self._write_row(basis, domain, column)
        for recommendation in self.recommendations:
            yield self._write_promoters(recommendation)

    def _write_row(self, basis: str, domain: str, column: str) -> Row:
        cell = self.cells.get((basis, domain, column))
        said = self._say_of_index(basis, domain)
        if cell is None:
            return self._write_group_without_cell(basis, domain, column, said)
        if cell.estimate is None:
            return self._write_absence(basis, domain, column, cell, said)
        return self._write_estimate(basis, domain, column, cell, cell.estimate, said)

    def _write_group_without_cell(self, basis: str, domain: str, column: str, said: list[str]) -> Row:
        reason = self.breakdown.combined.get(column)
        if reason is None:
            reach = self.reach.get(column)
            eligible, rate = (reach.eligible, reach.response_rate) if reach else (None, None)
            said = [*said, notes.NOBODY_OF_GROUP]
            row = self._blank(basis, domain, column, NOT_COLLECTED, said)
            return replace(row, n=0, n_eligible=eligible, rr2=rate)
        said = [*said, notes.explain_hidden(reason, self.plan.k)]
        if self.breakdown.has_combined:
            said.append(f"Counted in {notes.COMBINED_LABEL}.")
        return self._blank(basis, domain, column, SUPPRESSED, said)

    def _write_absence(self, basis: str, domain: str, column: str, cell: Cell, said: list[str]) -> Row:
        if cell.hidden:
            said = [*said, notes.explain_hidden(cell.hidden, self.plan.k)]
        elif domain != OVERALL and column not in TOGETHER:
            said = [*said, notes.NOBODY]
        if domain == OVERALL and column not in TOGETHER and cell.parts:
            of = len(cell.parts) + len(cell.lacking)
            said = [*said, notes.explain_domains(len(cell.parts), of, find_needed(basis, of))]
        if column in TOGETHER:
            said = [*said, notes.FEWER_THAN_TWO]
        if cell.hidden:
            return self._blank(basis, domain, column, SUPPRESSED, said)
        n = 0 if domain != OVERALL and column not in TOGETHER else None
        return replace(self._blank(basis, domain, column, NOT_COLLECTED, said), n=n)

    def _write_estimate(
        self, basis: str, domain: str, column: str, cell: Cell, estimate: Estimate, said: list[str]
    ) -> Row:
        reach, estimate = self._find_reach(column), blur(estimate)
        claim = find_claim(
            Case(
                score=estimate.mean,
                lo=estimate.lo,
                hi=estimate.hi,
                n=estimate.n,
                k=self.plan.k,
                bands=self.plan.bands,
                response_rate=reach.response_rate,
                self_selected=self.study.frame.kind == SELF_SELECTED,
                source=self.plan.source,
                weakest=self._find_weakest(basis, cell, column) if domain == OVERALL else None,
                failed_gates=self.failed_gates if domain == OVERALL else (),
            )
        )
        joined = [notes.list_joined(cell.joined, self.columns)] if cell.joined else []
        if cell.effective is not None:
            joined.append(notes.explain_weights(cell.effective, estimate.n))
        without = [notes.list_without(cell.lacking, self.columns)] if cell.lacking else []
        said = [*said, notes.explain_method(estimate), *joined, *without, *claim.notes]
        return replace(
            self._blank(basis, domain, column, claim.status, said),
            n=estimate.n,
            n_eligible=reach.eligible,
            rr2=reach.response_rate,
            score=estimate.mean,
            ci_lo=estimate.lo,
            ci_hi=estimate.hi,
            ci_method=estimate.method,
            band=claim.word(self.plan.bands),
        )

    def _write_promoters(self, found: Recommendation) -> Row:
        """Write a net promoter score with its three shares; below 20 answers the counts alone."""
        blank = partial(self._blank, self.promoter_basis, PROMOTERS, found.column)
        if found.hidden:
            return blank(SUPPRESSED, [notes.explain_hidden(found.hidden, self.plan.k)])
        net = estimate_net_score(found.counts) if found.counts else None
        if found.counts is None or net is None:
            return replace(blank(NOT_COLLECTED, [notes.NOBODY]), n=0)
        n, reach = int(found.counts.n), self._find_reach(found.column)
        if n < ENOUGH_FOR_NET:
            row = blank(UNRELIABLE, [notes.count_promoters(found.counts), notes.FEW_FOR_NET])
            return replace(row, n=n, n_eligible=reach.eligible, rr2=reach.response_rate)
        row = blank(NORMAL, [notes.share_promoters(found.counts)])
        open_link = self.study.frame.kind == SELF_SELECTED
        return replace(
            row,
            n=n,
            n_eligible=reach.eligible,
            rr2=reach.response_rate,
            score=net.score,
            ci_lo=None if open_link else net.lo,
            ci_hi=None if open_link else net.hi,
            ci_method=NO_INTERVAL if open_link else METHOD,
            note=f"{row.note} {notes.OPEN_LINK}" if open_link else row.note,
        )

    def _find_reach(self, column: str) -> Reach:
        return self.reach.get(ALL if column in TOGETHER else column, Reach(0))

    def _find_weakest(self, basis: str, overall: Cell, column: str) -> tuple[str, float] | None:
        """Give the lowest domain that is shown in the overall's own column and basis."""
        names = [domain.id for domain in self.plan.domains] if column in TOGETHER else overall.parts
        shown = [
            (cell.estimate.mean, name)
            for name in names
            if (cell := self.cells.get((basis, name, column))) is not None and cell.estimate is not None
        ]
        mean, name = min(shown, key=lambda pair: pair[0], default=(0.0, ""))
        return (name, mean) if name else None

    def _say_of_index(self, basis: str, domain: str) -> list[str]:
        if domain == OVERALL:
            return [notes.name_index(len(self.core_domains))] if basis == CORE else []
        web_only = self.study.sms_in_use and domain not in self.core_domains
        return [notes.WEB_ONLY] if web_only else []

    def _blank(self, basis: str, domain: str, column: str, status: str, said: list[str]) -> Row:
        """Give the row without its numbers."""
        sample = [notes.SAMPLE] if self.study.sample_data else []
        kind = self.study.definition.kind
        return Row(
            partnership=self.study.partnership,
            round=self.study.round_name,
            panel=PANELS.get(kind, kind),
            domain=domain,
            source=self.plan.source,
            basis=basis,
            group=column,
            status=status,
            note=" ".join(sentence for sentence in [*sample, *said] if sentence),
            definition_version=self.study.definition.version,
            computed_at=self.study.computed_at.isoformat(),
        )
