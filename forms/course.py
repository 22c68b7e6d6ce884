"""The course of one interview: which questions are on the path, and what the conditions and texts of each may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from forms import rows
from forms.definition import Choice, Definition, Question, RosterEntry, Section
from forms.expressions import Expression, Scope
from forms.question_types import find_type
from forms.question_types.consent import CONSENT_YES
from forms.values import Answers, Value


class Course:
    """The path through a definition, recomputed from the answers: routing is forward only.

    A row of a repeated section is a stretch of the path like a section, with one difference: what is answered in it
    is seen inside it alone. After the section, its answers stand together in `Scope.rows`.
    A consent question that is answered with anything but yes ends the path: nothing is asked after it.
    """

    def __init__(
        self,
        definition: Definition,
        answers: Answers,
        given: Answers,
        parameters: Mapping[str, str],
        roster: Sequence[RosterEntry],
        today: date,
    ) -> None:
        self._answers, self._given, self._roster = answers, given, roster
        self._seen: dict[str, Value] = dict(parameters)
        self._gathered: dict[str, list[Value]] = {}
        self.scope = Scope(self._seen, today, rows=self._gathered)
        """What is seen at the end of the path."""
        self.scopes: dict[str, Scope] = {}
        """What is seen inside each row, by the row's id."""
        self.path: list[tuple[Section, Question]] = []
        self.values: dict[str, Value] = {}
        """The answers on the path, by the question's id."""
        self.rows: dict[str, tuple[Section, ...]] = {}
        """The rows of every repeated section on the path."""
        self.names: dict[str, str] = {}
        """What the roster calls each row, by the row's id."""
        for section in definition.sections:
            if section.show_if is not None and not section.show_if.holds(self.scope):
                continue
            if section.repeat is not None:
                self._follow_rows(section)
            elif self._follow(section, self._seen, self.scope):
                return

    def _follow_rows(self, section: Section) -> None:
        repeat = section.repeat
        assert repeat is not None
        if repeat.adds:
            named = [(row, "") for row in rows.list_added(self._answers, section.id)]
        else:
            named = [(entry.id, entry.name) for entry in self._roster]
        gathered: dict[str, list[Value]] = {question.name: [] for question in rows.walk_all(section)}
        gathered[section.id] = []
        found = []
        before = dict(self._gathered)  # a row never sees the answers of its own section taken together
        for row, name in named:
            part = rows.build_row(section, row)
            seen = dict(self._seen)
            if name:
                seen[section.id] = self.names[part.id] = name
            scope = self.scopes[part.id] = Scope(seen, self.scope.today, rows=before)
            self._follow(part, seen, scope)
            gathered[section.id].append(row)
            for question in rows.walk_all(part):
                gathered[question.name].append(self.values.get(question.id))
            found.append(part)
        self._gathered.update(gathered)
        self.rows[section.id] = tuple(found)

    def _follow(self, section: Section, seen: dict[str, Value], scope: Scope) -> bool:
        """Go through one section, or one row; say whether the path ends in it."""
        answers, given = self._answers, self._given
        for question in section.questions:
            if not is_asked(question, scope):
                continue
            self.path.append((section, question))
            if find_type(question.type).computes:
                put_result(question, scope, seen)
            elif question.id in given:
                seen[question.name] = given[question.id]
            elif question.id in answers and _stands(question, answers[question.id], scope):
                seen[question.name] = answers[question.id]
            if question.name in seen:
                self.values[question.id] = seen[question.name]
            beside = question.specification
            if beside is not None and question.specifies(seen.get(question.name)):
                self.path.append((section, beside))
                if beside.id in answers:
                    self.values[beside.id] = seen[beside.name] = answers[beside.id]
            if question.type == "consent" and seen.get(question.name, CONSENT_YES) != CONSENT_YES:
                return True
        return False


def is_asked(question: Question, scope: Scope) -> bool:
    """Whether a question is asked: its condition holds and, where choices have conditions too, one of them is open."""
    if question.show_if is not None and not question.show_if.holds(scope):
        return False
    return not question.choices_vary or any(is_open(choice, scope) for choice in question.choices)


def is_open(choice: Choice, scope: Scope) -> bool:
    """Whether a choice is offered."""
    return choice.show_if is None or choice.show_if.holds(scope)


def put_result(question: Question, scope: Scope, seen: dict[str, Value]) -> None:
    """Work a calculation out from what stands before it, and let what comes after see the result."""
    calculation = question.settings["calculation"]
    assert isinstance(calculation, Expression)
    result = calculation.result(scope)
    if result is None:
        seen.pop(question.name, None)
    else:
        seen[question.name] = result


def _stands(question: Question, value: Value, scope: Scope) -> bool:
    """Whether every choice that was made is still open; an answer with a closed one waits to be given again."""
    if not question.choices_vary:
        return True
    chosen = value if isinstance(value, tuple) else (value,)
    return all(choice.value not in chosen or is_open(choice, scope) for choice in question.choices)
