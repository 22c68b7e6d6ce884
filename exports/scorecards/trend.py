"""Change since an earlier round: by domain into the scorecard, by question as a table of its own (scorecard C11).

Only numbers that both rounds show are compared, and their difference is always the change: nothing is told that the
two scorecards do not tell. That people can be linked makes it surer, never another difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from exports.disclosure import ALL, COMBINED, CORE, FULL
from exports.scorecards import notes
from exports.scorecards.estimates import OVERALL, Key
from exports.scorecards.facts import find_facts
from exports.scorecards.linking import (
    ENOUGH,
    Scores,
    choose_test,
    find_shown,
    link,
    list_domain,
    list_item,
    list_people,
    list_shown,
)
from exports.scorecards.promoting import PROMOTERS
from exports.scorecards.reach import GROUP_EQUAL, TOGETHER
from exports.scorecards.results import Results
from exports.scorecards.rows import Row
from exports.scorecards.rules.base import BREAK, NORMAL, NOT_COLLECTED
from exports.scorecards.scorecard import Scorecard
from exports.statistics.change import (
    PAIRED,
    WELCH,
    Change,
    combine_changes,
    find_cliff_delta,
    find_mann_whitney_p,
    find_wilcoxon_p,
)
from exports.statistics.intervals import COARSE
from exports.statistics.multiple import BENJAMINI_HOCHBERG, HOLM, adjust_benjamini_hochberg, adjust_holm
from forms.checks.reports.comparability import compare

MOVED = 0.20
"""From this much more or less of a channel, a group or the response rate on a change is told with a warning."""
CLEAR = 5.0
LEVEL = 0.05

RISE, FALL, UNCLEAR = "clear rise", "clear fall", "no clear change"
TOO_FEW, NOT_COMPARABLE = "too few answers", "not comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """One number in two rounds. Differences are points, later less earlier; means stand in the rounds' own tables.

    `subject`: a domain, `overall`, or a question. `adjustment`: how `p_adj` was raised for all tests of its kind;
    questions are exploratory. `check`: the same question asked by ranks. `correlation`: of the pairs; it stands in for
    an id from round to round, which no file has. `word` says what may be said.
    """

    partnership: str
    round_before: str
    round: str
    panel: str
    subject: str
    basis: str
    group: str
    n_before: int | None = None
    n_after: int | None = None
    pairs: int | None = None
    correlation: float | None = None
    delta: float | None = None
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
    check: str | None = None
    check_p: float | None = None
    cliff_delta: float | None = None
    word: str
    status: str
    note: str = ""
    definition_version: str
    computed_at: str


TREND_FIELDS = tuple(field.name for field in fields(TrendRow))


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The later round's results with the changes in its scorecard, the tests, and what a reader must be warned of."""

    results: Results
    rows: tuple[TrendRow, ...]
    warnings: tuple[str, ...]
    before: str

    @property
    def card(self) -> Scorecard:
        """The later round's scorecard, its rows with their changes."""
        return self.results.card


def compare_results(before: Results, after: Results) -> Trend:
    """Compare a round with an earlier one of the same instrument.

    Raises `ValueError` where the two are not rounds of the same instrument.
    """
    if before.card.study.definition.id != after.card.study.definition.id:
        raise ValueError("only rounds of the same instrument can be compared")
    return _Comparison(before, after).compare()


def fill_changes(card: Scorecard, trend: Trend) -> Scorecard:
    """Give a scorecard of the later round, made at another time, with the changes that were found."""
    changed = {(row.basis, row.domain, row.group): row for row in trend.card.rows}
    rows = [
        replace(found, computed_at=row.computed_at)
        if (found := changed.get((row.basis, row.domain, row.group))) is not None and found.score == row.score
        else row
        for row in card.rows
    ]
    return replace(card, rows=tuple(rows), compared_with=trend.before)


