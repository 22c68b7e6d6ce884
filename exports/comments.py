"""What people wrote in their own words: which questions ask for it, and how much of it may be told (C10.9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, BinaryIO

from exports.delimited import write_rows
from exports.disclosure import ALL, allow_comment
from exports.dispositions import COUNTED
from exports.responses import Study
from exports.scorecards.reach import name_group
from forms.definition import Definition, Question

if TYPE_CHECKING:
    from exports.scorecards.scorecard import Scorecard

RECORDS = ("checklist", "register")
"""Kinds of instruments whose texts are evidence and names, entered by those who coordinate."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One answer in somebody's own words, as it was written. `key` is of this comment alone, and orders them."""

    key: str
    response_id: str
    question_id: str
    group: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ToldComment:
    """One comment as it may be told: `group` is the label of a cell of the scorecard, empty where none may be named."""

    question: str
    group: str
    comment: str


def list_comment_questions(definition: Definition) -> list[Question]:
    """Give the questions that people answer in their own words, in order; never those of lists, or in confidence."""
    if definition.kind in RECORDS:
        return []
    questions = []
    for section in definition.sections:
        if section.repeat is None:
            for question in section.questions:
                questions += [one for one in (question, question.specification) if one is not None]
    return [one for one in questions if one.type in ("text", "specification") and not one.private]


def list_comments(study: Study) -> Iterator[Comment]:
    """Stream the comments of all who count, in no order that tells whose they are or when they came."""
    asked = [question.id for question in list_comment_questions(study.definition)]
    for batch in study.batches() if asked else ():
        counted = batch.keep(batch.dispositions.map(COUNTED.__contains__).look_up())
        for id_ in asked:
            for response_id, group, text in zip(
                counted.response_ids, counted.groups, counted.answers[id_], strict=True
            ):
                if isinstance(text, str) and text:
                    key = hashlib.sha256(f"comment:{response_id}:{id_}".encode()).hexdigest()[:24]
                    yield Comment(key, response_id, id_, group, text)


def tell_comments(
    comments: Iterable[Comment], read: Mapping[tuple[str, str], str], card: Scorecard
) -> list[ToldComment]:
    """Give the comments that may be told with a scorecard, by question and in an order that tells nothing.

    `read`: (response id, question id) -> the words that a person let pass, names replaced. The group is that of the
    scorecard's cell, where it has k people; where fewer than k have answered at all, nothing is told.
    """
    places = {question.id: place for place, question in enumerate(list_comment_questions(card.study.definition))}
    told = [
        (places[one.question_id], one.key, one.question_id, cell, read[one.response_id, one.question_id])
        for one in comments
        if (one.response_id, one.question_id) in read
        for cell in [_find_cell(card, one.group)]
        if cell is not None
    ]
    labels = {question.id: question.label for question in list_comment_questions(card.study.definition)}
    language = card.study.definition.default_language
    return [
        ToldComment(labels[id_].in_(language), card.columns.get(cell, "") if cell != ALL else "", words)
        for _, _, id_, cell, words in sorted(told)
    ]


def write_comments(comments: Iterable[ToldComment], stream: BinaryIO) -> None:
    """Write them as CSV."""
    header = [field.name for field in fields(ToldComment)]
    write_rows(stream, header, ([getattr(one, name) for name in header] for one in comments))


def _find_cell(card: Scorecard, group: str | None) -> str | None:
    """Give the cell as which a comment of this group is told: its own, else the whole, else none."""
    cells = (card.breakdown.find_cell(name_group(group)), ALL)
    for cell in cells:
        reach = card.reach.get(cell)
        if reach is not None and allow_comment(reach.answered, card.plan.k, read=True):
            return cell
    return None
