"""Records of many interviews of one round: which routing each has, worked out once for all that share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from forms.definition import Definition, Question
from forms.expressions import Expression
from forms.interview import Interview
from forms.question_types import find_type
from forms.values import Missing, Stored, Value

ABSENT: Final = object()
"""Stands for the stored answer to a question that was never answered."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What an interview has besides its answers. `given`: as the database keeps it (`QuestionType.dump`)."""

    given: Mapping[str, Stored]
    today: date
    channel: str
    finished: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is the same in all interviews with one routing.

    `defaults`: every question with its record where it is not answered. `takes`: the questions that are on the path
    whatever else is answered, so that an answer to them counts.
    """

    defaults: Mapping[str, Value]
    takes: frozenset[str]


@dataclass(slots=True)
class Recorder:
    """Records the interviews of a round whose definition repeats no section: what `Interview.record` gives.

    Which questions are on the path depends on few answers, those to the `telling` questions: a condition or
    calculation refers to them, they ask for consent, have varying choices or a text beside one. Interviews that agree
    in them agree in the plan, which is worked out once, by `Interview` itself; the other answers are only put in.
    """

    definition: Definition
    parameters: Mapping[str, str]
    needs_today: bool = field(init=False)
    """Whether a condition asks for the date, so that `today` makes a difference."""
    telling: tuple[str, ...] = field(init=False)
    _plans: dict[tuple[object, ...], Plan] = field(init=False, default_factory=dict)

    _MOST_PLANS = 10_000

    def __post_init__(self) -> None:
        """Find out what decides about the path."""
        if self.definition.repeats:
            raise ValueError("rows of repeated sections are recorded by `Interview.record_rows`")
        expressions = list(_list_expressions(self.definition))
        referred = {id_ for expression in expressions for id_ in expression.references}
        self.needs_today = any("today" in expression.text for expression in expressions)
        self.telling = tuple(
            id_
            for id_, question in self.definition.questions.items()
            if (id_ in referred or _decides(question)) and not find_type(question.type).computes
        )

    def find_plan(self, setting: Setting, told: Sequence[Stored]) -> Plan:
        """Give the plan of the interviews that answered the `telling` questions so; `ABSENT` where one did not."""
        key = (
            setting.channel,
            setting.finished,
            setting.today if self.needs_today else None,
            repr(setting.given) if setting.given else "",
            *[value if value.__class__ in (int, str) else repr(value) for value in told],
            # a text may look like the `repr` of something else
            *[value.__class__ for value in told],
        )
        plan = self._plans.get(key)
        if plan is None:
            plan = self._make_plan(setting, told)
            if len(self._plans) < self._MOST_PLANS:
                self._plans[key] = plan
        return plan

    def load(self, id_: str, stored: Iterable[Stored]) -> list[Value]:
        """Give answers that count as the record has them."""
        load = find_type(self.definition.questions[id_].type).load
        return [Missing.SKIPPED if value is None else value for value in map(load, stored)]

    def _make_plan(self, setting: Setting, told: Sequence[Stored]) -> Plan:
        interview = Interview(
            self.definition,
            self._load({id_: value for id_, value in zip(self.telling, told, strict=True) if value is not ABSENT}),
            setting.today,
            self._load(setting.given),
            self.parameters,
        )
        settled = {*self.telling, *setting.given}
        defaults = interview.record(setting.channel, setting.finished)
        return Plan(
            defaults,
            frozenset(
                question.id
                for question in interview.path
                if question.id not in settled and question.id in defaults and not find_type(question.type).computes
            ),
        )

    def _load(self, stored: Mapping[str, Stored]) -> dict[str, Value]:
        questions = self.definition.questions
        return {id_: find_type(questions[id_].type).load(value) for id_, value in stored.items()}


def _decides(question: Question) -> bool:
    return question.type == "consent" or question.choices_vary or question.specification is not None


def _list_expressions(definition: Definition) -> Iterator[Expression]:
    """Give all that decides what is on the path, and what calculations give."""
    for section, question in definition.walk():
        conditions = [section.show_if, question.show_if, question.settings.get("calculation")]
        conditions += [choice.show_if for choice in question.choices]
        yield from (condition for condition in conditions if isinstance(condition, Expression))
