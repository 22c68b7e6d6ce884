"""What to do next: of every domain under 60 the questions that came out lowest, with room for who and by when."""

from __future__ import annotations

from exports.scorecards.page import Line, Page
from exports.scorecards.report.blocks import Section, Sentence, ToDo

LOW = 60.0
"""Domains under this come on the list."""
MOST = 3
"""So many questions of one domain."""
WHY = "The questions that came out lowest in the domains under 60. Agree on who takes each up, and by when."


def build_todo(page: Page) -> Section | None:
    """Give the list; nothing where no domain is known to be low."""
    low = [line for line in page.domains() if line.row.score is not None and line.row.score < LOW]
    lines = tuple(entry for line in low for entry in _list_questions(page, line))
    if not lines:
        return None
    headings = ("What people were asked", "Domain", "Score")
    return Section("todo", "What to do next", (Sentence(WHY), ToDo("todo", "To be agreed on", headings, lines)))


def _list_questions(page: Page, line: Line) -> list[tuple[str, str, str]]:
    """Give the lowest questions of a domain; the domain itself where none of its questions can be shown."""
    means = [(row.mean, row) for row in page.items() if row.domain == line.row.domain and row.mean is not None]
    domain = f"{line.label} ({line.score})"
    if not means:
        return [(line.label, domain, line.score)]
    means.sort(key=lambda pair: pair[0])
    lowest = [pair for pair in means if pair[0] < LOW][:MOST] or means[:1]
    return [
        (page.say_question(row.item), domain, page.say_mean(mean, row.ci_lo, row.ci_hi, row.ci_method)[0].words)
        for mean, row in lowest
    ]
