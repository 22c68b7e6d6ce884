"""The resource directory: the organisations by type, and which entries have to be looked at again. Never scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from exports.charts.tables import Cell, make_table
from exports.responses import Study
from exports.scorecards.panels.base import (
    Built,
    Figure,
    Panel,
    find_date,
    find_today,
    find_words,
    list_entries,
    say_choice,
)
from exports.scorecards.report.blocks import Block, Section, Sentence, Table

FRESH = timedelta(days=366)
"""What was checked before that is to be checked again: our convention."""
NO_ENDORSEMENT = "A listing is no endorsement."


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One organisation as it is listed."""

    name: str
    type: str
    services: str
    url: str
    state: str
    checked: date | None


class Directory(Panel):
    """The list as it is printed, and how fresh it is."""

    name = "directory"
    kinds = ("register",)
    needs = ("name", "type", "services", "last_checked")
    files: ClassVar[Mapping[str, str]] = {"organisations": "organisations"}
    instead = True

    def build(self, study: Study) -> Built:
        """Print the list by name."""
        listed, today = read_directory(study), find_today(study)
        if not listed:
            return self.build_nothing("LISTED", "Directory")
        old = [one for one in listed if one.checked is None or today - one.checked > FRESH]
        figures = [
            Figure(domain="LISTED", n=len(listed), note=f"Organisations listed. {NO_ENDORSEMENT}"),
            Figure(domain="OUTDATED", n=len(old), note="Not checked for more than a year."),
        ]
        return figures, [_tell(listed, old)], {}


def read_directory(study: Study) -> list[Listed]:
    """Give every organisation by name; of two entries of the same name the later counts."""
    found: dict[str, Listed] = {}
    for _, entry in list_entries(study, "name"):
        answers = entry.answers
        name = find_words(answers, "name")
        found[name.casefold()] = Listed(
            name=name,
            type=say_choice(study.definition, answers, "type"),
            services=find_words(answers, "services"),
            url=find_words(answers, "url"),
            state=say_choice(study.definition, answers, "status"),
            checked=find_date(answers, "last_checked"),
        )
    return [found[name] for name in sorted(found)]


def _tell(listed: Sequence[Listed], old: Sequence[Listed]) -> Section:
    rows: list[list[Cell]] = [
        [one.name, one.type, one.services, one.url or "none", one.state, _say_day(one.checked)] for one in listed
    ]
    headings = ["Organisation", "Type", "What it offers", "Website", "State", "Last checked"]
    blocks: list[Block] = [
        Sentence(NO_ENDORSEMENT, soft=True),
        Table("directory", make_table("Organisations by name", headings, rows)),
    ]
    if old:
        blocks.append(Sentence(f"Not checked for more than a year: {', '.join(one.name for one in old)}."))
    return Section("directory", "Directory", tuple(blocks))


def _say_day(day: date | None) -> str:
    return "never" if day is None else f"{day:%Y-%m-%d}"
