"""A posted section -> typed answers and errors, in the order in which the questions stand on the path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forms import rows
from forms.course import is_asked, put_result
from forms.definition import WEB, Question, Repeat, Section
from forms.errors import AnswerError
from forms.interview import CONSENT_NO, Interview
from forms.question_types import find_type
from forms.question_types.base import STATUS_SUFFIX
from forms.text import normalise
from forms.values import Missing, Raw, Value
from forms.wording import words

ROW = "row"
"""The form field that names each row which a page of a repeated section holds."""
_STATUS = {str(reason.value): reason for reason in (Missing.DONT_KNOW, Missing.NOT_APPLICABLE)}
_FOUND = frozenset({Missing.NOT_IN_CHANNEL, Missing.UNREADABLE, Missing.REMOVED})
"""Reasons that no respondent gives."""
_KNOWN = _STATUS | {str(reason.value): reason for reason in (Missing.REFUSED, *_FOUND)}


@dataclass(frozen=True, slots=True)
class SectionReading:
    """What was read from one posted section, by question id (of a row: `<section>-<row>-<question>`).

    `values`: the answers that can be recorded. `errors`: sentences in the respondent's language, in the order of the
    questions. `raw`: what was sent, so that the page can show it again. A question that the posted answers have only
    just brought onto the path, and that the page could not show yet, is in none of them: it is still to be asked.
    """

    values: dict[str, Value]
    errors: dict[str, str]
    raw: dict[str, Raw]


def read_section(
    interview: Interview,
    section: Section,
    form: Mapping[str, Sequence[str]],
    language: str,
    *,
    collected: bool = False,
) -> SectionReading:
    """Read the posted fields of one section or row, or of the rows of a section that repeats.

    `section`: as `Interview.find_section` gave it, so that it says which questions the page showed.
    `form`: every field's values by name; fields that name no question on the path are ignored.
    Routing inside the section follows the answers just sent, not the old ones.
    `collected`: the answers were collected elsewhere. Questions of every channel count, and every reason why there is
    no answer may stand in `<id>__st`.
    """
    if section.repeat is not None:
        return _read_rows(interview, section, section.repeat, form, language, collected)
    reading = SectionReading({}, {}, {})
    shown = {question.id for question in section.questions}
    whole = rows.find_section(interview.definition, section.id) or section
    seen = dict(interview.find_scope(section.id).values)
    scope = replace(interview.find_scope(section.id), values=seen)
    for question in whole.questions:
        if question.id in interview.given:
            continue
        if not is_asked(question, scope):
            seen.pop(question.name, None)
            continue
        kind = find_type(question.type)
        if kind.computes:
            put_result(question, scope, seen)
        if not kind.asks or not (collected or WEB in question.channels):
            continue
        raw = read_field(question, form, collected)
        if question.id not in shown and raw == _NOTHING:
            seen.pop(question.name, None)
            continue
        beside = question.specification
        if beside is not None:
            reading.raw[beside.id] = read_field(beside, form, collected)
            raw = _choose_by_typing(interview.narrow(question, scope), raw, reading.raw[beside.id])
        reading.raw[question.id] = raw
        try:
            value = _parse(interview.narrow(question, scope), raw, language)
            interview.check_constraint(question, value, language, scope)
        except AnswerError as error:
            reading.errors[question.id] = str(error)
            seen.pop(question.name, None)
            continue
        reading.values[question.id] = seen[question.name] = value
        if beside is not None and question.specifies(value):
            _read_specification(reading, beside, language)
        if question.type == "consent" and value == CONSENT_NO:
            break
    return reading


_NOTHING = Raw()


def _parse(question: Question, raw: Raw, language: str) -> Value:
    """Read what was sent; a reason that only services give is taken as it is, but nobody's consent is without words."""
    if raw.missing in _FOUND and question.type != "consent":
        return raw.missing
    return find_type(question.type).parse(question, raw, language)


def judge_list(interview: Interview, section: Section, language: str) -> dict[str, str]:
    """Give what keeps the respondent from closing the list of a repeated section, by the id of section or row."""
    errors = {}
    found = interview.list_rows(section.id)
    if section.repeat is not None and len(found) < section.repeat.min:
        text = words(language).gettext("Please add at least %(n)s.")
        errors[section.id] = text % {"n": section.repeat.min}
    for row in found:
        if interview.is_due(row):
            errors[row.id] = words(language).gettext("Please finish this one, or remove it.")
    return errors


def list_posted_rows(section: Section, form: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Give the rows that a page of a repeated section held: named by `row`, or by the fields they have."""
    named = (row for row in form.get(ROW, ()) if rows.ROW_ID.fullmatch(row))
    return tuple(dict.fromkeys([*named, *rows.list_named(form, section.id)]))


def _read_rows(
    interview: Interview,
    section: Section,
    repeat: Repeat,
    form: Mapping[str, Sequence[str]],
    language: str,
    collected: bool,
) -> SectionReading:
    """Read every row that was posted, new ones included; a new row with nothing in it is not added."""
    reading = SectionReading({}, {}, {})
    posted = list_posted_rows(section, form)
    if not posted and not repeat.adds:
        posted = tuple(rows.split(row.id)[1] for row in interview.list_rows(section.id))
    for row in posted:
        id_ = rows.join(section.id, row)
        is_new = repeat.adds and interview.find_section(id_) is None
        has_room = interview.has_room(section)
        interview = interview.add_row(section.id, row)
        part = interview.find_section(id_)
        if part is None:
            continue
        inner = read_section(interview, part, form, language, collected=collected)
        reading.raw.update(inner.raw)
        reading.errors.update(inner.errors)
        if is_new and all(raw == _NOTHING for raw in inner.raw.values()):
            continue
        if is_new and not has_room:
            text = words(language).gettext("There can be %(n)s at most. Please remove one first.")
            reading.errors[rows.join(section.id, row, repeat.label or "")] = text % {"n": repeat.max}
            continue
        reading.values.update(inner.values)
        if is_new:
            reading.values[id_] = interview.answers[id_]
    return reading


def _choose_by_typing(question: Question, raw: Raw, beside: Raw) -> Raw:
    """Who wrote beside a choice and ticked nothing has chosen it."""
    code = next((str(choice.value) for choice in question.choices if choice.specify), None)
    return Raw((code,)) if code is not None and raw == _NOTHING and any(beside.values) else raw


def _read_specification(reading: SectionReading, beside: Question, language: str) -> None:
    try:
        reading.values[beside.id] = _parse(beside, reading.raw[beside.id], language)
    except AnswerError as error:
        reading.errors[beside.id] = str(error)


def read_field(question: Question, form: Mapping[str, Sequence[str]], collected: bool = False) -> Raw:
    """Give what was sent for one question: the field of its id, and `<id>__st` for "don't know" beside a free input.

    `collected`: of answers collected elsewhere, every reason counts that can be known of a question on the path.
    """
    values = form.get(question.id)
    status = form.get(question.id + STATUS_SUFFIX)
    if not values and not status:
        return _NOTHING
    known = _KNOWN if collected else _STATUS
    missing = next((known[code] for code in status if code in known), None) if status else None
    return Raw(tuple(map(normalise, values)) if values else (), missing)
