"""Wide tables: one row for each response, or for each row of a repeated section; columns from the definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from exports.dispositions import COUNTED, is_answered
from exports.errors import ExportError
from exports.options import ALL, BOTH, CODES, COLUMNS, COMPLETE, JOINED, LABELS, RESTRICTED, Options
from exports.responses import Response, Study
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
from forms.values import Answers, Missing, Value

FACTS = RESPONSE_COLUMNS
"""The columns before the questions: how the response came about. Times are ISO 8601 with offset."""
ROW_FACTS = ROW_COLUMNS
"""The columns before the questions of a repeated section."""

Cells = Callable[[Value], Sequence[Cell]]


@dataclass(frozen=True)
class Table:
    """One table of a study: its columns, and its rows as a stream that can be read as often as wanted.

    Cells are codes, missing codes, numbers as their exact text, texts and ISO dates, not yet safe for a spreadsheet.
    """

    name: str
    variables: tuple[Variable, ...]
    rows: Callable[[], Iterator[list[Cell]]]

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

    def rows() -> Iterator[list[Cell]]:
        for response in list_included(study, options):
            row = build_facts(study, response)
            for id_, cells in asked:
                row.extend(cells(response.answers.get(id_)))
            yield row

    return Table("responses", variables, rows)


def build_repeats(study: Study, options: Options | None = None) -> tuple[Table, ...]:
    """Give a table for each repeated section, by its id; its rows name the response and are numbered within it."""
    options = options or Options()
    return tuple(_build_repeat(study, section, options) for section in study.definition.repeats)


def list_included(study: Study, options: Options) -> Iterator[Response]:
    """Give the responses that stand in the files (`Options.included`), in export order."""
    definition = study.definition
    return (response for response in study.responses() if _belongs(definition, response, options.included))


def build_facts(study: Study, response: Response) -> list[Cell]:
    """Give how a response came about, as wide as `FACTS`."""
    return [
        response.response_id,
        study.round_name,
        study.definition.version,
        response.group or "",
        response.channel_first,
        response.channel_last,
        response.language,
        response.disposition,
        response.started_at.isoformat(),
        response.finished_at.isoformat() if response.finished_at else "",
    ]


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
    if included == COMPLETE:
        return response.disposition == COUNTED[0]
    if response.finished_at is not None or response.disposition in COUNTED:
        return True
    return included == ALL and _has_answer(definition, response)


def _has_answer(definition: Definition, response: Response) -> bool:
    records: list[Answers] = [response.answers]
    records += [row.answers for rows in response.rows.values() for row in rows]
    return any(
        is_answered(value) and find_type(definition.questions[name].type).asks
        for record in records
        for name, value in record.items()
        if name in definition.questions
    )


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
            return own, _remember(lambda value: kind.cells(question, value))
        if options.shown == LABELS:
            words = replace(own[0], kind="label", measure=NOMINAL)
            return (words,), _remember(lambda value: (_say(question, value, language),))
        both = (own[0], make_label_column(own[0], taken))
        return both, _remember(lambda value: (*kind.cells(question, value), _say(question, value, language)))
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


def _remember(cells: Cells) -> Cells:
    """Give the same cells for the same answer from a list; of those there are few."""
    known: dict[Value, Sequence[Cell]] = {}

    def look_up(value: Value) -> Sequence[Cell]:
        found = known.get(value)
        if found is None:
            found = known[value] = cells(value)
        return found

    return look_up


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
