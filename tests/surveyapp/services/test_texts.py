from __future__ import annotations

import pytest

from forms.sms.segments import count_segments
from surveyapp.services import texts

LINK = "https://survey.example.org/a/" + "a" * 26
FIVE = {"en": "English", "fr": "Français", "es": "Español", "sw": "Kiswahili", "ar": "العربية"}
LONG_NAME = "The River Valley Community Partnership for Water"


def build_all(language: str) -> list[str]:
    return [
        texts.say_stopped(language),
        texts.say_texts_on(language),
        texts.say_welcome_back(language),
        texts.say_help(language, None),
        texts.say_help(language, LONG_NAME),
        texts.ask_consent(language, LONG_NAME, 12, confidential=True),
        texts.ask_consent(language, LONG_NAME, 12, confidential=False),
        texts.say_declined(language),
        texts.say_thanks(language, "7KQ2-M9XD", None),
        texts.say_already_finished(language, "7KQ2-M9XD"),
        texts.say_already_declined(language),
        texts.say_closed(language),
        texts.say_not_open_yet(language),
        texts.say_unknown(language),
        texts.say_comes_next(language),
        texts.say_which(language, [LONG_NAME, "Another long name of a partnership"]),
        texts.say_how_to_stop(language),
        texts.say_phone_is_taken(language),
        texts.say_web_link(language, LINK),
        texts.say_rest_is_on_the_web(language, LINK),
        texts.say_languages(language, {"en": "English", "fr": "Français"}),
        texts.say_languages(language, FIVE),
    ]


@pytest.mark.parametrize("language", ["en", "fr", "es", "sw"])
def test_every_sentence_of_ours_costs_one_segment(language):
    for sentence in build_all(language):
        cost = count_segments(sentence)
        assert (cost.segments, cost.forced_by) == (1, None), sentence


def test_arabic_sentences_cost_one_segment_but_for_those_that_explain_everything():
    """One segment has room for 70 Arabic letters; these name who asks, and help and consent four words to reply."""
    dear = [sentence for sentence in build_all("ar") if count_segments(sentence).segments > 1]
    assert [count_segments(sentence).segments for sentence in dear] == [2, 2, 2, 2]
    assert all(LONG_NAME[:20] in sentence for sentence in dear)


@pytest.mark.parametrize("language", ["fr", "es", "sw", "ar"])
def test_every_sentence_of_ours_is_said_in_the_respondents_language(language):
    assert not set(build_all("en")) & set(build_all(language))


def test_the_closing_words_are_kept_where_one_segment_holds_them_and_the_reference():
    assert texts.say_thanks("en", "7KQ2-M9XD", "See you soon.") == "See you soon.\nYour reference: 7KQ2-M9XD"
    assert "received" in texts.say_thanks("en", "7KQ2-M9XD", "x" * 150)


def test_other_languages_are_offered_only_where_they_cost_nothing():
    languages = {"en": "English", "fr": "Français"}
    assert texts.add_languages("Begin?", "en", languages) == "Begin?\nFrancais: LANG FR"
    assert texts.add_languages("x" * 155, "en", languages) == "x" * 155


def test_languages_are_offered_by_name_or_else_all_by_code_or_else_the_first_ones():
    three = {"en": "English", "fr": "Français", "es": "Español"}
    assert texts.add_languages("Begin?", "fr", three) == "Begin?\nEnglish: LANG EN\nEspanol: LANG ES"
    assert texts.add_languages("x" * 140, "en", three) == "x" * 140 + "\nLANG FR/ES"
    assert texts.add_languages("Begin?", "en", FIVE) == "Begin?\nLANG FR/ES/SW/AR"
    assert texts.add_languages("نبدأ؟", "ar", FIVE) == "نبدأ؟\nLANG EN/FR/ES/SW"
    assert texts.add_languages("Begin?", "en", {"en": "English"}) == "Begin?"
