"""Answers collected elsewhere, on paper or by another tool: judged as the web's, then stored, all of them or none."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms.definition import IMPORT, RESPONSE_COLUMNS, Definition
from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import Round
from surveyapp.services import answer_ties
from surveyapp.services.answer_cells import list_columns
from surveyapp.services.answer_files import ROW, AnswerFile
from surveyapp.services.answer_judging import OWN_ENTRY, Collected, judge_sheet
from surveyapp.services.audit import record_act
from surveyapp.services.contact_cells import suggest
from surveyapp.services.csv_lists import RowFault
from surveyapp.services.interviews import (
    EVENTS,
    Change,
    cut_link,
    finish_interview,
    note_standing,
    record_answers,
    start_imported_interview,
)
from surveyapp.services.rounds import find_status
from surveyapp.services.standings import CLOSED, INTERVIEWS, INVITATIONS, Standing, dump_answers, find_round_facts

MOST_FAULTS = 1_000
_FACTS = frozenset((*RESPONSE_COLUMNS, OWN_ENTRY, *answer_ties.COLUMNS))
_ROW_FACTS = frozenset((*RESPONSE_COLUMNS, ROW, "row_name"))


Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """The responses of a file, or its faults (then nothing may be stored); `ignored` are columns that mean nothing."""

    responses: tuple[Collected, ...] = ()
    faults: tuple[RowFault, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: responses that are new, and those that were there already."""

    new: int
    unchanged: int


def judge_answers(
    session: Session, round_: Round, file: AnswerFile, now: datetime, watch: Watch = lambda done, whole: None
) -> Judged:
    """Judge every response of a file; this only reads, and says every fault at once by row and column.

    `watch` is told how many responses of how many are done.
    """
    if file.faults:
        return Judged(faults=file.faults)
    facts = find_round_facts(session, round_.code)
    ignored, faults = _check_columns(facts.definition, file)
    sheets, ties, wrong = answer_ties.tie_sheets(session, round_, facts.definition, file.sheets, file.columns[""])
    columns = {place: own - set(answer_ties.COLUMNS) for place, own in file.columns.items()}
    if ties:
        columns[""] |= {"group"}
    faults += wrong
    responses: list[Collected] = []
    for place, sheet in enumerate(sheets):
        watch(place, len(sheets))
        response, wrong = judge_sheet(facts, sheet, columns, now)
        if response is not None:
            tie = ties.get(sheet.row)
            responses.append(replace(response, invitation_id=tie.invitation_id if tie else None))
        faults += wrong
        if len(faults) >= MOST_FAULTS:
            faults.append(RowFault(sheet.row, "", "Too many faults: what comes after this row was not looked at."))
            break
    named = _name_all(responses)
    faults += [_blame_twice(one) for one in named if _counts_twice(session, round_, one, ties.get(one.row))]
    if faults:
        return Judged(faults=tuple(dict.fromkeys(faults)), ignored=ignored)
    return Judged(tuple(named), ignored=ignored)


def import_answers(
    session: Session,
    round_: Round,
    judged: Judged,
    *,
    actor: str,
    secret_key: str,
    now: datetime,
    watch: Watch = lambda done, whole: None,
) -> Imported:
    """Store responses that were judged, and record who brought them; what was stored before stays as it is.

    Raises `ConflictError` for a closed round, and `InvalidError` for faults and for a response whose id came before
    with other answers.
    """
    if judged.faults:
        sentences = [fault.sentence() for fault in judged.faults]
        raise InvalidError("These answers cannot be imported. Nothing was stored.", sentences)
    if find_status(round_, now) == CLOSED:
        raise ConflictError(f"{round_.name} is closed. Reopen it, import the answers, and close it again.")
    facts, counts = find_round_facts(session, round_.code), Counter[bool]()
    faults = []
    for place, response in enumerate(judged.responses):
        watch(place, len(judged.responses))
        start_key = _make_start_key(round_, response)
        known = _find_digest(session, start_key)
        tie = answer_ties.find_tie(session, response.invitation_id) if response.invitation_id is not None else None
        if _counts_twice(session, round_, response, tie):
            faults.append(_blame_twice(response))
        elif known is None:
            standing = start_imported_interview(
                session,
                facts,
                start_key,
                language=response.language,
                channel=response.channel_first,
                secret_key=secret_key,
                now=response.started_at,
                group_id=response.group,
                given=dump_answers(facts.definition, response.given),
                own_entry=response.own_entry,
                **_name_tie(tie),
            )
            _store(session, standing, response, now)
        elif known != _make_key(response):
            fault = "It was imported before with other answers. Give it another response_id, or leave it out."
            faults.append(RowFault(response.row, "response_id", fault))
        counts[known is None] += 1
    if faults:
        raise InvalidError("These answers cannot be imported. Nothing was stored.", [one.sentence() for one in faults])
    detail = {"new": counts[True], "unchanged": counts[False]}
    record_act(
        session,
        actor=actor,
        action="answers.import",
        now=now,
        round_=round_,
        detail=detail,
    )
    return Imported(counts[True], counts[False])


