"""One page of answers at a time: which one is due, and what a posted one changes. The web's own part of the course."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from forms.definition import WEB, Section
from forms.interview import Interview
from forms.question_types import find_type
from forms.question_types.base import STATUS_SUFFIX
from forms.rows import ROW_ID, join, split
from forms.values import Missing, Raw, Value
from forms.web import SectionReading, judge_list, list_posted_rows, read_section
from surveyapp.errors import InvalidError
from surveyapp.services.interviews import (
    Change,
    begin_invited,
    finish_interview,
    look_ahead,
    note_standing,
    record_answers,
)
from surveyapp.services.standings import Standing

REVIEW = "review"
"""The place where all answers are checked before they are sent; no section has this id."""
NEXT, BACK, SUBMIT, LANGUAGE = "next", "back", "submit", "language"
REMOVE, RESTORE = "remove", "restore"
ACTIONS = (NEXT, BACK, SUBMIT, LANGUAGE, REMOVE, RESTORE)
_NOT_ANSWERS = frozenset({"action", "csrf_token", "from", "lang", "language", "revision"})
"""Fields of a page that say nothing about its answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One page as it was sent: which section, what to do, and every field's values by name.

    `language`: of the page, or the one wished for. `revision`: the state of the interview that the page was drawn
    from, where it says so. `from_review`: somebody mends one section and wants to go back to checking.
    `row`: which row of a repeated section to remove or restore.
    """

    section: str
    action: str
    fields: Mapping[str, Sequence[str]]
    language: str
    revision: int | None = None
    from_review: bool = False
    row: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the interview stands after a page, and the place to show next; `standing.over` means the receipt.

    With a `reading` the same section is shown again with what was typed: its errors, or another language.
    """

    standing: Standing
    place: str
    reading: SectionReading | None = None


def find_place(interview: Interview, wish: str | None = None) -> str:
    """Give the section that is due, or `REVIEW` when everything is answered; an earlier one where that is the wish."""
    due = interview.next_section()
    current = due.id if due else REVIEW
    order = [section.id for section in interview.sections] + [REVIEW]
    return wish if wish in order and order.index(wish) <= order.index(current) else current


def find_percent(interview: Interview, place: str) -> int:
    """Give how far along the path a section, or the one of a row, is, 0 to 100; checking is the last step."""
    order = [section.id for section in interview.sections] + [REVIEW]
    return round(100 * (order.index(split(place)[0]) + 1) / len(order))


def find_row(interview: Interview, section_id: str, row: str) -> bool:
    """Whether this row of a section can be shown: it is there, or there is room for one more."""
    section = interview.find_section(section_id)
    if section is None or section.repeat is None or not ROW_ID.fullmatch(row):
        return False
    there = interview.list_rows(section_id)
    return join(section_id, row) in {one.id for one in there} or (
        section.repeat.adds and len(there) < section.repeat.max
    )


def receive_page(session: Session, standing: Standing, posted: Posted, now: datetime) -> Outcome:
    """Store what a page brought and say what comes next; an interview that is over stays as it is.

    `standing` was found with `lock`. A page with errors, or one that only changes the language, stores no answers.
    Going back stores what is valid and complains of nothing. Raises `InvalidError` for a page that is none of ours.
    """
    if standing.over:
        return Outcome(standing, REVIEW)
    if posted.action not in ACTIONS:
        raise InvalidError("This is not a page of this interview.")
    if posted.section == REVIEW:
        return _receive_review(session, standing, posted, now)
    if standing.round.definition.find_section(posted.section) is None:
        raise InvalidError("This is not a page of this interview.")
    section = standing.interview.find_section(posted.section)
    if section is None:  # another device has led the path elsewhere since
        return Outcome(standing, find_place(standing.interview))
    if posted.action in (REMOVE, RESTORE):
        return _receive_removal(session, standing, section, posted, now)
    return _receive_section(session, standing, section, posted, now)


