"""Names of a workbook -> ids and values that a definition may have: lower-case, short, each once, nobody else's."""

from __future__ import annotations

import re
import unicodedata

from forms.loading.names import EXPORT_COLUMNS, FORM_FIELDS, REVIEW, SPSS_WORDS, STATA_WORDS
from forms.loading.schemas import ID
from forms.values import MISSING_CODES

LONGEST = 32
_TAKEN = frozenset({*FORM_FIELDS, *EXPORT_COLUMNS, *SPSS_WORDS, *STATA_WORDS, REVIEW})
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_WORD = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)


class Register:
    """Ids given so far: asking again for a name gives the same id, and no two names get one id."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}
        self._used: set[str] = set()

    def give(self, name: str, first: str = "q", longest: int = LONGEST) -> str:
        """Give the id for a name: itself where that may be; `first` begins an id that would begin with a digit."""
        if name not in self.given:
            self.given[name] = self._find(name, first, longest)
            self._used.add(self.given[name])
        return self.given[name]

    def _find(self, name: str, first: str, longest: int) -> str:
        wish = name if ID.fullmatch(name) else (_spell(name).strip("_") or first)
        if not wish[0].isalpha():
            wish = f"{first}_{wish}"
        wish = wish[:longest].rstrip("_") if len(wish) > longest else wish
        return unique(wish, lambda id_: id_ in self._used or id_ in _TAKEN, longest)


def unique(wish: str, is_taken: object, longest: int = LONGEST) -> str:
    """Give the wish, or the wish with the first number behind it that nobody has."""
    taken = is_taken if callable(is_taken) else (lambda word: False)
    word, number = wish, 1
    while taken(word):
        number += 1
        word = f"{wish[: longest - len(str(number)) - 1]}_{number}"
    return word


def read_values(names: list[str], longest: int = LONGEST, *, columns: bool = False) -> dict[str, int | str]:
    """Give the value for each of a list's choice names: a whole number or a word, each once.

    `columns`: whether every choice makes a column, so that no minus sign may stand in it.
    """
    values: dict[str, int | str] = {}
    used: set[str] = set()
    for name in sorted(names, key=lambda one: _keep(one, longest, columns) is None):
        kept = _keep(name, longest, columns)
        if kept is not None and str(kept) not in used:
            values[name] = kept
        else:
            wish = (_spell(name).strip("_") or "choice")[:longest]
            values[name] = unique(wish, used.__contains__, longest)
        used.add(str(values[name]))
    return {name: values[name] for name in names}


def _keep(name: str, longest: int, columns: bool) -> int | str | None:
    """Give a name as the value it already is, or nothing."""
    if _WHOLE.fullmatch(name) and name != "-0":
        number = int(name)
        return None if number in MISSING_CODES or (columns and number < 0) else number
    return name if _WORD.fullmatch(name) and len(name) <= longest else None


def _spell(name: str) -> str:
    """Write a name with a-z, 0-9 and _ only."""
    from anyascii import anyascii

    plain = anyascii(unicodedata.normalize("NFKC", name)).lower().replace("-", "_minus_" if name[:1] == "-" else "_", 1)
    return re.sub(r"_+", "_", re.sub(r"[^a-z0-9_]", "_", plain))
