"""The one number that stands first, what may be said of it, and who answered."""

from __future__ import annotations

from exports.scorecards.page import Line, Page
from exports.scorecards.report.blocks import Block, Items, Score, Section, Sentence

NOTHING = "This instrument has no scored questions, so there is no scorecard."
OPEN = "The round is still open: these are the numbers so far."


def build_overall(page: Page) -> Section | None:
    """Give the overall with its interval and n, or the words for why there is none."""
    headline = page.headline()
    if headline is None:
        return Section("overall", "Overall", (Sentence(NOTHING),))
    blocks = list(_list_claims(page, headline))
    if answered := page.answered():
        blocks.append(Sentence(answered))
    if withheld := page.withheld():
        blocks.append(Items(tuple(withheld)))
    if not page.card.study.closed:
        blocks.append(Sentence(OPEN, soft=True))
    return Section("overall", "Overall", tuple(blocks))


def _list_claims(page: Page, headline: Line) -> tuple[Block, ...]:
    if headline.row.score is None:
        return (Sentence("No overall score", strong=True), Sentence(headline.note))
    said = [f"95 % interval {headline.interval}, n = {headline.n}." if headline.interval else f"n = {headline.n}."]
    if other := page.other_overall():
        interval = f" ({other.interval})" if other.interval else ""
        said.append(f"Every group counts alike here; if every person counts alike it is {other.score}{interval}.")
    if weighted := page.weighted_overall():
        interval = f" ({weighted.interval})" if weighted.interval else ""
        said.append(f"By the size of the groups' lists it is {weighted.score}{interval}.")
    return (
        Score(headline.score, headline.row.score),
        Sentence(page.explain_band(headline), strong=True),
        Sentence(" ".join([*said, headline.note]).strip()),
    )
