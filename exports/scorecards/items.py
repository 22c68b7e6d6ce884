"""What people answered to each question: n, don't know, mean, top-2 share, distribution (stats/items.csv).

Only where the gate shows the domain, and only from answers that cannot be worked out beside its score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from exports.disclosure import ALL, FULL, SMALL, Base, Hidden, coarsen, hide_cells
from exports.dispositions import NOT_APPLICABLE
from exports.scorecards import notes
from exports.scorecards.facts import find_facts
from exports.scorecards.people import People
from exports.scorecards.rows import blur
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED, UNRELIABLE
from exports.scorecards.scores import Item
from exports.scorecards.telling import Told, choose_told
from exports.statistics.counted import Counts, find_n
from exports.statistics.intervals import SELF_SELECTED, estimate_mean
from exports.statistics.proportions import Proportion, estimate_proportion
from forms.definition import Question
from forms.question_types import find_type
from forms.values import Code, Missing, Value

if TYPE_CHECKING:
    pass

NOT_KNOWN_FROM = 0.25
"""From this share of don't know on a question is not known by the group: our convention."""

FULL_SCALE = 4
"""A top-2 share needs a scale with at least so many points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One question in one column. Means and intervals are points from 0 to 100, shares are of 1.

    `n`: answers that the numbers are made of; `left_out`: further answers that would give single people away.
    `asked`: everybody it applied to, `dk`, `na`, `missing`: don't know, not applicable, all other gaps.
    `distribution`: code -> answers, from 20 answers on. `status` as in the scorecard.
    """

    partnership: str
    round: str
    panel: str
    domain: str
    item: str
    group: str
    n: int | None = None
    left_out: int | None = None
    asked: int | None = None
    dk: int | None = None
    na: int | None = None
    missing: int | None = None
    dk_share: float | None = None
    mean: float | None = None
    ci_lo: float | None = None
    ci_hi: float | None = None
    ci_method: str | None = None
    top2: float | None = None
    top2_lo: float | None = None
    top2_hi: float | None = None
    distribution: Mapping[str, int] | None = None
    status: str
    note: str = ""
    definition_version: str
    computed_at: str


ITEM_FIELDS = tuple(field.name for field in fields(ItemRow))


def build_items(people: People, hidden: Mapping[str, Hidden]) -> list[ItemRow]:
    """Give every scored question, and every one with choices, for everybody and for each shown column.

    `hidden` is what the gate hid of each domain of the round's scorecard (`Scorecard.hidden`).
    """
    rows: list[ItemRow] = []
    scored: set[str] = set()
    for place, domain in enumerate(people.domain_ids):
        told = choose_told(people, place, hidden[domain])
        scored |= {item.id for item in people.domains[place].full}
        for item in people.domains[place].full:
            rows += _write_item(people, domain, item, told)
    group_by = people.plan.group_by
    for id_ in people.asked:
        if id_ not in scored and id_ != group_by:
            rows += _write_choices(people, people.study.definition.questions[id_])
    return rows


def _write_item(people: People, domain: str, item: Item, told: Told) -> Iterator[ItemRow]:
    known = any(one.id == item.id for one in told.items)
    for column in (ALL, *people.breakdown.cells):
        blank = _blank(people, domain, item.id, column)
        reason = told.hidden.get(column)
        if reason or not known:
            why = notes.explain_hidden(reason, people.plan.k) if reason else notes.CORE_ITEMS_ONLY
            yield replace(blank, status=SUPPRESSED, note=why)
            continue
        everybody = people.count_answers(item.id, people.list_places([column]))
        given = people.count_answers(item.id, told.places[column]) if column in told.places else {}
        yield _describe(people, replace(blank, **_count(everybody, item.score)), item, given)


def _describe(people: People, row: ItemRow, item: Item, given: Mapping[Value, int]) -> ItemRow:
    scores = _score(item, given)
    answered, n = row.n or 0, find_n(scores)
    said = [notes.NOT_KNOWN] if (row.dk_share or 0) > NOT_KNOWN_FROM else []
    row = replace(row, n=n, left_out=answered - n)
    if not scores:
        why = notes.NOBODY if answered == 0 else notes.ALL_LEFT_OUT
        status = NOT_COLLECTED if answered == 0 else SUPPRESSED
        if answered:
            return replace(_blank(people, row.domain, row.item, row.group), status=status, note=why)
        return replace(row, n=0, left_out=0, status=status, note=" ".join([why, *said]))
    if row.left_out:
        said.append(notes.count_left_out(row.left_out))
    reach = people.reach.get(row.group)
    population = reach.find_population(n) if reach else None
    estimate = estimate_mean(scores, population)
    estimate = blur(estimate.without_interval(SELF_SELECTED) if people.self_selected else estimate)
    question = people.study.definition.questions[item.id]
    top = _find_top2(question, item, given, None if row.left_out else population)
    return replace(
        row,
        mean=estimate.mean,
        ci_lo=estimate.lo,
        ci_hi=estimate.hi,
        ci_method=estimate.method,
        top2=top.share if top else None,
        top2_lo=top.lo if top and not people.self_selected else None,
        top2_hi=top.hi if top and not people.self_selected else None,
        distribution=_spread(question, given) if n >= SMALL else None,
        status=UNRELIABLE if n < ENOUGH else NORMAL,
        note=" ".join([*said, notes.explain_method(estimate)]).strip(),
    )


