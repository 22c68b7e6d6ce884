"""The partnership feedback survey, word for word where words are promised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forms.checks import check_definition
from forms.definition import SMS, WEB, Definition, Question
from forms.interview import CONSENT_YES, Interview
from forms.loading import load_definition
from forms.question_types import find_type
from forms.sms.prompts import build_prompt
from forms.sms.replies import Unreadable, read_reply
from forms.sms.segments import count_segments
from forms.values import Missing
from forms.wording import words
from surveyapp.services.groups import find_given, find_group_labels

PATH = Path(__file__).parents[2] / "survey_definitions" / "partnership_feedback.json"
LANGUAGES = ["en", "fr", "es", "sw", "ar"]
PARTNERSHIP = "Twenty letters wide!"
EXTENT = "1=Not at all 2=A little 3=Partly 4=Mostly 5=Fully D=Don't know"
FREQUENCY = "1=Never 2=Rarely 3=Sometimes 4=Often 5=Always D=Don't know"

YES_NO_WORDS = {
    "en": {1: "YES", 2: "NO"},
    "fr": {1: "OUI", 2: "NON"},
    "es": {1: "SI", 2: "NO"},
    "sw": {1: "NDIYO", 2: "HAPANA"},
    "ar": {1: "نعم", 2: "لا"},
}

SAID = [
    ("es", "pf01", "en parte, gracias", 3),
    ("es", "pf01", "En gran parte", 4),
    ("es", "pf15", "Más", 4),
    ("es", "pf15", "mucho más", 5),
    ("es", "pf17", "sí", 1),
    ("sw", "pf01", "kwa sehemu", 3),
    ("sw", "pf01", "kabisa", 5),
    ("sw", "pf15", "Pungufu sana, asante", 1),
    ("sw", "pf15", "zaidi", 4),
    ("sw", "pf17", "ndio", 1),
    ("ar", "pf01", "تمامًا", 5),
    ("ar", "pf01", "قليلاً شكرا", 2),
    ("ar", "pf13", "أحيانًا", 3),
    ("ar", "pf17", "نعم", 1),
    ("ar", "pf17", "لا", 2),
]
UNCLEAR = [
    ("es", "pf01", "no del todo"),
    ("es", "pf01", "ni un poco"),
    ("es", "pf01", "no en gran parte"),
    ("es", "pf01", "en"),
    ("es", "pf13", "no siempre"),
    ("es", "pf15", "mucho"),
    ("sw", "pf01", "sio kabisa"),
    ("sw", "pf01", "si kidogo"),
    ("sw", "pf01", "hata kidogo"),
    ("sw", "pf01", "kwa"),
    ("sw", "pf13", "si mara nyingi"),
    ("sw", "pf13", "mara"),
    ("ar", "pf01", "ليس تماما"),
    ("ar", "pf01", "ليس كثيرا"),
    ("ar", "pf01", "نوعا ما"),
    ("ar", "pf01", "لا"),
    ("ar", "pf13", "ليس دائما"),
    ("ar", "pf15", "أقل قليلا"),
]

FIRST_CONVERSATION = {
    "pfc": f"Hi, {PARTNERSHIP} wants your view. 9 short questions, normal SMS cost, confidential. "
    "Reply YES to start, NO to decline, STOP to end all texts.",
    "pf01": f"Are the shared goals of the partnership clear to you? {EXTENT}",
    "pf02": f"Do partners share information and decisions openly with you? {EXTENT}",
    "pf03": f"Does your group or community get real benefit from the partnership? {EXTENT}",
    "pf04": f"Does local people's knowledge shape what the partnership does? {EXTENT}",
    "pf05": f"Is it clear who in the partnership is responsible for what? {EXTENT}",
    "pf06": f"If outside support stopped, would the good results carry on? {EXTENT}",
    "pf07": "How likely are you to recommend working with this partnership? 0=Not at all 10=Extremely D=Don't know",
    "pf08": "What ONE change would most improve the partnership? Reply in your own words, or S to skip.",
    "pf17": "May we tell you what was done with the answers? 1=Yes 2=No",
    "pf00": "Which group are you? 1=Community 2=Government 3=Business 4=NGO/charity 5=School/university "
    "6=Donor 7=Other",
}
FOLLOW_UP = {
    "pf09": f"Are the right groups taking part (community, govt, business, NGO, schools)? {EXTENT}",
    "pf10": f"Are there enough money, people and materials for the planned work? {EXTENT}",
    "pf11": f"When people give feedback, does something change because of it? {EXTENT}",
    "pf12": f"When local needs change, does the partnership change its plans? {EXTENT}",
    "pf13": f"How often do disagreements between partners stay unresolved? {FREQUENCY}",
    "pf14": f"Could you raise a problem without it being held against you? {EXTENT}",
    "pf15": "What you get out, compared with what you put in, is: "
    "1=Much less 2=Less 3=About fair 4=More 5=Much more D=Don't know",
    "pf16": "What did your group gain? Reply all numbers: 1=Money 2=Skills 3=Materials 4=Contacts "
    "5=Services 6=Recognition 7=Say in decisions 0=None",
}

DOMAIN_OF = {
    "pf01": "GOAL",
    "pf02": "TRST",
    "pf03": "MUTB",
    "pf04": "LOCL",
    "pf05": "ROLE",
    "pf06": "EXIT",
    "pf09": "DIVR",
    "pf10": "RSRC",
    "pf11": "MEVL",
    "pf12": "ADPT",
    "pf13": "ROLE",
    "pf14": "TRST",
    "pf15": "MUTB",
}


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition(PATH.read_bytes(), PATH.name)


@pytest.fixture(scope="module")
def agreed(definition: Definition) -> Interview:
    """An interview that nobody has answered but for the consent, asked in the longest name there is room for."""
    assert len(PARTNERSHIP) == definition.parameters[0].max_length
    return Interview(definition, {"pfc": CONSENT_YES}, today=date(2026, 3, 2), parameters={"partnership": PARTNERSHIP})


def ask(interview: Interview, question_id: str, language: str, *, counter: bool) -> str:
    question: Question = interview.definition.questions[question_id]
    return build_prompt(interview, question, language, counter=counter)


def test_the_checker_warns_of_nothing_in_it(definition):
    assert [finding for finding in check_definition(definition) if finding.level == "warning"] == []


def test_every_text_of_it_stands_in_every_language(definition):
    def find_untranslated(node, path="$"):
        if isinstance(node, dict):
            if "en" in node and (list(node) != LANGUAGES or not all(node.values())):
                yield path
            for key, child in node.items():
                yield from find_untranslated(child, f"{path}.{key}")
        elif isinstance(node, list):
            for position, child in enumerate(node):
                yield from find_untranslated(child, f"{path}[{position}]")

    import json

    assert list(find_untranslated(json.loads(PATH.read_bytes()))) == []
    assert list(definition.languages) == LANGUAGES


@pytest.mark.parametrize(("question_id", "text"), (FIRST_CONVERSATION | FOLLOW_UP).items())
def test_english_texts_are_sent_word_for_word(agreed, question_id, text):
    assert ask(agreed, question_id, "en", counter=False) == text


@pytest.mark.parametrize("question_id", FIRST_CONVERSATION | FOLLOW_UP)
@pytest.mark.parametrize("language", ["en", "fr", "es", "sw"])
def test_each_text_with_its_counter_fits_one_plain_segment(agreed, question_id, language):
    text = ask(agreed, question_id, language, counter=True)
    segments = count_segments(text)
    assert (segments.segments, segments.forced_by) == (1, None), text


@pytest.mark.parametrize("question_id", FIRST_CONVERSATION | FOLLOW_UP)
def test_each_arabic_text_with_its_counter_takes_two_segments_at_most(agreed, question_id):
    """Arabic letters have room for 70 in one segment: the choices alone fill 53."""
    text = ask(agreed, question_id, "ar", counter=True)
    assert count_segments(text).segments <= (1 if question_id in ("pf07", "pf08", "pf17") else 2), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_text_lists_is_read_as_the_choice_it_names(agreed, language):
    """By its whole label, by its code and label, and by the words for "don't know", in the respondent's language."""
    for question in agreed.definition.questions.values():
        if SMS not in question.channels or question.type in ("consent", "text"):
            continue
        for value, label in find_type(question.type).text_choices(question, language):
            for text in (label, f"{value}={label}", f"{value} {label}"):
                read = read_reply(agreed, question, text, language).value
                assert read in (value, (value,)), (question.id, text)
        if question.dont_know:
            dont_know = words(language).gettext("Don't know")
            assert read_reply(agreed, question, dont_know, language).value is Missing.DONT_KNOW


