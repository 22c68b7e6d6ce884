"""The resource mobilization plan: what was won of what was decided, and what is still on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.responses import Study
from exports.rounding import find_whole, say_percent
from exports.scorecards.panels.base import (
    Built,
    Figure,
    Panel,
    find_code,
    find_status,
    find_words,
    list_entries,
    say_choice,
)
from exports.scorecards.report.blocks import Block, Section, Sentence, Table
from exports.scorecards.rules.base import NOT_COLLECTED
from exports.statistics.proportions import WILSON, estimate_proportion

FOUND, CONTACTED, APPLIED, WON, LOST = 1, 2, 3, 4, 5
ON_ITS_WAY = (FOUND, CONTACTED, APPLIED)
APART = "What is asked for is no money yet: it is never added to funding."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One source that is asked; `amount` is what was won where it was, else what is asked for."""

    name: str
    stage: int | None
    words: str
    amount: Decimal | None
    currency: str


class Mobilization(Panel):
    """Win rate, and the pipeline by stage and currency."""

    name = "mobilization"
    kinds = ("register",)
    needs = ("source_name", "ask", "currency", "stage")
    files: ClassVar[Mapping[str, str]] = {"sources": "sources"}
    instead = True

    def build(self, study: Study) -> Built:
        """Count what was decided and add up what is on its way."""
        asks = read_asks(study)
        if not asks:
            return self.build_nothing("WIN_RATE", "Resource mobilization")
        rate, pipeline = _write_rate(asks), _write_pipeline(asks)
        return [rate, *pipeline], [_tell(asks, rate)], {}


def read_asks(study: Study) -> list[Ask]:
    """Give every source; of two entries of the same name and currency the later counts."""
    found: dict[tuple[str, str], Ask] = {}
    for _, entry in list_entries(study, "source_name"):
        answers = entry.answers
        name, currency = find_words(answers, "source_name"), find_words(answers, "currency").upper()
        stage = find_code(answers, "stage")
        amount = answers.get("amount_won" if stage == WON and "amount_won" in answers else "ask")
        found[name.casefold(), currency] = Ask(
            name=name,
            stage=stage,
            words=say_choice(study.definition, answers, "stage"),
            amount=Decimal(amount) if isinstance(amount, int | Decimal) else None,
            currency=currency,
        )
    return list(found.values())


def _write_rate(asks: Sequence[Ask]) -> Figure:
    won, lost = (sum(one.stage == stage for one in asks) for stage in (WON, LOST))
    rate = estimate_proportion(won, won + lost)
    if rate is None:
        return Figure(domain="WIN_RATE", n=0, status=NOT_COLLECTED, note="Nothing was decided yet: no win rate.")
    note = f"{won} of {rate.n} decided applications were won."
    return Figure(
        domain="WIN_RATE",
        score=100 * rate.share,
        n=rate.n,
        lo=100 * rate.lo,
        hi=100 * rate.hi,
        method=WILSON,
        note=note,
    )


def _write_pipeline(asks: Sequence[Ask]) -> list[Figure]:
    figures = []
    for stage in ON_ITS_WAY:
        own = [one for one in asks if one.stage == stage]
        for currency in sorted({one.currency for one in own}):
            known = [one.amount for one in own if one.currency == currency and one.amount is not None]
            count = sum(one.currency == currency for one in own)
            note = f"{own[0].words}: asked for, in {currency}. {APART}"
            total = float(sum(known, Decimal(0))) if known else None
            domain = f"pipeline_{stage}_{currency or 'unknown'}"
            figures.append(Figure(domain=domain, score=total, n=count, status=find_status(total), note=note))
    return figures


def _tell(asks: Sequence[Ask], rate: Figure) -> Section:
    blocks: list[Block] = [Sentence(rate.note, strong=True)]
    if rate.score is not None and rate.lo is not None and rate.hi is not None:
        interval = f"95 % interval {find_whole(rate.lo)} to {find_whole(rate.hi)} %"
        blocks.append(Sentence(f"Win rate: {say_percent(rate.score / 100)}, {interval}."))
    rows: list[list[Cell]] = []
    for stage, words in sorted({(one.stage or 0, one.words or "not said") for one in asks}):
        own = [one for one in asks if (one.stage or 0) == stage]
        for currency in sorted({one.currency for one in own}):
            amounts = [one.amount for one in own if one.currency == currency]
            known = [amount for amount in amounts if amount is not None]
            total = sum(known, Decimal(0))
            money: Cell = Number(f"{total:,}", float(total)) if known else "not known"
            rows.append([words, Number(str(len(amounts)), len(amounts)), money, currency or "none"])
    numbers = [Heading(label, number=True) for label in ("Sources", "Amount")]
    table = make_table("Sources by stage", ["Stage", *numbers, "Currency"], rows)
    blocks += [Table("pipeline", table), Sentence(APART, soft=True)]
    return Section("mobilization", "Resource mobilization", tuple(blocks))
