import pytest
from vectors_file import VECTORS

from exports.scorecards.rules import RULES, find_claim
from exports.scorecards.rules.base import Case
from forms.definition import Scorecard

BANDS = Scorecard().bands


def claim(score, lo=None, hi=None, n=40, **more):
    return find_claim(Case(score=score, lo=lo, hi=hi, n=n, k=5, bands=BANDS, **more))


def say(*args, **more):
    return claim(*args, **more).word(BANDS)


@pytest.mark.parametrize("score, lo, hi, n, expected", VECTORS["V23"]["band_cases"])
def test_what_may_be_said_of_a_score_is_the_worked_example(score, lo, hi, n, expected):
    assert say(score, lo, hi, n) == expected


def test_the_overall_band_is_at_most_one_above_the_weakest_domain_as_worked():
    worked = VECTORS["V22"]
    overall = sum(worked["domains"]) / 10
    assert overall == worked["overall"]
    assert say(overall) == worked["band_by_score"]
    assert say(worked["lowest"]) == worked["band_lowest"]
    assert say(overall, weakest=("EXIT", 38.0)) == "Emerging (capped by EXIT 38)"


def test_a_weak_domain_does_not_lower_a_band_that_is_only_one_above_it():
    assert say(55, 52, 58, weakest=("EXIT", 38.0)) == "Emerging"


def test_a_label_of_two_bands_loses_the_one_that_is_too_high():
    assert say(62, 55, 69, weakest=("EXIT", 10.0)) == "Emerging (capped by EXIT 10)"
    assert say(41, 35, 47, weakest=("EXIT", 10.0)) == "Fragile-Emerging"


@pytest.mark.parametrize(
    "score, band", [(0, "Fragile"), (39.99, "Fragile"), (40, "Emerging"), (60, "Established"), (80, "Sustained")]
)
def test_a_band_begins_at_its_limit(score, band):
    assert say(score) == band


def test_an_interval_that_only_touches_a_limit_does_not_cross_it():
    assert say(70, 60, 80) == "Established"
    assert say(70, 59.9, 80.1) == "Emerging-Sustained"


def test_a_half_width_of_just_fifteen_is_still_certain_enough():
    assert say(45, 30, 60) == "Fragile-Emerging"
    assert say(45, 29.9, 60.1) == "no band: too uncertain"


def test_few_answers_are_only_an_indication():
    assert (claim(71, 69, 73, 9).status, say(71, 69, 73, 9)) == ("U", "indicative, no band")
    assert (claim(71, 69, 73, 10).status, say(71, 69, 73, 10)) == ("A", "Established")


def test_below_thirty_percent_response_a_band_stands_in_brackets():
    assert say(71, 66, 76, response_rate=0.29) == "(Established)"
    assert say(71, 66, 76, response_rate=0.30) == "Established"
    assert claim(71, 66, 76, response_rate=0.29).notes == ("This describes only those who answered.",)


def test_an_open_link_puts_even_a_capped_band_in_brackets():
    assert say(71, self_selected=True, weakest=("EXIT", 38.0)) == "(Emerging, capped by EXIT 38)"


def test_a_self_rating_sets_no_band_and_says_by_how_many():
    assert say(71, 66, 76, source="self") == "self-rated, no band"
    assert claim(71, 66, 76, source="self").notes == ("Self-rated by 40 people.",)


def test_records_that_nobody_checked_are_an_estimate():
    assert claim(71, 66, 76, source="record").status == "E"


def test_every_rule_states_itself_for_the_methods_card():
    assert all(rule.sentence.endswith(".") for rule in RULES)


def test_a_gate_of_the_legal_checklist_keeps_the_overall_from_the_highest_band():
    held = claim(91, 88, 95, failed_gates=("lf03",))
    assert held.word(BANDS) == "Established"
    assert "Held back by the legal and financial checklist: lf03." in held.notes
    assert say(91, 88, 95) == "Sustained"