@dataclass(frozen=True)
class _Comparison:
    """Two rounds side by side. `changed`: the scored questions that are no longer the same."""

    before: Results
    after: Results

    def compare(self) -> Trend:
        """Give the later scorecard with its changes, and the tests of domains and questions."""
        card = self.after.card
        tested = {(row.basis, row.domain, row.group): self._test(row) for row in card.rows if row.score is not None}
        kept = {key: row for key, row in tested.items() if row is not None}
        domains = _adjust_families(kept)
        said, before = " ".join(self._list_warnings()), self.before.card.study.round_name
        rows = tuple(_fill(row, domains.get((row.basis, row.domain, row.group)), said) for row in card.rows)
        items = _adjust(list(self._test_items()), BENJAMINI_HOCHBERG)
        return Trend(
            results=replace(self.after, card=replace(card, rows=rows, compared_with=before)),
            rows=(*domains.values(), *items),
            warnings=tuple(self._list_warnings()),
            before=before,
        )

    @cached_property
    def _changed(self) -> set[str]:
        compared = compare(self.after.card.study.definition, self.before.card.study.definition)
        return {question.question for question in compared.changed}

    def _test(self, row: Row) -> TrendRow | None:
        """Compare one number of the scorecard, or say why it cannot be."""
        blank = self._blank(row.domain, row.basis, row.group)
        then = find_shown(self.before.card, row.basis, row.domain, row.group)
        if reason := self._find_break(row):
            return replace(blank, word=NOT_COMPARABLE, status=BREAK, note=reason)
        if then is None:
            return replace(blank, word=TOO_FEW, status=NOT_COLLECTED, note=notes.NOT_THEN)
        counts = replace(blank, n_before=then.n, n_after=row.n)
        if min(then.n or 0, row.n or 0) < ENOUGH or COARSE in (then.ci_method, row.ci_method):
            return replace(counts, word=TOO_FEW, status=NOT_COLLECTED, note=notes.FEW_THEN)
        if self.before.people.self_selected or self.after.people.self_selected:
            told = (row.score or 0.0) - (then.score or 0.0)
            return replace(counts, delta=told, word=NOT_COMPARABLE, note=notes.CHOSE_THEMSELVES)
        if row.group in TOGETHER:
            return self._test_together(row, counts)
        before = list_people(self.before, row.basis, row.domain, row.group)
        after = list_people(self.after, row.basis, row.domain, row.group)
        return _write_test(counts, before, after, self.after.card.plan.k)

    def _test_together(self, row: Row, counts: TrendRow) -> TrendRow | None:
        """Compare a mean of groups: every group by itself, then all alike; none has a trend without enough answers."""
        cells = self.after.people.breakdown.cells
        alike = row.group == GROUP_EQUAL and cells == self.before.people.breakdown.cells
        shown = [find_shown(side.card, row.basis, row.domain, c) for c in cells for side in (self.before, self.after)]
        if not alike or any(one is None or one.ci_method == COARSE for one in shown):
            return replace(counts, word=NOT_COMPARABLE, note=notes.OTHER_GROUPS)
        if any((one.n or 0) < ENOUGH for one in shown if one is not None):
            return replace(counts, word=TOO_FEW, status=NOT_COLLECTED, note=notes.FEW_OF_A_GROUP)
        changes = []
        for column in cells:
            before = list_people(self.before, row.basis, row.domain, column)
            after = list_people(self.after, row.basis, row.domain, column)
            changes.append(choose_test(before, after, self.after.card.plan.k))
        return _write_change(counts, combine_changes(changes))

    def _find_break(self, row: Row) -> str:
        """Give why a number is not the same number in both rounds; empty where it is."""
        before, after = self.before, self.after
        combined = [sorted(side.people.breakdown.combined) for side in (before, after)]
        if row.group == COMBINED and combined[0] != combined[1]:
            return notes.OTHER_GROUPS
        if row.domain == PROMOTERS:
            asked = after.people.promoter_question
            return notes.BROKEN if asked is None or asked.id in self._changed else ""
        names = [row.domain]
        if row.domain == OVERALL:
            shown = [list_shown(side, row.basis, row.group) for side in (before, after)]
            if shown[0] and shown[0] != shown[1]:
                return notes.OTHER_DOMAINS
            names = sorted(shown[1])
        plans = before.card.plan.min_share == after.card.plan.min_share
        same = all(name in before.people.domain_ids and self._is_same(name, row.basis) for name in names)
        return "" if plans and same else notes.BROKEN

    def _is_same(self, domain: str, basis: str) -> bool:
        """Whether a domain is made of the same questions, and none of them changed."""
        items = [list_domain(side.people, domain, basis) for side in (self.before, self.after)]
        return items[0] == items[1] and not self._changed & set(items[0])

    def _test_items(self) -> Iterator[TrendRow]:
        """Compare the questions whose means both rounds tell, over the people that they tell of."""
        then = {row.item: row for row in self.before.items if row.group == ALL and row.mean is not None}
        open_link = self.before.people.self_selected or self.after.people.self_selected
        for row in self.after.items:
            if row.group != ALL or row.mean is None or row.item not in then or open_link:
                continue
            counts = replace(self._blank(row.item, "", ALL), n_before=then[row.item].n, n_after=row.n)
            if row.item in self._changed:
                yield replace(counts, word=NOT_COMPARABLE, status=BREAK, note=notes.BROKEN)
            elif min(then[row.item].n or 0, row.n or 0) < ENOUGH or COARSE in (then[row.item].ci_method, row.ci_method):
                yield replace(counts, word=TOO_FEW, status=NOT_COLLECTED, note=notes.FEW_THEN)
            else:
                before, after = (list_item(side, row.domain, row.item) for side in (self.before, self.after))
                tested = _write_test(counts, before, after, self.after.card.plan.k)
                yield replace(tested, note=f"{notes.EXPLORATORY} {tested.note}".strip())

    def _list_warnings(self) -> Iterator[str]:
        """Give what moved by more than 20 points among those who answered: channels, groups, the response rate."""
        before, after = self.before.people, self.after.people
        if not before.n or not after.n or ALL not in before.reach or ALL not in after.reach:
            return
        for channel in sorted({*before.channels, *after.channels}):
            shares = [side.channels.get(channel, 0) / side.n for side in (before, after)]
            if abs(shares[0] - shares[1]) > MOVED:
                yield notes.explain_move(f"The share who came by {channel}", *shares)
        for group in after.breakdown.shown:
            if group in before.breakdown.shown:
                shares = [side.counts[group] / side.n for side in (before, after)]
                if abs(shares[0] - shares[1]) > MOVED:
                    yield notes.explain_move(f"The share of {after.labels[group]}", *shares)
        rates = [side.reach[ALL].response_rate for side in (before, after)]
        if rates[0] is not None and rates[1] is not None and abs(rates[0] - rates[1]) > MOVED:
            yield notes.explain_move("The response rate", rates[0], rates[1])
        if before.study.frame.definition != after.study.frame.definition:
            yield notes.OTHER_LIST

    def _blank(self, subject: str, basis: str, column: str) -> TrendRow:
        facts = find_facts(self.after.card.study)
        return TrendRow(
            partnership=facts.partnership,
            round_before=self.before.card.study.round_name,
            round=facts.round,
            panel=facts.panel,
            subject=subject,
            basis=basis,
            group=column,
            word=UNCLEAR,
            status=NORMAL,
            definition_version=facts.definition_version,
            computed_at=facts.computed_at,
        )


