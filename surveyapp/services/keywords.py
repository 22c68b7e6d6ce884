"""The words that are obeyed, not answered: read only where they are the whole message."""

from __future__ import annotations

import re
import unicodedata

from forms.sms.vocabulary import fold

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "REMOVE", "ARRET"}
    | {"BASTA", "PARAR", "CANCELAR", "ACHA", "SIMAMISHA", "توقف", "قف", "ايقاف"}
)
"""What carriers obey (Twilio, AWS, Braze; US rule of April 2025), and what people say in French, Spanish, Swahili and
Arabic. Spanish ALTO and BAJA are left out: they also mean "high" and "low", and so may be answers."""
START_WORDS = frozenset({"START", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
BACK, WEB = "BACK", "WEB"

# Words of our own in other languages. They are no reserved words, so a free text may be one: see `read_command`.
TRANSLATED = {
    **dict.fromkeys(("AIDE", "AYUDA", "MSAADA", "مساعدة"), "HELP"),
    **dict.fromkeys(("RETOUR", "VOLVER", "ATRAS", "RUDI", "رجوع", "السابق"), BACK),
}

_LANGUAGE = re.compile(r"\s*(?:lang|language|langue|idioma|lugha|لغة|اللغة)[\s:=]+([\w-]{2,30})[\s.!]*", re.IGNORECASE)


def read_word(text: str) -> str:
    """Give a message as one word: capital letters and digits, without accents, spaces, signs and pictures.

    `" s.t.o.p! "` -> `STOP`; `"Arrêt"` -> `ARRET`; `"opt out"` -> `OPTOUT`.
    """
    if len(text) > 80:
        return ""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(character for character in plain if character.isalnum())


def read_command(word: str, *, free_text: bool = False) -> str | None:
    """Give the command that a message (as one word) is: `HELP`, `BACK`, `WEB`, or none.

    `free_text`: the open question takes any words, so only the reserved words are commands.
    """
    if not free_text:
        word = TRANSLATED.get(word, word)
    if word in HELP_WORDS:
        return "HELP"
    return word if word in (BACK, WEB) else None


def read_language_wish(text: str) -> str | None:
    """Give the language asked for by `LANG xx`, folded, or nothing."""
    match = _LANGUAGE.fullmatch(text)
    return fold(match[1]) if match else None
