"""What people answered to each question: n, don't know, mean, top-2 share, distribution (stats/items.csv).

Only where the gate shows the domain, and only from answers that cannot be worked out beside its score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from exports.disclosure import ALL, BASES, FEW, FULL, SMALL, Base, Hidden, Pattern, coarsen, hide_cells, leave_out
from exports.scorecards import notes
from exports.scorecards.facts import find_facts
from exports.scorecards.people import People
from exports.scorecards.rows import blur
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED, UNRELIABLE
from exports.scorecards.scores import Item
from exports.statistics.intervals import SELF_SELECTED, estimate_mean
from exports.statistics.proportions import Proportion, estimate_proportion
from forms.definition import Question
from forms.question_types import find_type
from forms.values import Code, Missing, Value

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


@dataclass(frozen=True, slots=True)
class Told:
    """Whose answers to a domain's questions are told: which items, and by column the places of the people in them.

    `hidden`: column -> the gate's reason; of these columns nothing is told by themselves.
    """

    items: tuple[Item, ...]
    places: Mapping[str, Sequence[int]]
    hidden: Mapping[str, str] = field(default_factory=dict)


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
    for id_ in people.answers:
        if id_ not in scored and id_ != group_by:
            rows += _write_choices(people, people.study.definition.questions[id_])
    return rows


def choose_told(people: People, place: int, hidden: Hidden) -> Told:
    """Decide whose answers to the questions of a domain may be told beside its scores.

    In each cell, and in those hidden together as in one, people whose pattern of answers is rare are left out
    (`leave_out`). Where a cell is hidden on one basis only, its people are left out altogether, and of the others
    only core questions are told.
    """
    items, shown = people.domains[place], [basis for basis in BASES if (basis, ALL) not in hidden]
    if people.domain_ids[place] not in people.core_domains:
        shown = [basis for basis in shown if basis == FULL]
    if not shown:
        return Told((), {}, dict.fromkeys((ALL, *people.breakdown.cells), hidden.get((FULL, ALL), FEW)))
    reasons = {cell: reason for cell in people.cells for basis in shown if (reason := hidden.get((basis, cell)))}
    wider = any((basis, cell) not in hidden for cell in reasons for basis in shown)
    told = items.full if FULL in shown and not wider else items.core
    units = [[cell] for cell in people.cells if cell not in reasons]
    if not wider:
        units.append(list(reasons))
    kept: dict[str, list[int]] = {ALL: []}
    for unit in units:
        own = [person for cell in unit for person in people.places.get(cell, ())]
        chosen = _leave_out(people, place, told, own, shown)
        kept[ALL] += chosen
        if len(unit) == 1 and unit[0] not in reasons:
            kept[unit[0]] = chosen
    return Told(told, {**kept, ALL: sorted(kept[ALL])}, reasons)


def list_left_out(people: People, hidden: Mapping[str, Hidden]) -> Iterator[tuple[str, list[int]]]:
    """Give each domain with the places of those who answered its told questions and are left out of their numbers."""
    for place, domain in enumerate(people.domain_ids):
        told = choose_told(people, place, hidden[domain])
        kept = set(told.places.get(ALL, ()))
        answered = {
            person
            for item in told.items
            for person, value in enumerate(people.answers[item.id])
            if item.score(value) is not None
        }
        yield domain, sorted(answered - kept)


def _leave_out(
    people: People, place: int, items: Sequence[Item], unit: Sequence[int], bases: Sequence[str]
) -> list[int]:
    columns = [people.answers[item.id] for item in items]
    patterns: dict[int, Pattern] = {}
    classes: dict[Pattern, Base] = {}
    for person in unit:
        given = [item.score(column[person]) is not None for item, column in zip(items, columns, strict=True)]
        scores = people.scores[person]
        core, full = scores.core[place] is not None, scores.full[place] is not None
        if any(given):
            # Who left out a question is told apart from whom it was not asked: one may have a score, the other none.
            pattern = patterns[person] = (*given, core, full, scores.differing[place])
            own = Base(int(core), int(full), int(scores.differing[place]), 1)
            classes[pattern] = classes.get(pattern, Base()) + own
    out = leave_out(dict(sorted(classes.items(), reverse=True)), people.plan.k, bases)
    kept = []
    for person, pattern in patterns.items():
        if out.get(pattern, 0) > 0:
            out[pattern] -= 1
        else:
            kept.append(person)
    return kept


def _write_item(people: People, domain: str, item: Item, told: Told) -> Iterator[ItemRow]:
    known = any(one.id == item.id for one in told.items)
    for column in (ALL, *people.breakdown.cells):
        blank = _blank(people, domain, item.id, column)
        reason = told.hidden.get(column)
        if reason or not known:
            why = notes.explain_hidden(reason, people.plan.k) if reason else notes.CORE_ITEMS_ONLY
            yield replace(blank, status=SUPPRESSED, note=why)
            continue
        answers = people.answers[item.id]
        everybody = [answers[place] for place in people.places.get(column, ())]
        given = [answers[place] for place in told.places.get(column, ())]
        yield _describe(people, replace(blank, **_count(everybody, item.score)), item, given)


def _describe(people: People, row: ItemRow, item: Item, given: Sequence[Value]) -> ItemRow:
    scores = [score for value in given if (score := item.score(value)) is not None]
    answered = row.n or 0
    said = [notes.NOT_KNOWN] if (row.dk_share or 0) > NOT_KNOWN_FROM else []
    row = replace(row, n=len(scores), left_out=answered - len(scores))
    if not scores:
        why = notes.NOBODY if answered == 0 else notes.ALL_LEFT_OUT
        status = NOT_COLLECTED if answered == 0 else SUPPRESSED
        if answered:
            return replace(_blank(people, row.domain, row.item, row.group), status=status, note=why)
        return replace(row, n=0, left_out=0, status=status, note=" ".join([why, *said]))
    if row.left_out:
        said.append(notes.count_left_out(row.left_out))
    reach = people.reach.get(row.group)
    population = reach.find_population(len(scores)) if reach else None
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
        distribution=_spread(question, given) if len(scores) >= SMALL else None,
        status=UNRELIABLE if len(scores) < ENOUGH else NORMAL,
        note=" ".join([*said, notes.explain_method(estimate)]).strip(),
    )


ENOUGH = 10
"""Below this many answers a mean is an indication (C12.2)."""


def _find_top2(question: Question, item: Item, given: Sequence[Value], population: int | None) -> Proportion | None:
    """Give the share of the two best codes of a full scale; at its ends and with few answers only as a range."""
    codes = [choice.value for choice in find_type(question.type).choices(question)]
    ranked = sorted((code for code in codes if item.score(code) is not None), key=lambda code: item.score(code) or 0)
    if item.map is not None or len(ranked) < FULL_SCALE:
        return None
    best, answers = set(ranked[-2:]), [value for value in given if item.score(value) is not None]
    found = estimate_proportion(sum(value in best for value in answers), len(answers), population)
    told = coarsen(100 * found.share, found.n) if found else None
    if found is None or told is None:
        return found
    low, high = told[0] / 100, told[1] / 100
    return replace(found, share=high if low == 0 else low, lo=low, hi=high)


def _write_choices(people: People, question: Question) -> Iterator[ItemRow]:
    """Write a question that no domain scores: how many chose what, each cell by its own number of answers."""
    answers = people.answers[question.id]
    bases = {}
    for column in people.cells:
        n = sum(_is_given(answers[place]) for place in people.places.get(column, ()))
        bases[column] = Base(n, n, 0)
    hidden = hide_cells(bases, people.plan.k)
    for column in (ALL, *people.breakdown.cells):
        blank = _blank(people, "", question.id, column)
        if (FULL, column) in hidden:
            why = notes.explain_hidden(hidden[FULL, column], people.plan.k)
            yield replace(blank, status=SUPPRESSED, note=why)
            continue
        own = [answers[place] for place in people.places.get(column, ())]
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


def _spread(question: Question, given: Sequence[Value]) -> dict[str, int]:
    """Count answers by code, in the order of the choices; several codes of one answer count each."""
    counts: Counter[Code] = Counter()
    for value in given:
        if isinstance(value, (int, str)):
            counts[value] += 1
        elif isinstance(value, tuple):
            counts.update(value)
    offered = [choice.value for choice in find_type(question.type).choices(question)]
    return {str(code): counts[code] for code in (offered or sorted(counts, key=str))}


def _count(values: Sequence[Value], score: Callable[[Value], float | None]) -> dict[str, Any]:
    """Count what everybody gave: answers, don't know, not applicable, other gaps, and those it applied to."""
    gaps = Counter(value for value in values if isinstance(value, Missing))
    n = sum(score(value) is not None for value in values)
    dk, na = gaps[Missing.DONT_KNOW], gaps[Missing.NOT_APPLICABLE]
    outside = na + gaps[Missing.OFF_PATH] + gaps[Missing.NOT_IN_CHANNEL]
    asked = len(values) - outside
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
