import pytest
from vectors_file import PLACES, VECTORS

from exports.statistics.rates import find_rates


def test_the_rates_are_the_worked_ones():
    worked = VECTORS["V09"]
    rates = find_rates(worked["counts"])
    assert rates is not None
    found = (
        rates.eligible_share,
        rates.rr1,
        rates.rr2,
        rates.rr3,
        rates.rr4,
        rates.rr5,
        rates.rr6,
        rates.cooperation,
        rates.refusal,
        rates.contact,
    )
    names = ("e", "RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "REF1", "CON1")
    assert found == pytest.approx(tuple(worked[name] for name in names), abs=PLACES)


def test_people_who_may_still_answer_lower_the_rate_so_far_and_are_no_refusal():
    rates = find_rates({"I": 6, "P": 1, "pending": 13})
    assert rates is not None
    assert (rates.rr1, rates.rr2, rates.refusal) == (0.3, 0.35, 0.0)


def test_who_is_not_eligible_is_in_no_rate():
    assert find_rates({"I": 1, "NC": 1, "NE": 8}).rr2 == 0.5  # type: ignore[union-attr]


def test_without_eligible_cases_there_is_no_rate():
    assert find_rates({}) is None
    assert find_rates({"NE": 3}) is None


def test_cases_of_unknown_eligibility_alone_give_a_rate_of_nothing():
    rates = find_rates({"UO": 5})
    assert rates is not None
    assert (rates.rr2, rates.rr4, rates.rr6, rates.cooperation) == (0, 0, 0, None)
