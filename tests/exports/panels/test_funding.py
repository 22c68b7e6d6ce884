from datetime import date
from decimal import Decimal

import pytest
from vectors_file import PLACES, VECTORS

from exports.panels.funding import (
    APPLIED,
    PLEDGED,
    SIGNED,
    ExchangeRate,
    InKind,
    Source,
    describe_funding,
    find_concentration,
)


def source(category, amount, **more):
    facts = {"name": f"source {category}", "currency": "USD"}
    return Source(category=category, amount=Decimal(amount), **{**facts, **more})


def test_diversity_is_the_worked_one():
    worked = VECTORS["V14a"]
    amounts = list(worked["amounts"].values())
    found = describe_funding([source(place, amount) for place, amount in enumerate(amounts, 1)], currency="USD")
    shown = found.by_category
    assert (shown.index, shown.diversity, shown.normalised, shown.effective, shown.largest) == pytest.approx(
        tuple(worked[key] for key in ("hhi", "div", "norm_m8", "eff_sources", "largest_share")), abs=PLACES
    )
    assert find_concentration(amounts, 4).normalised == pytest.approx(worked["norm_k4"], abs=PLACES)


def test_one_source_is_no_diversity():
    worked = VECTORS["V14b"]
    shown = describe_funding([source(1, 50000)], currency="USD").by_category
    assert (shown.index, shown.diversity, shown.normalised, shown.effective, shown.largest) == tuple(
        worked[key] for key in ("hhi", "div", "norm_m8", "eff_sources", "largest_share")
    )


def test_what_is_only_pledged_or_applied_for_does_not_count():
    sources = [source(1, 50, status=SIGNED), source(2, 900, status=PLEDGED), source(3, 900, status=APPLIED)]
    assert describe_funding(sources, currency="USD").total == 50


def test_without_money_there_is_nothing_to_describe():
    assert describe_funding([], currency="USD") is None
    assert describe_funding([source(1, 900, status=PLEDGED), source(2, 0)], currency="USD") is None


def test_two_sources_of_one_kind_are_two_sources_and_one_kind():
    found = describe_funding([source(1, 50, name="A"), source(1, 50, name="B")], currency="USD")
    assert (found.by_category.index, found.by_source.index, found.by_source.normalised) == (1.0, 0.5, None)


def test_money_of_another_currency_needs_a_rate():
    euros = source(2, 50, currency="EUR")
    with pytest.raises(ValueError, match="no rate from EUR"):
        describe_funding([euros], currency="USD")
    rate = ExchangeRate(currency="EUR", rate=Decimal("1.1"), on=date(2025, 11, 20), by="ECB")
    assert describe_funding([euros], currency="USD", rates=[rate]).total == 55


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        describe_funding([source(1, -5)], currency="USD")


def test_gifts_in_kind_are_kept_apart_and_need_a_reason_for_their_value():
    gifts = [InKind(value=Decimal(25), how_valued="local day rate")]
    assert describe_funding([source(1, 75)], gifts, currency="USD").in_kind_share == 0.25
    assert describe_funding([source(1, 75)], currency="USD").in_kind_share is None
    with pytest.raises(ValueError, match="how each gift"):
        describe_funding([source(1, 75)], [InKind(value=Decimal(25), how_valued=" ")], currency="USD")
