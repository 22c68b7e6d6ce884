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
    find_language,
    read_command,
    read_word,
    wants_peace,
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


FIVE = {"en": "English", "fr": "Français", "es": "Español", "sw": "Kiswahili", "ar": "العربية"}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("LANG fr", "fr"),
        ("lang: FR.", "fr"),
        ("Langue Français", "fr"),
        ("LANG french", "fr"),
        ("idioma: español", "es"),
        ("Lugha SW", "sw"),
        ("lang swahili", "sw"),
        ("لغة العربية", "ar"),
        ("LANG arabic", "ar"),
        ("lang de", ""),
        ("language", None),
        ("the language of the forms", None),
    ],
)
def test_a_language_is_asked_for_by_code_or_by_name(text, wish):
    assert find_language(text, FIVE) == wish


@pytest.mark.parametrize(
    "text",
    [
        "please stop texting",
        "Stop texting me!!",
        "STOP STOP",
        "stop please",
        "pls stop now",
        "Stop it",
        "don't text me again",
        "Do not contact me",
        "no more messages",
        "remove my number",
        "take me off, unsubscribe me from this list",
        "arrêtez de m'envoyer des messages",
        "Arrêtez s'il vous plaît",
        "ne m'écrivez plus",
        "plus de SMS svp",
        "deja de mandarme mensajes",
        "no me escriban más",
        "basta por favor",
        "acha kunitumia ujumbe",
        "msinitumie meseji",
        "sitaki meseji zenu",
        "لا ترسلوا لي رسائل",
        "أوقفوا الرسائل",
    ],
)
def test_a_wish_for_peace_in_other_words_is_one_for_a_person(text):
    assert read_word(text) not in STOP_WORDS
    assert wants_peace(text)


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "please stop the dumping",
        "stop the trucks from speeding",
        "do not stop",
        "don't stop texting us the results, it helps",
        "more text books for the school",
        "They never contact us",
        "arrêtez la pollution de la rivière",
        "para la escuela",
        "basta ya de basura",
        "mandar más personal",
        "acha kutupa taka",
        "أوقفوا رمي النفايات",
        "4",
        "mostly",
        "no",
        "",
    ],
)
def test_what_may_be_an_answer_is_no_wish_for_peace(text):
    assert not wants_peace(text)
