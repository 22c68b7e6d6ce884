"""The instrument in print: every question with its choices as boxes, typeset by typst from data, never from markup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exports.codebook import say_text
from exports.responses import Study
from exports.typesetting import FAMILIES, typeset
from forms.definition import Question, Section
from forms.question_types import find_type
from forms.values import Missing

_TEMPLATE = Path(__file__).parent / "form.typ"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi"})


def write_form(study: Study, language: str) -> bytes:
    """Give the questions in one language as a PDF; the same instrument gives the same bytes.

    Raises `ExportError` where no font at hand can show its script.
    """
    definition = study.definition
    content = {
        "lang": language.split("-")[0],
        "rtl": language.split("-")[0] in _RIGHT_TO_LEFT,
        "title": say_text(study, definition.title, language),
        "fonts": FAMILIES,
        "version": f"{definition.id} {definition.version}",
        "introduction": say_text(study, definition.introduction, language),
        "closing": say_text(study, definition.closing, language),
        "sections": [_describe(study, section, language) for section in definition.sections],
    }
    return typeset(_TEMPLATE, "content", content, 0)


def _describe(study: Study, section: Section, language: str) -> dict[str, Any]:
    questions = [
        entry for question in section.questions for entry in _list_questions(study, section, question, language)
    ]
    return {
        "title": say_text(study, section.title, language),
        "when": section.show_if.text if section.show_if else "",
        "repeat": f"× {section.repeat.min}–{section.repeat.max}" if section.repeat else "",
        "questions": questions,
    }


def _list_questions(study: Study, section: Section, question: Question, language: str) -> Iterator[dict[str, Any]]:
    kind = find_type(question.type)
    if kind.computes:
        return
    yield {
        "id": question.id,
        "type": question.type,
        "label": say_text(study, question.label, language),
        "hint": say_text(study, question.hint, language),
        "when": question.show_if.text if question.show_if else "",
        "asks": kind.asks,
        "several": question.type == "select_multiple",
        "choices": [[str(c.value), say_text(study, c.label, language)] for c in kind.choices(question)],
        "beside": [
            kind.describe(question, missing, language) for missing, offered in _list_offered(question) if offered
        ],
    }
    if question.specification is not None:
        yield from _list_questions(study, section, question.specification, language)


def _list_offered(question: Question) -> Iterator[tuple[Any, bool]]:
    yield Missing.DONT_KNOW, question.dont_know
    yield Missing.NOT_APPLICABLE, question.not_applicable
