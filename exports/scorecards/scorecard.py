"""The scorecard of one round: counted responses in; one tidy, suppressed table out, which all outputs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from exports.disclosure import ALL, FULL, Breakdown, Hidden, Suppression
from exports.responses import Study
from exports.scorecards.estimates import Table
from exports.scorecards.notes import WEIGHTED_LABEL
from exports.scorecards.people import People, gather
from exports.scorecards.promoting import (
    PROMOTERS,
    find_promoter_basis,
    list_recommendations,
)
from exports.scorecards.reach import GROUP_EQUAL, WEIGHTED, Reach
from exports.scorecards.rows import Row, RowWriter
from forms.definition import Scorecard as Plan


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """The rows, and what a reader must know about them. Nothing here says more than the rows do.

    `columns`: column id -> what people call it, in order. `core_domains`: the domains that have core questions.
    `uneven`: (basis, domain) of the numbers in which not every group could count alike.
    `reach` lacks the columns that are hidden; `dispositions` are the cases of everyone, empty where hidden.
    `hidden`: domain -> what the gate hid of it. `compared_with`: the earlier round that the changes are from.
    """

    study: Study
    plan: Plan
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    core_domains: tuple[str, ...]
    uneven: frozenset[tuple[str, str]]
    breakdown: Breakdown
    reach: Mapping[str, Reach]
    dispositions: Mapping[str, int]
    hidden: Mapping[str, Hidden]
    compared_with: str = ""

    def find(self, basis: str, domain: str, group: str) -> Row | None:
        """Give the row of this number, or nothing where the scorecard has none."""
        return next((row for row in self.rows if (row.basis, row.domain, row.group) == (basis, domain, group)), None)


def build_scorecard(
    study: Study,
    people: People | None = None,
    *,
    weighted: bool = False,
    earlier: Suppression | None = None,
) -> Scorecard:
    """Make the scorecard of a round from its complete and partial responses.

    An instrument without a scorecard, or without domains, gives no rows. `people` are the study's, where they were
    gathered already. `weighted` adds the column in which groups count by the size of their roster (C7). `earlier`:
    what was hidden when it was last published while the round was open; it stays so.
    """
    people = people or gather(study, earlier.breakdown if earlier else None)
    plan = people.plan
    kept = earlier.fit(people.breakdown) if earlier else {}
    table = Table(people=people, kept=kept, weighted=weighted)
    cells = table.build()
    columns = people.columns
    if weighted and GROUP_EQUAL in columns:
        columns = {ALL: columns[ALL], GROUP_EQUAL: columns[GROUP_EQUAL], WEIGHTED: WEIGHTED_LABEL} | columns
    question = people.promoter_question
    recommendations, hidden = list_recommendations(people, kept.get(PROMOTERS)) if question else ([], {})
    writer = RowWriter(
        study=study,
        plan=plan,
        columns=columns,
        core_domains=people.core_domains,
        breakdown=people.breakdown,
        reach=people.reach,
        cells=cells,
        recommendations=recommendations,
        failed_gates=study.failed_gates,
        promoter_basis=find_promoter_basis(question) if question else FULL,
    )
    cases = [Counter(row) for row in study.frame.cases.values()]
    return Scorecard(
        study=study,
        plan=plan,
        rows=tuple(writer.write()),
        columns=columns,
        core_domains=people.core_domains,
        uneven=frozenset(
            (basis, domain) for (basis, domain, column), cell in cells.items() if column == GROUP_EQUAL and cell.lacking
        ),
        breakdown=people.breakdown,
        reach=people.reach,
        dispositions=sum(cases, Counter()) if ALL in people.reach else {},
        hidden={domain: table.hide(domain) for domain in people.domain_ids} | {PROMOTERS: hidden},
    )
