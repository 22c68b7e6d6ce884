"""What changed since an earlier round: each domain with its difference, and what may be said of it."""

from __future__ import annotations

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.rounding import find_whole
from exports.scorecards import notes
from exports.scorecards.page import Line, Page
from exports.scorecards.report.blocks import Block, Section, Sentence, Table
from exports.scorecards.report.parts.comparisons import say_p
from exports.scorecards.report.parts.domains import say_score

SENTENCES = (notes.BY_CHANCE, notes.BROKEN)
"""What must be said where it applies, with the domains it applies to."""
REASONS = (notes.OTHER_GROUPS, notes.FEW_OF_A_GROUP)
"""Why the change of groups alike cannot be told, and that of everybody stands in its place."""
HEADINGS = (
    Heading("Now", number=True),
    Heading("Change", number=True),
    Heading("95 % interval", number=True),
    Heading("p, adjusted", number=True),
    Heading("In words"),
)


def build_change(page: Page) -> Section | None:
    """Give the changes; nothing where the round was compared with none."""
    before = page.card.compared_with
    headline = page.headline()
    if not before or headline is None:
        return None
    own = [headline, *page.domains()]
    lines = [page.find_change(line) for line in own]
    table = make_table(f"Change since {before}, in points", ["Domain", *HEADINGS], [_say(line) for line in lines])
    blocks: list[Block] = [Table("change", table)]
    stood_in = [line for line, told in zip(own, lines, strict=True) if told is not line]
    if stood_in:
        why = [reason for reason in REASONS if any(reason in line.row.note for line in stood_in)]
        blocks.append(Sentence(" ".join([*why, notes.CHANGE_ALIKE]), soft=True))
    for sentence in SENTENCES:
        if named := [line.label for line in lines if sentence in line.row.note]:
            blocks.append(Sentence(f"{', '.join(named)}: {sentence[0].lower()}{sentence[1:]}", soft=True))
    return Section("change", f"Since {before}", tuple(blocks))


def _say(line: Line) -> list[Cell]:
    row = line.row
    change: Cell = "none" if row.delta is None else Number(f"{find_whole(row.delta):+d}", row.delta)
    known = row.delta_ci_lo is not None and row.delta_ci_hi is not None
    interval = f"{find_whole(row.delta_ci_lo or 0)} to {find_whole(row.delta_ci_hi or 0)}" if known else "none"
    p: Cell = "none" if row.p_adj is None else Number(say_p(row.p_adj), row.p_adj)
    return [line.label, say_score(line), change, interval, p, row.trend_word or "not compared"]
