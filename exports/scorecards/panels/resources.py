"""The resources panel: on how many sources the money rests, what is given in kind, and how long it lasts.

Evidence beside the domain on resources, never mixed into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import ClassVar

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.panels.funding import COUNTED, Concentration, Funding, InKind, Source, describe_funding
from exports.responses import Study
from exports.rounding import find_whole, say_percent
from exports.scorecards.panels.base import (
    Built,
    Figure,
    Panel,
    find_code,
    find_number,
    find_status,
    find_words,
    list_counted,
    list_entries,
    say_choice,
)
from exports.scorecards.report.blocks import Block, Items, Section, Sentence, Table
from exports.scorecards.rules.base import NOT_COLLECTED
from forms.values import Answers

NO_FUNDING = "No funding recorded: nothing received or signed."
NO_RATE = "Amounts stand in {currencies}; without a rate they are not added up, so each currency stands by itself."
NOT_ASKED = "Not collected: this instrument does not ask it."
READ = (
    "Only what is received or signed counts. Effective sources: as many equal sources would be as concentrated. "
    "Diversity 100: spread evenly over eight kinds; 0: one kind.",
    "More is not always better: many small grants cost more to run. This is evidence beside the score on resources.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Something given in kind, and in which currency it was valued."""

    gift: InKind
    currency: str


class Resources(Panel):
    """Funding diversity, in-kind share and runway."""

    name = "resources"
    kinds = ("assessment",)
    needs = ("sf01_type", "sf01_name", "sf01_amount", "sf01_currency", "sf01_status")
    files: ClassVar[Mapping[str, str]] = {"sf01": "funding", "sk01": "inkind"}

    def build(self, study: Study) -> Built:
        """Describe the money by currency, the gifts, and the months that the work could go on."""
        sources, labels = read_sources(study)
        gifts = read_gifts(study)
        currencies = sorted({one.currency for one in sources if one.status in COUNTED and one.amount})
        described = [
            (currency, found) for currency in currencies if (found := _describe(currency, sources, gifts)) is not None
        ]
        figures = [figure for currency, found in described for figure in _write(currency, found, len(described) > 1)]
        if not described:
            figures.append(Figure(domain="funding", n=len(sources), status=NOT_COLLECTED, note=NO_FUNDING))
        runway = _write_runway(study)
        figures.append(runway)
        blocks: list[Block] = []
        if len(described) > 1:
            blocks.append(Sentence(NO_RATE.format(currencies=" and ".join(currencies)), strong=True))
        for place, (currency, found) in enumerate(described, start=1):
            blocks += _tell(f"funding {place}", currency, found, sources, labels)
        if not described:
            blocks.append(Sentence(NO_FUNDING))
        blocks += [Sentence(runway.note), Items(READ)]
        return figures, [Section("resources", "Resources", tuple(blocks))], {}


def read_sources(study: Study) -> tuple[list[Source], Mapping[int, str]]:
    """Give the sources of money, and kind -> what it is called; of two entries for one the later counts."""
    found: dict[tuple[int, str, str], Source] = {}
    labels: dict[int, str] = {}
    for _, entry in list_entries(study, "sf01_name"):
        answers = entry.answers
        kind, status = find_code(answers, "sf01_type"), find_code(answers, "sf01_status")
        amount, currency = answers.get("sf01_amount"), _find_currency(answers, "sf01_currency")
        if kind is None or status is None or not currency or not isinstance(amount, int | Decimal):
            continue
        name = find_words(answers, "sf01_name")
        labels.setdefault(kind, say_choice(study.definition, answers, "sf01_type"))
        found[kind, name.casefold(), currency] = Source(
            category=kind, name=name.casefold(), amount=Decimal(amount), currency=currency, status=status
        )
    return list(found.values()), labels