def _write_test(row: TrendRow, before: Scores, after: Scores, k: int) -> TrendRow:
    """Test one number, and ask the same question by ranks."""
    change = choose_test(before, after, k)
    row = _write_change(row, change)
    if change.method == PAIRED:
        pairs = link(before, after).pairs
        p = find_wilcoxon_p([a for a, _ in pairs], [b for _, b in pairs])
        return replace(row, check="Wilcoxon", check_p=p)
    one, other = before.values.tolist(), after.values.tolist()
    p, delta = find_mann_whitney_p(one, other), find_cliff_delta(one, other)
    return replace(row, check="Mann-Whitney", check_p=p, cliff_delta=delta)


def _write_change(row: TrendRow, change: Change) -> TrendRow:
    said = [notes.UNTESTED] if change.p is None else []
    said += [notes.CONSERVATIVE] if change.method == WELCH else []
    return replace(
        row,
        pairs=change.pairs,
        correlation=change.correlation,
        delta=change.difference,
        ci_lo=change.lo if change.p is not None else None,
        ci_hi=change.hi if change.p is not None else None,
        method=change.method,
        statistic=change.statistic,
        df=change.df,
        p=change.p,
        effect=change.effect,
        effect_name=change.effect_name or None,
        note=" ".join(said),
    )


