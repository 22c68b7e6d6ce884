"""What people text is read as what they mean, or asked again; never as another choice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sketches import EXTENT, FREQUENCY, GAINS, YES_NO, choices, interview, question, words

from forms.definition import SmsWording
from forms.sms.replies import RESERVED_WORDS, Reading, Unreadable, read_reply
from forms.sms.vocabulary import fold
from forms.values import Missing, Raw

DK, NA, SKIP = Missing.DONT_KNOW, Missing.NOT_APPLICABLE, Missing.REFUSED
FRENCH = {1: "Pas du tout", 2: "Un peu", 3: "En partie", 4: "En grande partie", 5: "Tout à fait"}
BOTH = {code: {"en": label, "fr": FRENCH[code]} for code, label in EXTENT.items()}

EXTENT_SCALE = question("scale", choices=BOTH, dont_know=True, not_applicable=True)
OFTEN = question("scale", choices=FREQUENCY, dont_know=True, not_applicable=True)
LIKELY = question("nps", dont_know=True)
CONSENT = question("consent")
PERMISSION = question("select_one", choices={1: {"en": "Yes", "fr": "Oui"}, 2: {"en": "No", "fr": "Non"}})
READY = question("scale", choices={1: "No", 2: "Partly", 3: "Yes"}, not_applicable=True)
COMPARED = question(
    "select_one", choices={1: "Much less", 2: "Less", 3: "About fair", 4: "More", 5: "Much more"}, dont_know=True
)
GAINED = question("select_multiple", choices=choices(GAINS, exclusive=(0,)), dont_know=True)
GOALS = question("select_multiple", choices={code: f"Goal {chr(64 + code)}" for code in range(1, 18)}, max=3)
MEETINGS = question("select_one", choices={1: "None", 2: "1-2", 3: "3-4", 4: "5 or more"})
GROUP = question("select_one", choices={"community": "Community", "ngo": "NGO/charity", "donor": "Donor"})
WORDS = question("text", max_length=100)
PEOPLE = question("integer", min=0, max=500, dont_know=True)
MONEY = question("decimal", min=0)
DAY = question("date")

CLEAR = [
    # codes, bare and among signs
    (EXTENT_SCALE, "4", 4),
    (EXTENT_SCALE, " 4 \n", 4),
    (EXTENT_SCALE, "4.", 4),
    (EXTENT_SCALE, "4)", 4),
    (EXTENT_SCALE, "(4)", 4),
    (EXTENT_SCALE, "#4", 4),
    (EXTENT_SCALE, "4!!!", 4),
    (EXTENT_SCALE, '"4"', 4),
    (EXTENT_SCALE, "04", 4),
    (EXTENT_SCALE, "4 4", 4),
    (EXTENT_SCALE, "4️⃣", 4),
    (EXTENT_SCALE, "４", 4),
    (EXTENT_SCALE, "٤", 4),
    (EXTENT_SCALE, "४", 4),
    (EXTENT_SCALE, "৪", 4),
    # codes with their labels
    (EXTENT_SCALE, "4=Mostly", 4),
    (EXTENT_SCALE, "4 = mostly", 4),
    (EXTENT_SCALE, "4 mostly", 4),
    (EXTENT_SCALE, "4: MOSTLY.", 4),
    (EXTENT_SCALE, "mostly 4", 4),
    (EXTENT_SCALE, "Mostly (4)", 4),
    (EXTENT_SCALE, "4 most", 4),
    (EXTENT_SCALE, "1 - Not at all", 1),
    (EXTENT_SCALE, "4 (four)", 4),
    (EXTENT_SCALE, "n°4", 4),
    (EXTENT_SCALE, "4-mostly", 4),
    # labels and their beginnings
    (EXTENT_SCALE, "mostly", 4),
    (EXTENT_SCALE, "Mostly!", 4),
    (EXTENT_SCALE, "NOT AT ALL", 1),
    (EXTENT_SCALE, "not  at   all.", 1),
    (EXTENT_SCALE, "a little", 2),
    (EXTENT_SCALE, "part", 3),
    (EXTENT_SCALE, "ful", 5),
    (EXTENT_SCALE, "tout à fait", 5),
    (EXTENT_SCALE, "tout a fait", 5),
    (EXTENT_SCALE, "Pas du tout", 1),
    (COMPARED, "less", 2),
    (COMPARED, "more", 4),
    (COMPARED, "much more", 5),
    (COMPARED, "about", 3),
    (OFTEN, "never", 1),
    (OFTEN, "Always", 5),
    (OFTEN, "some", 3),
    # number words
    (EXTENT_SCALE, "four", 4),
    (EXTENT_SCALE, "Quatre", 4),
    (EXTENT_SCALE, "cuatro", 4),
    (EXTENT_SCALE, "nne", 4),
    (EXTENT_SCALE, "أربعة", 4),
    (LIKELY, "zero", 0),
    (LIKELY, "ten", 10),
    (LIKELY, "dix", 10),
    (LIKELY, "zéro", 0),
    # politeness around the answer
    (EXTENT_SCALE, "4 please", 4),
    (EXTENT_SCALE, "I think 4", 4),
    (EXTENT_SCALE, "my answer is 4, thank you", 4),
    (EXTENT_SCALE, "it's mostly", 4),
    (EXTENT_SCALE, "I would say not at all", 1),
    (EXTENT_SCALE, "number 2 thanks", 2),
    # nought to ten
    (LIKELY, "0", 0),
    (LIKELY, "10", 10),
    (LIKELY, "8/10", 8),
    (LIKELY, "7 out of 10", 7),
    (LIKELY, "9 out of 10", 9),
    (LIKELY, "10/10", 10),
    (LIKELY, "extremely", 10),
    (LIKELY, "Not at all", 0),
    (LIKELY, "extremely likely", 10),
    (LIKELY, "10 extremely", 10),
    # ways out
    (EXTENT_SCALE, "D=Don't know", DK),
    (EXTENT_SCALE, "D", DK),
    (EXTENT_SCALE, "dk", DK),
    (EXTENT_SCALE, "IDK", DK),
    (EXTENT_SCALE, "Don't know", DK),
    (EXTENT_SCALE, "dont know", DK),
    (EXTENT_SCALE, "I don’t know.", DK),
    (EXTENT_SCALE, "NSP", DK),
    (EXTENT_SCALE, "je ne sais pas", DK),
    (EXTENT_SCALE, "Ne sais pas", DK),
    (EXTENT_SCALE, "sijui", DK),
    (EXTENT_SCALE, "N", NA),
    (EXTENT_SCALE, "N/A", NA),
    (EXTENT_SCALE, "na", NA),
    (EXTENT_SCALE, "sans objet", NA),
    (EXTENT_SCALE, "S", SKIP),
    (EXTENT_SCALE, "skip", SKIP),
    (EXTENT_SCALE, "PASSER", SKIP),
    (OFTEN, "n", NA),
    (OFTEN, "S", SKIP),
    (READY, "n", NA),
    # yes and no
    (CONSENT, "YES", 1),
    (CONSENT, "yes.", 1),
    (CONSENT, "Y", 1),
    (CONSENT, "1", 1),
    (CONSENT, "yes please", 1),
    (CONSENT, "Oui", 1),
    (CONSENT, "oui merci", 1),
    (CONSENT, "Sí", 1),
    (CONSENT, "ndiyo", 1),
    (CONSENT, "نعم", 1),
    (CONSENT, "I agree", 1),
    (CONSENT, "NO", 2),
    (CONSENT, "n", 2),
    (CONSENT, "no thank you", 2),
    (CONSENT, "non merci", 2),
    (CONSENT, "hapana", 2),
    (CONSENT, "لا", 2),
    (CONSENT, "I do not agree", 2),
    (CONSENT, "pas d'accord", 2),
    (PERMISSION, "yes", 1),
    (PERMISSION, "oui", 1),
    (PERMISSION, "yep", 1),
    (PERMISSION, "N", 2),
    (PERMISSION, "nope", 2),
    (PERMISSION, "2=No", 2),
    (READY, "yes", 3),
    (READY, "nope", 1),
    # several choices
    (GAINED, "1", (1,)),
    (GAINED, "1,3", (1, 3)),
    (GAINED, "1 3", (1, 3)),
    (GAINED, "3;1", (1, 3)),
    (GAINED, "1.3", (1, 3)),
    (GAINED, "1/3", (1, 3)),
    (GAINED, "1-3-5", (1, 3, 5)),
    (GAINED, "1 and 3", (1, 3)),
    (GAINED, "1, 3 et 5", (1, 3, 5)),
    (GAINED, "1 & 3", (1, 3)),
    (GAINED, "13", (1, 3)),
    (GAINED, "531", (1, 3, 5)),
    (GAINED, "13 5", (1, 3, 5)),
    (GAINED, "١،٣", (1, 3)),
    (GAINED, "1 Money, 3 Materials", (1, 3)),
    (GAINED, "1=Money 3=Materials", (1, 3)),
    (GAINED, "money", (1,)),
    (GAINED, "Money, skills", (1, 2)),
    (GAINED, "skills and contacts", (2, 4)),
    (GAINED, "one and three", (1, 3)),
    (GAINED, "none", (0,)),
    (GAINED, "0", (0,)),
    (GAINED, "D", DK),
    (GAINED, "1 3 please", (1, 3)),
    (GOALS, "13", (13,)),
    (GOALS, "4 5 13", (4, 5, 13)),
    (GOALS, "04", (4,)),
    # Spanish
    (CONSENT, "Sí, gracias", 1),
    (CONSENT, "sí acepto", 1),
    (CONSENT, "Claro que sí", 1),
    (CONSENT, "no quiero", 2),
    (CONSENT, "No, gracias", 2),
    (CONSENT, "no acepto", 2),
    (EXTENT_SCALE, "No sé", DK),
    (EXTENT_SCALE, "no lo se", DK),
    (EXTENT_SCALE, "ni idea", DK),
    (EXTENT_SCALE, "D=No sé", DK),
    (EXTENT_SCALE, "No corresponde", NA),
    (EXTENT_SCALE, "no aplica", NA),
    (EXTENT_SCALE, "omitir", SKIP),
    (EXTENT_SCALE, "saltar", SKIP),
    (EXTENT_SCALE, "4, por favor", 4),
    (EXTENT_SCALE, "creo 4", 4),
    (LIKELY, "siete", 7),
    (GAINED, "1 y 3", (1, 3)),
    (GAINED, "uno y tres", (1, 3)),
    # Swahili
    (CONSENT, "Ndio", 1),
    (CONSENT, "NDIYO asante", 1),
    (CONSENT, "nakubali", 1),
    (CONSENT, "Hapana asante", 2),
    (CONSENT, "sitaki", 2),
    (EXTENT_SCALE, "mimi sijui", DK),
    (EXTENT_SCALE, "D=Sijui", DK),
    (EXTENT_SCALE, "haihusiki", NA),
    (EXTENT_SCALE, "ruka", SKIP),
    (EXTENT_SCALE, "tafadhali 4", 4),
    (EXTENT_SCALE, "tano", 5),
    (LIKELY, "kumi", 10),
    (GAINED, "1 na 3", (1, 3)),
    (GAINED, "moja na tatu", (1, 3)),
    # Arabic
    (CONSENT, "نعم شكرا", 1),
    (CONSENT, "موافقة", 1),
    (CONSENT, "أوافق", 1),
    (CONSENT, "لا شكرا", 2),
    (CONSENT, "لا أوافق", 2),
    (EXTENT_SCALE, "لا أعرف", DK),
    (EXTENT_SCALE, "لا اعرف", DK),
    (EXTENT_SCALE, "لا أدري", DK),
    (EXTENT_SCALE, "D=لا أعرف", DK),
    (EXTENT_SCALE, "لا ينطبق", NA),
    (EXTENT_SCALE, "تخطي", SKIP),
    (EXTENT_SCALE, "٤ من فضلك", 4),
    (EXTENT_SCALE, "الرقم ٤", 4),
    (EXTENT_SCALE, "خمسة", 5),
    (EXTENT_SCALE, "تلاتة", 3),
    (LIKELY, "٨/١٠", 8),
    (LIKELY, "عشرة", 10),
    (GAINED, "١ و ٣", (1, 3)),
    (GAINED, "١ و٣", (1, 3)),
    (GAINED, "١، ٣ و ٥", (1, 3, 5)),
    (WORDS, "تخطي", SKIP),
    (WORDS, "Basta ya de basura", "Basta ya de basura"),
    # choices whose labels hold numbers
    (MEETINGS, "3", 3),
    (MEETINGS, "3-4", 3),
    (MEETINGS, "4=5 or more", 4),
    (MEETINGS, "5 or more", 4),
    # choices whose values are words
    (GROUP, "2", "ngo"),
    (GROUP, "NGO", "ngo"),
    (GROUP, "donor", "donor"),
    # free answers
    (WORDS, "Stop the dumping, please", "Stop the dumping, please"),
    (WORDS, "4", "4"),
    (WORDS, "No", "No"),
    (WORDS, "I don't know", "I don't know"),
    (WORDS, "s", SKIP),
    (WORDS, "SKIP", SKIP),
    (PEOPLE, "120", 120),
    (PEOPLE, "120.", 120),
    (PEOPLE, "१२०", 120),
    (PEOPLE, "twelve", 12),
    (PEOPLE, "d", DK),
    (PEOPLE, "skip", SKIP),
    (MONEY, "12,5", Decimal("12.5")),
    (DAY, "3 April 2026", date(2026, 4, 3)),
]

UNCLEAR = [
    # between two choices, or at odds with itself
    (EXTENT_SCALE, "3 or 4", None),
    (EXTENT_SCALE, "3-4", None),
    (EXTENT_SCALE, "3/4", None),
    (EXTENT_SCALE, "4/5", None),
    (EXTENT_SCALE, "3.5", None),
    (EXTENT_SCALE, "4,5", None),
    (EXTENT_SCALE, "34", None),
    (EXTENT_SCALE, "between partly and mostly", None),
    (EXTENT_SCALE, "4 partly", None),
    (EXTENT_SCALE, "4 not at all", None),
    (EXTENT_SCALE, "four 5", None),
    (COMPARED, "much", None),
    (GAINED, "1-3", None),
    (GAINED, "1 to 3", None),
    (GAINED, "11", None),
    (GAINED, "1 and not 3", None),
    (GAINED, "1 skills", None),
    (GAINED, "1 say", None),
    (GAINED, "no money", None),
    (GAINED, "1 or 2", None),
    (GAINED, "8", None),
    (GAINED, "18", None),
    (GAINED, "01", None),
    (GAINED, "0 and 3", None),
    (GOALS, "1 2 3 4", None),
    (LIKELY, "9/10", "9"),
    (LIKELY, "11", None),
    (LIKELY, "100", None),
    (LIKELY, "8/11", None),
    (CONSENT, "yes no", None),
    (CONSENT, "yes and no", None),
    # negation turns a label round
    (EXTENT_SCALE, "not mostly", None),
    (EXTENT_SCALE, "not fully", None),
    (EXTENT_SCALE, "not", "1"),
    (EXTENT_SCALE, "no", None),
    (EXTENT_SCALE, "pas tout à fait", None),
    (EXTENT_SCALE, "not 4", None),
    (EXTENT_SCALE, "never fully", None),
    (OFTEN, "not often", None),
    (OFTEN, "not always", None),
    (OFTEN, "ne pas souvent", None),
    (CONSENT, "not yes", None),
    (CONSENT, "no problem, yes", None),
    (CONSENT, "why not", None),
    (PERMISSION, "not no", None),
    # so it does in Spanish, Swahili and Arabic
    (CONSENT, "por qué no", None),
    (CONSENT, "sí y no", None),
    (CONSENT, "ndiyo na hapana", None),
    (CONSENT, "نعم ولا", None),
    (CONSENT, "ليس نعم", None),
    (EXTENT_SCALE, "no 4", None),
    (EXTENT_SCALE, "si 4", None),
    (EXTENT_SCALE, "ليس ٤", None),
    (EXTENT_SCALE, "مش ٤", None),
    (EXTENT_SCALE, "3 o 4", None),
    (EXTENT_SCALE, "3 au 4", None),
    (EXTENT_SCALE, "٣ أو ٤", None),
    (EXTENT_SCALE, "٣-٤", None),
    (EXTENT_SCALE, "nadie", None),
    (EXTENT_SCALE, "hakuna", None),
    (EXTENT_SCALE, "لا شيء", None),
    (EXTENT_SCALE, "sí", None),
    (EXTENT_SCALE, "ndiyo", None),
    (EXTENT_SCALE, "نعم", None),
    # numbers that are no code
    (EXTENT_SCALE, "0", None),
    (EXTENT_SCALE, "6", None),
    (EXTENT_SCALE, "44", None),
    (EXTENT_SCALE, "-4", "4"),
    (EXTENT_SCALE, "4%", "4"),
    (EXTENT_SCALE, "<4", "4"),
    (EXTENT_SCALE, "1000", None),
    (EXTENT_SCALE, "-98", None),
    (EXTENT_SCALE, "six", None),
    (LIKELY, "once", None),
    # near, but not sure
    (EXTENT_SCALE, "mostley", "4"),
    (EXTENT_SCALE, "fuly", "5"),
    (EXTENT_SCALE, "a litle", "2"),
    (EXTENT_SCALE, "not at al", "1"),
    (EXTENT_SCALE, "m", "4"),
    (EXTENT_SCALE, "4 because they share much", "4"),
    (EXTENT_SCALE, "2 many problems", "2"),
    (GAINED, "monney", "1"),
    (MEETINGS, "5", "4"),
    (CONSENT, "yess", "1"),
    # no answer at all
    (EXTENT_SCALE, "", None),
    (EXTENT_SCALE, "?", None),
    (EXTENT_SCALE, "😀", None),
    (EXTENT_SCALE, "who is this", None),
    (EXTENT_SCALE, "hello", None),
    (EXTENT_SCALE, "please", None),
    (EXTENT_SCALE, "yes", None),
    (EXTENT_SCALE, "4 " * 500, None),
    (CONSENT, "S", None),
    (CONSENT, "skip", None),
    (CONSENT, "3", None),
    (CONSENT, "d", None),
    (PERMISSION, "d", None),
    (PERMISSION, "don't know", None),
    (PEOPLE, "many", None),
    (PEOPLE, "501", None),
    (PEOPLE, "10-12", None),
    (PEOPLE, "about 12", None),
    (MONEY, "1,234", None),
    (DAY, "3/4/2026", None),
    (WORDS, "", None),
    (WORDS, "x" * 101, None),
]


def read(asked, text: str, language: str = "en", **keys: object) -> Reading:
    return read_reply(interview(asked), asked, text, language, **keys)


@pytest.mark.parametrize(("asked", "text", "value"), CLEAR)
def test_a_clear_reply_is_read(asked, text: str, value: object) -> None:
    reading = read(asked, text)
    assert reading.value == value
    assert type(reading.value) is type(value)
    assert 0.5 < reading.certainty <= 1.0


@pytest.mark.parametrize(("asked", "text", "suggestion"), UNCLEAR)
def test_an_unclear_reply_is_asked_again_with_a_suggestion_at_most(asked, text: str, suggestion: str | None) -> None:
    with pytest.raises(Unreadable) as caught:
        read(asked, text)
    assert caught.value.suggestion == suggestion


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(CLEAR) + len(UNCLEAR) >= 120


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("4", "code"),
        ("4 mostly", "code_and_label"),
        ("mostly", "label"),
        ("most", "prefix"),
        ("four", "number_word"),
        ("mostly please", "polite_label"),
        ("dk", "dont_know"),
        ("n/a", "not_applicable"),
        ("skip", "skip"),
    ],
)
def test_the_rule_that_read_a_reply_is_told(text: str, rule: str) -> None:
    assert read(EXTENT_SCALE, text).rule == rule


def test_a_beginning_is_less_certain_than_the_whole() -> None:
    assert read(EXTENT_SCALE, "most").certainty < read(EXTENT_SCALE, "mostly").certainty


def test_the_raw_answer_is_what_a_form_would_have_sent() -> None:
    assert read(GAINED, "13").raw == Raw(("1", "3"))
    assert read(GROUP, "2").raw == Raw(("ngo",))
    assert read(EXTENT_SCALE, "dk").raw == Raw(missing=DK)


def test_the_respondents_own_language_decides_what_a_beginning_is() -> None:
    assert read(EXTENT_SCALE, "tout", "fr").value == 5
    with pytest.raises(Unreadable):
        read(EXTENT_SCALE, "tout", "en")
    assert read(EXTENT_SCALE, "mostly", "fr").value == 4, "a whole label counts in every language"
    with pytest.raises(Unreadable):
        read(EXTENT_SCALE, "en", "fr")


def test_short_labels_for_texts_count_as_well() -> None:
    asked = question("scale", choices={1: "No progress at all", 2: "Full"}, sms=SmsWording(None, {1: words("Stuck")}))
    assert read(asked, "stuck").value == 1
    assert read(asked, "no progress at all").value == 1


def test_a_label_wins_over_a_way_out_of_the_same_letters() -> None:
    sizes = question("select_one", choices={1: "S", 2: "M", 3: "L"})
    assert read(sizes, "s").value == 1


def test_yes_confirms_the_suggestion_only_where_one_was_made() -> None:
    assert read(EXTENT_SCALE, "yes", suggested="4").value == 4
    assert read(EXTENT_SCALE, "2", suggested="4").value == 2
    with pytest.raises(Unreadable):
        read(EXTENT_SCALE, "yes", suggested="9")
    assert read(PERMISSION, "yes", suggested="2").value == 1


def test_a_refused_answer_brings_its_reason_along() -> None:
    with pytest.raises(Unreadable) as caught:
        read(PEOPLE, "501")
    assert caught.value.reason == "Please give a number from 0 to 500."
    with pytest.raises(Unreadable) as caught:
        read(GOALS, "1 2 3 4", "fr")
    assert caught.value.reason == "Veuillez choisir au plus 3 réponses."


def test_a_constraint_is_checked_as_on_the_web() -> None:
    even = question("integer", constraint=". mod 2 = 0", constraint_message="Even numbers only.")
    assert read(even, "4").value == 4
    with pytest.raises(Unreadable) as caught:
        read(even, "5")
    assert caught.value.reason == "Even numbers only."
    assert read(even, "skip").value is SKIP


def test_a_closed_choice_cannot_be_chosen() -> None:
    first = question("select_one", "a", choices=YES_NO)
    offered = choices({1: "One", 2: "Two", 3: "Three"}, show_if={2: "${a} = 1"})
    second = question("select_one", "b", choices=offered)
    course = interview(first, second, answers={"a": 2})
    with pytest.raises(Unreadable):
        read_reply(course, second, "2", "en")
    assert read_reply(course.with_answers({"a": 1}), second, "2", "en").value == 2


@pytest.mark.parametrize("asked", [EXTENT_SCALE, OFTEN, COMPARED, LIKELY, PERMISSION, CONSENT, GAINED, GOALS, MEETINGS])
@given(text=st.text(max_size=30) | st.text("0123456789 ,.-/", max_size=8))
def test_no_text_breaks_the_reader(asked, text: str) -> None:
    try:
        reading = read(asked, text)
    except Unreadable as error:
        assert error.suggestion is None or error.suggestion.isdigit()
    else:
        assert reading.value is not None


@given(st.sampled_from(sorted(EXTENT)), st.sampled_from(("not ", "no ", "never ", "n't ", "hardly ")))
def test_a_negated_label_is_never_that_label(code: int, negation: str) -> None:
    try:
        value = read(EXTENT_SCALE, negation + EXTENT[code]).value
    except Unreadable as error:
        assert error.suggestion != str(code) or negation == "n't "
    else:
        assert value != code or EXTENT[code].startswith(negation.strip())


def test_no_reserved_word_is_a_word_for_yes_or_no() -> None:
    assert {"STOP", "HELP", "START", "BACK", "WEB", "SKIP"} <= RESERVED_WORDS
    for word in RESERVED_WORDS - {"SKIP"}:
        with pytest.raises(Unreadable):
            read(CONSENT, word)


def test_folding_makes_ways_of_writing_alike() -> None:
    assert fold("  Tout À   fait! ") == fold("tout a fait") == "tout a fait"
    assert fold("Don’t") == fold("dont")
    assert fold("أَرْبَعَة") == fold("أربعة")
