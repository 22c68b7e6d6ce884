"""The panels beside the domains: a new one is one file and one line here. What a round says of each, behind the gate.

A panel takes its inputs from questions by id. An instrument of its kind that lacks them is told as not collected.
"""

from __future__ import annotations

from dataclasses import replace

from exports.responses import Study
from exports.scorecards.panels.actions import Actions
from exports.scorecards.panels.base import Panel, Told
from exports.scorecards.panels.checklists import Compliance, Readiness
from exports.scorecards.panels.directory import Directory
from exports.scorecards.panels.impact import Impact
from exports.scorecards.panels.mobilization import Mobilization
from exports.scorecards.panels.network import StakeholderNetwork
from exports.scorecards.panels.resources import Resources
from exports.scorecards.panels.stakeholder_map import StakeholderMap
from exports.scorecards.results import Tables
from forms.definition import Definition

NETWORK = StakeholderNetwork()

PANELS: tuple[Panel, ...] = (
    Impact(),
    StakeholderMap(),
    NETWORK,
    Readiness(),
    Compliance(),
    Resources(),
    Actions(),
    Mobilization(),
    Directory(),
)


def find_panels(definition: Definition) -> list[Panel]:
    """Give the panels that an instrument feeds."""
    return [panel for panel in PANELS if panel.fits(definition)]


def list_panels(definition: Definition) -> list[Panel]:
    """Give the panels to tell of: those it feeds; where it scores nothing and feeds none, one that it would feed."""
    if found := find_panels(definition):
        return found
    scores = definition.scorecard is not None and bool(definition.scorecard.domains)
    return [] if scores else [panel for panel in PANELS if definition.kind in panel.kinds][:1]


def tell_panels(tables: Tables, study: Study, *, team: bool = False) -> Tables:
    """Give the tables with the panels that the instrument feeds, as rows of the tidy table and parts of the report.

    `team`: whether the reader belongs to the coordinating team; others are told that there is something that they
    may not see. Where a panel stands in place of opinions, so do its rows. Records of coordinators do not wait for
    the close of a round; what people said of one another does.
    """
    told = [_tell(panel, study, team) for panel in list_panels(study.definition)]
    opinions = () if any(one.instead for one in told) else tables.card.rows
    card = replace(tables.card, rows=(*opinions, *(row for one in told for row in one.rows)))
    return replace(tables, card=card, panels=(*tables.panels, *told))


def name_table(definition: Definition, section: str) -> str:
    """Give what the table of a repeated section is called in the evaluation pack: its id, where no panel knows it."""
    names = (panel.files[section] for panel in find_panels(definition) if section in panel.files)
    return next(names, section)


def _tell(panel: Panel, study: Study, team: bool) -> Told:
    if not panel.fits(study.definition):
        return panel.lack(study)
    if panel.restricted and not team:
        return panel.withhold(study)
    return panel.wait(study) if panel.waits and not study.closed else panel.tell(study)
