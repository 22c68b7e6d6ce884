"""Cells of a file with answers -> the fields of a form, so that what was collected elsewhere is judged as the web's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from forms.definition import Definition, Question, Section
from forms.question_types import find_type
from forms.question_types.base import STATUS_SUFFIX, Column
from forms.rows import join, walk_all
from forms.values import Missing
from surveyapp.services.answer_files import Cells, read_cell

_REASONS = {str(reason.value): reason for reason in Missing}
_TOLD = (Missing.REFUSED, Missing.DONT_KNOW, Missing.NOT_APPLICABLE, Missing.UNREADABLE)
_UNSAID = (Missing.SKIPPED, Missing.OFF_PATH, Missing.NOT_REACHED)
_YES, _NO = ("1", "true", "yes", "x"), ("0", "false", "no", "")


@dataclass(frozen=True, slots=True)
class Said:
    """What the cells of one question say: values as a form sends them, or the reason why there are none."""

    values: tuple[str, ...] = ()
    reason: Missing | None = None


@dataclass(slots=True)
class Fields:
    """A section's cells as form fields, by name. Everything else is by question id as in the form.

    `columns`: the column that a fault names. `said`: what has an answer. `unsaid`: what has neither answer nor reason.
    `absent`: what has no column in the file. `whole`: the interview was finished, so that nothing is still to come.
    """

    whole: bool = True

    form: dict[str, tuple[str, ...]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    unsaid: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)


def read_fields(
    fields: Fields, definition: Definition, section: Section, cells: Cells, columns: Collection[str], row: str = ""
) -> None:
    """Add the answers of a section, or of one row of it, to the fields.

    A question without a column was not asked; where it must be answered it stays empty, for the form to say so.
    """
    for question in walk_all(section):
        kind = find_type(question.type)
        if not (kind.asks or kind.accompanies):
            continue
        id_ = join(section.id, row, question.id) if row else question.id
        own = kind.columns(question)
        found = [column.name for column in own if column.name in columns]
        if question.id in columns:
            found.insert(0, question.id)
        fields.columns[id_] = f"{section.id}.{question.id}" if row else question.id
        if not found:
            fields.absent.add(id_)
            if kind.asks and fields.whole and (not question.required or not columns):
                fields.form[id_ + STATUS_SUFFIX] = (str(Missing.NOT_IN_CHANNEL.value),)
            continue
        said = _read(definition, question, own, cells, columns)
        if said.values:
            fields.form[id_] = said.values
            fields.said.add(id_)
        elif said.reason is not None and said.reason not in _UNSAID:
            fields.form[id_ + STATUS_SUFFIX] = (str(said.reason.value),)
        elif said.reason is not Missing.SKIPPED:
            fields.unsaid.add(id_)


def list_columns(section: Section) -> set[str]:
    """Give every column that a section may have in a file, those of labels and calculations included."""
    names = set()
    for question in walk_all(section):
        own = [column.name for column in find_type(question.type).columns(question)]
        names |= {question.id, *own, f"{question.id}__lab", question.id + STATUS_SUFFIX}
    return names


def _read(
    definition: Definition, question: Question, own: Sequence[Column], cells: Cells, columns: Collection[str]
) -> Said:
    if any(column.choice is not None for column in own):
        if question.id in columns:
            return _read_joined(definition, question, cells.get(question.id, ()))
        return _read_set(own, cells)
    status = next((column.name for column in own if column.kind == "status"), "")
    texts = cells.get(question.id, ())
    if status in columns:
        values = tuple(map(read_cell, texts))
        reason = _REASONS.get(cells.get(status, ("",))[0])
        return Said(values) if values else Said(reason=reason)
    if len(texts) == 1 and (reason := _find_reason(definition, question, texts[0])) is not None:
        return Said(reason=reason)
    return Said(tuple(_find_code(question, read_cell(text)) for text in texts))


def _read_set(own: Sequence[Column], cells: Cells) -> Said:
    """Read one column for each choice: 0 and 1, or the place that the choice has in an order."""
    texts = [(column, cells.get(column.name, ("",))[0]) for column in own]
    reason = next((_REASONS[text] for _, text in texts if text in _REASONS), None)
    if reason is not None:
        return Said(reason=reason)
    values = []
    for column, text in texts:
        assert column.choice is not None
        if column.kind == "flag" and text.casefold() in _YES:
            values.append(str(column.choice.value))
        elif text.casefold() not in _NO:
            values.append(f"{text}:{column.choice.value}")
    return Said(tuple(values))


def _read_joined(definition: Definition, question: Question, texts: Sequence[str]) -> Said:
    """Read all chosen ones from one cell: codes with spaces between, labels with commas; or from a list."""
    if len(texts) != 1:
        return Said(tuple(_find_code(question, read_cell(text)) for text in texts))
    text = read_cell(texts[0])
    if (reason := _find_reason(definition, question, texts[0])) is not None:
        return Said(reason=reason)
    codes = {str(choice.value) for choice in find_type(question.type).choices(question)}
    if set(text.split()) <= codes:
        return Said(tuple(text.split()))
    whole = _find_code(question, text)
    parts = [whole] if whole in codes else [_find_code(question, part) for part in _split_labels(text)]
    return Said(tuple(parts))


def _split_labels(text: str) -> list[str]:
    mark = ";" if ";" in text else ","
    return [part.strip() for part in text.split(mark) if part.strip()]


def _find_reason(definition: Definition, question: Question, cell: str) -> Missing | None:
    """Give the reason that a cell says, by its code, or in words where a label stands for an answer."""
    if cell in _REASONS:
        return _REASONS[cell]
    kind = find_type(question.type)
    if not kind.choices(question) or _find_code(question, cell) != cell:
        return None
    said = cell.casefold()
    return next(
        (
            reason
            for reason in _TOLD
            for language in definition.languages
            if kind.describe(question, reason, language).casefold() == said
        ),
        None,
    )


def _find_code(question: Question, text: str) -> str:
    """Give the code of a choice that is named by its label in any language; everything else as it is."""
    choices = find_type(question.type).choices(question)
    if not choices or any(str(choice.value) == text for choice in choices):
        return text
    said = text.casefold()
    labelled = [
        str(choice.value)
        for choice in choices
        if said in {words.strip().casefold() for words in choice.label.by_language.values()}
    ]
    return labelled[0] if len(labelled) == 1 else text
