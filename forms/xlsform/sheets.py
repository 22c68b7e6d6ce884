"""A definition -> the rows of an XLSForm's sheets, every cell a text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.definition import Choice, Definition, Question, Section
from forms.expressions import Expression, ExpressionError
from forms.loading.routing import find_kind
from forms.question_types import TYPES, find_type
from forms.question_types.base import Kind
from forms.xlsform.cells import (
    CHOICE_KEYS,
    EXACT,
    NOTHING,
    PLAIN_KEYS,
    SCORE_KEYS,
    SMS_KEYS,
    TYPE,
    read_value,
    write_lines,
    write_value,
)
from forms.xlsform.languages import write_language
from forms.xlsform.limits import write_limits
from forms.xlsform.naming import unique
from forms.xlsform.phrasing import Phrasing
from forms.xlsform.understanding import Names, Reader

Json = dict[str, Any]
Cells = dict[str, str]
INLINE = "List_{}"
"""What the choices are called that stand in a question; no list of a definition can have such a name."""
CONSENT = "Consent"
_AS_THEY_ARE = ("note", "text", "integer", "decimal", "date", "calculate")
_SELECTS = {"select_one": "select_one", "select_multiple": "select_multiple", "rank": "rank"}


class Sheets:
    """Writes one definition; `survey`, `choices`, `settings` and `instrument` give the rows of its sheets."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.raw: Json = json.loads(definition.source)
        names = definition.languages
        self.headings = {code: write_language(code, name) for code, name in names.items()}
        self.kinds = {
            id_: find_kind(find_type(one.type).find_kind(one), bool(find_type(one.type).choices(one)))
            for id_, one in definition.questions.items()
        } | dict.fromkeys((one.id for one in definition.parameters), Kind.TEXT)
        known = {*definition.questions, *(p.id for p in definition.parameters), *(s.id for s in definition.sections)}
        self.reader = Reader(Names(ids={name: name for name in known}))
        self.groups = self._name_groups()
        asked = [question for section in self.raw["sections"] for question in section["questions"]]
        self.used = {one["choices"] for one in asked if isinstance(one.get("choices"), str)}

    def survey(self) -> Iterator[Cells]:
        """Give the rows of questions, sections and parameters."""
        for key, parameter in self.raw.get("parameters", {}).items():
            label = self._plain(parameter["label"])
            said = "'" + label.replace("'", "’") + "'"
            yield {"type": "calculate", "name": key, **self._words("label", parameter["label"]), "calculation": said}
        for section, raw in zip(self.definition.sections, self.raw["sections"], strict=True):
            yield self._begin(section, raw)
            for question, written in zip(section.questions, raw["questions"], strict=True):
                yield self._question(question, written)
                yield from self._specification(question)
            yield {"type": "end_repeat" if "repeat" in raw else "end_group"}

    def choices(self) -> Iterator[Cells]:
        """Give the rows of all lists: the named ones, then those that stand in questions."""
        for name, entries in self.raw.get("choice_lists", {}).items():
            if name in self.used:
                yield from self._list(name, entries)
        asks_consent = False
        for section in self.raw["sections"]:
            for question in section["questions"]:
                asks_consent |= question["type"] == "consent"
                if isinstance(question.get("choices"), list):
                    yield from self._list(INLINE.format(question["id"]), question["choices"])
        if asks_consent:
            for choice in TYPES["consent"].choices(next(iter(self.definition.questions.values()))):
                words = {code: choice.label.in_(code) for code in self.headings}
                yield {"list_name": CONSENT, "name": str(choice.value), **self._words("label", words)}

    def settings(self) -> Iterator[Cells]:
        """Give the one row of settings."""
        names = {row.get("name", "") for row in self.survey()}
        yield {
            "form_title": self._plain(self.raw["title"]),
            "form_id": self.raw["id"],
            "version": self.raw["version"],
            "default_language": self.headings[self.definition.default_language],
            "name": unique("data", names.__contains__),
        }

    def instrument(self) -> Iterator[Cells]:
        """Give what XLSForm has no place for, a row each."""
        rest = {k: v for k, v in self.raw.items() if k not in ("$schema", "id", "version", "sections", "choice_lists")}
        yield {"key": "definition", "content": "1"}
        for name, entries in self.raw.get("choice_lists", {}).items():
            if name not in self.used:  # what it refers to may not be there, which pyxform would not take
                yield {"key": "choice_list", "name": name, "content": write_value(entries)}
        for key, value in rest.items():
            if key in ("title", "introduction", "closing"):
                yield {"key": key, **self._words("label", value)}
            elif key == "languages":
                yield from (
                    {"key": "language", "name": code, "content": write_value(name)} for code, name in value.items()
                )
            elif key == "parameters":
                for name, one in value.items():
                    most = {"content": write_value(one["max_length"])} if "max_length" in one else {}
                    yield {"key": "parameter", "name": name, **most, **self._words("label", one["label"])}
            elif key == "scorecard":
                yield from self._scorecard(value)
            else:
                yield {"key": key, "content": write_value(value)}

    def _scorecard(self, raw: Json) -> Iterator[Cells]:
        yield {"key": "scorecard", "content": "yes"}
        for key, value in raw.items():
            if key == "domains":
                for one in value:
                    yield {"key": "scorecard.domain", "name": one["id"], **self._words("label", one["label"])}
            elif key == "bands":
                yield from ({"key": "scorecard.band", "name": word, "content": write_value(at)} for at, word in value)
            elif key == "essential" and value:
                yield {"key": "scorecard.essential", "content": " ".join(value)}
            else:
                yield {"key": f"scorecard.{key}", "content": write_value(value)}

    def _name_groups(self) -> dict[str, str]:
        """Give each section the name of its group: its id, unless a question has it."""
        taken = {*self.definition.questions, *(parameter.id for parameter in self.definition.parameters)}
        groups: dict[str, str] = {}
        for section in self.definition.sections:
            groups[section.id] = unique(section.id, {*taken, *groups.values()}.__contains__)
        return groups

    def _begin(self, section: Section, raw: Json) -> Cells:
        cells = {"type": "begin_repeat" if "repeat" in raw else "begin_group", "name": self.groups[section.id]}
        cells |= self._words("label", raw["title"]) if "title" in raw else {}
        cells |= {} if "repeat" in raw else {"appearance": "field-list"}
        cells |= {} if cells["name"] == section.id else {"section": section.id}
        cells |= self._expression("show_if", section.show_if, Phrasing(self.kinds))
        return cells | {f"repeat_{key}": write_value(value) for key, value in raw.get("repeat", {}).items()}

    def _question(self, question: Question, raw: Json) -> Cells:
        phrasing = Phrasing(self.kinds, self.kinds.get(question.id))
        cells = {"type": self._type(raw), "name": question.id, **self._words("label", raw["label"])}
        for key in ("hint", "constraint_message"):
            cells |= self._words(key, raw[key]) if key in raw else {}
        cells |= {"required": write_value(raw["required"])} if "required" in raw else {}
        cells |= self._expression("show_if", question.show_if, phrasing)
        cells |= self._expression("constraint", question.constraint, phrasing, write_limits(question, self.kinds))
        calculation = question.settings.get("calculation")
        assert calculation is None or isinstance(calculation, Expression)
        cells |= self._expression("calculation", calculation, phrasing)
        cells |= {} if raw["type"] in (*_AS_THEY_ARE, *_SELECTS) else {TYPE: raw["type"]}
        cells |= {"parameters": "start=0 end=10 step=1"} if raw["type"] == "nps" else {}
        cells |= self._filter(question.choices)
        return cells | self._own(raw)

    def _type(self, raw: Json) -> str:
        choices = raw.get("choices")
        if choices is not None:
            select = _SELECTS.get(raw["type"], "select_one")
            return f"{select} {choices if isinstance(choices, str) else INLINE.format(raw['id'])}"
        own = {"consent": f"select_one {CONSENT}", "nps": "range"}
        return own.get(raw["type"], raw["type"] if raw["type"] in _AS_THEY_ARE else "text")

    def _own(self, raw: Json) -> Cells:
        cells: Cells = {}
        for key in PLAIN_KEYS:
            if key in raw:
                value = raw[key]
                cells |= self._words(key, value) if isinstance(value, dict) else {key: _write_plain(key, value)}
        sms, score = raw.get("sms", {}), raw.get("score", {})
        cells |= self._words("sms_label", sms["label"]) if "label" in sms else {}
        cells |= self._words("sms_choices", self._turn(sms["choices"])) if sms.get("choices") else {}
        cells |= {f"sms_{key}": write_value(sms[key]) for key in SMS_KEYS if key in sms}
        cells |= {f"score_{key}": write_value(score[key]) for key in SCORE_KEYS if key in score}
        return cells | ({"score_map": write_lines(score["map"]) or "{}"} if "map" in score else {})

    def _turn(self, choices: Json) -> Json:
        """Turn texts by code into lines of codes by language."""
        said: dict[str, Json] = {}
        for code, text in choices.items():
            for language, word in self._by_language(text).items():
                said.setdefault(language, {})[code] = word
        return {language: write_lines(words) for language, words in said.items()}

    def _specification(self, question: Question) -> Iterator[Cells]:
        """Give the free text beside a choice as a question of its own, which it is in ODK."""
        beside = question.specification
        if beside is not None:
            codes = [choice.value for choice in question.choices if choice.specify]
            words = self._words("label", dict(beside.label.by_language))
            relevant = f"selected(${{{question.id}}}, '{codes[0]}')"
            yield {"type": "text", "name": beside.id, **words, "relevant": relevant}

    def _filter(self, choices: Sequence[Choice]) -> Cells:
        """Give the choice filter that leaves out what is not open."""
        phrasing = Phrasing(self.kinds)
        closed = [
            f"(name != '{choice.value}' or ({phrasing.write(choice.show_if.tree)}))"
            for choice in choices
            if choice.show_if is not None
        ]
        return {"choice_filter": " and ".join(closed)} if closed else {}

    def _list(self, name: str, entries: Sequence[Json]) -> Iterator[Cells]:
        for one in entries:
            own = {key: one[key] if key == "show_if" else write_value(one[key]) for key in CHOICE_KEYS if key in one}
            if read_value(str(one["value"])) != one["value"]:
                own[EXACT + "value"] = write_value(one["value"])
            yield {"list_name": name, "name": str(one["value"]), **self._words("label", one["label"]), **own}

    def _expression(self, key: str, expression: Expression | None, phrasing: Phrasing, limits: str = "") -> Cells:
        """Give an expression in XLSForm's words, and in ours where those would not be read as the same again."""
        column = {"show_if": "relevant"}.get(key, key)
        if expression is None:
            return {column: limits, EXACT + column: NOTHING} if limits else {}
        said = phrasing.write(expression.tree)
        own = {} if not limits and self._is_understood(said, expression.text) else {EXACT + column: expression.text}
        return {column: f"{limits} and ({said})" if limits else said, **own}

    def _is_understood(self, said: str, text: str) -> bool:
        try:
            return str(self.reader.read(said)) == text
        except ExpressionError:
            return False

    def _words(self, column: str, text: Any) -> Cells:
        return {f"{column}::{self.headings[code]}": said for code, said in self._by_language(text).items()}

    def _by_language(self, text: Any) -> Mapping[str, str]:
        return text if isinstance(text, dict) else {self.definition.default_language: text}

    def _plain(self, text: Any) -> str:
        return str(self._by_language(text)[self.definition.default_language])


def _write_plain(key: str, value: Any) -> str:
    if key == "channels" and value and all(isinstance(one, str) for one in value):
        return " ".join(value)
    return write_value(value)
