"""Our own words in the respondent's language: gettext catalogues, English sentences as msgids."""

from __future__ import annotations

import re
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path

from forms.definition import Text

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "surveyapp"
SOURCE_LANGUAGE = "en"

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


@lru_cache(maxsize=64)
def words(language: str) -> NullTranslations:
    """Give the catalogue of a language (`fr-CA` is served by `fr`); English where there is none.

    Its `gettext(msgid)` and `ngettext(msgid, plural, n)` give the sentence; `%(name)s` is filled by the caller.
    """
    if not _LANGUAGE.fullmatch(language):
        return NullTranslations()
    return translation(DOMAIN, str(LOCALE), [language.replace("-", "_")], fallback=True)


def msgid(sentence: str) -> str:
    """Mark a sentence for the catalogue where it stands; it is translated where it is said."""
    return sentence


@lru_cache(maxsize=1)
def list_languages() -> tuple[str, ...]:
    """Give the languages that have a catalogue, English first."""
    found = sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE_LANGUAGE, *found)


def build_text(sentence: str, form: str = "%s") -> Text:
    """Give a sentence of ours as a definition's text, in every language that we speak, set into `form`."""
    return Text({language: form % words(language).gettext(sentence) for language in list_languages()}, SOURCE_LANGUAGE)
