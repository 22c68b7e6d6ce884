"""Exportability: the columns that answers become, and what SPSS and Stata cannot keep whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from forms.checks.finding import walk_choices, walk_questions
from forms.definition import RESPONSE_COLUMNS, ROW_COLUMNS, Definition, Text
from forms.question_types import find_type

SPSS = "SPSS"
STATA = "Stata"
CHARACTERS = "characters"
BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of one thing a program keeps, in `characters` or UTF-8 `bytes`, and who says so."""

    program: str
    what: str
    most: int
    unit: str
    source: str


_SPSS_MANUAL = "IBM SPSS Statistics, Command Syntax Reference"
_STATA_MANUAL = "Stata, help limits and User's Guide"
LIMITS = (
    Limit(SPSS, "name", 64, BYTES, f"{_SPSS_MANUAL}: Variables, variable names"),
    Limit(STATA, "name", 32, CHARACTERS, f"{_STATA_MANUAL} 11.3: naming conventions"),
    Limit(SPSS, "variable label", 256, BYTES, f"{_SPSS_MANUAL}: VARIABLE LABELS"),
    Limit(STATA, "variable label", 80, CHARACTERS, f"{_STATA_MANUAL} 12.6.2: variable labels"),
    Limit(SPSS, "value label", 120, BYTES, f"{_SPSS_MANUAL}: VALUE LABELS"),
    Limit(STATA, "value label", 32_000, BYTES, f"{_STATA_MANUAL} 12.6.3: value labels"),
    Limit(SPSS, "text", 32_767, BYTES, f"{_SPSS_MANUAL}: STRING"),
    Limit(STATA, "text", 2_000_000_000, BYTES, f"{_STATA_MANUAL} 12.4.7: strL"),
)
"""What the programs keep. A text's longest UTF-8 form has four bytes a character."""

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExportedColumn:
    """One column; `fits` says for each program whether it takes the name.

    `table`: the repeated section whose table it stands in, and empty for the table of responses.
    """

    name: str
    question: str
    kind: str
    fits: dict[str, bool]
    table: str = ""


@dataclass(frozen=True, slots=True)
class CutText:
    """Something that a program does not keep whole: where it stands, its size, and how much of it is kept."""

    path: str
    what: str
    program: str
    language: str
    size: int
    most: int
    unit: str


@dataclass(frozen=True, slots=True)
class Exportability:
    """The columns in their order, names that stand twice, and all that will be cut."""

    columns: tuple[ExportedColumn, ...]
    repeated: tuple[str, ...]
    cut: tuple[CutText, ...]

    @property
    def refused(self) -> tuple[ExportedColumn, ...]:
        """The columns whose name a program refuses."""
        return tuple(column for column in self.columns if not all(column.fits.values()))

    def as_json(self) -> dict[str, Any]:
        """Give the report as JSON holds it, with the limits and their sources."""
        return {
            "columns": [asdict(column) for column in self.columns],
            "repeated": list(self.repeated),
            "cut": [asdict(one) for one in self.cut],
            "limits": [asdict(limit) for limit in LIMITS],
        }


def build_exportability(definition: Definition) -> Exportability:
    """Give the columns of a definition, and whatever of its names and labels is too long for SPSS or Stata."""
    columns = tuple(
        ExportedColumn(column.name, question.id, column.kind, _find_fits(column.name), section.id if section else "")
        for _, question in walk_questions(definition)
        for section in (definition.repeated.get(question.id),)
        for column in find_type(question.type).columns(question)
    )
    seen, repeated = {name.casefold() for name in (*RESPONSE_COLUMNS, *ROW_COLUMNS)}, []
    for column in columns:
        if column.name.casefold() in seen:
            repeated.append(column.name)
        seen.add(column.name.casefold())
    return Exportability(columns, tuple(repeated), tuple(_list_cut(definition)))


def _find_fits(name: str) -> dict[str, bool]:
    limits = {limit.program: limit for limit in LIMITS if limit.what == "name"}
    return {
        program: _NAME.fullmatch(name) is not None and _measure(name, limit) <= limit.most
        for program, limit in limits.items()
    }


def _list_cut(definition: Definition) -> Iterator[CutText]:
    languages = tuple(definition.languages)
    for path, question in walk_questions(definition):
        if find_type(question.type).columns(question):
            yield from _measure_text(f"{path}.label", "variable label", question.label, languages)
        longest = question.settings.get("max_length")
        if isinstance(longest, int):
            for limit in LIMITS:
                if limit.what == "text" and longest * 4 > limit.most:
                    yield CutText(f"{path}.max_length", "text", limit.program, "", longest * 4, limit.most, limit.unit)
    for path, _, choices in walk_choices(definition):
        for place, choice in enumerate(choices):
            yield from _measure_text(f"{path}[{place}].label", "value label", choice.label, languages)


def _measure_text(path: str, what: str, text: Text, languages: tuple[str, ...]) -> Iterator[CutText]:
    for limit in LIMITS:
        for language in languages if limit.what == what else ():
            size = _measure(text.in_(language), limit)
            if size > limit.most:
                yield CutText(path, what, limit.program, language, size, limit.most, limit.unit)


def _measure(text: str, limit: Limit) -> int:
    return len(text.encode("utf-8", "replace")) if limit.unit == BYTES else len(text)
