"""The scorecard of one round: counted responses in; one tidy, suppressed table out, which all outputs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.disclosure import ALL, COMBINED, Breakdown, combine_groups
from exports.responses import SELF_SELECTED, Study
from exports.scorecards.estimates import Table
from exports.scorecards.notes import COMBINED_LABEL
from exports.scorecards.reach import GROUP_EQUAL, NOT_STATED, Reach, find_reach, name_group
from exports.scorecards.rows import Row, RowWriter
from exports.scorecards.scores import PersonScores, list_domain_items, score_person
from forms.definition import Scorecard as Plan


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """The rows, and what a reader must know about them. Nothing here says more than the rows do.

    `columns`: column id -> what people call it, in order. `core_domains`: the domains that have core questions.
    `uneven`: (basis, domain) of the numbers in which not every group could count alike.
    `reach` lacks the columns that are hidden; `dispositions` are the cases of everyone, empty where hidden.
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

    def find(self, basis: str, domain: str, group: str) -> Row | None:
        """Give the row of this number, or nothing where the scorecard has none."""
        return next((row for row in self.rows if (row.basis, row.domain, row.group) == (basis, domain, group)), None)


def build_scorecard(study: Study) -> Scorecard:
    """Make the scorecard of a round from its complete and partial responses.

    An instrument without a scorecard, or without domains, gives no rows.
    """
    plan = study.definition.scorecard or Plan()
    people = list(_score_people(study, plan))
    labels = _label_groups(study, people)
    counts = dict.fromkeys(labels, 0) | Counter(person.group for person in people)
    breakdown = combine_groups(counts, plan.k)
    reach = find_reach(study.frame, counts, breakdown, plan.k)
    domains = tuple(domain.id for domain in plan.domains)
    items = list_domain_items(study.definition)
    core_domains = tuple(name for name, own in zip(domains, items, strict=True) if own.core)
    table = Table(
        domains=domains,
        core_domains=core_domains,
        people=_sort_people(people, breakdown),
        breakdown=breakdown,
        reach=reach,
        k=plan.k,
        self_selected=study.frame.kind == SELF_SELECTED,
    )
    columns = _list_columns(labels, breakdown)
    cells = table.build()
    writer = RowWriter(
        study=study,
        plan=plan,
        columns=columns,
        core_domains=core_domains,
        breakdown=breakdown,
        reach=reach,
        cells=cells,
    )
    cases = [Counter(row) for row in study.frame.cases.values()]
    return Scorecard(
        study=study,
        plan=plan,
        rows=tuple(writer.write()),
        columns=columns,
        core_domains=core_domains,
        uneven=frozenset(
            (basis, domain) for (basis, domain, column), cell in cells.items() if column == GROUP_EQUAL and cell.lacking
        ),
        breakdown=breakdown,
        reach=reach,
        dispositions=sum(cases, Counter()) if ALL in reach else {},
    )


def _score_people(study: Study, plan: Plan) -> Iterator[PersonScores]:
    domains = list_domain_items(study.definition)
    for response in study.counted():
        yield score_person(domains, response.answers, name_group(response.group), plan.min_share)


def _label_groups(study: Study, people: Sequence[PersonScores]) -> dict[str, str]:
    """Give column id -> label for every group that there is or could be; a round without any groups has none."""
    labels = {name_group(group): label for group, label in study.group_labels.items()}
    found = {person.group for person in people} | {name_group(group) for group in study.frame.cases}
    for group in sorted(found - labels.keys() - {NOT_STATED}):
        labels[group] = group.replace("_", " ")
    if NOT_STATED in found and labels:
        labels[NOT_STATED] = "Group not stated"
    return labels


def _sort_people(people: Sequence[PersonScores], breakdown: Breakdown) -> dict[str, list[PersonScores]]:
    columns: dict[str, list[PersonScores]] = {ALL: list(people), COMBINED: []}
    for person in people:
        column = COMBINED if person.group in breakdown.combined else person.group
        columns.setdefault(column, []).append(person)
    return columns


def _list_columns(labels: Mapping[str, str], breakdown: Breakdown) -> dict[str, str]:
    columns = {ALL: "Everyone"}
    if len(breakdown.cells) > 1:
        columns[GROUP_EQUAL] = "All groups alike"
    columns |= labels
    if breakdown.has_combined:
        columns[COMBINED] = COMBINED_LABEL
    return columns
