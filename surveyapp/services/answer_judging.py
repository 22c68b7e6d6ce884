"""One response that was collected elsewhere, judged section by section as the web judges its pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from forms.definition import CHANNELS, IMPORT, RosterEntry, Section
from forms.interview import Interview
from forms.values import Missing, Value
from forms.web import ROW as ROW_FIELD
from forms.web import judge_list, read_section
from surveyapp.services.answer_cells import Fields, read_fields
from surveyapp.services.answer_files import RESPONSE_ID, ROW, Sheet, read_cell
from surveyapp.services.csv_lists import RowFault
from surveyapp.services.groups import find_given, find_group_question
from surveyapp.services.standings import RoundFacts, build_engine_view

TOO_EARLY = timedelta(days=1)
"""How far clocks elsewhere may be ahead of ours."""
FINISHED, STARTED, STOPPED = "finished", "started", "stopped"
OWN_ENTRY = "own_entry"
OFF_PATH = "It is not asked after the answers before it. Leave the cell empty, or mend the answer that leads here."
NO_COLUMN = "There is no column for this question. Add it; −93 in a cell says that the question was not asked."
EMPTY = "Where the person left it open, write −99."


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """One response as it will be stored. `key` names it within the round; `digest` is of everything it says."""

    row: int
    key: str
    digest: str
    state: str
    language: str
    channel_first: str
    channel_last: str
    started_at: datetime
    finished_at: datetime
    group: str | None
    given: Mapping[str, Value]
    own_entry: str | None
    answers: Mapping[str, Value]
    raw: Mapping[str, str]
    invitation_id: int | None = None
    """The invited contact whose answers they are, where the file says so."""


@dataclass(slots=True)
class Judging:
    """The work on one sheet: what it says, and what is wrong with it."""

    round: RoundFacts
    sheet: Sheet
    columns: Mapping[str, frozenset[str]]
    now: datetime
    faults: list[RowFault] = field(default_factory=list)

    def read(self, column: str) -> str:
        """Give the text of a cell that is no answer."""
        return read_cell(self.sheet.cells.get(column, ("",))[0])

    def blame(self, column: str, message: str, row: int | None = None) -> None:
        """Note a fault."""
        self.faults.append(RowFault(self.sheet.row if row is None else row, column, message))


def judge_sheet(
    round_: RoundFacts, sheet: Sheet, columns: Mapping[str, frozenset[str]], now: datetime
) -> tuple[Collected | None, list[RowFault]]:
    """Give the response that a sheet holds, or every fault in it."""
    work = Judging(round_, sheet, columns, now)
    facts = _read_facts(work)
    group, given = _read_group(work)
    own_entry = _read_own_entry(work)
    finished = facts.state == FINISHED
    interview = build_engine_view(round_, {}, given, facts.finished_at if finished else now, own_entry)
    raw: dict[str, str] = {}
    for section in round_.definition.sections:
        interview = _judge_section(work, interview, section, facts.language, finished, raw)
    if work.faults:
        return None, work.faults
    return replace(facts, group=group, given=given, own_entry=own_entry, answers=interview.answers, raw=raw), []


def _judge_section(
    work: Judging, interview: Interview, section: Section, language: str, finished: bool, raw: dict[str, str]
) -> Interview:
    fields = Fields(whole=finished)
    named = section.id in work.columns
    if section.repeat is None:
        read_fields(fields, work.round.definition, section, work.sheet.cells, work.columns[""])
    else:
        _read_rows(work, fields, interview, section, finished)
    if interview.declined or (section.show_if is not None and not section.show_if.holds(interview.scope)):
        for id_ in sorted(fields.said):
            work.blame(fields.columns[id_], OFF_PATH)
        return interview
    reading = read_section(interview, section, fields.form, language, collected=True)
    in_english = read_section(interview, section, fields.form, "en", collected=True) if reading.errors else reading
    left_open = fields.unsaid | fields.absent if not finished else set()
    for id_, sentence in reading.errors.items():
        if id_ in left_open:
            continue
        if id_ in fields.absent:
            work.blame(fields.columns[id_], NO_COLUMN, row=1)
        else:
            said = in_english.errors.get(id_, sentence)
            work.blame(fields.columns.get(id_, section.id), f"{said} {EMPTY}" if id_ in fields.unsaid else said)
    told = set(reading.values) | set(reading.errors) | set(interview.given)
    for id_ in sorted(fields.said - told):
        work.blame(fields.columns[id_], OFF_PATH)
    values = {id_: value for id_, value in reading.values.items() if value is not None or id_ not in left_open}
    raw.update({id_: ", ".join(fields.form.get(id_, ())) for id_ in values})
    interview = interview.with_answers(values)
    if section.repeat is not None and section.repeat.adds and named and finished:
        for id_, sentence in judge_list(interview, section, "en").items():
            if not any(fault.column.startswith(f"{section.id}.") for fault in work.faults):
                work.blame(fields.columns.get(id_, section.id), sentence)
        interview = interview.with_answers({section.id: len(interview.list_rows(section.id))})
    return interview


def _read_rows(work: Judging, fields: Fields, interview: Interview, section: Section, finished: bool) -> None:
    """Read the rows of a repeated section; of a roster that the file says nothing about, every row was not asked."""
    assert section.repeat is not None
    definition, columns = work.round.definition, work.columns.get(section.id, frozenset())
    entries = {entry.id: entry for entry in interview.roster}
    ids: list[str] = []
    for number, sheet in enumerate(work.sheet.rows.get(section.id, ()), start=1):
        wanted, name = (read_cell(sheet.cells.get(column, ("",))[0]) for column in (ROW, "row_name"))
        if section.repeat.adds:
            id_ = wanted if wanted.isascii() and wanted.isalnum() and len(wanted) <= 32 else f"r{number}"
        else:
            id_ = _find_entry(entries.values(), wanted, name)
            if not id_:
                work.blame(f"{section.id}.{ROW}", "It names no entry of the roster.", sheet.row)
                continue
        if id_ in ids:
            work.blame(f"{section.id}.{ROW}", "The same row stands there twice.", sheet.row)
            continue
        ids.append(id_)
        read_fields(fields, definition, section, sheet.cells, columns, id_)
    if not section.repeat.adds and section.id not in work.columns:
        ids = list(entries)
        for id_ in ids:
            read_fields(fields, definition, section, {}, (), id_)
    missing = [entry.name for id_, entry in entries.items() if id_ not in ids] if not section.repeat.adds else []
    if missing and finished:
        words = ", ".join(missing[:3])
        work.blame(section.id, f"There is no row for {words}. −93 in its cells says that it was not asked.")
    fields.form[ROW_FIELD] = tuple(ids)


def _find_entry(entries: Collection[RosterEntry], wanted: str, name: str) -> str:
    fitting = [entry.id for entry in entries if entry.id == wanted and (not name or entry.name == name)]
    fitting = fitting or [entry.id for entry in entries if name and entry.name == name]
    return fitting[0] if len(fitting) == 1 else ""


def _read_own_entry(work: Judging) -> str | None:
    """Give the entry that is the respondent's own: as the file says, else the only one of the roster without a row."""
    roster, said = work.round.roster, work.read(OWN_ENTRY)
    if said:
        found = next((entry.id for entry in roster if said in (entry.id, entry.name)), None)
        if found is None:
            work.blame(OWN_ENTRY, "It names no entry of the roster.")
        return found
    over = [s.id for s in work.round.definition.repeats if s.repeat is not None and not s.repeat.adds]
    for section in over:
        sheets = work.sheet.rows.get(section, ())
        there = [
            _find_entry(roster, *(read_cell(sheet.cells.get(column, ("",))[0]) for column in (ROW, "row_name")))
            for sheet in sheets
        ]
        left = [entry.id for entry in roster if entry.id not in there]
        if sheets and len(left) == 1:
            return left[0]
    return None


