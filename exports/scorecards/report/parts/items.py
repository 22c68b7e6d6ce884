"""What people answered to each question: means with intervals, and how the answers fall on their scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exports.charts.drawing import EMPTY, SHOWN, SUPPRESSED
from exports.charts.likert import Spread, draw_likert, tabulate_likert
from exports.charts.tables import Cell, Heading, Number, make_table
from exports.disclosure import HIGH_END, LOW_END, SMALL
from exports.rounding import find_whole, say_percent
from exports.scorecards.items import ItemRow
from exports.scorecards.page import LANGUAGE, Page
from exports.scorecards.report.blocks import Block, Picture, Section, Sentence, Table
from exports.scorecards.rules.base import NOT_COLLECTED
from forms.definition import Question
from forms.question_types import find_type

HEADINGS = (
    Heading("Domain"),
    Heading("Mean", number=True),
    Heading("95 % interval", number=True),
    Heading("n", number=True),
    Heading("Don't know", number=True),
    Heading("Two best", number=True),
)
EXPLORATORY = (
    "Means are points from 0 to 100 as in the domains. Two best: the share who gave one of the two best answers."
)

LEFT_OUT = (
    "Where telling them would let single people be worked out beside the domain's score, a few answers are left out "
    "of n."
)
_MOST_ON_A_PAGE = 8


def build_items(page: Page) -> Section | None:
    """Give the scored questions of everybody, then a drawing for each scale; nothing where no question is scored."""
    rows = page.items()
    if not rows:
        return None
    table = make_table("Questions, by domain", ["Question", *HEADINGS], [_say(page, row) for row in rows])
    blocks: list[Block] = [Sentence(EXPLORATORY, soft=True), Table("questions", table)]
    if any(row.left_out for row in rows):
        blocks.append(Sentence(LEFT_OUT, soft=True))
    for number, (title, points, spreads) in enumerate(_list_drawings(page, rows), start=1):
        blocks += _draw_scale(number, title, points, spreads)
    return Section("questions", "Question by question", tuple(blocks), aside=True)


def _say(page: Page, row: ItemRow) -> list[Cell]:
    question, domain = page.say_question(row.item), page.label_domain(row.domain)
    if row.mean is None:
        return [question, domain, *[page.say_absence(row.status, row.n, row.note)] * 5]
    unsaid: Cell = "none" if row.dk_share is None else Number(say_percent(row.dk_share), row.dk_share)
    best: Cell = "none" if row.top2 is None else Number(_say_share(row.top2, row.n or 0), row.top2)
    mean, interval = page.say_mean(row.mean, row.ci_lo, row.ci_hi, row.ci_method)
    return [question, domain, mean, interval or "none", Number(str(row.n), row.n or 0), unsaid, best]


def _say_share(share: float, n: int) -> str:
    """Give a share; with few answers the ends are a range, and no count of fewer than 20 gives just these shares."""
    ends = {LOW_END / 100: "≤", HIGH_END / 100: "≥"} if n < SMALL else {}
    return f"{ends.get(share, '')}{say_percent(share)}"


def _list_scales(page: Page, rows: Sequence[ItemRow]) -> Iterator[tuple[tuple[str, ...], list[Spread]]]:
    """Give each scale that questions share, with its questions, in the order of the first of them."""
    scales: dict[tuple[str, ...], list[Spread]] = {}
    for row in rows:
        question = page.card.study.definition.questions[row.item]
        points = _list_points(question)
        if points:
            scales.setdefault(tuple(label for _, label in points), []).append(_spread(page, row, points))
    yield from scales.items()


def _list_drawings(page: Page, rows: Sequence[ItemRow]) -> Iterator[tuple[str, tuple[str, ...], list[Spread]]]:
    """Give each scale by its title, with no more of its questions than fit on a page."""
    for points, spreads in _list_scales(page, rows):
        title = f"How the answers fall: {points[0]} to {points[-1]}"
        pieces = [spreads[begin : begin + _MOST_ON_A_PAGE] for begin in range(0, len(spreads), _MOST_ON_A_PAGE)]
        for place, piece in enumerate(pieces, start=1):
            yield f"{title} ({place} of {len(pieces)})" if len(pieces) > 1 else title, points, piece


def _list_points(question: Question) -> list[tuple[str, str]]:
    choices = find_type(question.type).choices(question)
    return [(str(choice.value), choice.label.in_(LANGUAGE)) for choice in choices]


def _spread(page: Page, row: ItemRow, points: Sequence[tuple[str, str]]) -> Spread:
    label = page.say_question(row.item)
    if row.distribution is None:
        if row.status == NOT_COLLECTED:
            return Spread(label, "no answers", EMPTY)
        few = "no distribution of fewer than 20 answers"
        why = few if row.mean is not None else page.say_absence(row.status, row.n, row.note)
        return Spread(label, f"not shown: {why}", SUPPRESSED)
    n = sum(row.distribution.get(code, 0) for code, _ in points)
    unsaid = "" if row.dk_share is None else f" · don't know {say_percent(row.dk_share)}"
    shares = tuple(row.distribution.get(code, 0) / n for code, _ in points)
    return Spread(label, f"n {n}{unsaid}", SHOWN, shares, row.dk_share, n)


def _draw_scale(number: int, title: str, points: Sequence[str], spreads: Sequence[Spread]) -> list[Block]:
    shown = [spread for spread in spreads if spread.state == SHOWN]
    told = f"{len(shown)} of {len(spreads)} questions are shown"
    said = f"Each bar is 100 % of those who chose a point of the scale; {told}."
    if shown:
        high = max(shown, key=lambda spread: spread.shares[-1])
        said += f" Most often {points[-1]}: {high.label} ({find_whole(100 * high.shares[-1])} %)."
    svg = draw_likert(spreads, points, title=title, description=said, prefix=f"scale{number}")
    return [Picture(svg, f"{title}. {said}"), Table(f"scale-{number}", tabulate_likert(spreads, points, title))]
