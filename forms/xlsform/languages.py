"""Languages as XLSForm names them, `French (fr)`, and their codes."""

from __future__ import annotations

import re
from functools import cache

from forms.loading.schemas import LANGUAGE

_WITH_CODE = re.compile(r"(.*?)\s*\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2})\s*\)")
_MARKS = re.compile(r"[${}:()]")
_OWN_NAMES = "fr es pt ar sw de it nl ru uk pl ro tr fa ur hi bn ne my th vi id ms km zh ja ko am so ha yo zu rw ln mg"
_FIRST_OF_OUR_OWN = "qaa"
"""ISO 639 keeps qaa to qtz for languages that have no code."""


def read_language(written: str) -> tuple[str, str] | None:
    """Give code and name of a language as a column or setting names it, or nothing where the code is unknown."""
    with_code = _WITH_CODE.fullmatch(written.strip())
    if with_code:
        code = _tidy(with_code[2])
        return (code, with_code[1] or code) if LANGUAGE.fullmatch(code) else None
    if LANGUAGE.fullmatch(written.strip()) and written.strip() in _names():
        code = written.strip()
        return code, _names()[code]
    code = _codes().get(written.strip().casefold(), "") or _find_short(written.strip())
    return (code, written.strip()) if code else None


def invent_code(taken: set[str]) -> str:
    """Give a code for a language that has none."""
    for place in range(26):
        code = f"{_FIRST_OF_OUR_OWN[:2]}{chr(ord('a') + place)}"
        if code not in taken:
            return code
    return "mul"


def write_language(code: str, name: str) -> str:
    """Give a language as a column names it; a name with marks of XLSForm's own gives way to the code."""
    return f"{code if _MARKS.search(name) else name} ({code})"


def _tidy(code: str) -> str:
    first, *rest = code.replace("_", "-").split("-")
    return "-".join([first.lower(), *rest])


def _find_short(written: str) -> str:
    """Give the code of two letters for one of three (`eng`, `fra`), or nothing."""
    from babel.core import get_global

    code = get_global("language_aliases").get(written.lower(), "")
    return code if code in _names() else ""


@cache
def _names() -> dict[str, str]:
    """Give every language by code, as English calls it."""
    from babel import Locale

    return {code: name for code, name in Locale("en").languages.items() if LANGUAGE.fullmatch(code)}


@cache
def _codes() -> dict[str, str]:
    """Give every code by what English calls the language, and the wide-spread ones by what their speakers call it."""
    from babel import Locale

    codes = {name.casefold(): code for code, name in _names().items()}
    for code in _OWN_NAMES.split():
        codes.setdefault((Locale(code).get_display_name() or code).casefold(), code)
    return codes