def _store(session: Session, standing: Standing, response: Collected, now: datetime) -> None:
    changes = {id_: Change(value, response.raw.get(id_, ""), rule=IMPORT) for id_, value in response.answers.items()}
    at, last = response.finished_at, response.channel_last
    standing = record_answers(
        session, standing, changes, channel=IMPORT, key=_make_key(response), now=at, channel_last=last
    )
    if standing.invitation_id is not None:
        begun = update(INVITATIONS).where(INVITATIONS.c.id == standing.invitation_id)
        session.execute(begun.values(state="started"))
    if response.state == "finished":
        standing = finish_interview(session, standing, channel=last, now=at)
    else:
        standing = note_standing(session, standing, state=response.state)
    # The round changed now, whenever the answers were given: whoever keeps a copy of its files must see that.
    if standing.round.confidentiality != "anonymous":
        note_standing(session, standing, updated_at=now)
        return
    assert standing.id is not None
    kept = {"finished_at": standing.finished_at} if response.state == "finished" else {"finished_at": None}
    note_standing(session, standing, **cut_link(session, standing.id, None, response.started_at, now) | kept)


def _make_start_key(round_: Round, response: Collected) -> str:
    return "import:" + hashlib.sha256(f"{round_.id}:{response.key}".encode()).hexdigest()


def _counts_twice(session: Session, round_: Round, response: Collected, tie: answer_ties.Tie | None) -> bool:
    """Whether the person has begun by other means than an earlier import of the same response."""
    return tie is not None and tie.begun and _find_digest(session, _make_start_key(round_, response)) is None


def _blame_twice(response: Collected) -> RowFault:
    return RowFault(response.row, "", answer_ties.ANSWERED)


def _name_tie(tie: answer_ties.Tie | None) -> dict[str, Any]:
    """Give the columns that tie an interview to its invitation: the personal link leads there from now on."""
    if tie is None:
        return {}
    return {"invitation_id": tie.invitation_id, "nonce": tie.nonce, "token_hash": tie.token_hash}


def _make_key(response: Collected) -> str:
    return f"import:{response.digest}"


def _find_digest(session: Session, start_key: str) -> str | None:
    """Give the key under which the answers of an earlier import were stored, or nothing."""
    found: str | None = session.execute(
        select(EVENTS.c.key)
        .join(INTERVIEWS, INTERVIEWS.c.id == EVENTS.c.interview_id)
        .where(INTERVIEWS.c.start_key == start_key, EVENTS.c.key.like("import:%"))
    ).scalar()
    return found


def _name_all(responses: Sequence[Collected]) -> list[Collected]:
    """Name those without an id by what they say, and count: two people may have said the same."""
    seen: Counter[str] = Counter()
    named = []
    for response in responses:
        seen[response.digest] += 1
        key = response.key and f"id:{response.key}"
        named.append(replace(response, key=key or f"content:{response.digest}:{seen[response.digest]}"))
    return named


def _check_columns(definition: Definition, file: AnswerFile) -> tuple[tuple[str, ...], list[RowFault]]:
    """Give the columns that mean nothing here, and faults for those that are probably misspelt."""
    ignored: list[str] = []
    faults: list[RowFault] = []
    repeats = {section.id: section for section in definition.repeats}
    plain = [section for section in definition.sections if section.repeat is None]
    for place, columns in file.columns.items():
        known = set().union(*map(list_columns, [repeats[place]] if place else plain))
        known |= _ROW_FACTS if place else _FACTS
        prefix = f"{place}." if place else ""
        for column in sorted(columns - known):
            near = suggest(column, sorted(known - columns), 80) if column else None
            if near is None:
                ignored.append(prefix + column)
            else:
                faults.append(RowFault(1, prefix + column, f"There is no such column. Did you mean {near}?"))
    return tuple(ignored), faults
