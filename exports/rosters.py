"""Rosters in a study: what a round asks about, entry by entry, and what type of organisation an entry is."""

from __future__ import annotations

from forms.definition import RosterEntry

TYPES = ("type", "sector", "group")
"""Columns of a roster that tell an organisation's type; the first that is filled in counts."""


def find_type(entry: RosterEntry) -> str:
    """Give an organisation's type as the roster has it, whatever the capitals; empty where it says nothing."""
    known = {name.casefold().strip(): value.strip() for name, value in entry.attributes.items()}
    return next((known[name] for name in TYPES if known.get(name)), "")


def disguise(entry: RosterEntry, code: str) -> RosterEntry:
    """Give the entry under a code, without its name and with nothing but its type."""
    type_ = find_type(entry)
    return RosterEntry(id=code, name="", attributes={TYPES[0]: type_} if type_ else {})