def _receive_section(session: Session, standing: Standing, section: Section, posted: Posted, now: datetime) -> Outcome:
    reading = read_section(standing.interview, section, posted.fields, posted.language)
    if posted.action == LANGUAGE:
        return Outcome(_note_language(session, standing, posted), section.id, replace(reading, errors={}))
    closes = posted.action == NEXT and section.repeat is not None and section.repeat.adds and not reading.raw
    errors = (
        judge_list(standing.interview, section, posted.language) if closes else _drop_kept_refusals(standing, reading)
    )
    if errors and posted.action != BACK:
        return Outcome(standing, section.id, replace(reading, errors=errors))
    if closes:
        reading.values[section.id] = len(standing.interview.list_rows(section.id))
    changes = _find_changes(standing, reading, drafts=posted.action == BACK)
    if not changes:
        standing = _note_language(session, standing, posted)
        return Outcome(standing, _find_next(standing.interview, section, posted))
    return _store(session, standing, section, posted, changes, now)


def _receive_removal(session: Session, standing: Standing, section: Section, posted: Posted, now: datetime) -> Outcome:
    """Take a row out of its list, or put it back where it was; what was answered in it stays with it."""
    id_ = join(section.id, posted.row)
    place = standing.interview.answers.get(id_)
    wanted = 1 if posted.action == RESTORE else -1
    is_full = posted.action == RESTORE and not standing.interview.has_room(section)
    if not isinstance(place, int) or place * wanted > 0 or is_full:
        return Outcome(standing, section.id)
    return _store(session, standing, section, posted, {id_: Change(-place, rule=posted.action)}, now)


def _store(
    session: Session, standing: Standing, section: Section, posted: Posted, changes: dict[str, Change], now: datetime
) -> Outcome:
    standing = begin_invited(session, standing, channel=WEB, now=now, language=posted.language)
    ahead = look_ahead(standing, changes)
    place = _find_next(ahead, section, posted)
    stored = record_answers(
        session,
        standing,
        changes,
        channel=WEB,
        key=_make_key(standing, posted),
        section=section.id,
        now=now,
        ahead=ahead,
        progress=max(standing.progress, find_percent(ahead, place)),
        **_find_new_facts(standing, posted),
    )
    if stored.revision == standing.revision:
        # This very page was stored before, and other answers since. Whoever sent it again sees what stands now.
        return Outcome(stored, _find_due_row(stored.interview, section, posted) or section.id)
    if ahead.declined:
        stored = finish_interview(session, stored, channel=WEB, now=now)
    return Outcome(stored, place)


def _receive_review(session: Session, standing: Standing, posted: Posted, now: datetime) -> Outcome:
    interview = standing.interview
    if posted.action == LANGUAGE:
        return Outcome(_note_language(session, standing, posted), REVIEW)
    if posted.action == BACK:
        return Outcome(standing, interview.sections[-1].id if interview.sections else REVIEW)
    place = find_place(interview, REVIEW)
    if place != REVIEW:
        return Outcome(standing, place)
    for section in interview.sections:
        for part in (section,) if section.repeat is None else interview.list_rows(section.id):
            reading = _judge_again(standing, part, posted.language)
            if reading.errors:
                return Outcome(standing, section.id, reading)
    standing = begin_invited(session, standing, channel=WEB, now=now, language=posted.language)
    standing = _note_language(session, standing, posted)
    return Outcome(finish_interview(session, standing, channel=WEB, now=now), REVIEW)


def _find_next(interview: Interview, section: Section, posted: Posted) -> str:
    """Give the place after a stored section; the same one where its own answers have brought more questions into it.

    So it is with a row, which is a place of its own: its form stays until nothing more is asked in it, then the list.
    """
    here = interview.find_section(section.id)
    in_a_row = bool(_list_own_rows(section, posted))
    if posted.action in (REMOVE, RESTORE):
        return section.id
    if posted.action == BACK:
        earlier = interview.previous_section(section.id)
        if earlier is None or (in_a_row and interview.list_rows(section.id)):
            return section.id
        return earlier.id
    if here is not None and interview.is_due(here):
        return _find_due_row(interview, section, posted) or here.id
    if posted.from_review:
        return find_place(interview)
    if in_a_row:
        return section.id
    later = interview.next_section(section.id)
    return find_place(interview, later.id if later else REVIEW)


