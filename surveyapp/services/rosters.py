"""Rosters: the list that a round asks about, entry by entry, and which entry is the respondent's own organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.definition import MOST_ROWS, Definition, RosterEntry
from forms.sms.vocabulary import fold
from surveyapp.models import Round
from surveyapp.services.contact_cells import suggest
from surveyapp.services.csv_lists import RowFault, read_csv

NAME = "name"
LONGEST_NAME = 120
LONGEST_ATTRIBUTE = 1_000
MOST_COLUMNS = 60
_BY_ROUND: dict[str, tuple[RosterEntry, ...]] = {}
_KEPT = 200


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that was read: its entries, or its faults (then nothing may be published)."""

    entries: tuple[RosterEntry, ...] = ()
    faults: tuple[RowFault, ...] = ()


def read_roster(data: bytes | str) -> Roster:
    """Read a roster: the column `name`, every other column kept as an attribute; entries are numbered from 1.

    Nothing in a cell is ever taken for a formula.
    """
    try:
        rows = read_csv(data, "“name”, and a row for each entry")
    except ValueError as fault:
        return Roster(faults=(RowFault(0, "", str(fault)),))
    columns = [heading.lower() if heading.lower() == NAME else heading for heading in rows[0][1]]
    faults = _check_headings(columns)
    if not faults and len(rows) - 1 > MOST_ROWS:
        message = f"It has {len(rows) - 1:,} entries; at most {MOST_ROWS} can be asked about."
        faults = [RowFault(0, "", message)]
    if not faults and len(rows) == 1:
        faults = [RowFault(0, "", "It has headings but no entries below them. Add one row for each entry.")]
    if faults:
        return Roster(faults=tuple(faults))
    return _read_rows(rows[1:], columns)


def check_roster(roster: Roster | None, definition: Definition) -> list[str]:
    """Give what keeps a definition from being asked with this roster, one sentence each."""
    if not definition.needs_roster:
        return [] if roster is None else ["Roster: no section of this definition asks about a roster. Leave it out."]
    if roster is None:
        return ["Roster: this definition asks about each entry of a list. Give the list, with a column “name”."]
    if roster.faults:
        return [f"Roster: {fault.sentence()}" for fault in roster.faults]
    faults = []
    for section in definition.repeats:
        repeat, count = section.repeat, len(roster.entries)
        assert repeat is not None
        if not repeat.adds and not repeat.min <= count <= repeat.max:
            limits = f"{repeat.min} to {repeat.max}" if repeat.min else f"at most {repeat.max}"
            faults.append(f"Roster: it has {count} entries; the section {section.id} takes {limits}.")
    return faults


def dump_roster(roster: Roster | None) -> list[dict[str, Any]] | None:
    """Give the entries as a round keeps them."""
    return [asdict(entry) for entry in roster.entries] if roster is not None else None


def find_roster(session: Session, definition: Definition, round_code: str) -> tuple[RosterEntry, ...]:
    """Give the roster of a round, read once per process: a published roster never changes."""
    if not definition.needs_roster:
        return ()
    roster = _BY_ROUND.get(round_code)
    if roster is None:
        stored = session.execute(select(Round.roster).where(Round.code == round_code)).scalar_one()
        while len(_BY_ROUND) >= _KEPT:
            _BY_ROUND.pop(next(iter(_BY_ROUND)))
        roster = _BY_ROUND[round_code] = tuple(RosterEntry(**entry) for entry in stored or ())
    return roster


def find_own_entry(roster: Sequence[RosterEntry], organisation: str | None, confidentiality: str) -> str | None:
    """Give the entry that is somebody's own organisation, whatever the capitals, accents and punctuation.

    In an anonymous round nobody's organisation is known: which entry is left out would tell it.
    """
    wanted = fold(organisation or "")
    if not wanted or confidentiality == "anonymous":
        return None
    return next((entry.id for entry in roster if fold(entry.name) == wanted), None)


def _check_headings(columns: Sequence[str]) -> list[RowFault]:
    faults = [
        RowFault(1, column, "This heading stands there twice. Rename or remove one.")
        for place, column in enumerate(columns)
        if column and column in columns[:place]
    ]
    if len(columns) > MOST_COLUMNS:
        faults.append(RowFault(1, "", f"There are {len(columns)} columns; at most {MOST_COLUMNS} can be kept."))
    if NAME not in columns:
        near = suggest(NAME, columns) if columns else None
        hint = f" Is “{near}” the name? Then rename it." if near else ""
        faults.append(RowFault(1, "", f"A column “name” is needed: what each entry is called.{hint}"))
    return faults


def _read_rows(rows: Sequence[tuple[int, Sequence[str]]], columns: Sequence[str]) -> Roster:
    entries: list[RosterEntry] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        named: Mapping[str, str] = dict(zip(columns, cells, strict=False))
        name = " ".join(named.get(NAME, "").split())
        first = seen.setdefault(fold(name), number)
        if any(cells[len(columns) :]):
            message = "It has more cells than there are headings. A cell with a comma needs quotation marks around it."
            faults.append(RowFault(number, "", message))
        if not name:
            faults.append(RowFault(number, NAME, "It has no name."))
        elif first != number:
            faults.append(RowFault(number, NAME, f"“{name[:60]}” stands in row {first} already. Keep one of the two."))
        elif len(name) > LONGEST_NAME:
            faults.append(
                RowFault(number, NAME, f"It has {len(name)} characters; at most {LONGEST_NAME} can be shown.")
            )
        faults += [
            RowFault(number, column, f"It has {len(cell)} characters; at most {LONGEST_ATTRIBUTE} can be kept.")
            for column, cell in named.items()
            if column != NAME and len(cell) > LONGEST_ATTRIBUTE
        ]
        attributes = {column: cell for column, cell in named.items() if column and column != NAME and cell}
        entries.append(RosterEntry(id=str(len(entries) + 1), name=name, attributes=attributes))
    return Roster(() if faults else tuple(entries), tuple(faults))