ENOUGH = 10
"""Below this many answers a mean is an indication (C12.2)."""


def _score(item: Item, given: Mapping[Value, int]) -> Counts:
    scores: Counter[float] = Counter()
    for value, n in given.items():
        score = item.score(value)
        if score is not None:
            scores[score] += n
    return scores


def _find_top2(question: Question, item: Item, given: Mapping[Value, int], population: int | None) -> Proportion | None:
    """Give the share of the two best codes of a full scale; at its ends and with few answers only as a range."""
    codes = [choice.value for choice in find_type(question.type).choices(question)]
    ranked = sorted((code for code in codes if item.score(code) is not None), key=lambda code: item.score(code) or 0)
    if item.map is not None or len(ranked) < FULL_SCALE:
        return None
    found = estimate_proportion(
        sum(given.get(code, 0) for code in ranked[-2:]), find_n(_score(item, given)), population
    )
    told = coarsen(100 * found.share, found.n) if found else None
    if found is None or told is None:
        return found
    low, high = told[0] / 100, told[1] / 100
    return replace(found, share=high if low == 0 else low, lo=low, hi=high)


def _write_choices(people: People, question: Question) -> Iterator[ItemRow]:
    """Write a question that no domain scores: how many chose what, each cell by its own number of answers."""
    answers = {
        column: people.count_answers(question.id, people.list_places([column]))
        for column in (ALL, *people.breakdown.cells)
    }
    bases = {}
    for column in people.cells:
        n = sum(n for value, n in answers[column].items() if _is_given(value))
        bases[column] = Base(n, n, 0)
    hidden = hide_cells(bases, people.plan.k)
    for column in (ALL, *people.breakdown.cells):
        blank = _blank(people, "", question.id, column)
        if (FULL, column) in hidden:
            why = notes.explain_hidden(hidden[FULL, column], people.plan.k)
            yield replace(blank, status=SUPPRESSED, note=why)
            continue
        own = answers[column]
        row = replace(blank, **_count(own, lambda value: 1.0 if _is_given(value) else None))
        enough = (row.n or 0) >= SMALL
        yield replace(
            row,
            left_out=0,
            distribution=_spread(question, own) if enough else None,
            status=NOT_COLLECTED if row.n == 0 else NORMAL if enough else UNRELIABLE,
            note="" if enough else notes.NOBODY if row.n == 0 else notes.FEW_FOR_SPREAD,
        )


def _is_given(value: Value) -> bool:
    return value is not None and not isinstance(value, Missing)


def _spread(question: Question, given: Mapping[Value, int]) -> dict[str, int]:
    """Count answers by code, in the order of the choices; several codes of one answer count each."""
    counts: Counter[Code] = Counter()
    for value, n in given.items():
        for code in value if isinstance(value, tuple) else [value] if isinstance(value, (int, str)) else []:
            counts[code] += n
    offered = [choice.value for choice in find_type(question.type).choices(question)]
    return {str(code): counts[code] for code in (offered or sorted(counts, key=str))}


def _count(given: Mapping[Value, int], score: Callable[[Value], float | None]) -> dict[str, Any]:
    """Count what everybody gave: answers, don't know, not applicable, other gaps, and those it applied to."""
    n = sum(n for value, n in given.items() if score(value) is not None)
    dk, na = given.get(Missing.DONT_KNOW, 0), given.get(Missing.NOT_APPLICABLE, 0)
    asked = sum(n for value, n in given.items() if value not in NOT_APPLICABLE)
    return {
        "n": n,
        "asked": asked,
        "dk": dk,
        "na": na,
        "missing": asked - n - dk,
        "dk_share": dk / asked if asked else None,
    }


def _blank(people: People, domain: str, item: str, column: str) -> ItemRow:
    facts = find_facts(people.study)
    return ItemRow(
        partnership=facts.partnership,
        round=facts.round,
        panel=facts.panel,
        domain=domain,
        item=item,
        group=column,
        status=NORMAL,
        definition_version=facts.definition_version,
        computed_at=facts.computed_at,
    )
