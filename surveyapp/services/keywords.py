"""The words that are obeyed, not answered: read only where they are the whole message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from forms.sms.vocabulary import ARTICLES, NEGATIONS, POLITE, STOP_WORDS, fold

__all__ = ["BACK", "HELP_WORDS", "START_WORDS", "STOP_WORDS", "WEB", "find_language", "read_command", "read_word"]

START_WORDS = frozenset({"START", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
BACK, WEB = "BACK", "WEB"

# Words of our own in other languages. They are no reserved words, so a free text may be one: see `read_command`.
TRANSLATED = {
    **dict.fromkeys(("AIDE", "AYUDA", "MSAADA", "USAIDIZI", "مساعدة", "مساعده"), "HELP"),
    **dict.fromkeys(("RETOUR", "PRECEDENT", "VOLVER", "ATRAS", "ANTERIOR", "RUDI", "NYUMA", "رجوع", "السابق"), BACK),
    **dict.fromkeys(("SITE", "INTERNET", "ENLINEA", "TOVUTI", "MTANDAO", "ويب", "موقع", "الموقع"), WEB),
    **dict.fromkeys(("REPRENDRE", "COMMENCER", "EMPEZAR", "INICIAR", "REANUDAR", "ANZA", "ENDELEA"), "START"),
    **dict.fromkeys(("ابدا", "استئناف"), "START"),
}

_LANGUAGE = re.compile(r"\s*(?:lang|language|langue|idioma|lugha|لغة|لغه|اللغة)[\s:=]+(\w[\w -]{1,30})[\s.!]*", re.I)

# Said of texts, contact or a list: folded, each pair in one language.
_ENDING = re.compile(
    r"\b(?:stop|quit|cease|unsubscribe|remove|no more|dont|do not|leave me"
    r"|arretez?|cessez?|desabonn|desinscri|plus de|ne \w+ plus|ne plus|retire[zr]"
    r"|par[ae]n? de|dej[ae]n? de|no me|no mas|basta|de baja|borr[ae]|elimin|quit[ae]"
    r"|acha|msini|usini|msinitumie|usinitumie|simamish|ondoa|futa|sitaki"
    r"|توقف|اوقف|وقف|كف|لا ترسل|لا تراسل|الغ|احذف|ازال)"
)
_TEXTING = re.compile(
    r"\b(?:text(?:s|ing)?\b|messag|sms\b|contact(?:ing)? me|spam|bother|my number|me alone|(?:the|your|this) list\b"
    r"|sending me|writing to me|textos?\b|m?envoy|m?ecri[vr]|mon numero|la liste\b|me deranger"
    r"|mensaj|escrib|mand[ae]|envi[ae]|mi numero|la lista\b|molest"
    r"|meseji|ujumbe|jumbe|kunitumi|kutuma|\w*nitumie|namba yangu|orodha"
    r"|(?:ال)?رسال|(?:ال)?رسايل|ارسال|مراسلتي|تراسل|رقمي|القائمه)"
)
_GOING_ON = re.compile(r"\b(?:dont|do not|never|ne|no|لا) (?:stop|quit|cease|remove|arretez|pare|توقف)")
_NEARLY_STOP = frozenset({"ARRETE", "ARRETEZ", "PARE", "PAREN", "ACHENI", "توقفوا", "اوقفوا", "STOPIT", "UNSUSCRIBE"})
_EMPHASIS = frozenset({"now", "it", "this", "all", "ok", "maintenant", "tout", "ya", "todo", "sasa", "الان", "me", "i"})
LONGEST_WISH = 120
"""A wish to be left alone is short; what is longer is a story, and may well be an answer."""


def read_word(text: str) -> str:
    """Give a message as one word: capital letters and digits, without accents, spaces, signs and pictures.

    `" s.t.o.p! "` -> `STOP`; `"Arrêt"` -> `ARRET`; `"opt out"` -> `OPTOUT`.
    """
    if len(text) > 80:
        return ""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(character for character in plain if character.isalnum())


def read_command(word: str, *, free_text: bool = False) -> str | None:
    """Give the command that a message (as one word) is: `HELP`, `BACK`, `WEB`, `START`, or none.

    `free_text`: the open question takes any words, so only the reserved words are commands.
    """
    if not free_text:
        word = TRANSLATED.get(word, word)
    if word in HELP_WORDS:
        return "HELP"
    if word in START_WORDS:
        return "START"
    return word if word in (BACK, WEB) else None


def find_language(text: str, languages: Mapping[str, str]) -> str | None:
    """Give the language that `LANG xx` asks for, by code or by its name in its own words or in English.

    An empty string where the message asks for a language that is not among these; nothing where it asks for none.
    """
    match = _LANGUAGE.fullmatch(text)
    if match is None:
        return None
    wish = fold(match[1])
    for code, name in languages.items():
        if wish == fold(code) or (len(wish) > 1 and any(fold(n).startswith(wish) for n in (name, _name(code)))):
            return code
    return ""


def _name(code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("-", "_")).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def wants_peace(text: str) -> bool:
    """Whether a message that is no STOP seems to ask for one (`please stop texting me`); a person decides that."""
    if len(text) > LONGEST_WISH:
        return False
    folded = fold(text)
    words = folded.split()
    said = [word for word in words if word not in POLITE | ARTICLES | _EMPHASIS]
    if (
        said
        and read_word(text) not in STOP_WORDS
        and all(read_word(word) in STOP_WORDS | _NEARLY_STOP for word in said)
    ):
        return not NEGATIONS & set(words)
    return bool(not _GOING_ON.search(folded) and _ENDING.search(folded) and _TEXTING.search(folded))
