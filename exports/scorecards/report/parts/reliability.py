"""Whether the questions of a scale speak of one thing."""

from __future__ import annotations

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.scorecards.page import Page
from exports.scorecards.reliabilities import CORE_INDEX, ReliabilityRow
from exports.scorecards.report.blocks import Section, Sentence, Table

WHY = (
    "From 0 (the questions have nothing in common) to 1; from about 0.7 on a scale is used for groups. Complete "
    "answers only, from 20 on."
)
HEADINGS = (
    Heading("Questions", number=True),
    Heading("n", number=True),
    Heading("Coefficient", number=True),
    Heading("95 % interval", number=True),
    Heading("Method"),
)


def build_reliability(page: Page) -> Section | None:
    """Give the reliability of the core index and of domains with several questions; nothing where there are none."""
    rows = page.results.reliability
    if not rows:
        return None
    table = make_table("Reliability of scales", ["Scale", *HEADINGS], [_say(page, row) for row in rows])
    return Section(
        "reliability", "How well the questions hold together", (Sentence(WHY), Table("reliability", table)), aside=True
    )


def _say(page: Page, row: ReliabilityRow) -> list[Cell]:
    label = "Core index" if row.scale == CORE_INDEX else page.label_domain(row.scale)
    items = row.items.split()
    count = Number(str(len(items)), len(items))
    if row.coefficient is None:
        return [label, count, "not shown", "not shown", "none", row.note or row.method]
    n: Cell = "hidden" if row.n is None else Number(str(row.n), row.n)
    interval = "none" if row.ci_lo is None or row.ci_hi is None else f"{row.ci_lo:.2f} to {row.ci_hi:.2f}"
    said = f"{row.method}. {row.note}" if row.note else row.method
    return [label, count, n, Number(f"{row.coefficient:.2f}", row.coefficient), interval, said]
