"""The words that carriers or we obey when somebody texts them: no choice may be called so, in any language."""

from __future__ import annotations

import unicodedata

from forms.sms.vocabulary import RESERVED_WORDS

_LONGEST = 24


def find_reserved_word(label: str) -> str | None:
    """Give the reserved word that a label is, whatever its capitals, accents, spaces and punctuation, or nothing."""
    if len(label) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKD", label).upper()
    word = "".join(character for character in plain if character.isalnum())
    return word if word in RESERVED_WORDS else None
