"""What every column of a table is: its name, what its cells hold, its words in every language. From the definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from exports.dispositions import BREAK_OFF, COMPLETE, PARTIAL, PENDING
from forms.definition import IMPORT, RESPONSE_COLUMNS, SMS, WEB, Choice, Definition, Question, Section, Text
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.base import STATUS_SUFFIX, Column
from forms.values import Code

LONGEST_NAME = 32
NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")
LABEL_SUFFIX = "__lab"
NOMINAL, ORDINAL, SCALE = "nominal", "ordinal", "scale"

_KIND_MEASURES = {"flag": NOMINAL, "text": NOMINAL, "status": NOMINAL, "label": NOMINAL, "date": SCALE, "time": SCALE}
_FACT_LABELS = {
    "response_id": "Response, a random name",
    "round": "Round",
    "definition_version": "Version of the instrument",
    "group": "Group of stakeholders",
    "channel_first": "Channel in which the interview began",
    "channel_last": "Channel in which it was last continued",
    "language": "Language",
    "disposition": "What became of the interview (AAPOR class)",
    "started_at": "Begun (UTC)",
    "finished_at": "Finished (UTC)",
    "row": "Row of the repeated section",
    "row_name": "Name of the row in the roster",
}
_CHANNELS = {WEB: "Web", SMS: "Text message", IMPORT: "Collected elsewhere"}
_DISPOSITIONS = {
    COMPLETE: "Complete",
    PARTIAL: "Partial",
    BREAK_OFF: "Broken off or refused",
    PENDING: "May still go on",
}
_FACT_KINDS = {
    "group": "code",
    "channel_first": "code",
    "channel_last": "code",
    "language": "code",
    "disposition": "code",
    "started_at": "time",
    "finished_at": "time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column of a table.

    `kind` is what its substantive cells hold: `code`, `flag` (0/1), `number`, `text`, `date`, `time` (ISO 8601),
    `status` (a missing code), `label` (the words for `of`) or `joined` (codes with spaces between).
    `question` is none for the facts that every table begins with. `values`: code -> label, without missing codes.
    """

    name: str
    kind: str
    label: Text
    measure: str = NOMINAL
    question: Question | None = None
    section: Section | None = None
    choice: Choice | None = None
    values: Mapping[Code, Text] | None = None
    of: str | None = None

    @property
    def integral(self) -> bool:
        """Whether every code is a whole number, so that the column can be numeric."""
        return bool(self.values) and all(isinstance(code, int) for code in self.values or {})

    def find_label(self, language: str) -> str:
        """Give what the column is called; a choice's own column adds the choice."""
        words = self.label.in_(language)
        if self.choice is not None:
            words = f"{words} [{self.choice.label.in_(language)}]"
        return f"{words} (why there is no answer)" if self.kind == "status" else words

    def find_values(self, language: str) -> dict[Code, str]:
        """Give code -> label in a language."""
        return {code: text.in_(language) for code, text in (self.values or {}).items()}


def list_questions(sections: Iterable[Section]) -> Iterator[tuple[Section, Question]]:
    """Give the questions that have columns, in order; the free text beside a choice stands after its question."""
    for section in sections:
        for question in section.questions:
            if find_type(question.type).columns(question):
                yield section, question
            if question.specification is not None:
                yield section, question.specification


def list_facts(
    definition: Definition, groups: Mapping[str, str], names: Iterable[str] = RESPONSE_COLUMNS, *, days: bool = False
) -> tuple[Variable, ...]:
    """Give the columns before the questions: how the response came about.

    `groups`: group id -> label. `days`: whether only the day is told of a time.
    """
    kinds = {name: "date" if days and kind == "time" else kind for name, kind in _FACT_KINDS.items()}
    values: dict[str, Mapping[str, str]] = {
        "group": groups,
        "channel_first": _CHANNELS,
        "channel_last": _CHANNELS,
        "language": definition.languages,
        "disposition": _DISPOSITIONS,
    }
    return tuple(
        Variable(
            name=name,
            kind=kinds.get(name, "text"),
            label=_say(_FACT_LABELS[name]),
            measure=_KIND_MEASURES.get(kinds.get(name, "text"), NOMINAL),
            values={code: _say(label) for code, label in values[name].items()} if name in values else None,
        )
        for name in names
    )


def list_variables(section: Section, question: Question) -> tuple[Variable, ...]:
    """Give the columns of one question, as codes."""
    return tuple(_build(section, question, column) for column in find_type(question.type).columns(question))


def fill_words(variable: Variable, parameters: Mapping[str, str]) -> Variable:
    """Give the column with its words as they were asked: the round's parameters filled in, answers left as `${id}`."""
    if not parameters:
        return variable
    choice = variable.choice
    return replace(
        variable,
        label=fill_text(variable.label, parameters),
        choice=replace(choice, label=fill_text(choice.label, parameters)) if choice else None,
        values={code: fill_text(text, parameters) for code, text in variable.values.items()}
        if variable.values
        else None,
    )


def fill_text(text: Text, parameters: Mapping[str, str]) -> Text:
    """Give a text with the round's parameters filled in, in every language."""

    def look_up(name: str) -> str:
        return str(parameters.get(name, f"${{{name}}}"))

    return replace(text, by_language={language: fill(words, look_up) for language, words in text.by_language.items()})


def join_choices(section: Section, question: Question) -> Variable:
    """Give the one column in which all chosen codes of a question stand."""
    return Variable(
        name=question.id,
        kind="joined",
        label=question.label,
        question=question,
        section=section,
        values={choice.value: choice.label for choice in find_type(question.type).choices(question)},
    )


def make_label_column(variable: Variable, taken: Iterable[str]) -> Variable:
    """Give the column of words that stands beside a column of codes."""
    name = fit_name(variable.name, LABEL_SUFFIX, taken)
    return replace(variable, name=name, kind="label", of=variable.name, measure=NOMINAL, values=None)


def make_status_column(variable: Variable, taken: Iterable[str]) -> Variable:
    """Give the column of missing codes that stands beside a column whose type cannot hold them."""
    name = fit_name(variable.name, STATUS_SUFFIX, taken)
    return replace(variable, name=name, kind="status", of=variable.name, measure=NOMINAL, values=None)


def fit_name(name: str, suffix: str, taken: Iterable[str]) -> str:
    """Give `name` + `suffix` as a column name of at most 32 characters that is not taken, ignoring case."""
    used = {other.casefold() for other in taken}
    candidate, number = name[: LONGEST_NAME - len(suffix)] + suffix, 1
    while candidate.casefold() in used:
        number += 1
        ending = f"{number}{suffix}"
        candidate = name[: LONGEST_NAME - len(ending)] + ending
    return candidate


def _build(section: Section, question: Question, column: Column) -> Variable:
    kind = find_type(question.type)
    coded = column.kind == "code"
    return Variable(
        name=column.name,
        kind=column.kind,
        label=question.label,
        measure=_KIND_MEASURES.get(column.kind, kind.measure),
        question=question,
        section=section,
        choice=column.choice,
        values={choice.value: choice.label for choice in kind.choices(question)} if coded else None,
        of=question.id if column.kind == "status" else None,
    )


def _say(words: str) -> Text:
    return Text({"en": words}, "en")