def read_gifts(study: Study) -> list[Gift] | None:
    """Give what was given in kind; nothing where that is not asked. Unless valued, it is left out."""
    if "sk01_value" not in study.definition.repeated:
        return None
    found: dict[tuple[int | None, str, str], Gift] = {}
    for _, entry in list_entries(study, "sk01_value"):
        answers = entry.answers
        value, how = answers.get("sk01_value"), find_words(answers, "sk01_how")
        currency, giver = _find_currency(answers, "sk01_currency"), find_words(answers, "sk01_giver").casefold()
        if isinstance(value, int | Decimal) and how and currency:
            kind = find_code(answers, "sk01_kind")
            found[kind, giver, currency] = Gift(gift=InKind(value=Decimal(value), how_valued=how), currency=currency)
    return list(found.values())


def _find_currency(answers: Answers, question: str) -> str:
    return find_words(answers, question).upper()


def _describe(currency: str, sources: Sequence[Source], gifts: Sequence[Gift] | None) -> Funding | None:
    own = [one for one in sources if one.currency == currency]
    return describe_funding(own, [one.gift for one in gifts or () if one.currency == currency], currency=currency)


def _write(currency: str, found: Funding, several: bool) -> list[Figure]:
    tail = f"_{currency}" if several else ""
    by, money = found.by_category, f"Of {found.total:,} {currency} received or signed."
    numbers: list[tuple[str, float | None, str]] = [
        ("diversity", by.normalised, "Spread over eight kinds of source (1 − HHI, normalised)."),
        ("diversity_raw", by.diversity, "1 − HHI by kind of source."),
        ("hhi", by.index, "Herfindahl-Hirschman index by kind of source, times 100."),
        ("hhi_sources", found.by_source.index, "Herfindahl-Hirschman index by single source, times 100."),
        ("largest", by.largest, "Share of the largest kind of source, in percent."),
        ("inkind", found.in_kind_share, "In-kind share of money and in-kind together, in percent."),
    ]
    figures = [
        Figure(
            domain=f"{name}{tail}",
            score=None if share is None else 100 * share,
            status=find_status(share),
            note=f"{note} {money}" if share is not None else f"Nothing recorded in kind in {currency}.",
        )
        for name, share, note in numbers
    ]
    effective = f"Effective number of kinds of source (1/HHI), a count. {money}"
    return [*figures, Figure(domain=f"effective{tail}", score=by.effective, note=effective)]


def _write_runway(study: Study) -> Figure:
    if "sf02" not in study.definition.questions:
        return Figure(domain="runway", status=NOT_COLLECTED, note=f"Runway: {NOT_ASKED[0].lower()}{NOT_ASKED[1:]}")
    months = [m for response in list_counted(study) if (m := find_number(response.answers, "sf02")) is not None]
    if not months:
        return Figure(domain="runway", n=0, status=NOT_COLLECTED, note="Runway: nobody knows.")
    middle = median(months)
    of = "" if len(months) == 1 else f" (median of {len(months)} estimates)"
    note = f"Without the largest funder the work could go on for {middle:g} months{of}."
    return Figure(domain="runway", score=middle, n=len(months), note=note)


def _tell(
    name: str, currency: str, found: Funding, sources: Sequence[Source], labels: Mapping[int, str]
) -> list[Block]:
    counted = [one for one in sources if one.currency == currency and one.status in COUNTED and one.amount]
    rows: list[list[Cell]] = []
    for kind in sorted({one.category for one in counted}):
        own = [one for one in counted if one.category == kind]
        amount = sum((one.amount for one in own), Decimal(0))
        share = float(amount / found.total)
        money: Cell = Number(f"{amount:,}", float(amount))
        rows.append([labels[kind], money, Number(say_percent(share), share), Number(str(len(own)), len(own))])
    headings = [Heading(label, number=True) for label in (currency, "Share", "Sources")]
    by = found.by_category
    table = make_table(f"Money received or signed, in {currency}", ["Kind of source", *headings], rows)
    blocks: list[Block] = [Table(name, table), Sentence(_say(by))]
    if found.in_kind_share is not None:
        blocks.append(Sentence(f"In kind: {say_percent(found.in_kind_share)} of money and in-kind together."))
    return blocks


def _say(by: Concentration) -> str:
    diversity = "none" if by.normalised is None else str(find_whole(100 * by.normalised))
    return (
        f"Diversity {diversity} of 100; {by.effective:.1f} effective kinds of source; the largest is "
        f"{say_percent(by.largest)}."
    )
