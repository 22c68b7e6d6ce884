"""What every part of the pack works with: the study as it is told, its tables, and what each table's columns are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from exports.levels import protect
from exports.options import CODES, COLUMNS, RESTRICTED, SUMMARY, Options
from exports.pack.archive import Archive
from exports.responses import Study
from exports.scorecards.panels import name_table, tell_panels
from exports.scorecards.results import Tables, build_results
from exports.scorecards.trend import Trend, fill_changes
from exports.summaries import Summary, summarise
from exports.table import Table, build_repeats, build_table
from forms.definition import Scorecard as Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One table of the pack, for `datapackage.json`: its fields as Table Schema, its keys."""

    path: str
    title: str
    fields: Sequence[Mapping[str, Any]]
    primary_key: Sequence[str] = ()
    foreign_keys: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Field -> (path of the other table, its field)."""

    @property
    def name(self) -> str:
        """Give the table's name: its file without folder and ending."""
        return self.path.rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """One pack in the making.

    `whole` is the study as it is, for aggregates that pass the disclosure gate by themselves; `study` is the study
    as the level tells it, for rows. Both bear the time of the last change, so that nothing depends on the clock.
    """

    whole: Study
    options: Options
    archive: Archive
    resources: list[Resource] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What could not be made, and why, for README."""

    @property
    def has_rows(self) -> bool:
        """Whether single responses may be told."""
        return self.options.level != SUMMARY

    @property
    def is_restricted(self) -> bool:
        """Whether the course of interviews may be told."""
        return self.options.level == RESTRICTED

    @property
    def language(self) -> str:
        """The language of labels in files that have room for one."""
        return self.whole.definition.choose_language(self.options.language)

    @property
    def k(self) -> int:
        """How many people a number must stand on."""
        return (self.whole.definition.scorecard or Plan()).k

    @cached_property
    def study(self) -> Study:
        """The study as its rows may be told."""
        assert self.has_rows
        return protect(self.whole, self.options.level)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The table of responses in codes, and the tables of repeated sections; a summary tells of them only counts."""
        study = self.study if self.has_rows else self.whole
        options = replace(self.options, shown=CODES, multiple=COLUMNS)
        repeats = build_repeats(study, options)
        return (
            build_table(study, options),
            *(replace(table, name=name_table(study.definition, table.name)) for table in repeats),
        )

    @cached_property
    def summaries(self) -> tuple[Mapping[str, Summary], ...]:
        """What may be said of every column of each table.

        Nothing in a summary: these numbers are of all rows, those of `stats/` of counted people after the gate, and
        what lies between the two could be a single person.
        """
        return tuple(summarise(table, self.k) if self.has_rows else {} for table in self.tables)

    @cached_property
    def trend(self) -> Trend | None:
        """What changed since the round before; nothing without one, and while the round is open."""
        return self.whole.change() if self.whole.change is not None and self.whole.closed else None

    @cached_property
    def results(self) -> Tables:
        """The scorecard and the tables beside it, suppressed together; of an open round as they were told last.

        With the change since the round before, and with the panels; those of the coordinating team only in a
        restricted pack.
        """
        told = self.whole.told if not self.whole.closed else None
        tables = told() if told is not None else build_results(self.whole)
        if self.trend is not None:
            tables = replace(tables, card=fill_changes(tables.card, self.trend))
        return tell_panels(tables, self.whole, team=self.is_restricted)

    def describe(self, resource: Resource) -> None:
        """Take a table into `datapackage.json`."""
        self.resources.append(resource)


def list_fields(*fields: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Give plain fields from (name, type, description)."""
    return [{"name": name, "type": type_, "description": description} for name, type_, description in fields]


def name_fields(names: Iterable[str], numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give fields from names alone: texts, but those that `numbers` gives a type."""
    return [{"name": name, "type": numbers.get(name, "string")} for name in names]
