"""What a reader sees: the scorecard's rows arranged as one page, answers first, then methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.bars import Bar, draw_bars
from exports.charts.drawing import EMPTY, SHOWN, SUPPRESSED
from exports.charts.response import Reached
from exports.charts.tables import Number
from exports.codebook import say_text
from exports.disclosure import ALL, CORE, FULL
from exports.responses import SELF_SELECTED
from exports.rounding import say_percent
from exports.scorecards import notes, wording
from exports.scorecards.bands import list_limits
from exports.scorecards.estimates import OVERALL
from exports.scorecards.items import ItemRow
from exports.scorecards.promoting import PROMOTERS
from exports.scorecards.reach import GROUP_EQUAL, TOGETHER, WEIGHTED
from exports.scorecards.results import Tables
from exports.scorecards.rows import Row
from exports.scorecards.rules import RULES
from exports.scorecards.rules.base import SUPPRESSED as WITHHELD
from exports.scorecards.scorecard import Scorecard

LANGUAGE = "en"
"""The page's own words; labels of domains fall back to the definition's default language."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its words: what a table or a bar says of it."""

    label: str
    score: str
    interval: str
    n: str
    band: str
    note: str
    row: Row


@dataclass(frozen=True)
class Page:
    """The results, arranged. Everything is words already; templates only place it.

    `earlier`: the scorecards of earlier rounds of the same instrument, oldest first.
    """

    results: Tables
    earlier: tuple[Scorecard, ...] = ()

    @property
    def card(self) -> Scorecard:
        """The scorecard behind it."""
        return self.results.card

    @property
    def title(self) -> str:
        """The name of the instrument."""
        return self.card.study.definition.title.in_(LANGUAGE)

    @property
    def is_no_opinion(self) -> bool:
        """Whether a panel stands in place of the parts on opinions."""
        return any(told.instead for told in self.results.panels)

    @property
    def computed(self) -> str:
        """When the numbers were made."""
        return f"{self.card.study.computed_at:%d %B %Y, %H:%M %Z}".lstrip("0")

    @property
    def limits(self) -> list[tuple[str, float, float]]:
        """The bands with their limits."""
        return list_limits(self.card.plan.bands)

    @property
    def rules(self) -> list[str]:
        """What the rules against over-claiming say."""
        return [rule.sentence.format(k=self.card.plan.k) for rule in RULES]

    @property
    def min_share(self) -> str:
        """The missing rule's share as people say it."""
        share = self.card.plan.min_share
        return "half" if share == 0.5 else say_percent(share)

    @property
    def frame_sentence(self) -> str:
        """Who could answer, and what that means for the intervals."""
        if self.card.study.frame.kind == SELF_SELECTED:
            return notes.OPEN_LINK
        return notes.ROSTER

    @property
    def dispositions(self) -> str:
        """The cases of everyone by AAPOR class, with the strict rate; empty where they are hidden."""
        reach = self.card.reach.get(ALL)
        if reach is None or reach.rates is None:
            return ""
        cases = [f"{notes.CASES.get(name, name)} {count}" for name, count in self.card.dispositions.items() if count]
        rates = f"Response rate RR2 {say_percent(reach.rates.rr2)}, RR1 {say_percent(reach.rates.rr1)}"
        return ". ".join(filter(None, [", ".join(cases), rates])) + "."

    def headline(self) -> Line | None:
        """The overall that stands first.

        With text messages in use it rests on the core questions, which every channel asks: otherwise a change of
        channel would look like a change of opinion.
        """
        bases = (CORE, FULL) if self.card.study.sms_in_use else (FULL, CORE)
        found = [row for basis in bases if (row := self._choose(basis, OVERALL)) is not None]
        row = next((row for row in found if row.score is not None), found[0] if found else None)
        return self.say(row, "Overall") if row else None

    def other_overall(self) -> Line | None:
        """The same overall with every person counted alike, where groups count alike in the headline."""
        headline = self.headline()
        if headline is None or headline.row.group != GROUP_EQUAL:
            return None
        row = self.card.find(headline.row.basis, OVERALL, ALL)
        return self.say(row, "Overall") if row and row.score is not None else None

    def find_change(self, line: Line) -> Line:
        """Give the line whose change stands for this one: its own, or with every person alike where groups differ."""
        pooled = self._find(line.row.basis, line.row.domain, ALL) if line.row.group == GROUP_EQUAL else None
        return pooled if pooled and line.row.delta is None and pooled.row.delta is not None else line

    def weighted_overall(self) -> Line | None:
        """The same overall with groups counted by the size of their rosters, where that was wanted."""
        headline = self.headline()
        row = self.card.find(headline.row.basis, OVERALL, WEIGHTED) if headline else None
        return self.say(row, "Overall") if row and row.score is not None else None

    def promoters(self) -> list[tuple[str, Line]]:
        """Whether people would recommend the partnership, by column: never averaged into the domains."""
        rows = [row for row in self.card.rows if row.domain == PROMOTERS]
        return [(self.card.columns[row.group], self.say(row, self.card.columns[row.group])) for row in rows]

    def domains(self) -> list[Line]:
        """One line for each domain, lowest first, those without a number last."""
        lines = [self.say(row, self._label(row.domain)) for row in self._domain_rows()]
        return sorted(lines, key=lambda line: (line.row.score is None, line.row.score or 0))

    def footnotes(self) -> dict[str, int]:
        """The notes of the domains, each once, numbered in the order of the table."""
        distinct = dict.fromkeys(line.note for line in self.domains() if line.note)
        return {note: number for number, note in enumerate(distinct, start=1)}

    def bases(self) -> list[tuple[str, list[Line | None]]]:
        """Each domain with core questions of its own kind, on both bases, for everyone and with groups alike."""
        keys = [(basis, group) for basis in (CORE, FULL) for group in (ALL, GROUP_EQUAL) if group in self.card.columns]
        names = [OVERALL, *(domain.id for domain in self.card.plan.domains)]
        return [(self._label(name), [self._find(basis, name, group) for basis, group in keys]) for name in names]

    def groups(self) -> list[tuple[str, str]]:
        """The columns of the group table: those that somebody answered for, and the combined one."""
        empty = self._list_empty()
        own = [column for column in self.card.columns if column not in (ALL, *TOGETHER) and column not in empty]
        return [(column, self.card.columns[column]) for column in own]

    def empty_groups(self) -> list[str]:
        """The groups that nobody answered for."""
        shown = {column for column, _ in self.groups()} | {ALL, *TOGETHER}
        return [label for column, label in self.card.columns.items() if column not in shown]

    def group_table(self) -> list[tuple[str, list[Line | None]]]:
        """Each domain by group, on the basis of the page."""
        columns = [column for column, _ in self.groups()]
        overall = self.headline()
        basis = overall.row.basis if overall else FULL
        table = [("Overall", [self._find(basis, OVERALL, column) for column in columns])]
        for row in self._domain_rows():
            table.append((self._label(row.domain), [self._find(row.basis, row.domain, c) for c in columns]))
        return table

    def chart(self) -> str:
        """The bars of the domains as SVG."""
        lines = self.domains()
        return draw_bars(
            [self._draw(line) for line in lines],
            self.limits,
            title="Scores by domain, lowest first",
            description=self.chart_description(),
            prefix="domains",
        )

    def chart_description(self) -> str:
        """What the bars show and of which round, in words, for those who do not see them."""
        return f"{self.card.study.round_name}. {_describe(self.domains())}"

    def reached(self) -> list[Reached]:
        """Response of everyone and by column, lowest rate first, hidden columns last."""
        unasked = {column for column in self._list_empty() if not self.card.reach[column].eligible}
        columns = [c for c in self.card.columns if c not in (ALL, *TOGETHER) and c not in unasked]
        groups = [self._draw_reach(column) for column in columns]
        groups.sort(key=lambda group: (group.state != SHOWN, group.rate is None, group.rate or 0))
        return [self._draw_reach(ALL), *groups]

    def answered(self) -> str:
        """The sentence about who answered; empty where even that is hidden."""
        reach, study = self.card.reach.get(ALL), self.card.study
        if reach is None:
            return ""
        if reach.eligible is None or reach.rates is None:
            return f"{reach.answered} answers."
        so_far = "" if study.closed else " so far"
        sentence = f"{reach.answered} of {reach.eligible} invited people answered{so_far}"
        parts = [
            f"{label} {say_percent(rate)}"
            for column, label in self.groups()
            if column in self.card.reach and (rate := self.card.reach[column].response_rate) is not None
        ]
        return f"{sentence} ({say_percent(reach.rates.rr2)})" + (f"; {', '.join(parts)}." if parts else ".")

    def items(self) -> list[ItemRow]:
        """The scored questions as everybody answered them, domain by domain."""
        return [row for row in self.results.items if row.domain and row.group == ALL]

    def say_question(self, id_: str) -> str:
        """A question as it was asked."""
        return say_text(self.card.study, self.card.study.definition.questions[id_].label, LANGUAGE)

    def label_domain(self, domain: str) -> str:
        """What people call a domain."""
        return self._label(domain)

    def label_column(self, column: str) -> str:
        """What people call a column of the scorecard."""
        return self.card.columns.get(column, column)

    def say_mean(self, mean: float, lo: float | None, hi: float | None, method: str | None) -> tuple[Number, str]:
        """A mean and its interval in whole points; at the end of the scale only as a range."""
        return Number(wording.say_points(mean, method), mean), wording.say_span(lo, hi, method)

    def say_absence(self, status: str, n: int | None, note: str) -> str:
        """The words for a number that is not there."""
        if status != WITHHELD:
            return "no answers" if n == 0 else "none"
        return f"n<{self.card.plan.k}" if notes.explain_hidden("few", self.card.plan.k) in note else "hidden"

    def withheld(self) -> list[str]:
        """What is withheld and why."""
        combined = [self.card.columns[column] for column in self.card.breakdown.combined if column in self.card.columns]
        said = []
        if combined and self.card.breakdown.has_combined:
            said.append(f"{', '.join(combined)}: shown only together, as {notes.COMBINED_LABEL}.")
        reasons = [notes.explain_hidden(reason, self.card.plan.k) for reason in ("few", "complement", "further")]
        return said + [reason for reason in reasons if any(reason in row.note for row in self.card.rows)]

    def say(self, row: Row, label: str) -> Line:
        """Put a row into words."""
        k = self.card.plan.k
        return Line(
            label=label,
            score=wording.say_score(row, k),
            interval=wording.say_interval(row),
            n="" if row.n is None else str(row.n),
            band=row.band or "",
            note=self._explain(row),
            row=row,
        )

    def explain_band(self, line: Line) -> str:
        """Say what the band of a line means."""
        labels = {domain.id: domain.label.in_(LANGUAGE) for domain in self.card.plan.domains}
        return wording.explain_band(line.row, self.card.plan.bands, labels)

    def _explain(self, row: Row) -> str:
        note = row.note.removeprefix(notes.SAMPLE).strip()
        pooled = row.group == ALL and (row.basis, row.domain) in self.card.uneven and row.score is not None
        return f"{note} {notes.EVERYONE_ALIKE}".strip() if pooled else note

    def _list_empty(self) -> set[str]:
        return {column for column, reach in self.card.reach.items() if reach.answered == 0}

    def _domain_rows(self) -> list[Row]:
        rows = []
        for domain in self.card.plan.domains:
            row = self._choose(CORE if domain.id in self.card.core_domains else FULL, domain.id)
            if row is not None:
                rows.append(row)
        return rows

    def _choose(self, basis: str, domain: str) -> Row | None:
        """Give the number that stands for a domain: groups alike where every group counts in it, else everyone."""
        even = (basis, domain) not in self.card.uneven
        found = [self.card.find(basis, domain, group) for group in ((GROUP_EQUAL, ALL) if even else (ALL,))]
        present = [row for row in found if row is not None]
        return next((row for row in present if row.score is not None), present[-1] if present else None)

    def _draw(self, line: Line) -> Bar:
        row = line.row
        label = f"{line.label} (web only)" if notes.WEB_ONLY in row.note else line.label
        if row.score is None:
            hidden = row.status == WITHHELD
            caption = f"not shown: {line.score}" if hidden else line.score
            return Bar(label, caption, SUPPRESSED if hidden else EMPTY)
        interval = line.interval.replace(" to ", "–")
        words = [f"{line.score} ({interval})" if interval else line.score, f"n {line.n}", line.band]
        place = wording.find_band_place(row, self.card.plan.bands)
        return Bar(label, " · ".join(filter(None, words)), SHOWN, row.score, row.ci_lo, row.ci_hi, place)

    def _find(self, basis: str, domain: str, column: str) -> Line | None:
        row = self.card.find(basis, domain, column)
        return self.say(row, self._label(domain)) if row else None

    def _label(self, domain: str) -> str:
        labels = {known.id: known.label.in_(LANGUAGE) for known in self.card.plan.domains}
        return labels.get(domain, "Overall")

    def _draw_reach(self, column: str) -> Reached:
        label, reach = self.card.columns[column], self.card.reach.get(column)
        if reach is None:
            few = self.card.breakdown.combined.get(column, "few") == "few"
            return Reached(label, f"not shown: n<{self.card.plan.k}" if few else "not shown: hidden", SUPPRESSED)
        if reach.eligible is None:
            return Reached(label, f"{reach.answered} answered", answered=reach.answered)
        missing = reach.eligible - reach.answered
        rate = "" if reach.response_rate is None else f" · {say_percent(reach.response_rate)}"
        caption = f"{reach.answered} of {reach.eligible} answered{rate} · {missing} missing"
        return Reached(label, caption, SHOWN, reach.answered, reach.eligible, reach.response_rate)


def _describe(lines: Sequence[Line]) -> str:
    """Say in a sentence or two what the drawing shows; the table under it has every number."""
    shown = [line for line in lines if line.row.score is not None]
    said = ["Each bar is a score from 0 to 100, the line across its end is the 95 % interval."]
    if shown:
        said.append(f"Lowest: {shown[0].label}, {shown[0].score}. Highest: {shown[-1].label}, {shown[-1].score}.")
    if len(shown) < len(lines):
        said.append(f"Without a score: {', '.join(line.label for line in lines if line.row.score is None)}.")
    return " ".join([*said, "The table below has the same numbers."])