def _list_own_rows(section: Section, posted: Posted) -> tuple[str, ...]:
    """Give the rows that the respondent added and whose forms were posted."""
    adds = section.repeat is not None and section.repeat.adds
    return list_posted_rows(section, posted.fields) if adds else ()


def _find_due_row(interview: Interview, section: Section, posted: Posted) -> str | None:
    """Give the first posted row in which its own answers have brought more to ask."""
    found = (interview.find_section(join(section.id, row)) for row in _list_own_rows(section, posted))
    return next((row.id for row in found if row is not None and interview.is_due(row)), None)


def _find_changes(standing: Standing, reading: SectionReading, *, drafts: bool) -> dict[str, Change]:
    """Give the answers that differ from what is stored. A draft's empty field is not yet an answer."""
    stored = standing.interview.answers
    changes = {}
    for id_, value in reading.values.items():
        if id_ in stored and _is_same(stored[id_], value):
            continue
        if value is None and (drafts and id_ not in stored):
            continue
        said = reading.raw.get(id_)
        changes[id_] = Change(value, ", ".join(said.values) if said else "")
    return changes


def _is_same(one: Value, other: Value) -> bool:
    # 12 and Decimal("12.0") are equal, but not the same answer.
    return type(one) is type(other) and str(one) == str(other)


def _drop_kept_refusals(standing: Standing, reading: SectionReading) -> dict[str, str]:
    """Give the errors without those of questions that were skipped by text and are still left empty."""
    stored = standing.interview.answers
    return {
        id_: sentence
        for id_, sentence in reading.errors.items()
        if not (stored.get(id_) is Missing.REFUSED and reading.raw[id_] == Raw())
    }


def _judge_again(standing: Standing, section: Section, language: str) -> SectionReading:
    """Read stored answers once more: an answer changed earlier may have made a later one impossible."""
    interview = standing.interview
    fields: dict[str, tuple[str, ...]] = {}
    for question in section.questions:
        raw = find_type(question.type).show(interview.value(question.id))
        fields[question.id] = raw.values
        if question.specification is not None:
            beside = question.specification
            fields[beside.id] = find_type(beside.type).form_values(interview.value(beside.id))
        if raw.missing is not None:
            fields[question.id + STATUS_SUFFIX] = (str(raw.missing.value),)
    reading = read_section(interview, section, fields, language)
    errors = {
        id_: sentence
        for id_, sentence in reading.errors.items()
        if not isinstance(interview.value(id_), Missing | None)
    }
    return replace(reading, errors=errors)


def _find_new_facts(standing: Standing, posted: Posted) -> dict[str, str]:
    """Give only what differs: the database would rewrite an index for a state that stays the same."""
    facts = {"language": posted.language} if posted.language != standing.language else {}
    if standing.state == "stopped":  # STOP ended the texts; going on here is the person's own wish
        facts["state"] = "started"
    return facts


def _note_language(session: Session, standing: Standing, posted: Posted) -> Standing:
    if standing.id is None:
        return replace(standing, language=posted.language)
    if standing.language == posted.language:
        return standing
    return note_standing(session, standing, language=posted.language)


def _make_key(standing: Standing, posted: Posted) -> str:
    """Give the idempotency key of a page: the same page with the same answers, sent twice, is one event."""
    revision = standing.revision if posted.revision is None else posted.revision
    fields = {name: list(values) for name, values in posted.fields.items() if name not in _NOT_ANSWERS}
    said = json.dumps([standing.id, revision, posted.section, fields], sort_keys=True)
    return "web:" + hashlib.sha256(said.encode()).hexdigest()
