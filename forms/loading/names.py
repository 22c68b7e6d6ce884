"""Names: ids that stand once, that statistics programs accept, that no column or form field already has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from forms.definition import RESPONSE_COLUMNS, ROW_COLUMNS, SMS, Definition, Question
from forms.loading.reading import Reader, step
from forms.loading.reserved import find_reserved_word
from forms.question_types.base import STATUS_SUFFIX

if TYPE_CHECKING:
    from forms.loading.questionnaire import Placed

FORM_FIELDS = frozenset({"action", "csrf_token", "from", "lang", "remove", "restore", "revision", "row", "section"})
EXPORT_COLUMNS = frozenset([*RESPONSE_COLUMNS, *ROW_COLUMNS])
SPSS_WORDS = frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])
STATA_WORDS = frozenset(["byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with"])
REVIEW = "review"


def check_names(reader: Reader, definition: Definition, placed: Sequence[Placed]) -> None:
    """Note ids that stand twice or that somebody else has, and choice labels that people cannot text."""
    _check_sections(reader, definition)
    _check_questions(reader, definition, placed)
    _check_columns(reader, placed)
    _check_labels(reader, placed)


def _check_sections(reader: Reader, definition: Definition) -> None:
    seen: dict[str, int] = {}
    for place, section in enumerate(definition.sections):
        path = f"$.sections[{place}].id"
        if section.id == REVIEW:
            reader.fault(path, "`review` is the page on which people check their answers.", "Give it another id.")
        if section.id and section.id in seen:
            first = f"$.sections[{seen[section.id]}]"
            reader.fault(path, f"The section id `{section.id}` stands already at {first}.", "Rename one.")
        seen.setdefault(section.id, place)


def _check_questions(reader: Reader, definition: Definition, placed: Sequence[Placed]) -> None:
    parameters = {parameter.id for parameter in definition.parameters}
    seen: dict[str, str] = {}
    for one in placed:
        name, path = one.question.id, f"{one.path}.id"
        if not name:
            continue
        if name in seen:
            reader.fault(path, f"The id `{name}` stands already at {seen[name]}.", "Rename one of them.")
        elif name in parameters:
            reader.fault(path, f"The id `{name}` is already that of a parameter.", "Rename one of them.")
        elif name in FORM_FIELDS | EXPORT_COLUMNS:
            reader.fault(path, f"The service itself has a field or column `{name}`.", f"Call it `{name}_1`, say.")
        elif name in SPSS_WORDS | STATA_WORDS:
            reader.fault(path, f"SPSS and Stata refuse the name `{name}`.", f"Call it `{name}_1`, say.")
        seen.setdefault(name, one.path)


def _check_columns(reader: Reader, placed: Sequence[Placed]) -> None:
    """Two questions must not make the same column or form field: `a` with a choice `b`, and a question `a__b`."""
    owners: dict[str, str] = {}
    for one in placed:
        for name in sorted(_list_names(one)):
            owner = owners.setdefault(name, one.question.id)
            if owner != one.question.id:
                message = f"The questions `{owner}` and `{one.question.id}` would both have the column `{name}`."
                reader.fault(f"{one.path}.id", message, "Rename one of them.")


def _list_names(one: Placed) -> set[str]:
    if one.type is None or not one.question.id:
        return set()
    columns = {column.name for column in one.type.columns(one.question)}
    beside = {one.question.specification.id} if one.question.specification else set()
    return columns | beside | {one.question.id, one.question.id + STATUS_SUFFIX}


def _check_labels(reader: Reader, placed: Sequence[Placed]) -> None:
    for one in placed:
        if SMS in one.question.channels:
            for path, label in _list_texted_labels(one):
                word = find_reserved_word(label)
                if word:
                    message = f"`{label}` is a word that people text to say something else ({word})."
                    hint = 'Use another label, or leave "sms" out of `channels`.'
                    reader.fault(path, message, hint)


def _list_texted_labels(one: Placed) -> Iterator[tuple[str, str]]:
    question: Question = one.question
    for place, choice in enumerate(question.choices):
        if choice.value not in question.sms.choices:
            for label in choice.label.by_language.values():
                yield f"{one.choices_path}[{place}].label", label
    for code, text in question.sms.choices.items():
        for label in text.by_language.values():
            yield step(f"{one.path}.sms.choices", str(code)), label
