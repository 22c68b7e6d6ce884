"""Our own words in the respondent's language."""

from __future__ import annotations

import pytest

from forms.wording import build_text, list_languages, words


@pytest.mark.parametrize("language", ["fr", "fr-CA", "fr_FR"])
def test_a_regional_language_is_served_by_its_base(language: str) -> None:
    assert words(language).gettext("Please choose an answer.") == "Veuillez choisir une réponse."


@pytest.mark.parametrize("language", ["en", "xx", "", "../../fr", "fr/../fr", "x" * 300])
def test_a_language_without_a_catalogue_is_served_in_english(language: str) -> None:
    assert words(language).gettext("Please choose an answer.") == "Please choose an answer."


def test_our_sentences_make_texts_in_every_language() -> None:
    assert list_languages() == ("en", "ar", "es", "fr", "sw")
    text = build_text("Yes", "1 %s")
    assert text.in_("fr") == "1 Oui"
    assert text.in_("ar") == "1 نعم"
    assert text.in_("xx") == "1 Yes"