def _adjust_families(rows: Mapping[Key, TrendRow]) -> dict[Key, TrendRow]:
    """Raise the p-values of the domains of each column together; an overall stands alone.

    The ten of a column are told as two tables: all on the full basis, and in the report on the core basis where a
    domain has core questions. Whoever stands in both has the higher p.
    """
    done: dict[Key, TrendRow] = {}
    for family in _list_families(rows):
        for key, row in zip(family, _adjust([rows[key] for key in family], HOLM), strict=True):
            known = done.get(key)
            done[key] = row if known is None or (row.p_adj or 0.0) > (known.p_adj or 0.0) else known
    return {key: done[key] for key in rows}


def _list_families(rows: Mapping[Key, TrendRow]) -> Iterator[list[Key]]:
    single = (OVERALL, PROMOTERS)
    yield from ([key] for key in rows if key[1] in single)
    domains = [key for key in rows if key[1] not in single]
    for column in dict.fromkeys(column for _, _, column in domains):
        own = [key for key in domains if key[2] == column]
        core = {domain for basis, domain, _ in own if basis == CORE}
        yield [key for key in own if key[0] == FULL]
        yield [key for key in own if key[0] == CORE or key[1] not in core]


def _adjust(rows: Sequence[TrendRow], adjustment: str) -> list[TrendRow]:
    """Raise the p-values of tests that belong together, and say in words what is left."""
    raise_ = adjust_holm if adjustment == HOLM else adjust_benjamini_hochberg
    raised = iter(raise_([row.p for row in rows if row.p is not None]))
    return [row if row.p is None else _say(replace(row, p_adj=next(raised), adjustment=adjustment)) for row in rows]


def _say(row: TrendRow) -> TrendRow:
    """Put a tested change into words: clear only where it is both sure and at least five points."""
    clear = (row.p_adj or 0.0) < LEVEL and abs(row.delta or 0.0) >= CLEAR
    word = UNCLEAR if not clear else RISE if (row.delta or 0.0) > 0 else FALL
    said = [row.note] if (row.p_adj or 0.0) < LEVEL else [row.note, notes.BY_CHANCE]
    return replace(row, word=word, note=" ".join(filter(None, said)))


def _fill(row: Row, tested: TrendRow | None, warning: str) -> Row:
    """Write a change into the row of the scorecard; a broken line is its status."""
    if tested is None:
        return row
    said = [row.note, tested.note, warning if tested.delta is not None and row.domain == OVERALL else ""]
    return replace(
        row,
        status=BREAK if tested.status == BREAK and row.status == NORMAL else row.status,
        delta=tested.delta,
        delta_ci_lo=tested.ci_lo,
        delta_ci_hi=tested.ci_hi,
        p_adj=tested.p_adj,
        effect=tested.effect,
        trend_word=tested.word,
        note=" ".join(filter(None, said)),
    )
