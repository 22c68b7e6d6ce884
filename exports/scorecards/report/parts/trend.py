"""The overall over the rounds of the same instrument, and every domain beside it."""

from __future__ import annotations

from exports.charts.tables import Cell, make_table
from exports.charts.trend import draw_trend, tabulate_trend
from exports.scorecards.history import find_history, find_steady
from exports.scorecards.page import Page
from exports.scorecards.report.blocks import Block, Picture, Section, Sentence, Table

TITLE = "The overall over the rounds"
SAID = "Each point is the overall of a round with its 95 % interval. A line joins rounds that may be compared."
EVERYONE = "Every person counts alike here, since groups alike cannot be compared in all rounds."
MEANT = "A rise or fall within the intervals is no clear change."


def build_trend(page: Page) -> Section | None:
    """Give the rounds; nothing for the first round of an instrument."""
    headline = page.headline()
    if not page.earlier or headline is None:
        return None
    row = find_steady(page, headline.row)
    points = find_history(page, row)
    svg = draw_trend(points, title=TITLE, description=f"{SAID} {MEANT}", prefix="trend")
    rounds = [card.study.round_name for card in (*page.earlier, page.card)]
    rows: list[list[Cell]] = []
    for line in page.domains():
        history = find_history(page, find_steady(page, line.row))
        rows.append([line.label, *(f"{point.words} ({point.n})" if point.n else point.words for point in history)])
    blocks: list[Block] = [
        Picture(svg, f"{TITLE}. {SAID}", late=True),
        Table("trend", tabulate_trend(points, TITLE)),
        Table("domains-trend", make_table("Domains by round, with n in brackets", ["Domain", *rounds], rows)),
        Sentence(MEANT, soft=True),
    ]
    if row != headline.row:
        blocks.append(Sentence(EVERYONE, soft=True))
    return Section("trend", "Over the rounds", tuple(blocks))
