"""The domains, lowest first: the drawing, the same in numbers, and the notes that belong to them."""

from __future__ import annotations

from exports.charts.tables import Cell, DataTable, Heading, Number, make_table
from exports.scorecards.page import Line, Page
from exports.scorecards.reach import GROUP_EQUAL
from exports.scorecards.report.blocks import Block, Items, Picture, Section, Table

HEADINGS = (Heading("Score", True), Heading("95 % interval", True), Heading("n", True), Heading("Band"))


def build_domains(page: Page) -> Section | None:
    """Give the domains; nothing for an instrument without any."""
    lines = page.domains()
    if not lines:
        return None
    notes = page.footnotes()
    marked = {place: notes[line.note] for place, line in enumerate(lines) if line.note}
    blocks: list[Block] = [
        Picture(page.chart(), page.chart_description(), late=True),
        Table("domains", _tabulate(page, lines), marked),
    ]
    if notes:
        blocks.append(Items(tuple(notes), numbered=True))
    return Section("domains", "Domains, lowest first", tuple(blocks))


def _tabulate(page: Page, lines: list[Line]) -> DataTable:
    alike = "; every group counts alike" if GROUP_EQUAL in page.card.columns else ""
    rows = [[line.label, say_score(line), line.interval or "none", say_n(line), line.band or "none"] for line in lines]
    return make_table(f"Scores by domain{alike}", ["Domain", *HEADINGS], rows)


def say_score(line: Line) -> Cell:
    """Give a line's score for a table: the number as it is read, or the words that stand in its place."""
    return line.score if line.row.score is None else Number(line.score, line.row.score)


def say_n(line: Line) -> Cell:
    """Give how many people stand behind a line, or that this is withheld."""
    return "hidden" if line.row.n is None else Number(line.n, line.row.n)


def say_with_n(line: Line | None) -> str:
    """Give a score with its n in brackets, as tables of many columns have it."""
    if line is None:
        return "none"
    return line.score if line.row.score is None else f"{line.score} ({line.n})"
