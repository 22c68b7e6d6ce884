"""One number over the rounds of an instrument, and where its line breaks (scorecard C11)."""

from __future__ import annotations

from exports.charts.drawing import EMPTY, SHOWN, SUPPRESSED
from exports.charts.trend import Point
from exports.disclosure import ALL, CORE
from exports.scorecards import wording
from exports.scorecards.estimates import OVERALL
from exports.scorecards.page import Page
from exports.scorecards.reach import TOGETHER
from exports.scorecards.rows import Row
from exports.scorecards.rules.base import SUPPRESSED as WITHHELD
from exports.scorecards.scorecard import Scorecard
from exports.scorecards.scores import list_items
from forms.checks.reports.comparability import compare

QUESTIONS = "questions changed"
GROUPS = "other groups"
DOMAINS = "other domains"


def find_history(page: Page, row: Row) -> list[Point]:
    """Give the number of this row in every round of the page, oldest first."""
    cards = (*page.earlier, page.card)
    points = []
    for before, card in zip((None, *cards), cards, strict=False):
        found = card.find(row.basis, row.domain, row.group)
        points.append(_make_point(card, found, find_break(before, card, row) if before else ""))
    return points


def find_steady(page: Page, row: Row) -> Row:
    """Give the row to follow over the rounds: with everybody alike where groups alike cannot be compared in all."""
    whole = page.card.find(row.basis, row.domain, ALL)
    if row.group not in TOGETHER or whole is None or whole.score is None:
        return row
    untold = row.delta is None and whole.delta is not None
    return whole if untold or any(point.broken == GROUPS for point in find_history(page, row)) else row


def find_break(before: Scorecard, after: Scorecard, row: Row) -> str:
    """Give why two neighbouring rounds may not be joined by a line; empty where they may.

    The questions behind the number must be the same ones, unchanged; where groups count alike, the same groups.
    """
    items = [_list_items(card, row) for card in (before, after)]
    compared = compare(after.study.definition, before.study.definition)
    changed = {question.question for question in compared.changed}
    if items[0] != items[1] or changed & set(items[1]):
        return QUESTIONS
    if row.domain == OVERALL and len({_list_shown(card, row) for card in (before, after)}) > 1:
        return DOMAINS
    if row.group in TOGETHER and not _has_same_groups(before, after, row):
        return GROUPS
    return ""


def _list_shown(card: Scorecard, row: Row) -> tuple[str, ...]:
    """Give the domains that an overall is made of."""
    shown = {
        one.domain for one in card.rows if (one.basis, one.group) == (row.basis, row.group) and one.score is not None
    }
    return tuple(domain.id for domain in card.plan.domains if domain.id in shown)


def _has_same_groups(before: Scorecard, after: Scorecard, row: Row) -> bool:
    """Tell whether the same groups, each of them shown, are behind a mean of groups in both rounds."""
    cells = after.breakdown.cells
    rows = [card.find(row.basis, row.domain, cell) for cell in cells for card in (before, after)]
    return cells == before.breakdown.cells and all(one is not None and one.score is not None for one in rows)


def _list_items(card: Scorecard, row: Row) -> list[str]:
    domains = [row.domain] if row.domain != OVERALL else [domain.id for domain in card.plan.domains]
    items = [item for domain in domains for item in list_items(card.study.definition, domain)]
    return [item.id for item in items if item.core or row.basis != CORE]


def _make_point(card: Scorecard, row: Row | None, broken: str) -> Point:
    name = card.study.round_name
    if row is None:
        return Point(name, "not asked", EMPTY, broken=broken)
    words = wording.say_score(row, card.plan.k)
    if row.score is None:
        return Point(name, words, SUPPRESSED if row.status == WITHHELD else EMPTY, broken=broken)
    n = "" if row.n is None else str(row.n)
    interval = wording.say_span(row.ci_lo, row.ci_hi, row.ci_method)
    known = bool(interval)
    return Point(
        label=name,
        words=words,
        state=SHOWN,
        score=row.score,
        lo=row.ci_lo if known else None,
        hi=row.ci_hi if known else None,
        n=n,
        interval=interval,
        broken=broken,
        change=row.trend_word or "",
    )
