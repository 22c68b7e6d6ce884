"""Sustainability planning: the items, their domains, the short form by text, and the two lists of resources."""

from __future__ import annotations

import pytest
from instrument_facts import TODAY, list_codes, list_domains, list_ids, list_labels, list_texted, list_unfit, list_where
from instruments import DEFINITIONS

from exports.scorecards.scores import list_items, score_domain
from forms.interview import Interview
from forms.sms.prompts import build_prompt
from forms.values import Missing

PLANNING = DEFINITIONS["sustainability_planning"]
RATED = [f"sp{number:02}" for number in range(1, 32)]
SHORT_FORM = ["sp01", "sp04", "sp07", "sp10", "sp13", "sp16", "sp19", "sp23", "sp26", "sp29"]
MATURITY = "1=Not started 2=Discussed 3=Partly 4=Mostly 5=In place D=Don't know"
TEXTED = {
    "sp01": f"Have all partners agreed shared outcomes in writing? {MATURITY}",
    "sp04": f"Do partners meet regularly and get the notes? {MATURITY}",
    "sp07": f"Do partners span people, govt, business, NGO, academia? {MATURITY}",
    "sp10": f"Is what each partner should gain written down? {MATURITY}",
    "sp13": f"Is local knowledge gathered before plans are set? {MATURITY}",
    "sp16": f"Are the roles and duties of each partner in writing? {MATURITY}",
    "sp19": f"Is there a resource plan naming sources and a lead? {MATURITY}",
    "sp23": f"Do success measures have a baseline and a target? {MATURITY}",
    "sp26": f"Is there a way to change plans when needs change? {MATURITY}",
    "sp29": f"Is there a written plan for ending or handing over? {MATURITY}",
    "sx01": "Planned ending? 1=Hand to community 2=Hand to govt 3=Hand to partner 4=Renew 5=Close 6=Not decided",
    "sf02": "How many months could work go on if the largest funder left? Reply a number. D=Don't know",
}


def test_thirty_one_items_rate_ten_domains_in_the_coordinators_own_voice():
    assert list_domains(PLANNING) == {
        "GOAL": "sp01 sp02 sp03",
        "TRST": "sp04 sp05 sp06",
        "DIVR": "sp07 sp08 sp09",
        "MUTB": "sp10 sp11 sp12",
        "LOCL": "sp13 sp14 sp15",
        "ROLE": "sp16 sp17 sp18",
        "RSRC": "sp19 sp20 sp21 sp22",
        "MEVL": "sp23 sp24 sp25",
        "ADPT": "sp26 sp27 sp28",
        "EXIT": "sp29 sp30 sp31",
    }
    assert PLANNING.scorecard
    assert PLANNING.scorecard.source == "self"
    assert [domain.id for domain in PLANNING.scorecard.domains] == list(list_domains(PLANNING))


def test_every_item_counts_alike_and_takes_both_ways_out():
    rules = [PLANNING.questions[id_].score for id_ in RATED]
    assert {(rule.weight, rule.reverse, rule.map, rule.gate) for rule in rules if rule} == {(1, False, None, None)}
    assert list_where(PLANNING, dont_know=True) == " ".join([*RATED, "sf02"])
    assert list_where(PLANNING, not_applicable=True) == " ".join(RATED)
    assert {tuple(list_codes(PLANNING, id_)) for id_ in RATED} == {(1, 2, 3, 4, 5)}
    expected = "1 Not started, 2 Discussed, 3 Partly in place, 4 Mostly in place, 5 In place and used"
    assert list_labels(PLANNING, "sp01") == expected


def test_a_domain_runs_from_not_started_to_in_place():
    items = list_items(PLANNING, "ROLE")
    assert score_domain(items, {"sp16": 1, "sp17": 3, "sp18": 5}).score == pytest.approx(50)
    assert score_domain(items, {"sp16": 5, "sp17": Missing.NOT_APPLICABLE, "sp18": 4}).score == pytest.approx(87.5)


def test_the_short_form_is_the_first_item_of_each_domain_and_what_comes_of_the_end():
    assert [id_ for id_ in RATED if PLANNING.questions[id_].score.core] == SHORT_FORM
    assert [question.id for question in list_texted(PLANNING)] == [*SHORT_FORM, "sx01", "sf02"]
    assert [ids.split()[0] for ids in list_domains(PLANNING).values()] == SHORT_FORM


@pytest.mark.parametrize(("id_", "text"), TEXTED.items())
def test_english_texts_are_sent_word_for_word(id_: str, text: str):
    assert build_prompt(Interview(PLANNING, {}, TODAY), PLANNING.questions[id_], "en", counter=False) == text


def test_every_text_fits_in_every_language():
    assert list_unfit(PLANNING) == []


def test_what_is_left_when_the_largest_funder_goes_is_told_in_months():
    question = PLANNING.questions["sf02"]
    assert (question.type, question.settings["min"], question.settings["max"]) == ("decimal", 0, 120)
    assert list_codes(PLANNING, "sx01") == [1, 2, 3, 4, 5, 6]
    assert not PLANNING.questions["sx01"].dont_know


def test_each_source_of_money_is_an_entry():
    assert list_ids(PLANNING, "sf01") == (
        "sf01_type sf01_name sf01_amount sf01_currency sf01_status sf01_restricted sf01_end"
    )
    assert list_labels(PLANNING, "sf01_type") == (
        "1 Government grant, 2 International donor, 3 Foundation, 4 Company (CSR), 5 Crowdfunding or individuals, "
        "6 Community events, 7 Earned income, 8 Partners’ own money"
    )
    assert list_labels(PLANNING, "sf01_status") == "1 Received, 2 Signed, 3 Pledged, 4 Applied for"
    assert PLANNING.questions["sf01_amount"].settings["min"] == 0


def test_each_contribution_in_kind_is_an_entry_that_says_how_it_was_valued():
    assert list_ids(PLANNING, "sk01") == (
        "sk01_kind sk01_giver sk01_quantity sk01_unit sk01_value sk01_currency sk01_how"
    )
    assert list_labels(PLANNING, "sk01_kind") == (
        "1 Volunteer hours, 2 Expertise, 3 Materials, 4 Space, 5 Transport, 6 Data, 96 Other"
    )
    assert PLANNING.questions["sk01_how"].required


@pytest.mark.parametrize("id_", ["sf01", "sk01"])
def test_nobody_has_to_have_money_or_gifts_to_tell_of(id_: str):
    section = PLANNING.find_section(id_)
    assert section is not None
    assert section.repeat is not None
    assert (section.repeat.over, section.repeat.min, section.repeat.max) == ("entries", 0, 30)
