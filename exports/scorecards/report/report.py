"""Builds the report: answers first, then methods, then detail; parts that have nothing to say are left out."""

from __future__ import annotations

from collections.abc import Sequence

from exports.scorecards.page import LANGUAGE, Page
from exports.scorecards.report.blocks import Report
from exports.scorecards.report.contents import build_contents
from exports.scorecards.report.parts import ANSWERS, DETAIL
from exports.scorecards.results import Tables
from exports.scorecards.scorecard import Scorecard

SAMPLE = "Sample data. The answers behind this scorecard are made up."


def build_report(results: Tables, earlier: Sequence[Scorecard] = ()) -> Report:
    """Arrange the results of a round as a report; everything in it has passed disclosure control.

    `earlier`: the scorecards of earlier rounds of the same instrument, oldest first.
    """
    page, study = Page(results, tuple(earlier)), results.card.study
    panels = [section for told in results.panels for section in told.sections]
    parts = ((), ()) if page.is_no_opinion else (ANSWERS, DETAIL)
    answers, detail = ([section for build in own if (section := build(page))] for own in parts)
    answers += panels
    contents = build_contents(page, [*answers, *detail])
    return Report(
        title=study.round_name,
        instrument=page.title,
        partnership=study.partnership,
        language=LANGUAGE,
        sample=SAMPLE if study.sample_data else "",
        computed=page.computed,
        sections=(*answers, *contents, *detail),
    )
