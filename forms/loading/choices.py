"""Choice lists, named or written into a question: each is read once; what it refers to is checked at every use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from forms.definition import Choice, Text
from forms.expressions import Expression
from forms.loading.reading import Reader, describe, shorten
from forms.loading.schemas import ID, ChoiceShape
from forms.loading.texts import Condition, Place, Texts
from forms.piping import REFERENCE
from forms.values import MISSING_CODES

MOST_LISTS = 1_000
MOST_CHOICES = 500
MOST_OFFERED = 50_000
_STANDS_IN = 10**9
"""Values from here on stand in for faulty ones, so that the rest of the list is checked at its right places."""
_WORD = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A list as read: its choices, its path, and the texts and conditions that refer to answers."""

    path: str
    choices: tuple[Choice, ...]
    piped: tuple[tuple[str, Text], ...]
    conditions: tuple[tuple[str, Expression], ...]


class ChoiceLists:
    """The named lists of a definition, and the reading of those in questions."""

    def __init__(self, reader: Reader, texts: Texts, raw: Any) -> None:
        self.reader = reader
        self.texts = texts
        self.lists: dict[str, ChoiceList] = {}
        self._offered = 0
        for path, name, value in reader.read_object(raw, "$.choice_lists", "choice lists", MOST_LISTS):
            if not ID.fullmatch(name):
                reader.fault(path, f"`{shorten(name)}` cannot be the name of a choice list.", "Write it as an id.")
            self.lists[name] = self._read_list(value, path)

    def find(self, raw: Any, path: str, place: Place) -> tuple[tuple[Choice, ...], str]:
        """Give the choices that a question names or lists, and the path where they stand."""
        if isinstance(raw, str):
            found = self.lists.get(raw)
            if found is None:
                otherwise = f"There are: {', '.join(list(self.lists)[:10])}." if self.lists else "Add `choice_lists`."
                hint = self.reader.suggest(raw, self.lists, otherwise)
                self.reader.fault(path, f"There is no choice list `{shorten(raw)}`.", hint)
                return (), path
        elif isinstance(raw, list):
            found = self._read_list(raw, path)
        else:
            message = f"`choices` must name a choice list or list choices, not {describe(raw)}."
            self.reader.fault(path, message)
            return (), path
        self._offered += len(found.choices)
        if self._offered > MOST_OFFERED:
            message = f"The questions offer more than {MOST_OFFERED:,} choices in all."
            self.reader.fault("$.sections", message, "Split the instrument.")
            return (), path
        for where, text in found.piped:
            self.texts.place(text, where, place)
        for where, expression in found.conditions:
            self.texts.conditions.append(Condition(where, expression, place))
        return found.choices, found.path

    def _read_list(self, raw: Any, path: str) -> ChoiceList:
        choices: dict[str, Choice] = {}
        piped: list[tuple[str, Text]] = []
        conditions: list[tuple[str, Expression]] = []
        for where, value in self.reader.read_list(raw, path, "choices", MOST_CHOICES):
            read = self.reader.read(ChoiceShape(), value, where)
            label = self.texts.plain(read.get("label", "-"), f"{where}.label")
            show_if = self.texts.plain_condition(read["show_if"], f"{where}.show_if") if "show_if" in read else None
            if any(REFERENCE.search(said) for said in label.by_language.values()):
                piped.append((f"{where}.label", label))
            if show_if is not None:
                conditions.append((f"{where}.show_if", show_if))
            code = self._read_code(read["value"], f"{where}.value") if "value" in read else None
            if code is not None and str(code) in choices:
                message = f"The value `{code}` stands twice in this list."
                self.reader.fault(f"{where}.value", message, "Give every choice its own value.")
                code = None
            if code is None:
                code = _STANDS_IN + len(choices)
            choices[str(code)] = Choice(code, label, read.get("exclusive", False), show_if, read.get("specify", False))
        return ChoiceList(path, tuple(choices.values()), tuple(piped), tuple(conditions))

    def _read_code(self, raw: Any, path: str) -> int | str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            if raw in MISSING_CODES:
                message = f"The value {raw} is a missing code; -99 to -91 say why an answer is missing."
                hint = "Use another number; `dont_know` and `not_applicable` offer those answers."
                self.reader.fault(path, message, hint)
            return raw
        if isinstance(raw, str) and _WORD.fullmatch(raw):
            return raw
        rule = "Write a whole number, or a word of a-z, 0-9 and _ with at most 32 characters."
        self.reader.fault(path, f"A choice's value cannot be {describe(raw)}.", rule)
        return None
