"""Comparability: which questions of two versions may be put side by side, and which are no longer the same question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from forms.definition import Definition, Question, Text
from forms.expressions import Expression
from forms.question_types import find_type
from forms.question_types.base import Kind

SAME = "same"
REWORDED = "reworded"
CHOICES_CHANGED = "choices changed"
SCALE_CHANGED = "scale changed"
NEW = "new"
DROPPED = "dropped"
_GRAVEST_FIRST = (SCALE_CHANGED, CHOICES_CHANGED, REWORDED)


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """One question in both versions. `changes`: all of them, the gravest first; it stands in `status` too.

    `key`: the comparability key now; `key_before`: that of the earlier version, in the languages both have.
    """

    question: str
    status: str
    changes: tuple[str, ...] = ()
    key: str | None = None
    key_before: str | None = None


@dataclass(frozen=True, slots=True)
class Comparability:
    """Two versions of an instrument, question by question, in the languages that both have (`languages`)."""

    id: str
    version: str
    earlier_id: str
    earlier_version: str
    languages: tuple[str, ...]
    questions: tuple[ComparedQuestion, ...]

    @property
    def changed(self) -> tuple[ComparedQuestion, ...]:
        """The questions that are not the same."""
        return tuple(one for one in self.questions if one.status != SAME)

    def as_json(self) -> dict[str, Any]:
        """Give the report as JSON holds it."""
        return asdict(self) | {"questions": [asdict(one) | {"changes": list(one.changes)} for one in self.questions]}


def build_keys(definition: Definition) -> dict[str, str]:
    """Give every asked question's comparability key, by its id: 16 hex digits.

    It is made of stem, scale labels, codes, score rule and the group of languages, as the instruments demand: two
    answers may be compared over time only while it stays.
    """
    languages = tuple(sorted(definition.languages))
    return {
        id_: _make_key(question, languages) for id_, question in definition.questions.items() if _is_asked(question)
    }


def compare(definition: Definition, earlier: Definition) -> Comparability:
    """Compare a definition with an earlier version, question by question, those that are gone at the end."""
    languages = tuple(code for code in definition.languages if code in earlier.languages)
    compared = []
    for id_, question in definition.questions.items():
        if _is_asked(question):
            before = earlier.questions.get(id_)
            moved = _find_rows(definition, id_) != _find_rows(earlier, id_)
            compared.append(_compare(question, before if before and _is_asked(before) else None, languages, moved))
    for id_, question in earlier.questions.items():
        now = definition.questions.get(id_)
        if _is_asked(question) and (now is None or not _is_asked(now)):
            compared.append(ComparedQuestion(id_, DROPPED, key_before=_make_key(question, languages)))
    return Comparability(definition.id, definition.version, earlier.id, earlier.version, languages, tuple(compared))


def _find_rows(definition: Definition, id_: str) -> str:
    """Give what a question is asked once for each of: one answer is never put beside one in each row."""
    section = definition.repeated.get(id_)
    return section.repeat.over if section is not None and section.repeat is not None else ""


def _compare(question: Question, before: Question | None, languages: tuple[str, ...], moved: bool) -> ComparedQuestion:
    key = _make_key(question, languages)
    if before is None:
        return ComparedQuestion(question.id, NEW, key=key)
    found = set()
    if _describe_stem(question, languages) != _describe_stem(before, languages):
        found.add(REWORDED)
    ordered = any(find_type(one.type).kind is Kind.NUMBER for one in (question, before))
    if _describe_answers(question, languages) != _describe_answers(before, languages):
        found.add(SCALE_CHANGED if ordered or question.type != before.type else CHOICES_CHANGED)
    if moved or _describe_rule(question) != _describe_rule(before):
        found.add(SCALE_CHANGED)
    changes = tuple(status for status in _GRAVEST_FIRST if status in found)
    return ComparedQuestion(question.id, changes[0] if changes else SAME, changes, key, _make_key(before, languages))


def _is_asked(question: Question) -> bool:
    kind = find_type(question.type)
    return kind.asks or kind.computes


def _make_key(question: Question, languages: tuple[str, ...]) -> str:
    parts = [
        sorted(languages),
        _describe_stem(question, languages),
        _describe_answers(question, languages),
        _describe_rule(question),
    ]
    said = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _describe_stem(question: Question, languages: tuple[str, ...]) -> object:
    """The words of the question, as they are read and as they are texted."""
    return [_say(text, languages) for text in (question.label, question.sms.label)]


def _describe_answers(question: Question, languages: tuple[str, ...]) -> object:
    """What may be answered: the type, its own limits, codes and labels in their order, and what stands beside them."""
    choices = [
        [
            choice.value,
            choice.exclusive,
            _say(choice.label, languages),
            _say(question.sms.choices.get(choice.value), languages),
        ]
        for choice in find_type(question.type).choices(question)
    ]
    limits = {key: _describe_limit(value, languages) for key, value in question.settings.items()}
    return [question.type, choices, limits, question.dont_know, question.not_applicable]


def _describe_limit(value: object, languages: tuple[str, ...]) -> object:
    if isinstance(value, Text):
        return _say(value, languages)
    return value.text if isinstance(value, Expression) else str(value)


def _describe_rule(question: Question) -> object:
    """How an answer becomes points; `core` only says where it is asked."""
    rule = question.score
    if rule is None:
        return None
    points = None if rule.map is None else {str(code): points for code, points in rule.map.items()}
    return [rule.domain, rule.weight, rule.reverse, points, rule.gate]


def _say(text: Text | None, languages: tuple[str, ...]) -> Mapping[str, str] | None:
    """Give the words by language; spaces alone make no other question."""
    return None if text is None else {code: " ".join(text.in_(code).split()) for code in languages}
