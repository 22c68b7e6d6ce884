"""The rows of repeated sections: each row is a section of its own, and its questions are questions of their own.

The row `k3f9` of the section `goals` is the section `goals-k3f9`, and its question `target` is `goals-k3f9-target`:
so it is called in forms, in stored answers and in the conversation by text. Conditions and texts inside the row go on
calling it `target` (`Question.name`).

Two more answers belong to a repeated section. `goals-k3f9` is the place at which the row was added, negative since it
was removed; `goals` is how many there were when the respondent said that all are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from forms.definition import Definition, Question, Section, Text
from forms.question_types.row_mark import RowMark
from forms.values import Answers

SEPARATOR = "-"
ROW_ID = re.compile(r"[A-Za-z0-9]{1,32}")
MOST_PLACES = 1_000
"""Rows that one list takes in all its life, those that were removed included: nobody can make it grow for ever."""
_NO_WORDS = Text({"en": ""}, "en")


def join(section: str, row: str, question: str = "") -> str:
    """Give the id of a row, or of a question in it."""
    return SEPARATOR.join([section, row, question] if question else [section, row])


def split(id_: str) -> tuple[str, str, str]:
    """Give section, row and question of an id; a part that it does not name is empty."""
    section, _, rest = id_.partition(SEPARATOR)
    row, _, question = rest.partition(SEPARATOR)
    return section, row, question


def find_section(definition: Definition, id_: str) -> Section | None:
    """Give a section, or a row of one that repeats, as the definition has it."""
    base, row, _ = split(id_)
    section = definition.find_section(base)
    if row and section is not None:
        return build_row(section, row) if section.repeat is not None and ROW_ID.fullmatch(row) else None
    return section


def find_question(definition: Definition, id_: str) -> Question:
    """Give a question, one of a row, or a mark of a repeated section; raises `KeyError` where there is none."""
    if id_ in definition.questions:
        return definition.questions[id_]
    base, row, name = split(id_)
    section = definition.find_section(base)
    if section is None or section.repeat is None or ((row or name) and not ROW_ID.fullmatch(row)):
        raise KeyError(id_)
    if name:
        return _index_row(section, row)[id_]
    if id_ not in (base, join(base, row)):
        raise KeyError(id_)
    return Question(id=id_, type=RowMark.name, label=_NO_WORDS)


@lru_cache(maxsize=4096)
def build_row(section: Section, row: str) -> Section:
    """Give one row of a repeated section as a section of its own; the same row is the same object."""
    questions = tuple(_place(question, section.id, row) for question in section.questions)
    return Section(id=join(section.id, row), questions=questions)


@lru_cache(maxsize=4096)
def _index_row(section: Section, row: str) -> Mapping[str, Question]:
    return {question.id: question for question in walk_all(build_row(section, row))}


def walk_all(section: Section) -> Iterator[Question]:
    """Give the questions of a section, and what stands beside their choices."""
    for question in section.questions:
        yield question
        if question.specification is not None:
            yield question.specification


def list_added(answers: Answers, section: str) -> tuple[str, ...]:
    """Give the rows that the respondent has added and not removed, in the order of adding."""
    return tuple(row for place, row in sorted(_list_places(answers, section)) if place > 0)


def find_next_place(answers: Answers, section: str) -> int:
    """Give the place at which the next row is added: after all that are there, and all that were."""
    return 1 + max((abs(place) for place, _ in _list_places(answers, section)), default=0)


def list_named(fields: Mapping[str, object] | Iterable[str], section: str) -> tuple[str, ...]:
    """Give the rows of a section that these fields belong to, in their order."""
    parts = (split(name) for name in fields if name.startswith(section + SEPARATOR))
    return tuple(dict.fromkeys(row for _, row, question in parts if question and ROW_ID.fullmatch(row)))


def _list_places(answers: Answers, section: str) -> Iterator[tuple[int, str]]:
    start = section + SEPARATOR
    for id_, place in answers.items():
        if id_.startswith(start) and isinstance(place, int):
            row = id_.removeprefix(start)
            if SEPARATOR not in row:
                yield place, row


def _place(question: Question, section: str, row: str) -> Question:
    beside = question.specification
    return replace(
        question,
        id=join(section, row, question.id),
        specification=replace(beside, id=join(section, row, beside.id)) if beside else None,
    )
