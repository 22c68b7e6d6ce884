"""The one number that stands first, what may be said of it, and who answered."""

from __future__ import annotations

from exports.rounding import find_whole
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
    if changed := say_change(page, headline):
        blocks.append(Sentence(changed))
    if answered := page.answered():
        blocks.append(Sentence(answered))
    if withheld := page.withheld():
        blocks.append(Items(tuple(withheld)))
    if not page.card.study.closed:
        blocks.append(Sentence(OPEN, soft=True))
    return Section("overall", "Overall", tuple(blocks))


def say_change(page: Page, headline: Line) -> str:
    """Give the sentence on the change since the round that this one was compared with; empty without one."""
    before, row = page.card.compared_with, page.find_change(headline).row
    alike = "" if row is headline.row else ", every person counted alike"
    if not before or not row.trend_word:
        return ""
    if row.delta is None or row.delta_ci_lo is None or row.delta_ci_hi is None:
        return f"Since {before}: {row.trend_word}."
    interval = f"{find_whole(row.delta_ci_lo)} to {find_whole(row.delta_ci_hi)}"
    return f"Since {before}: {row.trend_word} ({find_whole(row.delta):+d} points, 95 % interval {interval}{alike})."


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
