"""All cases and rates, for everybody, by group and by channel of first contact (AAPOR)."""

from __future__ import annotations

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.rounding import say_percent
from exports.scorecards import notes
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Section, Sentence, Table
from exports.scorecards.responding import CHANNEL, RateRow

CASES = ("I", "P", "R", "NC", "O", "UO", "NE")
RATES = (("RR1", "rr1"), ("RR2", "rr2"), ("RR4", "rr4"), ("Refusal", "ref1"), ("Contact", "con1"))
WHY = (
    "By the standard definitions of AAPOR. RR1 counts complete interviews, RR2 partial ones too, RR4 also weighs those "
    "of whom nobody knows whether they could have answered."
)


def build_rates(page: Page) -> Section | None:
    """Give the table of cases; nothing for a round that invited nobody from a list."""
    rows = [row for row in page.results.rates if row.cases is not None]
    if not rows:
        return None
    headings = [Heading(name, number=True) for name in (*CASES, *(name for name, _ in RATES))]
    table = make_table("Cases by how they ended, and rates", ["Who", *headings], [_say(page, row) for row in rows])
    words = "; ".join(f"{name} {notes.CASES[name]}" for name in CASES)
    return Section(
        "rates", "Cases and rates", (Sentence(WHY), Sentence(f"{words}.", soft=True), Table("rates", table)), aside=True
    )


def _say(page: Page, row: RateRow) -> list[Cell]:
    label = f"First contact by {row.part}" if row.by == CHANNEL else page.label_column(row.part)
    counts = [Number(str(n), n) for n in ((row.cases or {}).get(name, 0) for name in CASES)]
    shares = [getattr(row, field) for _, field in RATES]
    return [label, *counts, *("none" if share is None else Number(say_percent(share), share) for share in shares)]
