"""Wide tables: one row for each response, or for each row of a repeated section; columns from the definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from exports.columns import Batch, Column, combine, make_batches, say_times
from exports.dispositions import COUNTED, is_answered
from exports.errors import ExportError
from exports.options import ALL, BOTH, CODES, COLUMNS, COMPLETE, JOINED, LABELS, RESTRICTED, Options
from exports.responses import Response, Study, list_responses
from exports.variables import (
    NOMINAL,
    Variable,
    fill_words,
    join_choices,
    list_facts,
    list_questions,
    list_variables,
    make_label_column,
)
from forms.definition import RESPONSE_COLUMNS, ROW_COLUMNS, Definition, Question, Section
from forms.question_types import find_type
from forms.question_types.base import Cell, find_missing_code
from forms.values import Missing, Value

if TYPE_CHECKING:
    from numpy import bool_, integer
    from numpy.typing import NDArray

FACTS = RESPONSE_COLUMNS
"""The columns before the questions: how the response came about. Times are ISO 8601 with offset."""
ROW_FACTS = ROW_COLUMNS
"""The columns before the questions of a repeated section."""

Cells = Callable[[Value], Sequence[Cell]]


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """One or more neighbouring columns of some rows.

    `cells`: for each column the cells of the different values; `places`: shape (rows,), which of these each row has.
    """

    cells: Sequence[Sequence[Cell]]
    places: NDArray[integer[Any]]

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return map(list(zip(*self.cells, strict=True)).__getitem__, self.places.tolist())


Page = Sequence[Strip]
"""Some rows by column: how they came about, fact by fact, then question by question."""


@dataclass(frozen=True)
class Table:
    """One table of a study: its columns, and its rows as a stream that can be read as often as wanted.

    Cells are codes, missing codes, numbers as their exact text, texts and ISO dates, not yet safe for a spreadsheet.
    `pages` has the same rows by column, where they are to be had so.
    """

    name: str
    variables: tuple[Variable, ...]
    rows: Callable[[], Iterator[list[Cell]]]
    pages: Callable[[], Iterator[Page]] | None = None

    @property
    def header(self) -> list[str]:
        """Give the names of the columns."""
        return [variable.name for variable in self.variables]


def build_table(study: Study, options: Options | None = None) -> Table:
    """Give the table of responses, in export order, or that of the repeated section that `options` name.

    Raises `ExportError` where there is no such section.
    """
    options = options or Options()
    definition = study.definition
    if options.section:
        return _build_repeat(study, _find_repeat(definition, options.section), options)
    sections = [section for section in definition.sections if section.repeat is None]
    facts = list_facts(definition, study.group_labels, days=options.level != RESTRICTED)
    variables, asked = _plan(study, sections, options, facts)

    def pages() -> Iterator[Page]:
        for batch in _list_batches(study, options):
            yield [*_list_facts(study, batch), *(_lay_out(batch.answers[id_], cells) for id_, cells in asked)]

    def rows() -> Iterator[list[Cell]]:
        for page in pages():
            for row in zip(*page, strict=True):
                yield list(chain.from_iterable(row))

    return Table("responses", variables, rows, pages)


def build_repeats(study: Study, options: Options | None = None) -> tuple[Table, ...]:
    """Give a table for each repeated section, by its id; its rows name the response and are numbered within it."""
    options = options or Options()
    return tuple(_build_repeat(study, section, options) for section in study.definition.repeats)


def list_included(study: Study, options: Options) -> Iterator[Response]:
    """Give the responses that stand in the files (`Options.included`), in export order."""
    if not study.definition.repeats:
        return list_responses(_list_batches(study, options))
    return (response for response in study.responses() if _belongs(study.definition, response, options.included))


def _list_batches(study: Study, options: Options) -> Iterator[Batch]:
    """Give the same by column; whether there is an answer at all may be known from rows of repeated sections alone."""
    if study.definition.repeats:
        return make_batches(study.definition, lambda: list_included(study, options))
    batches = (
        batch.keep(_find_included(study.definition, batch, options.included)) for batch in study.ordered_batches()
    )
    return (batch for batch in batches if len(batch))


def _list_facts(study: Study, batch: Batch) -> Iterator[Strip]:
    """Give how the responses came about, in the order of `FACTS`."""
    import numpy as np

    each = np.arange(len(batch), dtype=np.intp)
    same = np.zeros(len(batch), dtype=np.intp)
    yield Strip([list(batch.response_ids)], each)
    yield Strip([[study.round_name], [study.definition.version]], same)
    for column in (
        batch.groups.map(lambda group: group or ""),
        batch.channels_first,
        batch.channels_last,
        batch.languages,
        batch.dispositions,
    ):
        yield Strip([column.values], column.places)
    yield Strip([say_times(batch.started_at), say_times(batch.finished_at)], each)


def _lay_out(column: Column[Value], cells: Cells) -> Strip:
    return Strip(list(zip(*map(cells, column.values), strict=True)), column.places)


def _find_repeat(definition: Definition, section_id: str) -> Section:
    found = next((section for section in definition.repeats if section.id == section_id), None)
    if found is None:
        raise ExportError(f"There is no repeated section {section_id!r}.")
    return found


def _build_repeat(study: Study, section: Section, options: Options) -> Table:
    facts = list_facts(study.definition, study.group_labels, ROW_FACTS)
    variables, asked = _plan(study, [section], options, facts)

    def rows() -> Iterator[list[Cell]]:
        for response in list_included(study, options):
            for entry in response.rows.get(section.id, ()):
                row: list[Cell] = [response.response_id, entry.id, entry.name]
                for id_, cells in asked:
                    row.extend(cells(entry.answers.get(id_)))
                yield row

    return Table(section.id, variables, rows)


def _belongs(definition: Definition, response: Response, included: str) -> bool:
    records = [response.answers, *(row.answers for rows in response.rows.values() for row in rows)]
    asked = _list_asked(definition)
    answered = (is_answered(value) for record in records for id_, value in record.items() if id_ in asked)
    return _stands(response.disposition, response.finished_at is not None, included) or (
        included == ALL and any(answered)
    )


def _find_included(definition: Definition, batch: Batch, included: str) -> NDArray[bool_]:
    """Give which of the responses stand in the files; shape (responses,)."""
    import numpy as np

    ended = Column([False, True], (~np.isnat(batch.finished_at)).astype(np.intp))
    facts = combine([batch.dispositions, ended])
    found = facts.map(lambda one: _stands(one[0], one[1], included)).look_up()
    if included == ALL:
        for id_ in _list_asked(definition):
            found |= batch.answers[id_].map(is_answered).look_up()
    return found


def _stands(disposition: str, finished: bool, included: str) -> bool:
    """Whether a response stands in the files whatever was answered."""
    return disposition == COUNTED[0] or (included != COMPLETE and (finished or disposition in COUNTED))


@lru_cache(maxsize=256)
def _list_asked(definition: Definition) -> frozenset[str]:
    return frozenset(id_ for id_, question in definition.questions.items() if find_type(question.type).asks)


def _plan(
    study: Study, sections: Sequence[Section], options: Options, facts: tuple[Variable, ...]
) -> tuple[tuple[Variable, ...], list[tuple[str, Cells]]]:
    """Give the columns, and for each question its id and how its value becomes cells."""
    language = study.definition.choose_language(options.language)
    variables, asked = list(facts), []
    taken = {variable.name for variable in facts} | {
        variable.name
        for section, question in list_questions(sections)
        for variable in (*list_variables(section, question), join_choices(section, question))
    }
    for section, question in list_questions(sections):
        own, cells = _plan_question(section, question, options, language, taken)
        taken |= {variable.name for variable in own}
        variables.extend(fill_words(variable, study.parameters) for variable in own)
        asked.append((question.id, cells))
    return tuple(variables), asked


def _plan_question(
    section: Section, question: Question, options: Options, language: str, taken: set[str]
) -> tuple[tuple[Variable, ...], Cells]:
    kind, own = find_type(question.type), list_variables(section, question)
    if [variable.kind for variable in own] == ["code"]:
        if options.shown == CODES:
            return own, lambda value: kind.cells(question, value)
        if options.shown == LABELS:
            words = replace(own[0], kind="label", measure=NOMINAL)
            return (words,), lambda value: (_say(question, value, language),)
        both = (own[0], make_label_column(own[0], taken))
        return both, lambda value: (*kind.cells(question, value), _say(question, value, language))
    if all(variable.kind == "flag" for variable in own) and options.multiple != COLUMNS:
        labels = options.shown == LABELS
        joined = join_choices(section, question)
        if options.multiple == JOINED:
            return (joined,), lambda value: (_join(question, value, language, labels=labels),)
        assert options.multiple == BOTH
        return (
            (joined, *own),
            lambda value: (_join(question, value, language, labels=labels), *kind.cells(question, value)),
        )
    return own, lambda value: kind.cells(question, value)


def _say(question: Question, value: Value, language: str) -> Cell:
    """Give an answer from a list in words; a reason that the respondent did not give keeps its code."""
    kind = find_type(question.type)
    words = kind.describe(question, value, language)
    absent = value is None or isinstance(value, Missing)
    return kind.cells(question, value)[0] if absent and not words else words


def _join(question: Question, value: Value, language: str, *, labels: bool) -> Cell:
    """Give all chosen codes in one cell, with spaces between; in words, with commas."""
    if labels:
        missing = find_missing_code(value)
        return find_type(question.type).describe(question, value, language) or (missing if missing is not None else "")
    missing = find_missing_code(value)
    assert missing is not None or isinstance(value, tuple)
    return missing if missing is not None else " ".join(str(code) for code in value)  # type: ignore[union-attr]
