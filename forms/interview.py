"""The course of one interview: what is on the path, what comes next, what of the answers counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from forms.definition import SMS, WEB, Choice, Definition, Question, Section
from forms.errors import AnswerError
from forms.expressions import Expression, Scope
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.consent import CONSENT_NO, CONSENT_YES
from forms.values import Answers, Missing, Value
from forms.wording import words

__all__ = ["CONSENT_NO", "CONSENT_YES", "Interview"]


@dataclass(frozen=True)
class Interview:
    """One interview at one moment. Routing is forward only, so the path is recomputed from the answers each time.

    `answers`: everything answered so far, also what has since fallen off the path.
    `given`: answers known beforehand (the contact's group); they count, and are never asked.
    `parameters`: what the coordinator filled in when publishing.
    `today`: the date for `today()` in conditions.
    """

    definition: Definition
    answers: Answers
    today: date
    given: Answers = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _course(self) -> tuple[tuple[tuple[Section, Question], ...], Scope]:
        """The path, and what it lets later conditions and texts see.

        A consent question that is answered with anything but yes ends the path: nothing is asked after it.
        """
        seen: dict[str, Value] = dict(self.parameters)
        scope = Scope(seen, self.today)
        path: list[tuple[Section, Question]] = []
        for section in self.definition.sections:
            if section.show_if is not None and not section.show_if.holds(scope):
                continue
            for question in section.questions:
                if question.show_if is not None and not question.show_if.holds(scope):
                    continue
                path.append((section, question))
                if find_type(question.type).computes:
                    put_result(question, scope, seen)
                elif question.id in self.given:
                    seen[question.id] = self.given[question.id]
                elif question.id in self.answers and self._stands(question, self.answers[question.id], scope):
                    seen[question.id] = self.answers[question.id]
                specification = question.specification
                if specification is not None and question.specifies(seen.get(question.id)):
                    path.append((section, specification))
                    if specification.id in self.answers:
                        seen[specification.id] = self.answers[specification.id]
                if question.type == "consent" and seen.get(question.id, CONSENT_YES) != CONSENT_YES:
                    return tuple(path), scope
        return tuple(path), scope

    @staticmethod
    def _stands(question: Question, value: Value, scope: Scope) -> bool:
        """Whether every choice that was made is still open; an answer with a closed one waits to be given again."""
        if not question.choices_vary:
            return True
        chosen = value if isinstance(value, tuple) else (value,)
        return all(c.show_if is None or c.value not in chosen or c.show_if.holds(scope) for c in question.choices)

    @property
    def scope(self) -> Scope:
        """What conditions may see at the end of the path."""
        return self._course[1]

    @cached_property
    def path(self) -> tuple[Question, ...]:
        """The questions on the path, in order, of every channel, the given ones included."""
        return tuple(question for _, question in self._course[0])

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections with something to show on the web, each holding only its questions on the path."""
        sections = []
        for section, pairs in groupby(self._course[0], key=itemgetter(0)):
            kept = tuple(q for _, q in pairs if self._is_shown(q))
            if kept:
                sections.append(section if len(kept) == len(section.questions) else replace(section, questions=kept))
        return tuple(sections)

    def _is_shown(self, question: Question) -> bool:
        kind = find_type(question.type)
        apart = not kind.computes and not kind.accompanies
        return apart and WEB in question.channels and question.id not in self.given

    @property
    def declined(self) -> bool:
        """Whether consent was refused."""
        return any(self.value(q.id) == CONSENT_NO for q in self.path if q.type == "consent")

    def value(self, question_id: str) -> Value:
        """Give the answer to a question that is on the path, else nothing."""
        return self.scope.values.get(question_id) if question_id in self.definition.questions else None

    def find_section(self, section_id: str) -> Section | None:
        """Give a section as it stands on the path, or nothing."""
        return next((section for section in self.sections if section.id == section_id), None)

    def next_section(self, after: str | None = None) -> Section | None:
        """Give the section after that one; with no `after`, the first that still has an unanswered question."""
        if after is None:
            return next((s for s in self.sections if any(self.is_open(q) for q in s.questions)), None)
        order = [section.id for section in self.definition.sections]
        position = order.index(after)
        return next((s for s in self.sections if order.index(s.id) > position), None)

    def previous_section(self, before: str) -> Section | None:
        """Give the section before that one on the path, or nothing at the first."""
        order = [section.id for section in self.definition.sections]
        position = order.index(before)
        return next((s for s in reversed(self.sections) if order.index(s.id) < position), None)

    def is_open(self, question: Question) -> bool:
        """Whether this question still waits to be asked."""
        return find_type(question.type).asks and question.id not in self.scope.values

    def questions_in(self, channel: str, part: int = 1) -> tuple[Question, ...]:
        """Give the questions on the path that this channel asks (for SMS: of this part), the given ones left out."""
        return tuple(
            question
            for question in self.path
            if find_type(question.type).asks
            and channel in question.channels
            and question.id not in self.given
            and (channel != SMS or question.sms.part == part)
        )

    def next_question(self, channel: str, part: int = 1) -> Question | None:
        """Give the first question that this channel asks and that is not answered yet, or nothing at the end."""
        return next((q for q in self.questions_in(channel, part) if self.is_open(q)), None)

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Give the choices of a question that are open in this interview."""
        return find_type(question.type).choices(self.narrow(question))

    def narrow(self, question: Question, scope: Scope | None = None) -> Question:
        """Give the question with only those of its choices that are open (in `scope`, else at the end of the path)."""
        if not question.choices_vary:
            return question
        scope = scope or self.scope
        return replace(
            question, choices=tuple(c for c in question.choices if c.show_if is None or c.show_if.holds(scope))
        )

    def check_constraint(self, question: Question, value: Value, language: str, scope: Scope | None = None) -> None:
        """Raise `AnswerError` where a substantive answer does not meet the question's constraint.

        `scope`: what the constraint may see apart from the answer itself; else the path as it stands.
        """
        if question.constraint is None or value is None or isinstance(value, Missing):
            return
        if question.constraint.holds(replace(scope or self.scope, answer=value)):
            return
        if question.constraint_message is None:
            raise AnswerError(words(language).gettext("This answer is not possible here. Please check it."))
        raise AnswerError(self.say(question.constraint_message.in_(language), language))

    def say(self, text: str, language: str) -> str:
        """Fill the `${...}` of a text with parameters and answers, as plain text."""

        def look_up(name: str) -> str:
            question = self.definition.questions.get(name)
            if question is None:
                return self.parameters.get(name, "")
            value = self.value(name)
            if value is None or isinstance(value, Missing):
                return ""
            return find_type(question.type).describe(question, value, language)

        return fill(text, look_up) if "${" in text else text

    def with_answers(self, answers: Answers) -> Interview:
        """Give the interview as it stands after these answers."""
        return replace(self, answers={**self.answers, **answers})

    def progress(self, section_id: str) -> tuple[int, int]:
        """Give which part of how many the section is, counting the sections on the path as it stands now."""
        ids = [section.id for section in self.sections]
        return ids.index(section_id) + 1, len(ids)

    def record(self, channel: str, finished: bool, part: int = 1) -> dict[str, Value]:
        """Give every question of the definition its answer or the reason why there is none (export-pack missing codes).

        `channel` is the channel last used: what it does not ask is -93, what it would still have asked is -94.
        Notes are left out: they ask nothing. A calculation without a result is like an answer that was left empty.
        """
        on_path = {question.id for question in self.path}
        record: dict[str, Value] = {}
        for question in self.definition.questions.values():
            kind = find_type(question.type)
            if not (kind.asks or kind.computes or kind.accompanies):
                continue
            if question.id not in on_path:
                record[question.id] = Missing.OFF_PATH
            elif question.id in self.scope.values:
                value = self.value(question.id)
                record[question.id] = Missing.SKIPPED if value is None else value
            elif kind.asks and (channel not in question.channels or (channel == SMS and question.sms.part != part)):
                record[question.id] = Missing.NOT_IN_CHANNEL
            else:
                record[question.id] = Missing.SKIPPED if finished else Missing.NOT_REACHED
        return record


def put_result(question: Question, scope: Scope, seen: dict[str, Value]) -> None:
    """Work a calculation out from what stands before it, and let what comes after see the result."""
    calculation = question.settings["calculation"]
    assert isinstance(calculation, Expression)
    result = calculation.result(scope)
    if result is None:
        seen.pop(question.id, None)
    else:
        seen[question.id] = result
