"""The build: sections, questions and choices, read piece by piece into a Definition, then checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.definition import CHANNELS, Choice, Definition, Parameter, Question, Repeat, Section, SmsWording, Text
from forms.expressions import Expression
from forms.loading import names, repeats, routing, scoring
from forms.loading.choices import ChoiceLists
from forms.loading.reading import Reader, describe, shorten
from forms.loading.schemas import (
    ID,
    DefinitionShape,
    ParameterShape,
    SectionShape,
    SmsShape,
    question_shape,
)
from forms.loading.texts import Place, Texts
from forms.question_types import TYPES
from forms.question_types.base import Kind, QuestionType
from forms.question_types.calculate import GIVES
from forms.question_types.choosing import SPECIFICATION_SUFFIX
from forms.question_types.numbers import UnitField
from forms.question_types.specification import LONGEST_SPECIFICATION, Specification

MOST_SECTIONS = 500
MOST_QUESTIONS = 2_000
MOST_PARAMETERS = 100
NOT_FOR_NOTES = ("required", "dont_know", "not_applicable", "score", "constraint", "constraint_message", "choices")


@dataclass(frozen=True, slots=True)
class Placed:
    """A question with its path, and its type where that exists. `row`: the place of its section, if it is repeated."""

    question: Question
    path: str
    type: QuestionType | None
    choices_path: str
    row: int | None = None


class Build:
    """One reading of one definition; what is at fault is left out or stood in for, so that the rest is checked too."""

    def __init__(self, data: Any) -> None:
        self.reader = Reader()
        self.data = data
        self.placed: list[Placed] = []
        self.kinds: dict[str, Kind] = {}

    def definition(self, source: str) -> Definition:
        """Give the definition; it may only be used if the reader has found no fault."""
        raw = {k: v for k, v in self.data.items() if k != "$schema"} if isinstance(self.data, dict) else self.data
        top = self.reader.read(DefinitionShape(), raw, "$")
        self.texts = Texts(self.reader, top.get("default_language", "en"), top.get("languages"))
        parameters = self._parameters(top.get("parameters", {}))
        self.kinds.update((parameter.id, Kind.TEXT) for parameter in parameters)
        self.lists = ChoiceLists(self.reader, self.texts, top.get("choice_lists", {}))
        title = self.texts.text(top["title"], "$.title", Place()) if "title" in top else self.texts.plain("-", "$")
        introduction = self._maybe(top, "introduction", "$", Place())
        sections = self._sections(top["sections"]) if "sections" in top else ()
        closing = self._maybe(top, "closing", "$", Place(len(self.placed)))
        scorecard = scoring.build_scorecard(self.reader, self.texts, top["scorecard"]) if "scorecard" in top else None
        definition = Definition(
            id=top.get("id", ""),
            version=top.get("version", ""),
            kind=top.get("kind", ""),
            default_language=self.texts.default_language,
            languages=self.texts.languages,
            title=title,
            sections=sections,
            introduction=introduction,
            closing=closing,
            parameters=parameters,
            scorecard=scorecard,
            source=source,
        )
        names.check_names(self.reader, definition, self.placed)
        repeats.check_repeats(self.reader, definition, self.placed)
        routing.check_references(self.reader, self.texts, definition, self.placed)
        scoring.check_scores(self.reader, definition, self.placed)
        return definition

    def _parameters(self, raw: Any) -> tuple[Parameter, ...]:
        parameters = []
        for path, key, value in self.reader.read_object(raw, "$.parameters", "parameters", MOST_PARAMETERS):
            if not ID.fullmatch(key):
                self.reader.fault(path, f"`{shorten(key)}` cannot be the id of a parameter.", "Write it as an id.")
            read = self.reader.read(ParameterShape(), value, path)
            label = self.texts.text(read.pop("label", key), f"{path}.label", Place(parameters=False))
            parameters.append(Parameter(key, label, **read))
        return tuple(parameters)

    def _sections(self, raw: Any) -> tuple[Section, ...]:
        count = sum(len(s.get("questions") or ()) for s in _objects(raw) if isinstance(s.get("questions"), list))
        if count > MOST_QUESTIONS:
            message = f"There are {count:,} questions; at most {MOST_QUESTIONS:,} are read."
            self.reader.fault("$.sections", message, "Split the instrument.")
            return ()
        entries = self.reader.read_list(raw, "$.sections", "sections", MOST_SECTIONS)
        return tuple(self._section(value, path, number) for number, (path, value) in enumerate(entries))

    def _section(self, raw: Any, path: str, number: int) -> Section:
        read = self.reader.read(SectionShape(), raw, path)
        place = Place(len(self.placed))
        title = self._maybe(read, "title", path, place)
        show_if = self._condition(read, "show_if", path, place)
        repeat = repeats.read_repeat(self.reader, read["repeat"], f"{path}.repeat") if "repeat" in read else None
        if "questions" in read:
            entries = self.reader.read_list(read["questions"], f"{path}.questions", "questions", MOST_QUESTIONS)
            row = None if repeat is None else number
            questions = tuple(self._question(value, where, repeat, row) for where, value in entries)
        else:
            questions = ()
        return Section(id=read.get("id", ""), questions=questions, title=title, show_if=show_if, repeat=repeat)

    def _question(self, raw: Any, path: str, repeat: Repeat | None, row: int | None) -> Question:
        type_name = raw.get("type") if isinstance(raw, dict) else None
        known = TYPES.get(type_name) if isinstance(type_name, str) else None
        read = self.reader.read(question_shape(type_name if known and isinstance(type_name, str) else ""), raw, path)
        if "type" in read and known is None:
            self._refuse_type(read["type"], f"{path}.type")
        place = Place(len(self.placed), read.get("id", ""), row=row)
        choices, choices_path = self._choices(read, known, path, place)
        question = Question(
            id=read.get("id", ""),
            type=type_name if isinstance(type_name, str) else "",
            label=self.texts.text(read.get("label", "-"), f"{path}.label", place),
            hint=self._maybe(read, "hint", path, place),
            choices=choices,
            required=read.get("required", False),
            dont_know=read.get("dont_know", False),
            not_applicable=read.get("not_applicable", False),
            private=read.get("private", False),
            channels=repeats.read_channels(self.reader, repeat, read.get("channels", CHANNELS), f"{path}.channels"),
            show_if=self._condition(read, "show_if", path, place),
            constraint=self._constraint(read, known, bool(choices), path, place),
            constraint_message=self._maybe(read, "constraint_message", path, place),
            settings=self._settings(read, known, path, place),
        )
        question = self._with_scoring(question, read, known, path, place)
        question = replace(question, specification=_build_specification(question))
        placed = Placed(question, path, known, choices_path, row)
        self.placed.append(placed)
        routing.note_kind(self.kinds, placed)
        if known is not None:
            self._check_type(placed, read, known)
        return question

    def _refuse_type(self, raw: Any, path: str) -> None:
        if isinstance(raw, str):
            hint = self.reader.suggest(raw, TYPES)
            hint = f"{hint} The types are: {', '.join(TYPES)}.".lstrip()
            self.reader.fault(path, f"There is no question type `{shorten(raw)}`.", hint)
        else:
            self.reader.fault(
                path, f"A type must be a text, not {describe(raw)}.", f"It is one of: {', '.join(TYPES)}."
            )

    def _choices(
        self, read: dict[str, Any], known: QuestionType | None, path: str, place: Place
    ) -> tuple[tuple[Choice, ...], str]:
        where = f"{path}.choices"
        if "choices" not in read:
            if known is not None and known.takes_choices:
                hint = "List them, or name one of `choice_lists`."
                self.reader.fault(where, f"A question of type `{known.name}` needs choices.", hint)
            return (), where
        if known is not None and not known.takes_choices:
            self.reader.fault(where, f"A question of type `{known.name}` takes no choices.", "Leave the key out.")
            return (), where
        return self.lists.find(read["choices"], where, place)

    def _settings(
        self, read: dict[str, Any], known: QuestionType | None, path: str, place: Place
    ) -> Mapping[str, object]:
        settings = {key: read[key] for key in (known.settings if known else ()) if key in read}
        if "calculation" in settings:
            return self._calculation(settings["calculation"], f"{path}.calculation", place)
        # a setting that people read (a unit) is a text like any other
        return {
            key: self.texts.text(value, f"{path}.{key}", Place(parameters=False))
            if known is not None and isinstance(known.settings[key], UnitField)
            else value
            for key, value in settings.items()
        }

    def _calculation(self, raw: Any, path: str, place: Place) -> Mapping[str, object]:
        """Read a calculation, and work out what it gives from what stands before it."""
        expression = self.texts.calculation(raw, path, place)
        if expression is None:
            return {}
        return {"calculation": expression, GIVES: expression.check_result(self.kinds)[0]}

    def _with_scoring(
        self, question: Question, read: dict[str, Any], known: QuestionType | None, path: str, place: Place
    ) -> Question:
        offered = known.choices(question) if known else question.choices
        if "sms" in read:
            question = replace(question, sms=self._sms(read["sms"], offered, f"{path}.sms", place))
            has_labels = isinstance(read["sms"], dict) and bool(read["sms"].get("choices"))
            if has_labels and known is not None and not offered and not known.takes_choices:
                message = f"A question of type `{known.name}` has no choices to give other labels."
                self.reader.fault(f"{path}.sms.choices", message, "Leave the key out.")
        if "score" in read:
            question = replace(question, score=scoring.build_rule(self.reader, read["score"], offered, f"{path}.score"))
        return question

    def _sms(self, raw: Any, offered: Sequence[Choice], path: str, place: Place) -> SmsWording:
        read = self.reader.read(SmsShape(), raw, path)
        labels = {}
        entries = self.reader.read_object(read.get("choices", {}), f"{path}.choices", "choices", MOST_QUESTIONS)
        for where, key, value in entries:
            code = scoring.find_code(self.reader, key, offered, where)
            text = self.texts.text(value, where, place)
            if code is not None:
                labels[code] = text
        agrees = None
        if "follow_up" in read:
            agrees = scoring.find_code(self.reader, read["follow_up"], offered, f"{path}.follow_up")
            if not offered:
                message = "Only a question with choices can ask whether a follow-up is welcome."
                self.reader.fault(f"{path}.follow_up", message, "Leave the key out, or give the question choices.")
        return SmsWording(self._maybe(read, "label", path, place), labels, read.get("part", 1), agrees)

    def _check_type(self, placed: Placed, read: dict[str, Any], known: QuestionType) -> None:
        if not known.asks:
            for key in NOT_FOR_NOTES:
                if read.get(key):
                    message = f"A `{known.name}` asks nothing, so `{key}` means nothing here."
                    self.reader.fault(f"{placed.path}.{key}", message, "Leave the key out.")
        if known.takes_choices and not placed.question.choices:
            return
        for fault in known.check(placed.question):
            inner = fault.path.removeprefix(".choices")
            where = placed.choices_path + inner if inner != fault.path else placed.path + fault.path
            self.reader.fault(where, fault.message, fault.suggestion)

    def _condition(self, read: dict[str, Any], key: str, path: str, place: Place) -> Expression | None:
        return self.texts.condition(read[key], f"{path}.{key}", place) if key in read else None

    def _constraint(
        self, read: dict[str, Any], known: QuestionType | None, has_choices: bool, path: str, place: Place
    ) -> Expression | None:
        if "constraint" not in read:
            return None
        kind = routing.find_kind(known.kind, has_choices) if known else None
        return self.texts.constraint(read["constraint"], f"{path}.constraint", place, kind)

    def _maybe(self, read: dict[str, Any], key: str, path: str, place: Place) -> Text | None:
        return self.texts.text(read[key], f"{path}.{key}", place) if key in read else None


def _build_specification(question: Question) -> Question | None:
    """Make the question for the free text beside a choice, labelled as that choice, or nothing where there is none."""
    choice = next((choice for choice in question.choices if choice.specify), None)
    if choice is None or not question.id:
        return None
    return Question(
        id=question.id + SPECIFICATION_SUFFIX,
        type=Specification.name,
        label=choice.label,
        settings={"max_length": LONGEST_SPECIFICATION},
    )


def _objects(raw: Any) -> list[dict[str, Any]]:
    return [value for value in raw if isinstance(value, dict)] if isinstance(raw, list) else []
