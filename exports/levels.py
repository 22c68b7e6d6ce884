"""How much of a study is told: the three levels of the evaluation pack, applied before any row is written.

`summary` has no rows at all. `research` merges groups below k in the rows themselves, gives days in place of times,
and removes comments, names and how single answers came in. `restricted` is everything but identity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from exports.columns import Batch, combine, repeat
from exports.disclosure import COMBINED, combine_groups
from exports.dispositions import COUNTED
from exports.options import RESEARCH, RESTRICTED
from exports.responses import Case, Event, Frame, Response, Study
from exports.rosters import disguise
from exports.scorecards.notes import COMBINED_LABEL
from exports.variables import list_questions, list_variables
from forms.definition import Definition, Question, Scorecard, Section
from forms.expressions import Expression
from forms.values import Answers, Missing, Value

Groups = Mapping[str | None, str | None]
"""Group as it is -> group as it is told."""


def protect(study: Study, level: str) -> Study:
    """Give the study as a level tells it; its rows, groups and cases can be written as they are."""
    if level == RESTRICTED:
        return study
    assert level == RESEARCH, "a summary has no rows"
    groups = merge_groups(study)
    told = {group: label for group, label in study.group_labels.items() if groups.get(group, group) == group}
    if COMBINED in groups.values():
        told[COMBINED] = COMBINED_LABEL
    comments, telling = find_comments(study.definition), find_telling(study.definition)
    nodes = code_nodes(study)
    own = next(iter(nodes.values()), {})

    def responses() -> Iterator[Response]:
        for response in study.responses():
            merged = groups.get(response.group, response.group) != response.group
            hidden = telling if merged else frozenset()
            yield replace(
                response,
                group=groups.get(response.group, response.group),
                started_at=_find_day(response.started_at),
                finished_at=_find_day(response.finished_at) if response.finished_at else None,
                person=None,
                own_entry=own.get(response.own_entry or ""),
                answers=_remove(response.answers, comments, hidden),
                rows={
                    section: tuple(
                        replace(
                            row,
                            id=nodes.get(section, {}).get(row.id, row.id),
                            name="",
                            answers=_remove(row.answers, comments, hidden),
                        )
                        for row in rows
                    )
                    for section, rows in response.rows.items()
                },
            )

    def cases() -> Iterator[Case]:
        for case in study.cases():
            group = groups.get(case.group, case.group)
            yield replace(case, group=group, first_at=_find_day(case.first_at), last_at=_find_day(case.last_at))

    def tell(batch: Batch) -> Batch:
        return _tell(batch, groups, comments, telling)

    rows = study.with_responses(responses) if study.definition.repeats else study.with_batches(tell)
    return replace(
        rows,
        group_labels=told,
        cases=cases,
        events=lambda: _forget_course(study.events()),
        messages=lambda: iter(()),
        find_frame=lambda: _merge_frame(study.frame, groups),
        roster=tuple(disguise(entry, own[entry.id]) for entry in study.roster),
    )


def merge_groups(study: Study) -> Groups:
    """Give each group that cannot stand on its own the group it is told as; nothing in place of all when none can.

    At least as coarse as the scorecard of the same round: what is hidden there is combined here, and so is every
    group of which only uncounted interviews are known, with the next smallest until k counted people are together.
    """
    k = (study.definition.scorecard or Scorecard()).k
    known: Counter[str | None] = Counter()
    counted: Counter[str] = Counter()
    for batch in study.batches():
        for (group, disposition), count in combine((batch.groups, batch.dispositions)).count():
            known[group] += count
            if disposition in COUNTED:
                counted[group or ""] += count
    breakdown = combine_groups(counted, k)
    shown = sorted(breakdown.shown, key=lambda group: counted[group])
    hidden = {group for group in known if (group or "") not in shown}
    people = sum(counted[group or ""] for group in hidden)
    while hidden and shown and people < k:
        people += counted[shown[0]]
        hidden.add(shown.pop(0) or None)
    told = COMBINED if shown and people >= k else None
    return {group: told for group in hidden if told is not None or group is not None}


def code_nodes(study: Study) -> dict[str, dict[str, str]]:
    """Give for each section over a roster the codes of its entries, whose own ids may be names: `n01`, `n02`, ...

    The same entry has the same code in every section. Codes follow the order of the ids, not that of the roster.
    """
    over = {s.id for s in study.definition.sections if s.repeat is not None and s.repeat.over == "roster"}
    if not over:
        return {}
    known = {entry.id for entry in study.roster}
    for response in study.responses():
        known |= {row.id for section in over for row in response.rows.get(section, ())}
        known |= {response.own_entry} if response.own_entry else set()
    entries = sorted(known)
    width = max(2, len(str(len(entries))))
    codes = {entry: f"n{place:0{width}}" for place, entry in enumerate(entries, start=1)}
    return dict.fromkeys(over, codes)


def find_comments(definition: Definition) -> frozenset[str]:
    """Give the questions that people answer in their own words, and what is worked out as text."""
    return frozenset(
        question.id
        for section, question in list_questions(definition.sections)
        if any(variable.kind == "text" for variable in list_variables(section, question))
    )


def find_telling(definition: Definition) -> frozenset[str]:
    """Give the questions whose answers, or whose absence, may tell the group: its question and what hangs on it."""
    by = definition.scorecard.group_by if definition.scorecard else None
    if by is None:
        return frozenset()
    telling = {by}
    for section in definition.sections:
        for question in section.questions:
            if _leans_on(telling, section, question):
                telling.add(question.id)
            if question.id in telling and question.specification is not None:
                telling.add(question.specification.id)
    return frozenset(telling)


def _leans_on(telling: Collection[str], section: Section, question: Question) -> bool:
    conditions = [section.show_if, question.show_if, question.settings.get("calculation")]
    conditions += [choice.show_if for choice in question.choices]
    return any(isinstance(c, Expression) and not c.references.isdisjoint(telling) for c in conditions)


def _tell(batch: Batch, groups: Groups, comments: Collection[str], telling: Collection[str]) -> Batch:
    """Give responses without repeated sections as they are told."""
    told = {}
    for id_, column in batch.answers.items():
        if id_ in telling:
            both = combine((batch.groups, column))
            column = both.map(lambda one: Missing.REMOVED if groups.get(one[0], one[0]) != one[0] else one[1])
        told[id_] = column.map(_cover) if id_ in comments else column
    return replace(
        batch,
        groups=batch.groups.map(lambda group: groups.get(group, group)),
        started_at=batch.started_at.astype("datetime64[D]"),
        finished_at=batch.finished_at.astype("datetime64[D]"),
        people=[None] * len(batch),
        own_entries=repeat(None, len(batch)),
        answers=told,
    )


def _cover(value: Value) -> Value:
    """Give what stays of a comment: that there was one."""
    return value if value is None or isinstance(value, Missing) else Missing.REMOVED


def _remove(answers: Answers, comments: Collection[str], hidden: Collection[str]) -> dict[str, Value]:
    """Give the answers without comments (that there was one is all that stays) and without what tells the group."""
    return {
        id_: Missing.REMOVED if id_ in hidden else _cover(value) if id_ in comments else value
        for id_, value in answers.items()
    }


def _forget_course(events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        day = event.at.replace(hour=0, minute=0, second=0, microsecond=0)
        yield Event(response_id=event.response_id, question_id=event.question_id, at=day, channel=event.channel)


def _merge_frame(frame: Frame, groups: Groups) -> Frame:
    cases: dict[str | None, Counter[str]] = {}
    for group, row in frame.cases.items():
        cases.setdefault(groups.get(group, group), Counter()).update(row)
    return replace(frame, cases=cases)


def _find_day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at
