"""One id for a group, whether the contact list names it or a respondent does."""

import pytest
from builders import FEEDBACK

from forms.loading import load_file
from forms.values import Missing
from surveyapp.services.groups import find_given, find_group, find_group_labels, read_group


@pytest.fixture(scope="module")
def feedback():
    return load_file(FEEDBACK)


@pytest.mark.parametrize(
    ("text", "group", "code"),
    [
        ("community", "community", 1),
        ("Community", "community", 1),
        (" 1 ", "community", 1),
        ("NGO/charity", "ngo_charity", 4),
        ("ngo", "ngo_charity", 4),
        ("Communauté", "community", 1),
        ("Press", "press", None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_contact_lists_group_is_matched_to_the_choice_it_means(feedback, text, group, code) -> None:
    assert read_group(feedback, text) == (group, code)


def test_a_known_group_is_given_and_an_unknown_one_is_not_asked_for(feedback) -> None:
    assert find_given(feedback, "community") == ("community", {"pf00": 1})
    assert find_given(feedback, "Press") == ("press", {"pf00": Missing.OFF_PATH})
    assert find_given(feedback, "") == (None, {})


def test_an_answered_group_has_the_same_id_as_an_invited_one(feedback) -> None:
    assert find_group(feedback, None, {"pf00": 4}) == read_group(feedback, "ngo")[0]
    assert find_group(feedback, "press", {"pf00": Missing.OFF_PATH}) == "press"
    assert find_group(feedback, None, {"pf00": Missing.NOT_REACHED}) is None


def test_labels_stand_in_the_order_of_the_definition(feedback) -> None:
    assert list(find_group_labels(feedback))[:2] == ["community", "government"]
