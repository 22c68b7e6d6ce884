"""The stakeholder map and the network: codes, ways out, who is asked what, and what consent says."""

from __future__ import annotations

import pytest
from instrument_facts import is_asked, list_codes, list_ids, list_labels, list_texted, list_unfit, list_where
from instruments import DEFINITIONS

from forms.values import Missing, Value

MAP = DEFINITIONS["stakeholder_mapping"]
NETWORK = DEFINITIONS["stakeholder_network"]
LEVEL = "1 Very low, 2 Low, 3 Medium, 4 High, 5 Very high"


def test_a_map_holds_one_to_thirty_stakeholders_with_fourteen_answers_each():
    section = MAP.find_section("stakeholder")
    assert section is not None
    assert section.repeat is not None
    assert (section.repeat.over, section.repeat.min, section.repeat.max) == ("entries", 1, 30)
    assert section.repeat.label == "sm01"
    assert list_ids(MAP, "stakeholder") == " ".join(f"sm{number:02}" for number in range(1, 15))
    assert list_where(MAP, required=True) == list_ids(MAP, "stakeholder")


def test_who_a_stakeholder_is_has_the_codes_that_are_promised():
    assert list_labels(MAP, "sm02") == (
        "1 Community group, 2 Local government, 3 National government, 4 Company (CSR), 5 NGO, 6 Foundation, "
        "7 International agency, 8 University or school, 9 Media, 10 Faith or cultural body, "
        "11 Adviser (legal or financial), 96 Other"
    )
    assert list_labels(MAP, "sm03") == (
        "1 Education, 2 Health, 3 Environment, 4 Livelihoods, 5 Governance, 6 Infrastructure, 7 Culture, 96 Other"
    )
    assert list_labels(MAP, "sm04") == "1 Partner, 2 In talks, 3 Not yet approached, 4 Former partner, 5 Opponent"


def test_ratings_run_from_very_low_to_very_high_and_positions_from_against_to_for():
    for id_ in ("sm05", "sm06", "sm07", "sm08", "sm10"):
        assert (MAP.questions[id_].type, list_labels(MAP, id_)) == ("scale", LEVEL)
    assert list_labels(MAP, "sm09") == "1 Strongly against, 2 Against, 3 Neutral, 4 For, 5 Strongly for"


def test_what_a_stakeholder_gives_and_cares_about_is_told_by_several_codes():
    assert list_codes(MAP, "sm11") == [1, 2, 3, 4, 5, 6, 7, 8, 0]
    assert [choice.value for choice in MAP.questions["sm11"].choices if choice.exclusive] == [0]
    assert list_codes(MAP, "sm12") == list(range(1, 18))
    assert MAP.questions["sm12"].settings["max"] == 3
    assert list_labels(MAP, "sm13") == "1 A guess, 2 Fairly sure, 3 Sure"
    assert list_labels(MAP, "sm14") == "1 Inform, 2 Consult, 3 Involve, 4 Collaborate, 5 Lead jointly"


def test_all_but_the_name_and_the_coordinators_own_two_may_be_unknown():
    assert list_where(MAP, dont_know=True) == " ".join(f"sm{number:02}" for number in range(2, 13))
    assert list_texted(MAP) == []


def test_the_network_asks_about_every_organisation_of_the_roster():
    section = NETWORK.find_section("org")
    assert section is not None
    assert section.repeat is not None
    assert section.repeat.over == "roster"
    assert list_ids(NETWORK, "org") == "sn01 sn02 sn03 sn04"
    assert list_where(NETWORK, dont_know=True) == "sn01 sn02 sn03 sn04"
    assert list(NETWORK.questions) == ["snc", "sn01", "sn02", "sn03", "sn04", "sn05"]
    assert not NETWORK.questions["sn05"].required


def test_ties_have_the_codes_that_the_network_is_reckoned_from():
    assert list_labels(NETWORK, "sn01") == (
        "0 Never, 1 About once a year, 2 About every quarter, 3 About every month, 4 Every week or more often"
    )
    assert list_labels(NETWORK, "sn02") == (
        "1 Information, 2 Money, 3 People or materials, 4 Joint work, 5 Advice, 0 Nothing"
    )
    assert [choice.value for choice in NETWORK.questions["sn02"].choices if choice.exclusive] == [0]
    assert list_labels(NETWORK, "sn03") == "1 Not at all, 2 A little, 3 Partly, 4 Mostly, 5 Fully"
    assert list_labels(NETWORK, "sn04") == LEVEL


@pytest.mark.parametrize(
    ("tie", "asked"), [(0, False), (1, True), (2, True), (4, True), (Missing.DONT_KNOW, False), (None, False)]
)
def test_a_tie_is_described_only_where_there_is_one(tie: Value, asked: bool):
    assert [is_asked(NETWORK, id_, sn01=tie) for id_ in ("sn02", "sn03", "sn04")] == [asked] * 3


@pytest.mark.parametrize(
    ("language", "words"), [("en", "not anonymous"), ("fr", "pas anonymes"), ("es", "no son anónimas")]
)
def test_consent_says_that_named_answers_about_named_organisations_are_not_anonymous(language: str, words: str):
    assert words in NETWORK.questions["snc"].label.in_(language)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "NOT anonymous"), ("fr", "NON anonymes"), ("es", "NO hay anonimato")]
)
def test_consent_says_so_by_text_too(language: str, words: str):
    label = NETWORK.questions["snc"].sms.label
    assert label is not None
    assert words in label.in_(language)


def test_every_text_of_the_network_fits_in_every_language():
    assert [question.id for question in list_texted(NETWORK)] == list(NETWORK.questions)
    assert list_unfit(NETWORK) == []
