"""Where a text may be cut: between what people see as single characters, as Twilio's calculator splits them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Unicode 10's rules (UAX 29), which is what Twilio's calculator goes by; later versions join a few more emoji.
_ZWJ = "\u200d"
_EXTENDING = frozenset("\u200c\u200d\uff9e\uff9f\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57")
_SPACING = frozenset("\u0e33\u0eb3")
_STANDING = frozenset("\u102b\u102c\u1038")
"""Spacing marks that begin a character of their own (Myanmar's AA and visarga)."""
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\u0d4e")
_FAMILY = frozenset("👦👧👨👩")
_GLUED = _FAMILY | frozenset("♀♂⚕⚖✈❤🌈🌾🍳🎓🎤🎨🏫🏭💋💻💼🔧🔬🗨🚀🚒")
"""What joins to the character before a zero width joiner."""
_TINTED = _FAMILY | frozenset("☝⛹✊✋✌✍🎅🏂🏃🏄🏇🏊🏋🏌👂👃👆👇👈👉👊👋👌👍👎👏👐👮👰👱👲👳👴👵👶👷👸👼")
_TINTED |= frozenset("💁💂💃💅💆💇💪🕴🕵🕺🖐🖕🖖")
_TINTED |= frozenset("🙅🙆🙇🙋🙌🙍🙎🙏🚣🚴🚵🚶🛀🛌🤘🤙🤚🤛🤜🤞🤟🤦🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤽🤾🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜🧝")
"""What takes a skin tone."""


def split_graphemes(text: str) -> Iterator[str]:
    """Give the text in pieces that are never cut: marks with their letters, joined emoji, flags, Hangul syllables."""
    piece = ""
    for character in text:
        if piece and not _joins(piece, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _joins(piece: str, character: str) -> bool:
    """Say whether a character belongs to the piece before it."""
    last = piece[-1]
    if _is_control(last) or _is_control(character):
        return False
    if _is_mark(character) or last in _PREPENDED:
        return True
    if "🏻" <= character <= "🏿":
        return next((c for c in reversed(piece) if not _extends(c)), "") in _TINTED
    if last == _ZWJ:
        return character in _GLUED
    if _is_flag(last) and _is_flag(character):
        return len(piece) % 2 == 1
    return _joins_syllable(_find_jamo(last), _find_jamo(character))


def _is_control(character: str) -> bool:
    if character in _EXTENDING or character in _PREPENDED:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _is_mark(character: str) -> bool:
    if _extends(character) or character in _SPACING:
        return True
    return unicodedata.category(character) == "Mc" and character not in _STANDING


def _extends(character: str) -> bool:
    return character in _EXTENDING or unicodedata.category(character) in ("Mn", "Me")


def _is_flag(character: str) -> bool:
    return "🇦" <= character <= "🇿"


def _find_jamo(character: str) -> str:
    """Give what part of a Hangul syllable it is: `L`, `V`, `T`, `LV`, `LVT`, or nothing."""
    if "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c":
        return "L"
    if "\u1160" <= character <= "\u11a7" or "\ud7b0" <= character <= "\ud7c6":
        return "V"
    if "\u11a8" <= character <= "\u11ff" or "\ud7cb" <= character <= "\ud7fb":
        return "T"
    if "\uac00" <= character <= "\ud7a3":
        return "LVT" if (ord(character) - 0xAC00) % 28 else "LV"
    return ""


def _joins_syllable(before: str, after: str) -> bool:
    if before == "L":
        return after in ("L", "V", "LV", "LVT")
    if before in ("V", "LV"):
        return after in ("V", "T")
    return before in ("T", "LVT") and after == "T"
