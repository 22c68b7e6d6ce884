"""Records of many interviews of one round: what `Interview.record` gives, at a fraction of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from forms.definition import Definition, Question
from forms.expressions import Expression
from forms.interview import Interview
from forms.question_types import find_type
from forms.question_types.base import QuestionType
from forms.values import Missing, Stored, Value

_ABSENT: Final = object()
_AS_THEY_ARE: Final = frozenset({int, str})
"""What most types keep as it is."""
_Load: TypeAlias = tuple[Callable[[Stored], Value], bool]
"""What reads a stored answer, and whether it gives back numbers and texts as they are."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is the same in all interviews with one routing.

    `defaults`: every question with its record where it is not answered. `takes`: the questions that are on the path
    whatever else is answered, so that an answer to them counts, each with what reads it.
    """

    defaults: Mapping[str, Value]
    takes: Mapping[str, _Load]


@dataclass(slots=True)
class Recorder:
    """Records the interviews of a round whose definition repeats no section.

    Which questions are on the path depends on few answers: those that a condition or calculation refers to, consents,
    questions with varying choices or with a text beside one. Interviews that agree in them agree in the path, which
    is worked out once, by `Interview` itself; the other answers are only put in.
    """

    definition: Definition
    parameters: Mapping[str, str]
    needs_today: bool = field(init=False)
    """Whether a condition asks for the date, so that `today` makes a difference."""
    _telling: tuple[str, ...] = field(init=False)
    _plans: dict[tuple[object, ...], _Plan] = field(init=False, default_factory=dict)

    _MOST_PLANS = 10_000

    def __post_init__(self) -> None:
        """Find out what decides about the path."""
        if self.definition.repeats:
            raise ValueError("rows of repeated sections are recorded by `Interview.record_rows`")
        expressions = list(_list_expressions(self.definition))
        referred = {id_ for expression in expressions for id_ in expression.references}
        self.needs_today = any("today" in expression.text for expression in expressions)
        self._telling = tuple(
            id_ for id_, question in self.definition.questions.items() if id_ in referred or _decides(question)
        )

    def record(
        self, stored: Mapping[str, Stored], given: Mapping[str, Stored], today: date, channel: str, finished: bool
    ) -> dict[str, Value]:
        """Give the record of one interview; answers as the database keeps them (`QuestionType.dump`)."""
        told = [stored.get(id_, _ABSENT) for id_ in self._telling]
        key = (
            channel,
            finished,
            today if self.needs_today else None,
            repr(given) if given else "",
            *[value if value.__class__ in (int, str) else repr(value) for value in told],
            # a text may look like the `repr` of something else
            *[value.__class__ for value in told],
        )
        plan = self._plans.get(key)
        if plan is None:
            plan = self._make_plan(stored, given, today, channel, finished)
            if len(self._plans) < self._MOST_PLANS:
                self._plans[key] = plan
        record, takes = dict(plan.defaults), plan.takes
        for id_, value in stored.items():
            found = takes.get(id_)
            if found is not None:
                load, as_it_is = found
                loaded = value if as_it_is and value.__class__ in _AS_THEY_ARE else load(value)
                record[id_] = Missing.SKIPPED if loaded is None else loaded  # type: ignore[assignment]
        return record

    def _make_plan(
        self, stored: Mapping[str, Stored], given: Mapping[str, Stored], today: date, channel: str, finished: bool
    ) -> _Plan:
        interview = Interview(
            self.definition,
            self._load({id_: stored[id_] for id_ in self._telling if id_ in stored}),
            today,
            self._load(given),
            self.parameters,
        )
        settled = {*self._telling, *given}
        takes = {
            question.id: _find_load(find_type(question.type))
            for question in interview.path
            if question.id not in settled and not find_type(question.type).computes
        }
        record = interview.record(channel, finished)
        return _Plan(record, {id_: load for id_, load in takes.items() if id_ in record})

    def _load(self, stored: Mapping[str, Stored]) -> dict[str, Value]:
        questions = self.definition.questions
        return {id_: find_type(questions[id_].type).load(value) for id_, value in stored.items()}


def _find_load(kind: QuestionType) -> _Load:
    return kind.load, type(kind).load is QuestionType.load


def _decides(question: Question) -> bool:
    return question.type == "consent" or question.choices_vary or question.specification is not None


def _list_expressions(definition: Definition) -> Iterator[Expression]:
    """Give all that decides what is on the path, and what calculations give."""
    for section, question in definition.walk():
        conditions = [section.show_if, question.show_if, question.settings.get("calculation")]
        conditions += [choice.show_if for choice in question.choices]
        yield from (condition for condition in conditions if isinstance(condition, Expression))
