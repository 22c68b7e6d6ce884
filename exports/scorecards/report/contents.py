"""Two ways into the report: its sections in order, and the same data by the OECD-DAC criteria of 2019."""

from __future__ import annotations

from collections.abc import Sequence

from exports.scorecards.page import Line, Page
from exports.scorecards.report.blocks import Block, Contents, Section, Sentence

CRITERIA = {
    "Relevance": ("GOAL", "LOCL", "EQTY"),
    "Coherence": ("DIVR",),
    "Effectiveness": (),
    "Efficiency": ("RSRC", "ROLE"),
    "Impact": (),
    "Sustainability": ("EXIT", "ADPT", "RSRC"),
}
"""Criterion -> the domains that speak to it."""
WHY = (
    "The same numbers by the six criteria that development evaluators use (OECD-DAC 2019). They are no scores of "
    "their own."
)


def build_contents(page: Page, sections: Sequence[Section]) -> list[Section]:
    """Give the contents, and the second where the instrument speaks to a criterion; nothing for one section."""
    if len(sections) < 2:
        return []
    own = ("In this order", tuple((section.title, section.id, "") for section in sections))
    criteria = list_criteria(page)
    blocks: list[Block] = [Contents((own,))]
    if any(places for _, places in criteria):
        blocks += [Sentence(WHY, soft=True), Contents(criteria)]
    return [Section("contents", "Contents", tuple(blocks))]


def list_criteria(page: Page) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Give each criterion with its domains, each with its number and where it is told."""
    lines = {} if page.is_no_opinion else {line.row.domain: line for line in page.domains()}
    return tuple(
        (
            criterion,
            (
                *(_lead_to(lines[domain]) for domain in domains if domain in lines),
                *(place for told in page.results.panels for place in told.criteria.get(criterion, ())),
            ),
        )
        for criterion, domains in CRITERIA.items()
    )


def _lead_to(line: Line) -> tuple[str, str, str]:
    interval = f", {line.interval}" if line.interval else ""
    n = f", n {line.n}" if line.n else ""
    return line.label, "domains", f"{line.score}{interval}{n}"
