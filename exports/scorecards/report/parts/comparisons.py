"""Each group against everybody else, domain by domain."""

from __future__ import annotations

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.rounding import find_whole
from exports.scorecards.groups import HIGHER, LOWER, SAME, GroupRow
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Block, Items, Section, Sentence, Table

WHY = (
    "Each group against everybody who is not in it, by Welch's t with Holm's correction for all domains; at least 10 "
    "answers on each side."
)
CHANCE = "No clear difference: the difference is within what chance could produce."
HEADINGS = (
    Heading("Group"),
    Heading("Difference", number=True),
    Heading("95 % interval", number=True),
    Heading("n", number=True),
    Heading("n of the rest", number=True),
    Heading("p, adjusted", number=True),
    Heading("In words"),
)


def build_comparisons(page: Page) -> Section | None:
    """Give the differences that could be tested; nothing where none could."""
    domains = {domain.id for domain in page.card.plan.domains}
    rows = [row for row in page.results.groups if row.subject in domains and row.difference is not None]
    if not rows:
        return None
    clear = tuple(
        f"{page.label_column(row.group)}: {row.word} than the rest in {page.label_domain(row.subject)}."
        for row in rows
        if row.word in (HIGHER, LOWER)
    )
    said: list[Block] = [Sentence(WHY)]
    if clear:
        said.append(Items(clear))
    if any(row.word == SAME for row in rows):
        said.append(Sentence(CHANCE, soft=True))
    table = make_table("Groups against the rest, in points", ["Domain", *HEADINGS], [_say(page, row) for row in rows])
    blocks = (*said, Table("comparisons", table))
    return Section("comparisons", "Groups against the rest", blocks, aside=True)


def _say(page: Page, row: GroupRow) -> list[Cell]:
    difference = row.difference or 0.0
    interval = (
        "none" if row.ci_lo is None or row.ci_hi is None else f"{find_whole(row.ci_lo)} to {find_whole(row.ci_hi)}"
    )
    p: Cell = "none" if row.p_adj is None else Number(say_p(row.p_adj), row.p_adj)
    counts = [Number(str(n), n) if n is not None else "hidden" for n in (row.n, row.n_rest)]
    return [
        page.label_domain(row.subject),
        page.label_column(row.group),
        Number(f"{find_whole(difference):+d}", difference),
        interval,
        *counts,
        p,
        row.word,
    ]


def say_p(p: float) -> str:
    """Give a p value with three decimals, as is the custom."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"