@pytest.mark.parametrize(("language", "question_id", "text", "value"), SAID)
def test_what_people_say_beside_a_label_changes_nothing(agreed, language, question_id, text, value):
    assert read_reply(agreed, agreed.definition.questions[question_id], text, language).value == value


@pytest.mark.parametrize(("language", "question_id", "text"), UNCLEAR)
def test_what_is_no_clear_choice_is_asked_again(agreed, language, question_id, text):
    with pytest.raises(Unreadable):
        read_reply(agreed, agreed.definition.questions[question_id], text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_of_the_first_text_are_understood(agreed, language):
    consent = agreed.definition.questions["pfc"]
    text = ask(agreed, "pfc", language, counter=False)
    for value, word in YES_NO_WORDS[language].items():
        assert word in text
        assert read_reply(agreed, consent, word, language).value == value


def test_the_first_conversation_asks_the_core_then_permission_then_the_group(agreed):
    asked = [question.id for question in agreed.questions_in(SMS)]
    assert asked == ["pfc", *(f"pf0{n}" for n in range(1, 9)), "pf17", "pf00"]
    assert {question.id for question in agreed.questions_in(SMS, part=2)} == set(FOLLOW_UP)


def test_the_web_asks_everything(agreed):
    assert {question.id for question in agreed.questions_in(WEB)} == set(FIRST_CONVERSATION | FOLLOW_UP)


def test_a_known_group_is_never_asked_and_its_page_is_not_shown(agreed):
    group, given = find_given(agreed.definition, "NGO")
    assert (group, given) == ("ngo_charity", {"pf00": 4})
    known = Interview(agreed.definition, agreed.answers, agreed.today, given=given)
    assert "pf00" not in {question.id for question in known.questions_in(SMS)}
    assert [section.id for section in known.sections] == ["consent", "goals", "outlook", "means", "change", "gains"]


def test_the_groups_are_the_seven_sectors(definition):
    assert list(find_group_labels(definition)) == [
        "community",
        "government",
        "business",
        "ngo_charity",
        "school_university",
        "donor",
        "other",
    ]


def test_each_scored_question_counts_towards_its_domain(definition):
    scored = {q.id: q.score.domain for q in definition.questions.values() if q.score}
    assert scored == DOMAIN_OF
    assert all(q.score.weight == 1 for q in definition.questions.values() if q.score)
    assert {q.id for q in definition.questions.values() if q.score and q.score.core} == {f"pf0{n}" for n in range(1, 7)}


def test_only_unresolved_disagreement_is_reversed_and_only_a_fair_share_has_points_of_its_own(definition):
    assert [q.id for q in definition.questions.values() if q.score and q.score.reverse] == ["pf13"]
    mapped = {q.id: dict(q.score.map) for q in definition.questions.values() if q.score and q.score.map}
    assert mapped == {"pf15": {1: 0, 2: 50, 3: 100, 4: 100, 5: 100}}


def test_dont_know_and_not_applicable_stand_where_they_can_be_true(definition):
    questions = definition.questions.values()
    assert {q.id for q in questions if q.dont_know} == {*DOMAIN_OF, "pf07", "pf16"}
    assert {q.id for q in questions if q.not_applicable} == set(DOMAIN_OF)


def test_nobody_is_made_to_write_or_to_say_which_group_they_are(definition):
    assert [q.id for q in definition.questions.values() if not q.required] == ["pf08", "pf00"]


def test_no_gain_at_all_excludes_every_other_gain(definition):
    assert [choice.value for choice in definition.questions["pf16"].choices if choice.exclusive] == [0]


def test_the_scorecard_has_ten_domains_and_the_stated_rules(definition):
    scorecard = definition.scorecard
    assert [domain.id for domain in scorecard.domains] == [
        "GOAL", "TRST", "DIVR", "MUTB", "LOCL", "ROLE", "RSRC", "MEVL", "ADPT", "EXIT",
    ]  # fmt: skip
    assert (scorecard.source, scorecard.group_by, scorecard.k, scorecard.min_share) == ("voice", "pf00", 5, 0.5)
    assert scorecard.essential == ("pf02", "pf03", "pf07")
    assert scorecard.bands == ((0, "Fragile"), (40, "Emerging"), (60, "Established"), (80, "Sustained"))


def test_french_on_the_web_keeps_its_typography(definition):
    """A narrow no-break space before ? and !, a no-break space before : and inside «», no straight apostrophe."""
    texts = [t.by_language["fr"] for q in definition.questions.values() for t in (q.label, q.hint) if t]
    texts += [definition.introduction.by_language["fr"]]
    for text in texts:
        assert "'" not in text
        assert " ?" not in text
        assert " :" not in text
        assert "« " not in text
