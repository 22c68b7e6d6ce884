from __future__ import annotations

import pytest

from forms.sms.replies import RESERVED_WORDS
from forms.sms.vocabulary import SKIP, fold
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
from surveyapp.services.texts import say_help


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "s.t.o.p!", "STOP 🙏", "ＳＴＯＰ", "«stop»"])
def test_stop_is_read_in_any_case_with_any_signs_around_it(text):
    assert read_word(text) in STOP_WORDS


@pytest.mark.parametrize("text", ["opt out", "Opt-Out", "Arrêt", "arret", "stop all", "REMOVE", "unsubscribe"])
def test_the_kin_of_stop_count_as_stop(text):
    assert read_word(text) in STOP_WORDS


@pytest.mark.parametrize(
    "text",
    ["Basta", "¡BASTA!", "parar", "cancelar", "Acha", "simamisha.", "توقف", "قف!", "إيقاف", "ايقاف", "توقّف"],
)
def test_stop_is_understood_in_spanish_swahili_and_arabic(text):
    assert read_word(text) in STOP_WORDS


@pytest.mark.parametrize(
    "text", ["Alto", "baja", "basta de basura", "acha kutupa taka", "توقف الدعم", "no", "hapana", "لا"]
)
def test_what_may_be_an_answer_is_no_stop(text):
    assert read_word(text) not in STOP_WORDS


@pytest.mark.parametrize("text", ["please stop the dumping", "stop it now please", "the end of waste", "stoppage", "1"])
def test_only_a_whole_message_is_obeyed(text):
    assert read_word(text) not in STOP_WORDS


def test_every_word_that_is_obeyed_is_reserved():
    assert STOP_WORDS | START_WORDS | HELP_WORDS | {BACK, WEB} <= RESERVED_WORDS


def test_a_long_message_is_never_one_word():
    assert read_word("stop" + " " * 200) == ""


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("help", "HELP"),
        ("info", "HELP"),
        ("aide", "HELP"),
        ("Ayuda", "HELP"),
        ("msaada", "HELP"),
        ("مساعدة", "HELP"),
        ("retour", "BACK"),
        ("volver", "BACK"),
        ("atrás", "BACK"),
        ("rudi", "BACK"),
        ("رجوع", "BACK"),
    ],
)
def test_commands_have_kin_in_every_language(text, command):
    word = read_word(text)
    assert read_command(word) == command
    assert (read_command(word, free_text=True) is None) == (word not in RESERVED_WORDS)


@pytest.mark.parametrize("language", ["en", "fr", "es", "sw", "ar"])
def test_the_words_that_help_tells_are_obeyed(language):
    told = [part.split()[-1] for part in say_help(language, "River Valley").split("=")[:-1]]
    back, skip, web, stop = told
    assert read_command(read_word(back)) == "BACK"
    assert fold(skip) in SKIP
    assert read_command(web) == "WEB"
    assert stop in STOP_WORDS


def test_a_free_text_may_be_a_word_that_is_not_reserved():
    assert read_command("AIDE", free_text=True) is None
    assert read_command("HELP", free_text=True) == "HELP"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("LANG fr", "fr"),
        ("lang: FR.", "fr"),
        ("Langue Français", "francais"),
        ("idioma: español", "espanol"),
        ("Lugha SW", "sw"),
        ("لغة العربية", "العربية"),
        ("language", None),
    ],
)
def test_a_language_is_asked_for_by_code_or_by_name(text, wish):
    assert read_language_wish(text) == wish