def _read_group(work: Judging) -> tuple[str | None, dict[str, Value]]:
    """Give the group and the answers that follow from it; the question that asks for the group may not contradict."""
    definition = work.round.definition
    group, given = find_given(definition, work.read("group"))
    question = find_group_question(definition)
    if question is None or question.id not in given:
        return group, given
    fields = Fields()
    section = next(one for one in definition.sections if question in one.questions)
    read_fields(fields, definition, section, work.sheet.cells, work.columns[""])
    said, code = fields.form.get(question.id, ()), given[question.id]
    if said and (isinstance(code, Missing) or said != (str(code),)):
        work.blame(question.id, f"It says another group than the column “group”, which is {group}.")
    return group, given


def _read_facts(work: Judging) -> Collected:
    definition = work.round.definition
    language = work.read("language") or definition.default_language
    if language not in definition.languages:
        spoken = ", ".join(definition.languages)
        work.blame("language", f"“{language[:20]}” is not a language of this round. Use {spoken}.")
        language = definition.default_language
    version = work.read("definition_version")
    if version and version != definition.version:
        work.blame("definition_version", f"The round asks version {definition.version}, not {version[:20]}.")
    started, finished = _read_time(work, "started_at"), _read_time(work, "finished_at")
    disposition = work.read("disposition")
    ended = finished is not None if "finished_at" in work.columns[""] else disposition in ("", "I", "P")
    if started and finished and finished < started:
        work.blame("finished_at", "It is before the beginning.")
    said = json.dumps(_list_cells(work.sheet), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(said.encode()).hexdigest()
    first, last = (_read_channel(work, column) for column in ("channel_first", "channel_last"))
    return Collected(
        row=work.sheet.row,
        key=work.read(RESPONSE_ID)[:200],
        digest=digest,
        state=FINISHED if ended else STOPPED if disposition == "R" else STARTED,
        language=language,
        channel_first=first,
        channel_last=last,
        started_at=started or finished or work.now,
        finished_at=finished or max(started or work.now, work.now),
        group=None,
        given={},
        own_entry=None,
        answers={},
        raw={},
    )


def _read_channel(work: Judging, column: str) -> str:
    channel = work.read(column) or IMPORT
    if channel not in (*CHANNELS, IMPORT):
        work.blame(column, f"“{channel[:20]}” is no channel. Use web, sms or import, or leave it empty.")
        return IMPORT
    return channel


def _read_time(work: Judging, column: str) -> datetime | None:
    text = work.read(column)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        work.blame(column, f"“{text[:40]}” is no time. Write it as 2026-03-31T14:00.")
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(work.round.timezone))
    if moment > work.now + TOO_EARLY:
        work.blame(column, "It is in the future.")
    return moment


def _list_cells(sheet: Sheet) -> list[object]:
    return [dict(sheet.cells), {name: [_list_cells(row) for row in found] for name, found in sheet.rows.items()}]
