"""Types with choices: codes in, labels out."""

from __future__ import annotations

import pytest
from sketches import EXTENT, GAINS, YES_NO, choices, question, words

from forms.definition import SmsWording
from forms.errors import AnswerError
from forms.question_types import find_type
from forms.values import Missing, Raw

GAIN_CHOICES = choices(GAINS, exclusive=(0,))


def pick(*codes: str, language: str = "en", **keys: object):
    keys.setdefault("choices", GAIN_CHOICES)
    return find_type("select_multiple").parse(question("select_multiple", **keys), Raw(codes), language)


@pytest.mark.parametrize("name", ["select_one", "scale", "nps", "consent"])
@pytest.mark.parametrize("code", ["99", "-99", "-96", "1 ;", "Mostly", "1.0", "٤"])
def test_a_code_that_is_not_listed_is_refused(name: str, code: str) -> None:
    with pytest.raises(AnswerError):
        find_type(name).parse(question(name), Raw((code,)), "en")


@pytest.mark.parametrize("name", ["select_one", "scale", "nps", "consent"])
def test_one_code_only(name: str) -> None:
    assert find_type(name).parse(question(name), Raw(("1", "1")), "en") == 1
    with pytest.raises(AnswerError, match="one answer only"):
        find_type(name).parse(question(name), Raw(("1", "2")), "en")


def test_dont_know_comes_as_one_more_input_of_the_same_name() -> None:
    scale = question("scale", dont_know=True)
    assert find_type("scale").parse(scale, Raw(("-98",)), "en") is Missing.DONT_KNOW
    assert find_type("scale").form_values(Missing.DONT_KNOW) == ("-98",)
    with pytest.raises(AnswerError, match="not both"):
        find_type("scale").parse(scale, Raw(("4", "-98")), "en")
    with pytest.raises(AnswerError, match="not offered"):
        find_type("scale").parse(question("scale"), Raw(("-98",)), "en")
    with pytest.raises(AnswerError, match="not both"):
        find_type("scale").parse(question("scale", dont_know=True, not_applicable=True), Raw(("-97", "-98")), "en")


def test_a_code_of_letters_is_its_own_value() -> None:
    asked = question("select_one", choices={"ngo": "NGO", "donor": "Donor"})
    assert find_type("select_one").parse(asked, Raw(("donor",)), "en") == "donor"


def test_an_answer_is_described_by_its_label() -> None:
    asked = question("scale", choices={1: {"en": "No", "fr": "Non"}, 2: "Yes"})
    assert find_type("scale").describe(asked, 1, "fr") == "Non"
    assert find_type("scale").describe(asked, 2, "fr") == "Yes"
    assert find_type("scale").describe(asked, 7, "fr") == "7"


def test_nps_goes_from_zero_to_ten_with_words_at_its_ends() -> None:
    nps, asked = find_type("nps"), question("nps")
    assert [choice.value for choice in nps.choices(asked)] == list(range(11))
    labels = [choice.label.in_("en") for choice in nps.choices(asked)]
    assert labels[0] == "0 Not at all likely"
    assert labels[7] == "7"
    assert labels[10] == "10 Extremely likely"
    assert nps.choices(asked)[10].label.in_("fr") == "10 Extrêmement probable"
    assert nps.text_choices(asked, "en") == ((0, "Not at all"), (10, "Extremely"))
    worded = question("nps", sms=SmsWording(choices={0: words("Never")}))
    assert nps.text_choices(worded, "en") == ((0, "Never"), (10, "Extremely"))


def test_consent_is_yes_or_no_and_nothing_else() -> None:
    consent, asked = find_type("consent"), question("consent", dont_know=True)
    assert [choice.label.in_("fr") for choice in consent.choices(asked)] == ["Oui", "Non"]
    assert consent.parse(asked, Raw(("2",)), "en") == 2
    for raw in (Raw(), Raw(("-98",)), Raw(missing=Missing.REFUSED), Raw(missing=Missing.DONT_KNOW)):
        with pytest.raises(AnswerError, match="oui ou non"):
            consent.parse(asked, raw, "fr")


def test_picks_stand_in_the_order_of_the_definition_each_once() -> None:
    assert pick("3", "1", "3") == (1, 3)


def test_an_exclusive_choice_stands_alone() -> None:
    assert pick("0") == (0,)
    with pytest.raises(AnswerError, match='"None" cannot be chosen together'):
        pick("0", "3")


def test_too_few_and_too_many_picks_are_told() -> None:
    assert pick("1", "2", min=2, max=2) == (1, 2)
    with pytest.raises(AnswerError, match="at most 2 answers"):
        pick("1", "2", "3", max=2)
    with pytest.raises(AnswerError, match="at least 2 answers"):
        pick("1", min=2)
    with pytest.raises(AnswerError, match="au moins 2 réponses"):
        pick("1", min=2, language="fr")
    assert pick("0", min=2) == (0,), "none of these is a whole answer"


def test_an_unknown_code_among_good_ones_is_refused() -> None:
    with pytest.raises(AnswerError, match="listed"):
        pick("1", "8")


def test_several_choices_make_one_column_each() -> None:
    asked, several = question("select_multiple"), find_type("select_multiple")
    assert [c.name for c in several.columns(asked)] == [f"q__{code}" for code in (1, 2, 3, 4, 5, 6, 7, 0)]
    assert several.cells(asked, (1, 3)) == (1, 0, 1, 0, 0, 0, 0, 0)
    assert several.cells(asked, Missing.NOT_REACHED) == (-94,) * 8
    assert several.describe(asked, (1, 3), "en") == "Money, Materials"


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (question("scale", choices={"a": "A", "b": "B"}), ".choices[0].value"),
        (question("select_one", choices={1: "A"}), ".choices"),
        (question("select_one", choices=choices({1: "A"}) + choices({"1": "B"})), ".choices[1].value"),
        (question("select_multiple", choices={-1: "A", 2: "B"}), ".choices[0].value"),
        (question("select_multiple", id_="a" * 20, choices={"b" * 11: "A", 2: "B"}), ".choices[0].value"),
        (question("select_multiple", min=3, max=2), ".max"),
        (question("select_multiple", min=9, max=9), ".min"),
    ],
)
def test_choices_that_cannot_work_are_faults(asked, path: str) -> None:
    assert path in [fault.path for fault in find_type(asked.type).check(asked)]


def test_sound_choices_have_no_faults() -> None:
    for asked in (
        question("scale", choices=EXTENT),
        question("select_one", choices=YES_NO),
        question("select_multiple"),
    ):
        assert not list(find_type(asked.type).check(asked))
