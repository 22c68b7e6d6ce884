"""Each group against the rest of its round, domain by domain and choice by choice (stats/groups.csv)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from exports.disclosure import ALL, CORE, FULL, Base, Hidden, hide_cells
from exports.scorecards import notes
from exports.scorecards.facts import find_facts
from exports.scorecards.people import People
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED
from exports.statistics.comparisons import compare_choices, compare_with_rest
from exports.statistics.counted import find_n
from exports.statistics.multiple import HOLM, adjust_holm
from forms.definition import Question
from forms.question_types import find_type

ENOUGH = 10
"""Answers that the group and the rest each need."""

HIGHER, LOWER, SAME = "higher", "lower", "no clear difference"
TOO_FEW = "too few answers"
_CLEAR = 5.0
_LEVEL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group against everybody else. Differences are points, group less rest; both means follow from the scorecard.

    `subject`: a domain, or a question with choices. `p_adj` is raised for all tests of the same kind (`adjustment`).
    """

    partnership: str
    round: str
    panel: str
    subject: str
    basis: str
    group: str
    n: int | None = None
    n_rest: int | None = None
    difference: float | None = None
    ci_lo: float | None = None
    ci_hi: float | None = None
    method: str | None = None
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    p_adj: float | None = None
    adjustment: str | None = None
    effect: float | None = None
    effect_name: str | None = None
    word: str
    status: str
    note: str = ""
    definition_version: str
    computed_at: str


GROUP_FIELDS = tuple(field.name for field in fields(GroupRow))


def build_groups(people: People, hidden: Mapping[str, Hidden]) -> list[GroupRow]:
    """Give each shown group against the rest on every domain, and on every question with one choice to make.

    On the core basis where a domain has core questions. Only where the whole and the group are both shown, so that
    the rest follows from what is published; ten answers on each side. Holm over the domains and over the questions.
    `hidden` is what the gate hid of each domain (`Scorecard.hidden`).
    """
    if len(people.breakdown.cells) < 2:
        return []
    domains = [row for domain in people.domain_ids for row in _compare_domain(people, domain, hidden[domain])]
    asked = [people.study.definition.questions[id_] for id_ in people.asked]
    chosen = [q for q in asked if q.score is None and q.type == "select_one" and q.id != people.plan.group_by]
    return adjust(domains) + adjust([row for question in chosen for row in _compare_question(people, question)])


def adjust(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """Raise the p-values of tests that belong together, and say in words what is left."""
    tested = [row.p for row in rows if row.p is not None]
    raised = iter(adjust_holm(tested))
    return [row if row.p is None else _say(replace(row, p_adj=next(raised), adjustment=HOLM)) for row in rows]


def _say(row: GroupRow) -> GroupRow:
    clear = row.p_adj is not None and row.p_adj < _LEVEL
    if row.difference is None:
        return replace(row, word="different" if clear else SAME)
    clear = clear and abs(row.difference) >= _CLEAR
    return replace(row, word=SAME if not clear else HIGHER if row.difference > 0 else LOWER)


def _compare_domain(people: People, domain: str, hidden: Hidden) -> Iterator[GroupRow]:
    basis = CORE if domain in people.core_domains else FULL
    place = people.domain_ids.index(domain)
    for column, blank in _list_columns(people, domain, basis, hidden):
        if blank.status == SUPPRESSED:
            yield blank
            continue
        group = people.count_scores([column], basis, place)
        rest = people.count_scores([cell for cell in people.breakdown.cells if cell != column], basis, place)
        row = replace(blank, n=find_n(group), n_rest=find_n(rest))
        if min(find_n(group), find_n(rest)) < ENOUGH:
            yield replace(row, word=TOO_FEW, status=NOT_COLLECTED, note=notes.FEW_TO_COMPARE)
            continue
        found = compare_with_rest(group, rest)
        interval = (None, None) if people.self_selected else (found.lo, found.hi)
        yield replace(
            row,
            difference=found.difference,
            ci_lo=interval[0],
            ci_hi=interval[1],
            method=found.method,
            statistic=found.statistic,
            df=found.df,
            p=found.p,
            effect=found.effect,
            effect_name=found.effect_name,
            note=notes.UNTESTED if found.p is None else "",
        )


def _compare_question(people: People, question: Question) -> Iterator[GroupRow]:
    codes = [choice.value for choice in find_type(question.type).choices(question)]

    def count(columns: Collection[str]) -> list[int]:
        given = people.count_answers(question.id, people.list_places(columns))
        return [given.get(code, 0) for code in codes]

    hidden = hide_cells({column: _count_base(count, column) for column in people.cells}, people.plan.k)
    for column, blank in _list_columns(people, question.id, FULL, hidden):
        if blank.status == SUPPRESSED:
            yield blank
            continue
        group, rest = count([column]), count([cell for cell in people.breakdown.cells if cell != column])
        row = replace(blank, n=sum(group), n_rest=sum(rest))
        found = compare_choices(group, rest) if min(sum(group), sum(rest)) >= ENOUGH else None
        if found is None:
            yield replace(row, word=TOO_FEW, status=NOT_COLLECTED, note=notes.FEW_TO_COMPARE)
            continue
        yield replace(row, method=found.method, statistic=found.statistic, df=found.df, p=found.p)


def _count_base(count: Callable[[Collection[str]], list[int]], column: str) -> Base:
    n = sum(count([column]))
    return Base(n, n, 0)


def _list_columns(people: People, subject: str, basis: str, hidden: Hidden) -> Iterator[tuple[str, GroupRow]]:
    facts = find_facts(people.study)
    for column in people.breakdown.cells:
        reason = hidden.get((basis, column)) or hidden.get((basis, ALL))
        yield (
            column,
            GroupRow(
                partnership=facts.partnership,
                round=facts.round,
                panel=facts.panel,
                subject=subject,
                basis=basis,
                group=column,
                word="" if reason else SAME,
                status=SUPPRESSED if reason else NORMAL,
                note=notes.explain_hidden(reason, people.plan.k) if reason else "",
                definition_version=facts.definition_version,
                computed_at=facts.computed_at,
            ),
        )
