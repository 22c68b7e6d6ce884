"""Two rounds side by side: what stakeholders say, what coordinators say of themselves, and the gap between them.

Both scorecards are told already, so nothing is shown here that is not shown there; the two people's answers are never
looked at together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from exports.charts.drawing import EMPTY, SHOWN, SUPPRESSED
from exports.charts.views import Pair, View, draw_views, tabulate_views
from exports.disclosure import ALL
from exports.panels.voices import WORTH_SAYING, Gap, list_gaps
from exports.rounding import find_whole
from exports.scorecards.notes import SAMPLE
from exports.scorecards.page import Page
from exports.scorecards.panels.base import SELF, VOICE, Figure, Told, write_row
from exports.scorecards.report.blocks import Block, Items, Picture, Section, Sentence, Table
from exports.scorecards.results import Tables
from exports.scorecards.rows import Row
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED
from exports.scorecards.rules.base import SUPPRESSED as WITHHELD
from forms.definition import Definition
from forms.definition import Scorecard as Plan

BASIS = "full"
KINDS = ("feedback", "assessment")
"""Kinds of instrument whose domains are opinions."""
WHY = (
    "Stakeholders in “{voice}” beside the self-rating in “{own}”: all questions of each domain, every person counted "
    "alike. Different people answered different questions, so the gap is something to talk about and no test."
)
FLAG = f"A gap of {WORTH_SAYING:.0f} points or more is worth talking about."


def is_pair(one: Definition, other: Definition) -> bool:
    """Whether one asks what stakeholders say and the other for a self-rating, with a domain in common.

    A checklist is a record of evidence and no self-rating.
    """
    plans = [definition.scorecard or Plan() for definition in (one, other) if definition.kind in KINDS]
    if len(plans) < 2 or {plan.source for plan in plans} != {VOICE, SELF}:
        return False
    first, second = ({domain.id for domain in plan.domains} for plan in plans)
    return not first.isdisjoint(second)


def tell_beside(tables: Tables, other: Tables) -> Tables:
    """Give the tables of a round with those of another beside it; the two are a pair."""
    voice, own = (tables, other) if tables.card.plan.source == VOICE else (other, tables)
    gaps = list_gaps(voice.card, own.card, basis=BASIS)
    rows = tuple(_write(tables, voice, own, gap) for gap in gaps)
    told = Told(rows=rows, sections=(_tell(voice, own, gaps),))
    card = replace(tables.card, rows=(*tables.card.rows, *rows))
    return replace(tables, card=card, panels=(*tables.panels, told))


def explain_gap(gap: Gap, people: int | None) -> str:
    """Give the sentence on one gap; why there is none where one of the two is not shown."""
    rated = "Self-rated" if people is None else f"Self-rated by {people} coordinators"
    if gap.gap is None:
        return f"{rated}; no gap: one of the two is not shown."
    points = find_whole(abs(gap.gap))
    if points == 0:
        return f"{rated}; stakeholders rate this alike."
    return f"{rated}; stakeholders rate this {points} points {'lower' if gap.gap > 0 else 'higher'}."


def _write(tables: Tables, voice: Tables, own: Tables, gap: Gap) -> Row:
    row, other = own.card.find(BASIS, gap.domain, ALL), voice.card.find(BASIS, gap.domain, ALL)
    hidden = WITHHELD in {one.status for one in (row, other) if one is not None}
    figure = Figure(
        domain=gap.domain,
        score=gap.gap,
        n=row.n if row else None,
        status=NORMAL if gap.gap is not None else WITHHELD if hidden else NOT_COLLECTED,
        word="to talk about" if gap.is_wide else None,
        note=f"{explain_gap(gap, _count(own, gap))} Self-rating less stakeholders, in points.",
    )
    return write_row(tables.card.study, "gap", SELF, figure)


def _tell(voice: Tables, own: Tables, gaps: Sequence[Gap]) -> Section:
    pages = Page(voice), Page(own)
    pairs = [_pair(*pages, gap) for gap in sorted(gaps, key=_order)]
    title = "Stakeholders and self-rating by domain"
    wide = [gap for gap in sorted(gaps, key=_order) if gap.is_wide]
    description = (
        f"{len(wide)} of {len(gaps)} domains have a gap of {WORTH_SAYING:.0f} points or more. A round mark is what "
        "stakeholders say, a square one the self-rating. The table below has the same numbers."
    )
    why = WHY.format(voice=voice.card.study.round_name, own=own.card.study.round_name)
    blocks: list[Block] = [Sentence(why)]
    if any(one.card.study.sample_data for one in (voice, own)):
        blocks.append(Sentence(SAMPLE, soft=True))
    if wide:
        said = [f"{pages[0].label_domain(gap.domain)}: {explain_gap(gap, _count(own, gap))}" for gap in wide]
        blocks += [Sentence(FLAG), Items(tuple(said))]
    blocks += [
        Picture(draw_views(pairs, title=title, description=description), description, late=True),
        Table("voices", tabulate_views(pairs, title)),
    ]
    return Section("voices", "Stakeholders and self-rating", tuple(blocks))


def _count(tables: Tables, gap: Gap) -> int | None:
    row = tables.card.find(BASIS, gap.domain, ALL)
    return row.n if row else None


def _order(gap: Gap) -> tuple[bool, float]:
    """The widest first, those without a gap last."""
    return gap.gap is None, -abs(gap.gap or 0.0)


def _pair(voice: Page, own: Page, gap: Gap) -> Pair:
    views = [_view(page, gap.domain) for page in (voice, own)]
    said = "no gap" if gap.gap is None else f"gap {find_whole(gap.gap):+d}"
    caption = f"Stakeholders {views[0].words} · self {views[1].words} · {said}"
    return Pair(voice.label_domain(gap.domain), caption, *views)


def _view(page: Page, domain: str) -> View:
    row = page.card.find(BASIS, domain, ALL)
    if row is None:
        return View("not asked", EMPTY)
    line = page.say(row, domain)
    if row.score is None:
        return View(line.score, SUPPRESSED if row.status == WITHHELD else EMPTY)
    return View(line.score, SHOWN, row.score, row.ci_lo, row.ci_hi, row.n)
