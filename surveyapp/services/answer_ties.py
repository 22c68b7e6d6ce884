"""Whose answers they are that were collected elsewhere, where a file says so: an invited contact of the round.

The number or address is looked up and kept nowhere beside the answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forms.definition import Definition
from surveyapp.models import Round
from surveyapp.services.answer_files import Sheet, read_cell
from surveyapp.services.contact_cells import read_cell as read_contact_cell
from surveyapp.services.csv_lists import RowFault
from surveyapp.services.groups import read_group
from surveyapp.services.standings import CONTACTS, INTERVIEWS, INVITATIONS

PHONE, EMAIL = "contact_phone", "contact_email"
COLUMNS = (PHONE, EMAIL)
_BATCH = 500
UNKNOWN = "Nobody with it was invited to this round."
TWICE = "The same person stands in row {} already. Keep one of the two."
OTHER_GROUP = "The contact list has this person in the group {}. Leave the group empty, or mend it."
TOLD_APART = "An anonymous round cannot know whose answers they are. Take this column out of the file."
ANSWERED = "This person has begun already, on the web or by text. Take the row out: nobody counts twice."


@dataclass(frozen=True, slots=True)
class Tie:
    """The invitation that answers belong to; `begun`: somebody has answered by it."""

    invitation_id: int
    group: str | None
    nonce: str
    token_hash: str
    begun: bool


def tie_sheets(
    session: Session, round_: Round, definition: Definition, sheets: Sequence[Sheet], columns: frozenset[str]
) -> tuple[list[Sheet], Mapping[int, Tie], list[RowFault]]:
    """Give the sheets without the columns that name people, whose each is by its row, and what is wrong with that.

    A sheet whose person has a group in the contact list is of that group.
    """
    named = [column for column in COLUMNS if column in columns]
    if not named:
        return list(sheets), {}, []
    if round_.confidentiality == "anonymous":
        return list(sheets), {}, [RowFault(1, column, TOLD_APART) for column in named]
    ways, faults = _read_ways(sheets, named)
    known = _find_known(session, round_, [way for way, _ in ways.values()])
    ties: dict[int, Tie] = {}
    seen: dict[int, int] = {}
    bare = []
    for sheet in sheets:
        cells = {name: cell for name, cell in sheet.cells.items() if name not in COLUMNS}
        if sheet.row in ways:
            way, column = ways[sheet.row]
            tie = known.get(way)
            first = seen.setdefault(tie.invitation_id, sheet.row) if tie else sheet.row
            if tie is None or first != sheet.row:
                faults.append(RowFault(sheet.row, column, UNKNOWN if tie is None else TWICE.format(first)))
            else:
                ties[sheet.row] = tie
                said = read_group(definition, read_cell(cells.get("group", ("",))[0]))[0]
                if said not in (None, tie.group) and tie.group is not None:
                    faults.append(RowFault(sheet.row, "group", OTHER_GROUP.format(tie.group)))
                cells |= {"group": (tie.group,)} if tie.group is not None else {}
        bare.append(replace(sheet, cells=cells))
    return bare, ties, faults


def find_tie(session: Session, invitation_id: int) -> Tie:
    """Give the invitation as it is now, held until the transaction ends."""
    query = _SEATS.where(INVITATIONS.c.id == invitation_id).with_for_update(of=INVITATIONS)
    row = session.execute(query).one()
    return _build(row)


_SEATS = (
    select(
        INVITATIONS.c.id,
        INVITATIONS.c.group_id,
        INVITATIONS.c.nonce,
        INVITATIONS.c.token_hash,
        INVITATIONS.c.state,
        CONTACTS.c.phone,
        CONTACTS.c.email,
        INTERVIEWS.c.id.label("interview"),
    )
    .join(CONTACTS, CONTACTS.c.id == INVITATIONS.c.contact_id)
    .outerjoin(INTERVIEWS, INTERVIEWS.c.invitation_id == INVITATIONS.c.id)
)


def _build(row: object) -> Tie:
    return Tie(row.id, row.group_id, row.nonce, row.token_hash, row.state != "invited" or row.interview is not None)  # type: ignore[attr-defined]  # a row of `_SEATS`


def _read_ways(sheets: Sequence[Sheet], named: Sequence[str]) -> tuple[dict[int, tuple[str, str]], list[RowFault]]:
    """Give by row the number or address as contacts have it, and the column it stands in; the number goes first."""
    ways: dict[int, tuple[str, str]] = {}
    faults = []
    for sheet in sheets:
        for column in named:
            text = read_cell(sheet.cells.get(column, ("",))[0])
            if not text or sheet.row in ways:
                continue
            try:
                ways[sheet.row] = read_contact_cell(column.removeprefix("contact_"), text, None), column
            except ValueError as fault:
                faults.append(RowFault(sheet.row, column, str(fault)))
    return ways, faults


def _find_known(session: Session, round_: Round, ways: Sequence[str]) -> Mapping[str, Tie]:
    known: dict[str, Tie] = {}
    for start in range(0, len(ways), _BATCH):
        some = ways[start : start + _BATCH]
        rows = session.execute(
            _SEATS.where(
                INVITATIONS.c.round_id == round_.id, or_(CONTACTS.c.phone.in_(some), CONTACTS.c.email.in_(some))
            )
        )
        for row in rows:
            known |= {way: _build(row) for way in (row.phone, row.email) if way is not None}
    return known
