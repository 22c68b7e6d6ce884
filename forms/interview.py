"""The course of one interview: what is on the path, what comes next, what of the answers counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter

from forms import rows
from forms.course import Course, is_open
from forms.definition import IMPORT, SMS, WEB, Choice, Definition, Question, RosterEntry, Section
from forms.errors import AnswerError
from forms.expressions import Scope
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.consent import CONSENT_NO, CONSENT_YES
from forms.values import Answers, Missing, Row, Value
from forms.wording import words

__all__ = ["CONSENT_NO", "CONSENT_YES", "Interview"]

UNANSWERED = "..."
"""Stands in a text for an answer that there is not (yet): plain letters, so that no text message grows by it."""


@dataclass(frozen=True)
class Interview:
    """One interview at one moment. Routing is forward only, so the path is recomputed from the answers each time.

    `answers`: everything answered so far, also what has since fallen off the path.
    `given`: answers known beforehand (the contact's group); they count, and are never asked.
    `parameters`: what the coordinator filled in when publishing.
    `roster`: the entries that this respondent is asked about, where a section repeats over the round's roster.
    `today`: the date for `today()` in conditions.
    """

    definition: Definition
    answers: Answers
    today: date
    given: Answers = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    roster: tuple[RosterEntry, ...] = ()

    @cached_property
    def _course(self) -> Course:
        return Course(self.definition, self.answers, self.given, self.parameters, self.roster, self.today)

    @property
    def scope(self) -> Scope:
        """What conditions may see at the end of the path."""
        return self._course.scope

    def find_scope(self, id_: str) -> Scope:
        """Give what the conditions and texts of a question, section or row may see: inside a row, its own answers."""
        scopes = self._course.scopes
        return scopes.get(id_) or scopes.get(id_.rpartition(rows.SEPARATOR)[0]) or self._course.scope

    @cached_property
    def path(self) -> tuple[Question, ...]:
        """The questions on the path, in order, of every channel, the given ones and those of every row included."""
        return tuple(question for _, question in self._course.path)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections with something to show on the web, each holding only its questions on the path.

        A section that repeats stands once, without questions: its rows hold them (`list_rows`).
        """
        shown = []
        for section in self.definition.sections:
            if section.repeat is None:
                kept = self._parts.get(section.id)
                if kept is not None:
                    shown.append(kept)
            elif (section.repeat.adds and section.id in self._course.rows) or self.list_rows(section.id):
                shown.append(replace(section, questions=()))
        return tuple(shown)

    @cached_property
    def _parts(self) -> Mapping[str, Section]:
        """The sections and rows that have questions to show on the web, by id."""
        parts = {}
        for section, pairs in groupby(self._course.path, key=itemgetter(0)):
            kept = tuple(q for _, q in pairs if self._is_shown(q))
            if kept:
                parts[section.id] = section if len(kept) == len(section.questions) else _keep(section, kept)
        return parts

    def list_rows(self, section_id: str) -> tuple[Section, ...]:
        """Give the rows of a repeated section that have something to show on the web, each as a section of its own."""
        return self._shown_rows.get(section_id, ())

    @cached_property
    def _shown_rows(self) -> Mapping[str, tuple[Section, ...]]:
        return {
            section_id: tuple(self._parts[row.id] for row in found if row.id in self._parts)
            for section_id, found in self._course.rows.items()
        }

    def has_room(self, section: Section) -> bool:
        """Whether one more row can be added to a section; what was added and removed again counts up to a bound."""
        repeat = section.repeat
        if repeat is None or not repeat.adds or len(self.list_rows(section.id)) >= repeat.max:
            return False
        return rows.find_next_place(self.answers, section.id) <= rows.MOST_PLACES

    def add_row(self, section_id: str, row: str) -> Interview:
        """Give the interview with this row, as it stands or at the place it had, or as the last one.

        A roster's rows cannot be added. Whether there is room for one more is not looked at.
        """
        section = self.definition.find_section(section_id)
        id_ = rows.join(section_id, row)
        if section is None or section.repeat is None or not section.repeat.adds or id_ in self._course.scopes:
            return self
        before = self.answers.get(id_)
        place = abs(before) if isinstance(before, int) else rows.find_next_place(self.answers, section_id)
        return self.with_answers({id_: place})

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
        return self._course.values.get(question_id)

    def find_section(self, section_id: str) -> Section | None:
        """Give a section or a row as it stands on the path, or nothing."""
        if rows.SEPARATOR in section_id:
            return self._parts.get(section_id)
        return next((section for section in self.sections if section.id == section_id), None)

    def next_section(self, after: str | None = None) -> Section | None:
        """Give the section after that one; with no `after`, the first that is not answered yet."""
        if after is None:
            return next((section for section in self.sections if self.is_due(section)), None)
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
        return find_type(question.type).asks and question.id not in self._course.values

    def is_due(self, section: Section) -> bool:
        """Whether a section or row still has a question to ask, or rows to name."""
        repeat = section.repeat
        if repeat is None:
            return any(self.is_open(question) for question in section.questions)
        found = self.list_rows(section.id)
        if repeat.adds and (section.id not in self.answers or len(found) < repeat.min):
            return True
        return any(self.is_due(row) for row in found)

    def name_row(self, row: Section, language: str) -> str:
        """Give what a row is called: by the roster, or by the answer that names it; empty where there is none yet."""
        if row.id in self._course.names:
            return self._course.names[row.id]
        section = self.definition.find_section(rows.split(row.id)[0])
        label = section.repeat.label if section and section.repeat else None
        return self._look_up(label, self.find_scope(row.id), language) if label else ""

    def questions_in(self, channel: str, part: int = 1) -> tuple[Question, ...]:
        """Give the questions on the path that this channel asks (for SMS: of this part), the given ones left out."""
        asked = _list_asked(self.definition, channel, part)
        return tuple(question for question in self.path if question.name in asked and question.id not in self.given)

    def next_question(self, channel: str, part: int = 1) -> Question | None:
        """Give the first question that this channel asks and that is not answered yet, or nothing at the end."""
        asked, answered = _list_asked(self.definition, channel, part), self._course.values
        waiting = (q for q in self.path if q.name in asked and q.id not in answered and q.id not in self.given)
        return next(waiting, None)

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Give the choices of a question that are open in this interview."""
        return find_type(question.type).choices(self.narrow(question))

    def narrow(self, question: Question, scope: Scope | None = None) -> Question:
        """Give the question with only those of its choices that are open (in `scope`, else where it stands)."""
        if not question.choices_vary:
            return question
        scope = scope or self.find_scope(question.id)
        return replace(question, choices=tuple(choice for choice in question.choices if is_open(choice, scope)))

    def check_constraint(self, question: Question, value: Value, language: str, scope: Scope | None = None) -> None:
        """Raise `AnswerError` where a substantive answer does not meet the question's constraint.

        `scope`: what the constraint may see apart from the answer itself; else what stands on the path.
        """
        if question.constraint is None or value is None or isinstance(value, Missing):
            return
        if question.constraint.holds(replace(scope or self.find_scope(question.id), answer=value)):
            return
        if question.constraint_message is None:
            raise AnswerError(words(language).gettext("This answer is not possible here. Please check it."))
        raise AnswerError(self.say(question.constraint_message.in_(language), language, question.id))

    def say(self, text: str, language: str, place: str = "") -> str:
        """Fill the `${...}` of a text with parameters and answers, as plain text; `...` where there is none.

        `place`: the id of the question or row that the text belongs to; inside a row, its own answers are meant.
        """
        if "${" not in text:
            return text
        scope = self.find_scope(place)
        return fill(text, lambda name: self._look_up(name, scope, language) or UNANSWERED)

    def _look_up(self, name: str, scope: Scope, language: str) -> str:
        value = scope.values.get(name)
        if value is None or isinstance(value, Missing):
            return ""
        question = self.definition.questions.get(name)
        return str(value) if question is None else find_type(question.type).describe(question, value, language)

    def with_answers(self, answers: Answers) -> Interview:
        """Give the interview as it stands after these answers."""
        return replace(self, answers={**self.answers, **answers})

    def progress(self, section_id: str) -> tuple[int, int]:
        """Give which part of how many the section (or the one of this row) is, counting those on the path now."""
        ids = [section.id for section in self.sections]
        return ids.index(rows.split(section_id)[0]) + 1, len(ids)

    def record(self, channel: str, finished: bool, part: int = 1) -> dict[str, Value]:
        """Give every question its answer or the reason why there is none (export-pack missing codes).

        `channel` is the channel last used: what it does not ask is -93, what it would still have asked is -94.
        Notes are left out: they ask nothing. A calculation without a result is like an answer that was left empty.
        Questions of repeated sections are left out: `record_rows` has them.
        """
        repeated = self.definition.repeated
        questions = (q for q in self.definition.questions.values() if q.id not in repeated)
        return self._record(questions, channel, finished, part)

    def record_rows(self, channel: str, finished: bool, part: int = 1) -> dict[str, tuple[Row, ...]]:
        """Give the rows of every repeated section, coded as in `record`; off the path there are none."""
        return {
            section.id: tuple(
                Row(
                    rows.split(row.id)[1],
                    self._record(rows.walk_all(row), channel, finished, part),
                    self._course.names.get(row.id, ""),
                )
                for row in self._course.rows.get(section.id, ())
            )
            for section in self.definition.repeats
        }

    def _record(self, questions: Iterable[Question], channel: str, finished: bool, part: int) -> dict[str, Value]:
        on_path = self._ids
        record: dict[str, Value] = {}
        for question in questions:
            kind = find_type(question.type)
            if not (kind.asks or kind.computes or kind.accompanies):
                continue
            if question.id not in on_path:
                record[question.name] = Missing.OFF_PATH
            elif question.id in self._course.values:
                value = self.value(question.id)
                record[question.name] = Missing.SKIPPED if value is None else value
            elif kind.asks and not _asks(channel, question, part):
                record[question.name] = Missing.NOT_IN_CHANNEL
            else:
                record[question.name] = Missing.SKIPPED if finished else Missing.NOT_REACHED
        return record

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(question.id for question in self.path)


def _asks(channel: str, question: Question, part: int) -> bool:
    if channel == IMPORT:
        return True
    return channel in question.channels and (channel != SMS or question.sms.part == part)


def _keep(section: Section, questions: tuple[Question, ...]) -> Section:
    # by hand: a roster has many rows, and `replace` takes its time
    return Section(id=section.id, questions=questions, title=section.title, show_if=section.show_if)


@lru_cache(maxsize=256)
def _list_asked(definition: Definition, channel: str, part: int) -> frozenset[str]:
    """Give the names of the questions that a channel asks (for SMS: in this part), wherever the path leads."""
    walked = [question for _, question in definition.walk()]
    walked += [question.specification for question in walked if question.specification is not None]
    return frozenset(
        question.name for question in walked if find_type(question.type).asks and _asks(channel, question, part)
    )
