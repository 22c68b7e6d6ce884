"""Names, numbers and addresses in what people wrote."""

import pytest

from surveyapp.services.naming import collect_names, mask_names

NAMES = collect_names(["Amina Diallo", "Hope O’Brien", "Jean-Paul Mbeki", "نور", "Li"])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Amina never answers.", "[name] never answers."),
        ("ask amina diallo about it", "ask [name] about it"),
        ("I hope so, says Hope", "I hope so, says [name]"),
        ("AMINA DIALLO and Jean-Paul", "[name] and [name]"),
        ("call +254 712 345 678 or write to a.b@example.org", "call [number] or write to [address]"),
        ("in 2026 we were 12 of 100", "in 2026 we were 12 of 100"),
        ("قالت نور", "قالت [name]"),
        ("Li is short", "Li is short"),
        ("Aminata is somebody else", "Aminata is somebody else"),
        ("first line\nAmina\nDiallo", "first line\n[name]"),
    ],
)
def test_what_is_probably_a_name_is_replaced_and_words_are_left(written, told):
    assert mask_names(written, NAMES) == told


def test_without_names_only_numbers_and_addresses_are_looked_for():
    assert mask_names("Amina: https://example.org/x", frozenset()) == "Amina: [address]"
