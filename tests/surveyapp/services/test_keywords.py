from __future__ import annotations

import pytest

from forms.sms.replies import RESERVED_WORDS
from surveyapp.services.keywords import (
    BACK,
    HELP_WORDS,
    START_WORDS,
    STOP_WORDS,
    WEB,
    read_command,
    read_language_wish,
    read_word,
)


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "s.t.o.p!", "STOP 🙏", "ＳＴＯＰ", "«stop»"])
def test_stop_is_read_in_any_case_with_any_signs_around_it(text):
    assert read_word(text) in STOP_WORDS


@pytest.mark.parametrize("text", ["opt out", "Opt-Out", "Arrêt", "arret", "stop all", "REMOVE", "unsubscribe"])
def test_the_kin_of_stop_count_as_stop(text):
    assert read_word(text) in STOP_WORDS


@pytest.mark.parametrize("text", ["please stop the dumping", "stop it now please", "the end of waste", "stoppage", "1"])
def test_only_a_whole_message_is_obeyed(text):
    assert read_word(text) not in STOP_WORDS


def test_every_word_that_is_obeyed_is_reserved():
    assert STOP_WORDS | START_WORDS | HELP_WORDS | {BACK, WEB} <= RESERVED_WORDS


def test_a_long_message_is_never_one_word():
    assert read_word("stop" + " " * 200) == ""


@pytest.mark.parametrize(
    ("word", "command"), [("HELP", "HELP"), ("INFO", "HELP"), ("AIDE", "HELP"), ("RETOUR", "BACK")]
)
def test_commands_have_kin_in_english_and_french(word, command):
    assert read_command(word) == command


def test_a_free_text_may_be_a_word_that_is_not_reserved():
    assert read_command("AIDE", free_text=True) is None
    assert read_command("HELP", free_text=True) == "HELP"


@pytest.mark.parametrize(
    ("text", "wish"), [("LANG fr", "fr"), ("lang: FR.", "fr"), ("Langue Français", "francais"), ("language", None)]
)
def test_a_language_is_asked_for_by_code_or_by_name(text, wish):
    assert read_language_wish(text) == wish
