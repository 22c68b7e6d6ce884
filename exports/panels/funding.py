"""Where the money comes from, and on how many it rests (scorecard C13). Evidence beside the domain, never in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CATEGORIES = 8
"""Kinds of source. Fixed for a major version: the number of kinds changes the findings."""
RECEIVED, SIGNED, PLEDGED, APPLIED = 1, 2, 3, 4
COUNTED = (RECEIVED, SIGNED)
CASH, IN_KIND = "cash", "in-kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of money in one period: its kind (1 to 8), its name, how much, in what, and how sure (1 to 4)."""

    category: int
    name: str
    amount: Decimal
    currency: str
    status: int = RECEIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """What one unit of a currency was worth in the currency of the report, on which day and by whose word."""

    currency: str
    rate: Decimal
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InKind:
    """Something given that is not money, with its value and how that was found, without which it does not count."""

    value: Decimal
    how_valued: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """How shares lie: Herfindahl-Hirschman index, its complement, the number of equal sources it is worth, the largest.

    `normalised` is the complement as a share of the most that this many kinds allow.
    """

    index: float
    diversity: float
    normalised: float | None
    effective: float
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Money received or signed, in all, by kind and by source; `in_kind_share` of money and in-kind together."""

    total: Decimal
    currency: str
    by_category: Concentration
    by_source: Concentration
    in_kind_share: float | None


def describe_funding(
    sources: Iterable[Source],
    gifts: Iterable[InKind] = (),
    *,
    currency: str,
    rates: Iterable[ExchangeRate] = (),
    categories: int = CATEGORIES,
) -> Funding | None:
    """Describe one period's funding in one currency; nothing where no money was received or signed.

    Raises `ValueError` for negative amounts (a refund is no source), for a currency without a rate, and for a gift
    without the way its value was found.
    """
    known = {rate.currency: rate.rate for rate in rates} | {currency: Decimal(1)}
    kinds: Counter[int] = Counter()
    names: Counter[str] = Counter()
    for source in sources:
        if source.amount < 0:
            raise ValueError("a source of money is not negative; enter a refund as a smaller amount")
        if source.currency not in known:
            raise ValueError(f"there is no rate from {source.currency} to {currency}")
        if source.status in COUNTED and source.amount:
            amount = source.amount * known[source.currency]
            kinds[source.category] += amount  # type: ignore[assignment]
            names[source.name] += amount  # type: ignore[assignment]
    total = Decimal(sum(kinds.values()))
    if not total:
        return None
    return Funding(
        total=total,
        currency=currency,
        by_category=find_concentration([float(amount) for amount in kinds.values()], categories),
        by_source=find_concentration([float(amount) for amount in names.values()]),
        in_kind_share=_find_in_kind_share(total, gifts),
    )


def find_concentration(amounts: Sequence[float], categories: int | None = None) -> Concentration:
    """Give HHI = sum of squared shares, 1 - HHI, and (1 - HHI)/(1 - 1/m) for m `categories`; the total is above 0.

    Source: Tuckman and Chang 1991, Nonprofit and Voluntary Sector Quarterly 20:445; that m matters: Chikoto, Ling
    and Neely 2016, the same journal 45:1146.
    """
    total = sum(amounts)
    shares = [amount / total for amount in amounts]
    index = sum(share * share for share in shares)
    most = 1 - 1 / categories if categories and categories > 1 else None
    return Concentration(
        index=index,
        diversity=1 - index,
        normalised=(1 - index) / most if most else None,
        effective=1 / index,
        largest=max(shares),
    )


def _find_in_kind_share(cash: Decimal, gifts: Iterable[InKind]) -> float | None:
    given = list(gifts)
    if any(gift.value < 0 for gift in given):
        raise ValueError("a gift in kind is not worth less than nothing")
    if not all(gift.how_valued.strip() for gift in given):
        raise ValueError("say how each gift in kind was valued")
    value = sum((gift.value for gift in given), Decimal(0))
    return float(value / (cash + value)) if given else None
